// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_service.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "net/udp_socket.h"
#include "server/tftp_admission.h"
#include "server/tftp_answered.h"
#include "server/tftp_counters.h"
#include "wire/tftp_packet.h"

namespace slipway::server {
namespace {

using tftp::Ending;
using tftp::Refusal;
using wire::TftpErrorCode;

// A request that comes again while ACKs flow is a late copy; after this silence the machine was reset
// (many ROMs use the same port in every boot). What counts is when it arrived: under load it waited for us,
// and ended the transfer that the first of them had begun.
constexpr Duration restart_after = std::chrono::milliseconds(500);

constexpr std::size_t largest_request = 2048;  // and of what comes in where all share one port

net::UdpOptions socket_options(const TftpSettings& settings) {
  net::UdpOptions options;
  options.local = settings.listen;
  options.device = settings.device;
  options.purpose = "TFTP server";
  options.reuse_port = settings.reuse_port;
  options.arrival_times = true;
  return options;
}

struct Running {
  wire::TftpRequest request;
  TftpEvent event;  ///< what every event of this transfer tells
  std::unique_ptr<TftpDialogue> dialogue;
  Instant began;
};

}  // namespace

struct TftpService::Body {
  Body(net::Reactor& loop, TftpSettings given, TftpHandler answer, std::function<void(const TftpEvent&)> hear,
       Metrics& metrics)
      : reactor(loop),
        settings(std::move(given)),
        on_event(std::move(hear)),
        counters(metrics),
        socket(net::UdpSocket::bind(socket_options(settings))),
        shared(socket),
        admission(reactor, settings, std::move(answer), shared),
        watch(
            reactor, socket.fd(), [this] { receive(); }, [this] { shared.writable(); }),
        grace(reactor, [this] { abort_all(); }) {
    socket.segment_trains(settings.segmented);
    shared.watch_with(watch);
    watch.behind_others();
  }

  void receive();
  void other(const net::Datagram& datagram, const wire::TftpPacket& packet);
  void request(const net::Datagram& datagram, wire::TftpRequest asked);
  bool known(const net::Datagram& datagram, const wire::TftpRequest& asked);
  std::optional<TftpRefused> too_many(Ipv4 client, bool write) const;
  bool too_many_writes(Ipv4 client) const;
  void start(const net::Datagram& datagram, wire::TftpRequest asked, TftpOpened opened);
  void refuse(const net::Datagram& datagram, const wire::TftpRequest& asked, const TftpRefused& refused);
  void ended(Endpoint client);
  void abort_all();
  void see_whether_done();

