// SPDX-License-Identifier: MPL-2.0
// A value with gaps, as conditions compare with it: "PXEClient:*", or bytes as "hex:01:0c:c4:*". It has to
// fit as a whole; `*` stands for any bytes, also none. Linear in what it is held against. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace slipway::model {

class Pattern {
 public:
  Pattern() : Pattern(std::string_view{}) {}
  /// As text, without a look at "hex:".
  Pattern(std::string_view text);
  Pattern(const char* text) : Pattern(std::string_view(text)) {}

  /// As an operator writes it; nothing when the digits after "hex:" are none.
  static std::optional<Pattern> parse(std::string_view text);

  bool fits(std::string_view value) const;
  bool fits(ByteView value) const { return fits(as_text(value)); }

 private:
  std::vector<std::string> pieces_;  ///< never empty; between each two stands a `*`
};

/// None asked for, or one of them fits.
bool fits_any(const std::vector<Pattern>& patterns, std::string_view value);

}  // namespace slipway::model
