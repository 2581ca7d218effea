// SPDX-License-Identifier: MPL-2.0
// User ids alone: root stays in the background until the sockets are open. Whoever is started as an ordinary
// account, with the right to low ports from elsewhere (SMF), keeps what he has.
#include "server/privileges.h"

#include <cstdlib>

#include <grp.h>
#include <unistd.h>

#include "server/account.h"

namespace slipway::server {
namespace {

bool root_is_in_the_background() {
  return ::getuid() == 0 && ::geteuid() != 0;
}

}  // namespace

void become(const std::string& user) {
  if (::geteuid() != 0 || user == "root") return;
  Account account = find_account(user);
  check_dropping(::initgroups(user.c_str(), account.gid), "initgroups");
  check_dropping(::setegid(account.gid), "setegid");
  check_dropping(::seteuid(account.uid), "seteuid");
}

void settle() {
  if (!root_is_in_the_background()) return;
  Account account{::geteuid(), ::getegid()};
  check_dropping(::seteuid(0), "seteuid");
  check_dropping(::setgid(account.gid), "setgid");
  check_dropping(::setuid(account.uid), "setuid");
}

PortRights::PortRights() {
  if (!root_is_in_the_background()) return;
  later_ = ::geteuid();
  check_dropping(::seteuid(0), "seteuid");
}

PortRights::~PortRights() {
  if (later_ == 0 || ::seteuid(later_) == 0) return;
  std::abort();  // better not at all than as root
}

}  // namespace slipway::server
