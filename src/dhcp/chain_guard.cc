// SPDX-License-Identifier: MPL-2.0
#include "dhcp/chain_guard.h"

namespace slipway::dhcp {
namespace {

constexpr std::chrono::minutes remembered{5};  // from ROM to the loader's own DHCP it is seconds
constexpr std::size_t most_chains = 65536;

}  // namespace

bool ChainGuard::allows(const MacAddress& mac, std::uint32_t xid, Instant now) {
  auto found = chains_.find(mac);
  if (found == chains_.end()) return true;
  Chain& chain = found->second;
  if (chain.until <= now) {
    chains_.erase(found);
    return true;
  }
  if (xid == chain.loaded_by) return true;
  if (!chain.followed) {
    chain.followed = true;
    chain.after = xid;
  }
  if (xid == chain.after) return false;
  chains_.erase(found);  // a third program: the machine was reset
  return true;
}

void ChainGuard::note(const MacAddress& mac, std::uint32_t xid, Instant now) {
  if (chains_.size() >= most_chains) chains_.clear();  // forgetting costs a machine one more chain
  chains_[mac] = Chain{xid, 0, false, now + remembered};
}

}  // namespace slipway::dhcp
