// SPDX-License-Identifier: MPL-2.0
// Files as slipwayd may read them. Root may read everything, and what it checks is for another account.
// Main thread, while it is the only one: user ids are the process's.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace slipway::cli {

/// While it lives, files are opened with the rights of that account, as slipwayd has them. Does nothing where
/// we are not root, where the daemon stays root, or where there is no such account.
class DaemonAccount {
 public:
  explicit DaemonAccount(const std::string& user);
  ~DaemonAccount();
  DaemonAccount(const DaemonAccount&) = delete;
  DaemonAccount& operator=(const DaemonAccount&) = delete;

  bool taken() const { return taken_; }

 private:
  bool taken_ = false;
  gid_t group_ = 0;
  std::vector<gid_t> groups_;
};

}  // namespace slipway::cli