  net::Reactor& reactor;
  TftpSettings settings;
  std::function<void(const TftpEvent&)> on_event;
  TftpCounters counters;
  net::DatagramBuffer request_buffer{64, largest_request};
  std::unordered_map<Endpoint, Running, EndpointHash> running;
  std::unordered_map<Ipv4, unsigned> per_client;
  TftpAnswered answered;
  net::UdpSocket socket;
  SharedPort shared;
  TftpAdmission admission;
  net::Watch watch;
  bool stopping = false;
  std::function<void()> stopped;  ///< to be called when nothing runs any more
  net::Timer grace;
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
  place->second.dialogue->hear(packet);
}

void TftpService::Body::request(const net::Datagram& datagram, wire::TftpRequest asked) {
  counters.requests.add();
  if (known(datagram, asked)) return;
  if (answered.is_copy(datagram.from, asked, datagram.arrived)) return counters.repeats.add();
  if (stopping) return counters.dropped["stopping"].add();
  if (auto refused = too_many(datagram.from.address, asked.write)) return refuse(datagram, asked, *refused);
  auto opened = admission.open(datagram, asked, [this, client = datagram.from] { ended(client); });
  if (!opened) return refuse(datagram, asked, opened.error());
  start(datagram, std::move(asked), std::move(*opened));
}

/// Whether this is a transfer's own request again. Anything else from its port ends that transfer: the
/// client has forgotten it (lpxelinux uses one port for all files).
bool TftpService::Body::known(const net::Datagram& datagram, const wire::TftpRequest& asked) {
  auto place = running.find(datagram.from);
  if (place == running.end()) return false;
  TftpDialogue& dialogue = *place->second.dialogue;
  Now now = reactor.now();
  Duration waited = std::max(Duration::zero(), now.wall - datagram.arrived);
  Duration silence = now.tick - waited - dialogue.last_progress();
  if (place->second.request == asked && !(dialogue.under_way() && silence > restart_after)) {
    counters.repeats.add();
    dialogue.request_repeated();
    return true;
  }
  dialogue.client_left("the client asked anew from the same port");
  return false;
}

/// Bounds on what runs at once, before anything is opened.
std::optional<TftpRefused> TftpService::Body::too_many(Ipv4 client, bool write) const {
  auto no = [](std::string_view counted, std::string reason) {
    return TftpRefused{counted, {TftpErrorCode::undefined, std::move(reason)}};
  };
  if (running.size() >= settings.max_transfers) {
    auto busy = no("too_many_transfers", fmt::format("busy: {} transfers run already", running.size()));
    busy.passing = true;
    return busy;
  }
  auto found = per_client.find(client);
  if (found != per_client.end() && found->second >= settings.max_transfers_per_client)
    return no("too_many_of_client",
              fmt::format("this address has {} transfers under way already", found->second));
  if (write && settings.uploads && too_many_writes(client))
    return no("too_many_writes", "busy: other files are being written; try again");
  return std::nullopt;
}

bool TftpService::Body::too_many_writes(Ipv4 client) const {
  unsigned all = 0, of_client = 0;
  for (const auto& [at, entry] : running) {
    if (!entry.request.write || entry.dialogue->lingers()) continue;
    ++all;
    if (at.address == client) ++of_client;
  }
  return all >= settings.max_writes || of_client >= settings.max_writes_per_client;
}

void TftpService::Body::start(const net::Datagram& datagram, wire::TftpRequest asked, TftpOpened opened) {
  Endpoint client = datagram.from;
  TftpEvent event;
  event.client = client;
  event.local = datagram.local;
  event.interface = datagram.interface;
  event.write = asked.write;
  event.size = opened.size;
  event.block_size = opened.terms.block_size;
  event.window = opened.terms.window;
  Running& entry =
      running[client] = {std::move(asked), event, std::move(opened.dialogue), reactor.now().wall};
  ++per_client[client.address];
  counters.running.add();

  std::string filename = printable(entry.request.filename);
  event.filename = filename;
  on_event(event);
  entry.dialogue->start();
}

void TftpService::Body::refuse(const net::Datagram& datagram, const wire::TftpRequest& asked,
                               const TftpRefused& refused) {
  (refused.passing ? counters.dropped : counters.refused)[refused.counted].add();
  std::string shown = printable(asked.filename);
  TftpEvent event;
  event.kind = TftpEvent::Kind::refused;
  event.write = asked.write;
  event.client = datagram.from;
  event.local = datagram.local;
  event.interface = datagram.interface;
  event.filename = shown;
  event.refusal = refused.refusal;
  on_event(event);
  if (refused.passing) return;
  Bytes error =
      serialize(wire::TftpError{static_cast<std::uint16_t>(refused.refusal.code), refused.refusal.reason});
  socket.send({datagram.from, error, datagram.local, datagram.interface});
}

void TftpService::Body::ended(Endpoint client) {
  auto node = running.extract(client);
  Running& entry = node.mapped();
  if (auto count = per_client.find(client.address); --count->second == 0) per_client.erase(count);
  const tftp::Outcome& outcome = *entry.dialogue->outcome();
  answered.ended(client, entry.request, entry.began);
  counters.running.subtract();
  counters.ended[tftp::to_string(outcome.ending)].add();
  counters.bytes.add(outcome.bytes);
  counters.resent.add(outcome.resent);

  std::string filename = printable(entry.request.filename);
  entry.event.kind = TftpEvent::Kind::ended;
  entry.event.filename = filename;
  entry.event.outcome = outcome;
  on_event(entry.event);
  see_whether_done();
}

void TftpService::Body::abort_all() {
  while (!running.empty()) running.begin()->second.dialogue->abort("the server is shutting down");
}

void TftpService::Body::see_whether_done() {
  if (!stopped || !running.empty()) return;
  grace.cancel();
  reactor.post(std::exchange(stopped, nullptr));
}

TftpService::TftpService(net::Reactor& reactor, TftpSettings settings, TftpHandler handler,
                         std::function<void(const TftpEvent&)> on_event, Metrics& metrics)
    : body_(std::make_unique<Body>(reactor, std::move(settings), std::move(handler), std::move(on_event),
                                   metrics)) {}

TftpService::~TftpService() {
  body_->stopped = nullptr;
  body_->abort_all();
}

void TftpService::stop(std::chrono::milliseconds grace, std::function<void()> done) {
  body_->stopping = true;
  body_->stopped = std::move(done);
  body_->grace.after(grace);
  body_->see_whether_done();
}

std::size_t TftpService::running() const {
  return body_->running.size();
}

Endpoint TftpService::local() const {
  return body_->socket.local();
}

}  // namespace slipway::server
