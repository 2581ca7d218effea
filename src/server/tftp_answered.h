// SPDX-License-Identifier: MPL-2.0
// Requests whose transfers have ended, for a moment. A client that was not heard soon enough says its request
// again, and under load the copy is read when the answer has come and gone: served once more, it would take
// the client's next transfer away, which comes from the same port. One thread; bounded.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "base/address.h"
#include "base/time.h"
#include "wire/tftp_packet.h"

namespace slipway::server {

struct EndpointHash {
  std::size_t operator()(const Endpoint& at) const noexcept {
    return std::hash<std::uint64_t>{}((std::uint64_t{at.address.value} << 16 | at.port) *
                                      0x9e3779b97f4a7c15ull);
  }
};

class TftpAnswered {
 public:
  /// The transfer of this request is over, which we had begun at `began`.
  void ended(const Endpoint& client, const wire::TftpRequest& request, Instant began);
  /// Whether this one had arrived before we began to answer: the client has heard us since.
  bool is_copy(const Endpoint& client, const wire::TftpRequest& request, Instant arrived) const;

  static constexpr std::size_t most = 8192;  ///< clients that are remembered

 private:
  struct Known {
    std::size_t request;  ///< a hash of it
    Instant began;
  };
  std::unordered_map<Endpoint, Known, EndpointHash> known_;
  std::deque<Endpoint> order_;
};

}  // namespace slipway::server
