// SPDX-License-Identifier: MPL-2.0
// Keeps one client from putting a whole pool into quarantine: who declined a few addresses within an hour is
// offered none for a while. Something on its wire answers for every address, or it is broken, or it means
// harm. In memory, bounded. Thread: control.
#pragma once

#include <chrono>

#include "base/address.h"
#include "base/flat_map.h"
#include "base/time.h"

namespace slipway::dhcp {

class DeclineGuard {
 public:
  static constexpr unsigned most_declined = 8;
  static constexpr std::chrono::minutes within{60};

  void note(const MacAddress& mac, Instant now) {
    if (of_.size() >= most_clients) of_.clear();  // forgetting costs a few more addresses
    Record& record = of_[mac];
    if (now >= record.since + within || now < record.since) record = {0, now};
    ++record.declined;
  }
  bool allows(const MacAddress& mac, Instant now) const {
    auto found = of_.find(mac);
    if (found == of_.end() || found->second.declined < most_declined) return true;
    return now >= found->second.since + within || now < found->second.since;
  }

 private:
  static constexpr std::size_t most_clients = 4096;
  struct Record {
    unsigned declined = 0;
    Instant since;
  };
  FlatMap<MacAddress, Record> of_;
};

}  // namespace slipway::dhcp
