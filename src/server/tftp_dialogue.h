// SPDX-License-Identifier: MPL-2.0
// What the service knows of a transfer, in whichever direction: it is told what comes in elsewhere, and
// asked how far it is. On the reactor's thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/tftp_line.h"
#include "tftp/transfer.h"

namespace slipway::server {

using OpenLine = std::function<std::unique_ptr<TftpLine>(TftpListener&)>;

class TftpDialogue {
 public:
  TftpDialogue() = default;
  TftpDialogue(const TftpDialogue&) = delete;
  TftpDialogue& operator=(const TftpDialogue&) = delete;
  virtual ~TftpDialogue() = default;

  /// Sends the first packet.
  virtual void start() = 0;
  virtual void request_repeated() = 0;
  /// A packet of the client that came in on the well-known port.
  virtual void hear(const wire::TftpPacket& packet) = 0;
  virtual void client_left(std::string why) = 0;
  virtual void abort(std::string why) = 0;

  virtual const std::optional<tftp::Outcome>& outcome() const = 0;
  virtual bool under_way() const = 0;  ///< content has gone over
  virtual Tick last_progress() const = 0;
  /// All has gone over, and what is left is only to say so once more should the client ask.
  virtual bool lingers() const { return false; }
};

}  // namespace slipway::server
