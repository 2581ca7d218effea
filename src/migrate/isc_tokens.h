// SPDX-License-Identifier: MPL-2.0
// The words of ISC dhcpd's files (common/conflex.c): comments from # to the end of the line, strings with
// octal and hexadecimal escapes, braces, semicolons, and words of everything else. Private to this room.
#pragma once

#include <string>
#include <string_view>

namespace slipway::migrate {

struct IscToken {
  enum class Kind { word, text, open, close, semicolon, end };
  Kind kind = Kind::end;
  std::string text;  ///< of a word or a string, its escapes undone
  int line = 0;
};

class IscTokens {
 public:
  explicit IscTokens(std::string_view text) : rest_(text) {}

  IscToken next();
  int line() const { return line_; }
  /// A string or a declaration had no end.
  bool broken() const { return broken_; }
  void set_broken() { broken_ = true; }

 private:
  void skip_blanks();
  char take();
  std::string string_body();
  char escaped();
  char digits(char first, int base, int most);

  std::string_view rest_;
  int line_ = 1;
  bool broken_ = false;
};

}  // namespace slipway::migrate
