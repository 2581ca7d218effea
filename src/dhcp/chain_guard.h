// SPDX-License-Identifier: MPL-2.0
// Keeps an iPXE that cannot do what its profile needs from being given another iPXE for ever: after one
// chain the next program of that machine gets the script, whatever it can do. Programs are told apart by
// the transaction id, which each of them chooses anew. In memory, bounded, forgets after a while.
// Thread: control.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "base/address.h"
#include "base/time.h"

namespace slipway::dhcp {

class ChainGuard {
 public:
  /// May the iPXE that asks under `xid` be given another one to load? To be asked for every packet of an
  /// iPXE: so the guard sees which programs come one after another.
  bool allows(const MacAddress& mac, std::uint32_t xid, Instant now);
  /// It was: the ACK that names the loader goes out.
  void note(const MacAddress& mac, std::uint32_t xid, Instant now);

 private:
  struct Chain {
    std::uint32_t loaded_by = 0;  ///< xid of the program that was given the loader
    std::uint32_t after = 0;      ///< xid of the one that came next
    bool followed = false;        ///< `after` is set
    Instant until;
  };
  std::unordered_map<MacAddress, Chain> chains_;
};

}  // namespace slipway::dhcp
