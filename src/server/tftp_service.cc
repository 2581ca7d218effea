// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_service.h"

#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "net/udp_socket.h"
#include "server/netascii_cache.h"
#include "server/tftp_counters.h"
#include "server/tftp_session.h"
#include "wire/tftp_packet.h"

namespace slipway::server {
namespace {

using tftp::Ending;
using tftp::Refusal;
using wire::TftpErrorCode;

// A request that comes again while ACKs flow is a late copy; after this silence the machine was reset
// (many ROMs use the same port in every boot).
constexpr Duration restart_after = std::chrono::milliseconds(500);

constexpr std::size_t largest_request = 2048;

net::UdpOptions socket_options(const TftpSettings& settings) {
  net::UdpOptions options;
  options.local = settings.listen;
  options.device = settings.device;
  options.purpose = "TFTP server";
  options.reuse_port = settings.reuse_port;
  return options;
}

struct EndpointHash {
  std::size_t operator()(const Endpoint& at) const noexcept {
    return std::hash<std::uint64_t>{}((std::uint64_t{at.address.value} << 16 | at.port) *
                                      0x9e3779b97f4a7c15ull);
  }
};

struct Running {
  wire::TftpRequest request;
  TftpEvent event;  ///< what every event of this transfer tells
  std::unique_ptr<TftpSession> session;
};

/// What reaches the client instead of a transfer, and under which name it is counted.
struct Refused {
  std::string_view counted;
  Refusal refusal;
};

std::string_view counted_as(TftpErrorCode code) {
  switch (code) {
    case TftpErrorCode::file_not_found:
      return "file_not_found";
    case TftpErrorCode::access_violation:
      return "access_violation";
    case TftpErrorCode::illegal_operation:
      return "illegal_operation";
    default:
      return "failed";
  }
}

}  // namespace

struct TftpService::Body {
  Body(net::Reactor& loop, TftpSettings given, TftpHandler answer, std::function<void(const TftpEvent&)> hear,
       Metrics& metrics)
      : reactor(loop),
        settings(std::move(given)),
        handler(std::move(answer)),
        on_event(std::move(hear)),
        counters(metrics),
        turns(reactor),
        socket(net::UdpSocket::bind(socket_options(settings))),
        shared(socket),
        watch(
            reactor, socket.fd(), [this] { receive(); }, [this] { shared.writable(); }) {
    socket.segment_trains(settings.segmented);
    shared.watch_with(watch);
    watch.behind_others();
  }

  void receive();
  void other(const net::Datagram& datagram, const wire::TftpPacket& packet);
  void request(const net::Datagram& datagram, wire::TftpRequest asked);
  bool known(const net::Datagram& datagram, const wire::TftpRequest& asked);
  Result<TftpSession::Parts, Refused> admit(const net::Datagram& datagram, const wire::TftpRequest& asked);
  Result<TftpContent, Refusal> content(const net::Datagram& datagram, const wire::TftpRequest& asked);
  TftpSession::OpenLine line_to(const net::Datagram& datagram, net::UdpSocket connected);
  void start(const net::Datagram& datagram, wire::TftpRequest asked, TftpSession::Parts parts);
  void refuse(const net::Datagram& datagram, std::string_view filename, const Refused& refused);
  void ended(Endpoint client);

