// SPDX-License-Identifier: MPL-2.0
#include "store/faulty_store.h"

#include <thread>

namespace slipway::store {

Result<std::vector<lease::Outcome>, Fault> FaultyStore::commit(std::span<const lease::Change> changes) {
  if (faults_.delay.count() > 0) std::this_thread::sleep_for(faults_.delay);
  std::uint64_t number = ++commits_;
  if (faults_.dies_at != 0 && number >= faults_.dies_at) {
    bool last_write = number == faults_.dies_at && faults_.died_after_write;
    if (last_write) [[maybe_unused]]
      auto unheard = beneath_.commit(changes);
    return Fault{"the lease store is dead", ""};
  }
  if (faults_.fail_every != 0 && number % faults_.fail_every == 0) {
    return Fault{"the lease store refuses to write", ""};
  }
  return beneath_.commit(changes);
}

}  // namespace slipway::store
