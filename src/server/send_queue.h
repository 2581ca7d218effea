// SPDX-License-Identifier: MPL-2.0
// Datagrams of one socket on their way out: gathered during a turn, sent together, kept while the socket is
// full. `Socket` is a net::UdpSocket with net::Outgoing or a net::RawSender with net::RawDatagram. It loses
// nothing silently: what the kernel refuses is told, what does not fit is refused to the caller. Bounded.
#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include <boost/system/error_code.hpp>

#include "base/bytes.h"

namespace slipway::server {

template <typename Socket, typename Datagram>
class SendQueue {
 public:
  explicit SendQueue(std::size_t capacity = 16384) : capacity_(capacity) {}

  /// False when too many wait already. `datagram.bytes` is set here, and lasts as long as it waits.
  [[nodiscard]] bool add(Datagram datagram, Bytes bytes) {
    if (datagrams_.size() >= capacity_) return false;
    payloads_.push_back(std::move(bytes));
    datagram.bytes = payloads_.back();  // the bytes stay where they are when the vector moves
    datagrams_.push_back(datagram);
    return true;
  }

  /// Sends what the socket takes now, in order; the number sent. `refused(datagram, error)` hears of each
  /// that the kernel does not want; those after it are sent all the same.
  template <typename Refused>
  std::size_t flush(Socket& socket, Refused refused) {
    std::size_t done = 0, lost = 0;
    while (done < datagrams_.size()) {
      done += socket.send_batch(std::span<const Datagram>(datagrams_).subspan(done));
      if (done == datagrams_.size()) break;
      boost::system::error_code error = socket.take_error();
      if (!error) break;  // full for now
      refused(datagrams_[done], error);
      ++done, ++lost;
    }
    datagrams_.erase(datagrams_.begin(), datagrams_.begin() + static_cast<std::ptrdiff_t>(done));
    payloads_.erase(payloads_.begin(), payloads_.begin() + static_cast<std::ptrdiff_t>(done));
    return done - lost;
  }

  void clear() {
    datagrams_.clear();
    payloads_.clear();
  }
  std::size_t size() const { return datagrams_.size(); }
  bool empty() const { return datagrams_.empty(); }

 private:
  std::size_t capacity_;
  std::vector<Datagram> datagrams_;
  std::vector<Bytes> payloads_;
};

}  // namespace slipway::server
