// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_upload.h"

#include <cerrno>

namespace slipway::server {

TftpUpload::TftpUpload(Parts parts, std::function<void()> on_end)
    : reactor_(parts.reactor),
      aside_(parts.aside),
      file_(std::move(parts.file)),
      reception_(parts.terms, file_->most(), reactor_.now().tick, parts.patience),
      on_end_(std::move(on_end)),
      line_(parts.open_line(*this)),
      timer_(reactor_, [this] {
        reception_.tick(reactor_.now().tick);
        go_on();
      }) {
  if (parts.terms.mode == tftp::Mode::netascii) netascii_.emplace();
}

void TftpUpload::request_repeated() {
  reception_.request_repeated(reactor_.now().tick);
  go_on();
}

void TftpUpload::hear(const wire::TftpPacket& packet) {
  take(packet);
  go_on();
}

void TftpUpload::client_left(std::string why) {
  reception_.client_left(std::move(why), reactor_.now().tick);
  go_on();
}

void TftpUpload::abort(std::string why) {
  reception_.abort({wire::TftpErrorCode::undefined, std::move(why)}, reactor_.now().tick);
  go_on();
}

void TftpUpload::heard(std::span<const net::Datagram> batch) {
  for (const net::Datagram& datagram : batch) {
    if (auto packet = wire::parse_tftp(datagram.bytes)) take(*packet);
  }
  if (line_->take_error().value() == ECONNREFUSED)
    reception_.client_left("the client has closed its port", reactor_.now().tick);
  go_on();
}

void TftpUpload::take(const wire::TftpPacket& packet) {
  append(reception_.receive(packet, reactor_.now().tick));
}

void TftpUpload::append(ByteView content) {
  bool written = true;
  if (netascii_) {
    Bytes converted = netascii_->read(content);
    if (reception_.whole()) {
      Bytes rest = netascii_->rest();
      converted.insert(converted.end(), rest.begin(), rest.end());
    }
    written = file_->append(converted);
  } else {
    written = file_->append(content);
  }
  if (!written)
    reception_.abort({wire::TftpErrorCode::disk_full, "the server's disk takes no more"},
                     reactor_.now().tick);
}

void TftpUpload::go_on() {
  if (reception_.whole() && !std::exchange(storing_, true)) store();
  if (auto answer = reception_.take_answer()) {
    net::Gather packet{*answer, {}};
    line_->send({&packet, 1});
    line_->take_error();  // lost, and said again when the time comes
  }
  if (reception_.outcome()) {
    timer_.cancel();
    line_.reset();
    return std::exchange(on_end_, {})();
  }
  timer_.at(reception_.deadline());
}

void TftpUpload::store() {
  auto refusal = std::make_shared<std::optional<tftp::Refusal>>();
  aside_.run([file = file_, refusal] { *refusal = file->keep(); },
             [this, refusal, alive = std::weak_ptr(alive_)] {
               if (alive.expired()) return;
               Tick now = reactor_.now().tick;
               *refusal ? reception_.abort(**refusal, now) : reception_.stored(now);
               go_on();
             });
}

}  // namespace slipway::server
