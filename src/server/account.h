// SPDX-License-Identifier: MPL-2.0
// The account that the daemon becomes. Private to the files of server/privileges.h.
#pragma once

#include <string>
#include <string_view>

#include <sys/types.h>

namespace slipway::server {

struct Account {
  uid_t uid;
  gid_t gid;
};
/// Throws StartupError where there is none.
Account find_account(const std::string& user);

/// Throws StartupError with errno's words unless `result` is 0.
void check_dropping(int result, std::string_view step);

}  // namespace slipway::server
