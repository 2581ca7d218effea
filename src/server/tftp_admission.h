// SPDX-License-Identifier: MPL-2.0
// From a request to a transfer, or to a refusal with a sentence: the content or the file to write, the
// options, the line. It keeps what transfers of one service share. On the reactor's thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "net/udp_socket.h"
#include "server/aside.h"
#include "server/tftp_dialogue.h"
#include "server/tftp_pace.h"
#include "server/tftp_service.h"
#include "server/tftp_session.h"
#include "server/tftp_turns.h"
#include "tftp/negotiation.h"

namespace slipway::server {

/// What reaches the client instead of a transfer, and under which name it is counted.
struct TftpRefused {
  std::string_view counted;
  tftp::Refusal refusal;
  /// It passes: the client hears nothing and asks again, where firmware would give up at an ERROR.
  bool passing = false;
};

struct TftpOpened {
  std::unique_ptr<TftpDialogue> dialogue;
  tftp::Terms terms;
  std::uint64_t size = 0;  ///< of what is sent; of what is written it is not known yet
};

class TftpAdmission {
 public:
  using OnEnd = std::function<void()>;

  /// `settings` and `shared` outlive it.
  TftpAdmission(net::Reactor& reactor, const TftpSettings& settings, TftpHandler handler, SharedPort& shared);

  /// `on_end` is called once by the transfer, and may destroy it.
  Result<TftpOpened, TftpRefused> open(const net::Datagram& datagram, const wire::TftpRequest& asked,
                                       OnEnd on_end);

 private:
  Result<TftpOpened, TftpRefused> open_read(const net::Datagram& datagram, const wire::TftpRequest& asked,
                                            OnEnd on_end);
  Result<TftpOpened, TftpRefused> open_write(const net::Datagram& datagram, const wire::TftpRequest& asked,
                                             OnEnd on_end);
  Result<TftpContent, tftp::Refusal> content(const net::Datagram& datagram, const wire::TftpRequest& asked);
  tftp::Limits limits(const net::UdpSocket& connected) const;
  TftpPace pace_of(Ipv4 client) const;
  OpenLine line_to(const net::Datagram& datagram, net::UdpSocket connected, net::DatagramBuffer& buffer);

  net::Reactor& reactor_;
  const TftpSettings& settings_;
  TftpHandler handler_;
  SharedPort& shared_;
  net::DatagramBuffer one_, many_;  // what transfers hear: in turns, a packet each; in windows
  TftpRoom room_;
  TftpTurns turns_;
  Aside aside_;
};

}  // namespace slipway::server
