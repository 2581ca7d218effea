// SPDX-License-Identifier: MPL-2.0
// TFTP requests on one reactor: the well-known port in batches, each transfer on its own connected socket
// and a fresh port, from the address that was asked (RFC 1350 section 4), or all from the well-known port.
// It decides nothing about names: the handler gives content or a refusal, and the refusal reaches the
// client at once. Write requests go to one folder or are refused with a sentence. Everything runs on the
// reactor's thread. The constructor binds and throws StartupError; later no failure of one client reaches
// another.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/metrics.h"
#include "base/result.h"
#include "net/pacer.h"
#include "net/reactor.h"
#include "server/tftp_content.h"
#include "tftp/negotiation.h"
#include "tftp/transfer.h"

namespace slipway::server {

using TftpHandler =
    std::function<Result<TftpContent, tftp::Refusal>(std::string_view filename, Ipv4 client, Ipv4 local)>;

class UploadFolder;

struct TftpSettings {
  Endpoint listen{Ipv4::any(), 69};
  std::string device;                      ///< only this interface; empty: all
  bool reuse_port = false;                 ///< several loops share the port
  unsigned max_transfers = 6144;           ///< at once; who asks beyond is left to ask again
  unsigned max_transfers_per_client = 32;  ///< per address
  unsigned max_window = 64;                ///< blocks
  bool fragments = false;                  ///< grant blocks that need IP fragments
  UploadFolder* uploads = nullptr;         ///< where write requests go; null: they are refused
  unsigned max_writes = 16;                ///< at once
  unsigned max_writes_per_client = 2;      ///< per address
  bool single_port = false;                ///< answer from the well-known port (NAT, containers)
  bool segmented = true;                   ///< let the kernel split windows, where it can
  std::size_t max_netascii = 1 << 20;      ///< bytes; larger files go in mode octet only
  tftp::Patience patience;
  net::Pacer* pacer = nullptr;  ///< knows the limits on what is sent, and outlives the service; null: none
};

/// What the timeline hears.
struct TftpEvent {
  enum class Kind { started, refused, ended };
  Kind kind = Kind::started;
  Endpoint client;
  Ipv4 local;
  unsigned interface = 0;
  std::string_view filename;  ///< valid during the call
  bool write = false;         ///< the client writes the file
  std::uint64_t size = 0;     ///< started, ended; of a write what the client told, or 0
  unsigned block_size = 0;    ///< started, ended
  unsigned window = 0;        ///< started, ended
  tftp::Refusal refusal;      ///< refused
  tftp::Outcome outcome;      ///< ended
};

class TftpService {
 public:
  TftpService(net::Reactor& reactor, TftpSettings settings, TftpHandler handler,
              std::function<void(const TftpEvent&)> on_event, Metrics& metrics);
  /// Ends what still runs, with an ERROR to each client.
  ~TftpService();
  TftpService(const TftpService&) = delete;
  TftpService& operator=(const TftpService&) = delete;

  /// Takes no new request, lets running transfers end until `grace` is over, then calls `done` once. Who asks
  /// meanwhile is not answered: it asks again, and another server, or the next run of this one, may answer.
  void stop(std::chrono::milliseconds grace, std::function<void()> done);

  std::size_t running() const;
  Endpoint local() const;  ///< where it listens; of use when the port asked was 0

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace slipway::server
