// SPDX-License-Identifier: MPL-2.0
#include "migrate/isc_tokens.h"

#include <algorithm>

namespace slipway::migrate {
namespace {

constexpr std::string_view ends_a_word = " \t\r\n;{}\"#";

/// 0 to 15, or -1.
int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

char IscTokens::take() {
  char c = rest_.front();
  rest_.remove_prefix(1);
  if (c == '\n') ++line_;
  return c;
}

void IscTokens::skip_blanks() {
  while (!rest_.empty()) {
    char c = rest_.front();
    if (c == '#') {
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      take();
    } else {
      return;
    }
  }
}

IscToken IscTokens::next() {
  skip_blanks();
  IscToken token;
  token.line = line_;
  if (rest_.empty()) return token;
  using Kind = IscToken::Kind;
  switch (rest_.front()) {
    case '{':
      token.kind = Kind::open;
      break;
    case '}':
      token.kind = Kind::close;
      break;
    case ';':
      token.kind = Kind::semicolon;
      break;
    case '"':
      take();
      token.kind = Kind::text;
      token.text = string_body();
      return token;
    default: {
      std::size_t end = std::min(rest_.find_first_of(ends_a_word), rest_.size());
      token.kind = Kind::word;
      token.text = rest_.substr(0, end);
      rest_.remove_prefix(end);
      return token;
    }
  }
  take();
  return token;
}

std::string IscTokens::string_body() {
  std::string body;
  while (!rest_.empty()) {
    char c = take();
    if (c == '"') return body;
    if (c == '\\' && !rest_.empty()) c = escaped();
    body += c;
  }
  broken_ = true;
  return body;
}

char IscTokens::escaped() {
  char c = take();
  switch (c) {
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'n':
      return '\n';
    case 'b':
      return '\b';
    case 'x':
      return digits(0, 16, 2);
    default:
      return c >= '0' && c <= '7' ? digits(static_cast<char>(c - '0'), 8, 2) : c;
  }
}

/// `most` digits more.
char IscTokens::digits(char first, int base, int most) {
  int value = first;
  for (; most > 0 && !rest_.empty(); --most) {
    int next = digit(rest_.front());
    if (next < 0 || next >= base) break;
    value = value * base + next;
    take();
  }
  return static_cast<char>(value);
}

}  // namespace slipway::migrate
