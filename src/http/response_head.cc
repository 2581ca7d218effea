// SPDX-License-Identifier: MPL-2.0
#include "http/response_head.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace slipway::http {
namespace {

/// `value` is ours and clean.
void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

void add_number(std::string& head, std::string_view name, std::uint64_t value) {
  fmt::format_int digits(value);
  add(head, name, {digits.data(), digits.size()});
}

void add_cleaned(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  std::size_t begin = head.size();
  head.append(value).append("\r\n");
  auto unclean = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::replace_if(head.begin() + static_cast<std::ptrdiff_t>(begin), head.end() - 2, unclean, ' ');
}

}  // namespace

std::uint64_t body_length(const Response& response) {
  struct Length {
    std::uint64_t operator()(const std::string& text) const { return text.size(); }
    std::uint64_t operator()(const std::shared_ptr<const std::string>& text) const {
      return text ? text->size() : 0;
    }
    std::uint64_t operator()(const FileSlice& slice) const { return slice.length; }
    std::uint64_t operator()(const FileParts& pieces) const {
      std::uint64_t length = 0;
      for (const FileParts::Part& part : pieces.parts) length += part.text.size() + part.length;
      return length;
    }
    std::uint64_t operator()(const Stream&) const { return 0; }
  };
  return std::visit(Length{}, response.body);
}

std::string response_head(const Response& response, Framing framing, bool keep_alive, std::string_view date) {
  std::string head;
  head.reserve(256);
  head.append("HTTP/1.1 ").append(fmt::format_int(response.status).str()).append(" ");
  head.append(reason_phrase(response.status)).append("\r\n");
  add(head, "Date", date);
  add(head, "Server", "slipway");
  bool bodiless = response.status == 204 || response.status == 304;  // RFC 9110 §8.6
  if (!bodiless && !response.content_type.empty()) add_cleaned(head, "Content-Type", response.content_type);
  if (framing == Framing::chunked) {
    add(head, "Transfer-Encoding", "chunked");
  } else if (framing == Framing::length && !bodiless) {
    add_number(head, "Content-Length", body_length(response));
  }
  for (const Header& header : response.headers) add_cleaned(head, header.name, header.value);
  add(head, "Connection", keep_alive ? "keep-alive" : "close");
  head.append("\r\n");
  return head;
}

std::string http_date(Instant at) {
  constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  using namespace std::chrono;
  auto day = floor<days>(at);
  year_month_day date{day};
  hh_mm_ss time{floor<seconds>(at - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[weekday{day}.c_encoding()],
                     unsigned{date.day()}, months[unsigned{date.month()} - 1], int{date.year()},
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace slipway::http
