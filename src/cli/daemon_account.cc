// SPDX-License-Identifier: MPL-2.0
#include "cli/daemon_account.h"

#include <cstdlib>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace slipway::cli {

DaemonAccount::DaemonAccount(const std::string& user) {
  const passwd* entry = ::geteuid() == 0 && user != "root" ? ::getpwnam(user.c_str()) : nullptr;
  if (!entry) return;
  uid_t uid = entry->pw_uid;
  gid_t gid = entry->pw_gid;
  group_ = ::getegid();
  int count = ::getgroups(0, nullptr);
  groups_.resize(static_cast<std::size_t>(count > 0 ? count : 0));
  if (count > 0 && ::getgroups(count, groups_.data()) != count) return;
  if (::initgroups(user.c_str(), gid) != 0) return;
  taken_ = true;
  if (::setegid(gid) == 0 && ::seteuid(uid) == 0) return;
  std::abort();  // half of an account would check something else
}

DaemonAccount::~DaemonAccount() {
  if (!taken_) return;
  bool back = ::seteuid(0) == 0 && ::setegid(group_) == 0 && ::setgroups(groups_.size(), groups_.data()) == 0;
  if (!back) std::abort();
}

}  // namespace slipway::cli
