// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_line.h"

#include <algorithm>

namespace slipway::server {

OwnPort::OwnPort(net::Reactor& reactor, net::UdpSocket connected, net::DatagramBuffer& buffer,
                 TftpListener& listener)
    : socket_(std::move(connected)),
      watch_(
          reactor, socket_.fd(),
          [this, &buffer, &listener] {
            listener.heard(buffer.slots() == 1 ? socket_.receive_one(buffer) : socket_.receive(buffer));
          },
          [&listener] { listener.writable(); }) {}

class SharedLine final : public TftpLine {
 public:
  SharedLine(SharedPort& port, const net::Route& client, TftpListener& listener)
      : port_(port), client_(client), listener_(listener) {}
  ~SharedLine() override { want_write(false); }

  std::size_t send(std::span<const net::Gather> packets) override {
    return port_.socket_.send_train(packets, client_);
  }
  boost::system::error_code take_error() override { return port_.socket_.take_error(); }
  void want_write(bool wanted) override {
    if (wanted == waits_) return;
    waits_ = wanted;
    if (!wanted) return void(std::erase(port_.waiting_, &listener_));
    port_.waiting_.push_back(&listener_);
    port_.watch_->want_write(true);
  }

 private:
  SharedPort& port_;
  net::Route client_;
  TftpListener& listener_;
  bool waits_ = false;
};

std::unique_ptr<TftpLine> SharedPort::line(const net::Route& client, TftpListener& listener) {
  return std::make_unique<SharedLine>(*this, client, listener);
}

/// Who is called says again whether it wants more; one that has not got rid of all goes to the end.
void SharedPort::writable() {
  for (std::size_t turns = waiting_.size(); turns > 0 && !waiting_.empty(); --turns)
    waiting_.front()->writable();
  if (waiting_.empty()) watch_->want_write(false);
}

}  // namespace slipway::server