  net::Reactor& reactor;
  TftpSettings settings;
  TftpHandler handler;
  std::function<void(const TftpEvent&)> on_event;
  TftpCounters counters;
  NetasciiCache netascii;
  Bytes room;  // for what sessions read
  TftpTurns turns;
  net::DatagramBuffer request_buffer{64, largest_request};
  net::DatagramBuffer session_buffer{16, largest_request};
  std::unordered_map<Endpoint, Running, EndpointHash> running;
  std::unordered_map<Ipv4, unsigned> per_client;
  net::UdpSocket socket;
  SharedPort shared;
  net::Watch watch;
};

void TftpService::Body::receive() {
  for (const net::Datagram& datagram : socket.receive(request_buffer)) {
    // RFC 1123 section 4.2.3.4: a request to a broadcast address is ignored.
    if (datagram.to != datagram.local) {
      counters.dropped["broadcast"].add();
      continue;
    }
    auto packet = wire::parse_tftp(datagram.bytes);
    if (auto* asked = packet ? std::get_if<wire::TftpRequest>(&*packet) : nullptr) {
      request(datagram, std::move(*asked));
    } else if (packet) {
      other(datagram, *packet);
    } else {
      counters.dropped[to_string(packet.error())].add();
    }
  }
}

/// Where all share one port, the clients' answers come in here, too.
void TftpService::Body::other(const net::Datagram& datagram, const wire::TftpPacket& packet) {
  auto place = settings.single_port ? running.find(datagram.from) : running.end();
  if (place == running.end()) return counters.dropped["no_request"].add();
  place->second.session->hear(packet);
}

void TftpService::Body::request(const net::Datagram& datagram, wire::TftpRequest asked) {
  counters.requests.add();
  if (known(datagram, asked)) return;
  auto parts = admit(datagram, asked);
  if (!parts) return refuse(datagram, asked.filename, parts.error());
  start(datagram, std::move(asked), std::move(*parts));
}

/// Whether this is a transfer's own request again. Anything else from its port ends that transfer: the
/// client has forgotten it (lpxelinux uses one port for all files).
bool TftpService::Body::known(const net::Datagram& datagram, const wire::TftpRequest& asked) {
  auto place = running.find(datagram.from);
  if (place == running.end()) return false;
  TftpSession& session = *place->second.session;
  Duration silence = reactor.now().tick - session.transfer().last_progress();
  bool under_way = session.transfer().bytes_acknowledged() > 0;
  if (place->second.request == asked && !(under_way && silence > restart_after)) {
    counters.repeats.add();
    session.request_repeated();
    return true;
  }
  session.client_left("the client asked anew from the same port");
  return false;
}

Result<TftpSession::Parts, Refused> TftpService::Body::admit(const net::Datagram& datagram,
                                                             const wire::TftpRequest& asked) {
  auto no = [](std::string_view counted, TftpErrorCode code, std::string reason) {
    return Refused{counted, {code, std::move(reason)}};
  };
  if (asked.write)
    return no("write", TftpErrorCode::access_violation, "this server takes no files, it only gives them");
  if (running.size() >= settings.max_transfers)
    return no("too_many_transfers", TftpErrorCode::undefined,
              fmt::format("busy: {} transfers run already; try again", settings.max_transfers));
  auto of_client = per_client.find(datagram.from.address);
  if (of_client != per_client.end() && of_client->second >= settings.max_transfers_per_client)
    return no("too_many_of_client", TftpErrorCode::undefined,
              fmt::format("this address has {} transfers under way already", of_client->second));

  auto bytes = content(datagram, asked);
  if (!bytes) return Refused{counted_as(bytes.error().code), bytes.error()};
  auto connected = net::UdpSocket::connect(datagram.local, datagram.from);
  if (!connected)
    return no(
        "no_socket", TftpErrorCode::undefined,
        fmt::format("the server cannot {}: {}", connected.error().doing, connected.error().code.message()));
  unsigned mtu = settings.fragments ? 0 : connected->path_mtu();
  auto terms = tftp::negotiate(asked, bytes->size(), {mtu, settings.max_window});
  if (!terms) return Refused{counted_as(terms.error().code), terms.error()};
  return TftpSession::Parts{reactor,
                            turns,
                            room,
                            line_to(datagram, std::move(*connected)),
                            std::move(*bytes),
                            std::move(*terms),
                            settings.patience};
}

/// With a shared port, the connected socket has told the path's MTU and goes.
TftpSession::OpenLine TftpService::Body::line_to(const net::Datagram& datagram, net::UdpSocket connected) {
  if (settings.single_port) {
    net::Route route{datagram.from, datagram.local, datagram.interface};
    return [this, route](TftpListener& session) { return shared.line(route, session); };
  }
  connected.segment_trains(settings.segmented);
  return [this, own = std::make_shared<net::UdpSocket>(std::move(connected))](TftpListener& session) {
    return std::make_unique<OwnPort>(reactor, std::move(*own), session_buffer, session);
  };
}

Result<TftpContent, Refusal> TftpService::Body::content(const net::Datagram& datagram,
                                                        const wire::TftpRequest& asked) {
  auto mode = tftp::mode_of(asked);
  if (!mode) return mode.error();
  auto bytes = handler(asked.filename, datagram.from.address, datagram.local);
  if (!bytes || *mode == tftp::Mode::octet) return bytes;
  if (bytes->size() > settings.max_netascii)
    return Refusal{TftpErrorCode::illegal_operation,
                   "this file is too large for netascii; ask in mode octet"};
  if (auto converted = netascii.get(*bytes)) return *converted;
  return Refusal{TftpErrorCode::undefined, "the file cannot be read"};
}

void TftpService::Body::start(const net::Datagram& datagram, wire::TftpRequest asked,
                              TftpSession::Parts parts) {
  Endpoint client = datagram.from;
  TftpEvent event;
  event.client = client;
  event.local = datagram.local;
  event.interface = datagram.interface;
  event.size = parts.content.size();
  event.block_size = parts.terms.block_size;
  event.window = parts.terms.window;
  auto session = std::make_unique<TftpSession>(std::move(parts), [this, client] { ended(client); });
  Running& entry = running[client] = {std::move(asked), event, std::move(session)};
  ++per_client[client.address];
  counters.running.add();

  std::string filename = printable(entry.request.filename);
  event.filename = filename;
  on_event(event);
  entry.session->start();
}

void TftpService::Body::refuse(const net::Datagram& datagram, std::string_view filename,
                               const Refused& refused) {
  counters.refused[refused.counted].add();
  std::string shown = printable(filename);
  TftpEvent event;
  event.kind = TftpEvent::Kind::refused;
  event.client = datagram.from;
  event.local = datagram.local;
  event.interface = datagram.interface;
  event.filename = shown;
  event.refusal = refused.refusal;
  on_event(event);
  Bytes error =
      serialize(wire::TftpError{static_cast<std::uint16_t>(refused.refusal.code), refused.refusal.reason});
  socket.send({datagram.from, error, datagram.local, datagram.interface});
}

void TftpService::Body::ended(Endpoint client) {
  auto node = running.extract(client);
  Running& entry = node.mapped();
  if (auto count = per_client.find(client.address); --count->second == 0) per_client.erase(count);
  const tftp::Outcome& outcome = *entry.session->transfer().outcome();
  counters.running.subtract();
  counters.ended[tftp::to_string(outcome.ending)].add();
  counters.bytes.add(outcome.bytes);
  counters.resent.add(outcome.resent);

  std::string filename = printable(entry.request.filename);
  entry.event.kind = TftpEvent::Kind::ended;
  entry.event.filename = filename;
  entry.event.outcome = outcome;
  on_event(entry.event);
}

TftpService::TftpService(net::Reactor& reactor, TftpSettings settings, TftpHandler handler,
                         std::function<void(const TftpEvent&)> on_event, Metrics& metrics)
    : body_(std::make_unique<Body>(reactor, std::move(settings), std::move(handler), std::move(on_event),
                                   metrics)) {}

TftpService::~TftpService() {
  while (!body_->running.empty())
    body_->running.begin()->second.session->abort("the server is shutting down");
}

std::size_t TftpService::running() const {
  return body_->running.size();
}

Endpoint TftpService::local() const {
  return body_->socket.local();
}

}  // namespace slipway::server
