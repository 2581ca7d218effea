// SPDX-License-Identifier: MPL-2.0
// One write transfer with its line, timer and file: packets to tftp::Reception, content to the file, and
// the last ACK when the disk has it. It decides nothing. On the reactor's thread.
#pragma once

#include <functional>
#include <memory>

#include "net/reactor.h"
#include "server/aside.h"
#include "server/tftp_dialogue.h"
#include "server/upload_folder.h"
#include "tftp/netascii.h"
#include "tftp/reception.h"

namespace slipway::server {

class TftpUpload final : public TftpDialogue, private TftpListener {
 public:
  struct Parts {
    net::Reactor& reactor;
    Aside& aside;
    OpenLine open_line;
    std::unique_ptr<UploadFolder::Staged> file;
    tftp::Terms terms;
    tftp::Patience patience;
  };

  /// `on_end` is called once, last, and may destroy the upload.
  TftpUpload(Parts parts, std::function<void()> on_end);

  void start() override { go_on(); }
  void request_repeated() override;
  void hear(const wire::TftpPacket& packet) override;
  void client_left(std::string why) override;
  void abort(std::string why) override;
  const std::optional<tftp::Outcome>& outcome() const override { return reception_.outcome(); }
  bool under_way() const override { return reception_.bytes() > 0; }
  Tick last_progress() const override { return reception_.last_progress(); }
  bool lingers() const override { return reception_.lingers(); }

 private:
  void heard(std::span<const net::Datagram> batch) override;
  void writable() override { line_->want_write(false); }
  void take(const wire::TftpPacket& packet);
  void append(ByteView content);
  void go_on();
  void store();

  net::Reactor& reactor_;
  Aside& aside_;
  // Shared with the work that stores it, which may outlive us.
  std::shared_ptr<UploadFolder::Staged> file_;
  tftp::Reception reception_;
  std::optional<tftp::NetasciiReader> netascii_;
  std::function<void()> on_end_;
  std::unique_ptr<TftpLine> line_;
  net::Timer timer_;
  bool storing_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace slipway::server
