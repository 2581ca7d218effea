// SPDX-License-Identifier: MPL-2.0
// Capabilities: what a right is for stays, the rest goes.
#include "server/privileges.h"

#include <memory>

#include <grp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "server/account.h"

namespace slipway::server {
namespace {

void keep_only(const std::vector<cap_value_t>& kept) {
  std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> caps(::cap_init(), ::cap_free);
  for (cap_flag_t set : {CAP_PERMITTED, CAP_EFFECTIVE}) {
    check_dropping(::cap_set_flag(caps.get(), set, static_cast<int>(kept.size()), kept.data(), CAP_SET),
                   "cap_set_flag");
  }
  check_dropping(::cap_set_proc(caps.get()), "cap_set_proc");
}

/// Whether NET_ADMIN is still among what we may use.
bool may_set_capabilities() {
  std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> caps(::cap_get_proc(), ::cap_free);
  cap_flag_value_t value = CAP_CLEAR;
  return caps && ::cap_get_flag(caps.get(), CAP_NET_ADMIN, CAP_PERMITTED, &value) == 0 && value == CAP_SET;
}

}  // namespace

void become(const std::string& user) {
  if (::geteuid() != 0 || user == "root") return;
  Account account = find_account(user);
  check_dropping(::prctl(PR_SET_KEEPCAPS, 1), "prctl");
  check_dropping(::initgroups(user.c_str(), account.gid), "initgroups");
  check_dropping(::setresgid(account.gid, account.gid, account.gid), "setresgid");
  check_dropping(::setresuid(account.uid, account.uid, account.uid), "setresuid");
  keep_only({CAP_NET_BIND_SERVICE, CAP_NET_RAW, CAP_NET_ADMIN});
  check_dropping(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

void settle() {
  // A daemon that was never root keeps what it was given, systemd's ambient capabilities for example.
  if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && may_set_capabilities()) {
    keep_only({CAP_NET_BIND_SERVICE, CAP_NET_RAW});
  }
}

PortRights::PortRights() = default;
PortRights::~PortRights() = default;

}  // namespace slipway::server
