// SPDX-License-Identifier: MPL-2.0
// Addresses that this host answers to for a while: a route of type "local" for each (rtnetlink(7)), so that
// simulated machines can be spoken to at the addresses they were leased. They are marked with a protocol
// number of ours and taken away at the end; what a killed run left is taken away at the next start.
// One thread. Opening throws StartupError; adding returns the error.
#pragma once

#include <optional>
#include <set>

#include <boost/system/error_code.hpp>

#include "base/address.h"
#include "base/unique_fd.h"

namespace slipway::storm {

class OwnAddresses {
 public:
  OwnAddresses();
  ~OwnAddresses();
  OwnAddresses(const OwnAddresses&) = delete;
  OwnAddresses& operator=(const OwnAddresses&) = delete;

  boost::system::error_code add(Ipv4 address);
  bool has(Ipv4 address) const { return added_.count(address) != 0; }

 private:
  boost::system::error_code change(Ipv4 address, bool add);
  void remove_leftovers();

  UniqueFd fd_;
  std::set<Ipv4> added_;
};

}  // namespace slipway::storm
