// SPDX-License-Identifier: MPL-2.0
// An http or https URL an operator or a publisher gave (RFC 3986), parsed once, by libcurl. What it shows of
// itself has no user name, password, query or fragment: those are for the server alone. A value; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace slipway::fetch {

class Url {
 public:
  static Result<Url, Fault> parse(std::string_view text);
  /// Whether `text` means a URL at all, of whatever kind: "scheme://".
  static bool is_url(std::string_view text);

  /// The URL of `reference` beside this one: "md5sums.txt", "/other/path", or a whole URL.
  Result<Url, Fault> beside(std::string_view reference) const;

  /// For the server: with its query, without credentials.
  const std::string& address() const { return address_; }
  /// For people and logs.
  const std::string& shown() const { return shown_; }
  const std::string& host() const { return host_; }
  const std::string& user() const { return user_; }
  const std::string& password() const { return password_; }
  /// The last name of its path in plain letters, "platform-20240102T030405Z.tgz"; "download" where it has
  /// none.
  const std::string& file_name() const { return file_name_; }
  bool secure() const { return secure_; }

 private:
  std::string address_, shown_, host_, user_, password_, file_name_;
  bool secure_ = false;
};

}  // namespace slipway::fetch
