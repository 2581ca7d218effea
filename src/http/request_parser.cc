// SPDX-License-Identifier: MPL-2.0
#include "http/request_parser.h"

#include <algorithm>
#include <utility>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include "http/target.h"

namespace slipway::http {
namespace {

namespace beast = boost::beast;
using Field = beast::http::field;
using ErrorCode = beast::error_code;

Method method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return Method::get;
    case beast::http::verb::head:
      return Method::head;
    case beast::http::verb::post:
      return Method::post;
    case beast::http::verb::put:
      return Method::put;
    case beast::http::verb::delete_:
      return Method::delete_;
    case beast::http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

std::string* kept_field(Fields& fields, Field name) {
  switch (name) {
    case Field::user_agent:
      return &fields.user_agent;
    case Field::accept:
      return &fields.accept;
    case Field::content_type:
      return &fields.content_type;
    case Field::range:
      return &fields.range;
    case Field::if_range:
      return &fields.if_range;
    case Field::if_match:
      return &fields.if_match;
    case Field::if_none_match:
      return &fields.if_none_match;
    default:
      return nullptr;
  }
}

ParseFault fault_of(const ErrorCode& fault, const Limits& limits) {
  using beast::http::error;
  if (fault == error::header_limit)
    return {431, fmt::format("the request's header is longer than {} bytes", limits.header_bytes)};
  if (fault == error::body_limit)
    return {413, fmt::format("the request's body is longer than {} bytes", limits.body_bytes)};
  if (fault == error::bad_version) return {505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
  return {400, "not a well-formed HTTP request: " + fault.message()};
}

/// RFC 9112 §2.2. Beast takes a request line without CR for one of another version.
bool lacks_return(std::string_view line) {
  std::size_t end = line.find('\n');
  return end != line.npos && (end == 0 || line[end - 1] != '\r');
}

}  // namespace

class RequestParser::Body final : public beast::http::basic_parser<true> {
 public:
  explicit Body(const Limits& limits) : limits_(limits) {
    eager(true);
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    body_limit(limits.body_bytes);
  }

  std::size_t feed(std::string_view data) {
    if (fault_ || is_done()) return 0;
    std::size_t blank = got_some() ? 0 : skip_blank_lines(data);
    if (fault_ || blank == data.size()) return blank;
    ErrorCode error;
    std::size_t used = put(boost::asio::const_buffer(data.data() + blank, data.size() - blank), error);
    if (error && error != beast::http::error::need_more && !fault_) fault_ = fault_of(error, limits_);
    if (fault_ && fault_->status == 505 && lacks_return(data.substr(blank)))
      fault_ = ParseFault{400, "lines end with a carriage return and a line feed"};
    if (!is_header_done()) bound_header(used, data.size() - blank - used);
    return blank + used;
  }

  const Limits& limits_;
  Request request_;
  std::optional<ParseFault> fault_;
  bool expects_continue_ = false;
  bool host_seen_ = false, authorization_seen_ = false, head_shown_ = false;

 private:
  /// RFC 9112 §2.2: empty lines before a request are ignored. What cannot begin a method, a TLS
  /// handshake for example, is told at once instead of at the deadline.
  std::size_t skip_blank_lines(std::string_view data) {
    std::size_t start = std::min(data.find_first_not_of("\r\n"), data.size());
    blank_ += start;
    bool letter = start == data.size() || (data[start] >= 'A' && data[start] <= 'Z') ||
                  (data[start] >= 'a' && data[start] <= 'z');
    if (!letter || blank_ > 16) fault_ = ParseFault{400, "this is not HTTP"};
    return start;
  }

  /// Beast bounds what one call sees; fields that come one by one are bounded here.
  void bound_header(std::size_t used, std::size_t left) {
    header_used_ += used;
    if (!fault_ && header_used_ + left > limits_.header_bytes)
      fault_ = fault_of(beast::http::error::header_limit, limits_);
  }

  /// Beast takes the largest number there is for no length at all.
  void bound_length(std::string_view digits, ErrorCode& error) {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    constexpr std::size_t most_digits = 18;  // of what fits into 64 bits whatever they are
    if (digits.size() > most_digits)
      refuse(413, fmt::format("the request's body is longer than {} bytes", limits_.body_bytes), error);
  }

