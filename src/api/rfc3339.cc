// SPDX-License-Identifier: MPL-2.0
#include "api/rfc3339.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace slipway::api {
namespace {

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `width` digits at `at`; -1 for anything else.
int number(std::string_view text, std::size_t at, std::size_t width) {
  std::string_view digits = text.substr(at, width);
  int value = -1;
  if (digits.size() == width && all_digits(digits))
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

bool has_form(std::string_view text) {
  return text.size() >= 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' &&
         text[16] == ':' && text.back() == 'Z';
}

/// ".678901" as microseconds.
std::optional<int> parse_fraction(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != '.' || text.size() < 2 || text.size() > 10 || !all_digits(text.substr(1)))
    return std::nullopt;
  std::string digits(text.substr(1, 6));
  digits.resize(6, '0');
  return number(digits, 0, 6);
}

}  // namespace

std::string rfc3339(Instant at) {
  using namespace std::chrono;
  auto day = floor<days>(at);
  year_month_day date{day};
  hh_mm_ss<Duration> time{at - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", int{date.year()}, unsigned{date.month()},
                     unsigned{date.day()}, time.hours().count(), time.minutes().count(),
                     time.seconds().count(), time.subseconds().count());
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  if (!has_form(text)) return std::nullopt;
  int year_number = number(text, 0, 4), month_number = number(text, 5, 2), day_number = number(text, 8, 2);
  int hour = number(text, 11, 2), minute = number(text, 14, 2), second = number(text, 17, 2);
  auto micros = parse_fraction(text.substr(19, text.size() - 20));
  if (std::min({year_number, month_number, day_number, hour, minute, second}) < 0 || !micros)
    return std::nullopt;
  year_month_day date{year{year_number}, month{static_cast<unsigned>(month_number)},
                      day{static_cast<unsigned>(day_number)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;  // 60: a leap second
  return Instant{sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + microseconds{*micros}};
}

}  // namespace slipway::api
