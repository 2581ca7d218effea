// SPDX-License-Identifier: MPL-2.0
// A relative path that cannot leave its root: its components hold no '/', NUL, and are never ".", ".."
// or empty. Made only by `parse`; what is not such a path does not become one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

class SafePath {
 public:
  /// Leading, trailing and doubled slashes are dropped, as TFTP clients send all of them.
  /// Yields nothing for "..", control characters, a component over 255 or a path over 1,024 bytes.
  static std::optional<SafePath> parse(std::string_view text);

  const std::vector<std::string>& components() const { return components_; }
  bool empty() const { return components_.empty(); }
  std::string to_string() const;  ///< joined by '/', without one in front
  friend bool operator==(const SafePath&, const SafePath&) = default;

 private:
  std::vector<std::string> components_;
};

}  // namespace slipway