  void refuse(int status, std::string reason, ErrorCode& error) {
    fault_ = ParseFault{status, std::move(reason)};
    error = beast::http::error::bad_value;  // any error makes Beast stop
  }

  void on_request_impl(beast::http::verb verb, beast::string_view, beast::string_view target, int version,
                       ErrorCode& error) override {
    request_.method = method_of(verb);
    request_.minor_version = version - 10;
    if (target.size() > limits_.target_bytes)
      return refuse(414, fmt::format("the URL is longer than {} bytes", limits_.target_bytes), error);
    auto parsed = http::parse_target({target.data(), target.size()});
    if (!parsed) return refuse(400, std::string(to_string(parsed.error())), error);
    request_.target = std::move(*parsed);
  }

  void on_field_impl(Field name, beast::string_view name_text, beast::string_view value,
                     ErrorCode& error) override {
    if (is_header_done()) return;  // trailers of a chunked body: nothing here needs them
    if (name == Field::host) {
      if (host_seen_) return refuse(400, "two Host fields", error);  // RFC 9112 §3.2
      host_seen_ = true;
      if (value.find_first_of(" \t/\\?#@") != value.npos)
        return refuse(400, "a Host field that names no host", error);
      request_.fields.host.assign(value.data(), value.size());
    } else if (name == Field::authorization) {
      if (authorization_seen_) return refuse(400, "two Authorization fields", error);  // RFC 9110 §5.3
      authorization_seen_ = true;
      request_.fields.authorization.assign(value.data(), value.size());
    } else if (name == Field::content_length) {
      bound_length({value.data(), value.size()}, error);
    } else if (name == Field::transfer_encoding) {
      // RFC 9112 §6.1: a coding we cannot undo leaves the message's end unknown.
      if (!beast::iequals(value, "chunked"))
        refuse(501, "only the chunked transfer coding is understood", error);
      else if (request_.minor_version == 0)
        refuse(400, "HTTP/1.0 has no transfer codings", error);
    } else if (name == Field::expect) {
      if (!beast::iequals(value, "100-continue")) return refuse(417, "unknown expectation", error);
      expects_continue_ = request_.minor_version > 0;
    } else if (name == Field::unknown && beast::iequals(name_text, "Last-Event-ID")) {
      request_.fields.last_event_id.assign(value.data(), value.size());
    } else if (std::string* kept = kept_field(request_.fields, name)) {
      kept->assign(value.data(), value.size());
    }
  }

  void on_header_impl(ErrorCode& error) override {
    if (!host_seen_ && request_.minor_version > 0) refuse(400, "no Host field", error);  // RFC 9112 §3.2
  }

  std::size_t append(beast::string_view part, ErrorCode& error) {
    if (request_.body.size() + part.size() > limits_.body_bytes) {
      error = beast::http::error::body_limit;
      return 0;
    }
    request_.body.append(part.data(), part.size());
    return part.size();
  }
  std::size_t on_body_impl(beast::string_view part, ErrorCode& error) override { return append(part, error); }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part, ErrorCode& error) override {
    return append(part, error);
  }

  void on_response_impl(int, beast::string_view, int, ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  void on_chunk_header_impl(std::uint64_t, beast::string_view, ErrorCode&) override {}
  void on_finish_impl(ErrorCode&) override {}

  std::size_t blank_ = 0;
  std::size_t header_used_ = 0;
};

RequestParser::RequestParser(const Limits& limits) : body_(std::make_unique<Body>(limits)) {}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::feed(std::string_view data) {
  return body_->feed(data);
}
bool RequestParser::done() const {
  return !body_->fault_ && body_->is_done();
}
const std::optional<ParseFault>& RequestParser::fault() const {
  return body_->fault_;
}
bool RequestParser::started() const {
  return body_->got_some();
}
bool RequestParser::keep_alive() const {
  return body_->keep_alive();
}
Request* RequestParser::head_of_body() {
  bool waits = body_->is_header_done() && !body_->is_done() && !body_->fault_;
  return waits && !std::exchange(body_->head_shown_, true) ? &body_->request_ : nullptr;
}
bool RequestParser::wants_continue() {
  bool waits = body_->expects_continue_ && body_->is_header_done() && !body_->is_done() && !body_->fault_ &&
               body_->request_.body.empty();
  if (waits) body_->expects_continue_ = false;
  return waits;
}
Request RequestParser::take() {
  return std::move(body_->request_);
}

}  // namespace slipway::http
