// SPDX-License-Identifier: MPL-2.0
#include "http/server_core.h"

#include <array>
#include <exception>

#include <fmt/format.h>
#include <sys/socket.h>

#include "http/tls_transport.h"

namespace slipway::http {
namespace {

constexpr std::chrono::milliseconds sweep_interval{250};
constexpr std::array<std::string_view, 6> status_classes{"other", "1xx", "2xx", "3xx", "4xx", "5xx"};

}  // namespace

ServerCore::ServerCore(net::Reactor& reactor, Metrics& metrics, Handler handler, ServerOptions options)
    : reactor_(reactor),
      metrics_(metrics),
      handler_(std::move(handler)),
      options_(std::move(options)),
      open_(metrics.gauge("slipway_http_connections", fmt::format("server=\"{}\"", options_.name),
                          "Open HTTP connections.")),
      bytes_(metrics.counter("slipway_http_sent_bytes_total", fmt::format("server=\"{}\"", options_.name),
                             "Bytes of response bodies sent.")),
      requests_{},
      alive_(std::make_shared<ServerCore*>(this)),
      sweep_timer_(reactor, [this] { sweep(); }),
      grace_timer_(reactor, [this] { close_all(); }),
      read_buffer_(options_.limits.header_bytes) {
  for (std::size_t i = 0; i < status_classes.size(); ++i) {
    requests_[i] =
        &metrics.counter("slipway_http_requests_total",
                         fmt::format("server=\"{}\",status=\"{}\"", options_.name, status_classes[i]),
                         "HTTP requests answered, by class of status.");
  }
}

ServerCore::~ServerCore() {
  *alive_ = nullptr;
  stopped_ = nullptr;
  listeners_.clear();
  close_all();
}

Endpoint ServerCore::listen(Endpoint endpoint, bool reuse_port, bool secure) {
  auto take = [this, secure](Accepted accepted) {
    accepted.secure = secure;
    admit(std::move(accepted));
  };
  listeners_.push_back(Listener::tcp(reactor_, endpoint, reuse_port, take, [this] { sweep_soon(); }));
  return listeners_.back()->endpoint();
}

void ServerCore::listen_unix(const std::string& path) {
  listeners_.push_back(Listener::unix_socket(
      reactor_, path, [this](Accepted accepted) { admit(std::move(accepted)); }, [this] { sweep_soon(); }));
}

// --- connections come and go -----------------------------------------------------------------------

void ServerCore::admit(Accepted accepted) {
  const Limits& limits = options_.limits;
  const auto* peer = std::get_if<Endpoint>(&accepted.peer);
  auto of_one = peer ? per_address_.find(peer->address) : per_address_.end();
  bool crowded = of_one != per_address_.end() && of_one->second >= limits.connections_per_address;
  if (crowded && !make_room(peer->address))
    return turn_away(accepted, "connections_per_address", "too many connections from this address");
  if (connections_.size() >= limits.connections && !make_room(std::nullopt))
    return turn_away(accepted, "connections", "too many connections to this server");
  if (peer) ++per_address_[peer->address];
  auto through = transport(accepted);
  auto connection = std::make_shared<Connection>(*this, std::move(accepted), std::move(through));
  connections_.insert(connection);
  open_.add();
  sweep_soon();
  connection->begin();
}

std::unique_ptr<Transport> ServerCore::transport(const Accepted& accepted) {
  return accepted.secure ? tls_transport(accepted.socket.get(), *tls_)
                         : plain_transport(accepted.socket.get());
}

/// A listener without descriptors waits for it, too: others than our connections may hold them all.
void ServerCore::sweep_soon() {
  if (!sweep_timer_.armed()) sweep_timer_.after(sweep_interval);
}

/// One small packet and no waiting: this must stay cheaper than what it defends against.
void ServerCore::turn_away(const Accepted& accepted, std::string_view name, std::string_view reason) {
  count_refusal(name);
  Response response = refuse(503, reason);
  response.headers.push_back({"Retry-After", "2"});
  std::string message =
      response_head(response, Framing::length, false, date()) + std::get<std::string>(response.body);
  int socket = accepted.socket.get();
  if (!accepted.secure)  // a handshake would cost more than it defends
    ::send(socket, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(socket, SHUT_WR);
  // A request that came already would turn our close into a reset that overtakes the answer.
  char unread[1024];
  while (::recv(socket, unread, sizeof unread, MSG_DONTWAIT) > 0) {
  }
}

void ServerCore::forget(const std::shared_ptr<Connection>& connection) {
  if (connections_.erase(connection) == 0) return;
  open_.subtract();
  auto count = per_address_.find(connection->address());
  if (count != per_address_.end() && --count->second == 0) per_address_.erase(count);
  if (stopping_ && connections_.empty()) finish_stop();
}

void ServerCore::sweep() {
  Tick now = reactor_.now().tick;
  // A copy: `check` may take connections out of the set.
  std::vector<std::shared_ptr<Connection>> connections(connections_.begin(), connections_.end());
  for (const auto& connection : connections) connection->check(now);
  bool paused = false;
  for (const auto& listener : listeners_) {
    if (!listener->paused()) continue;
    if (options_.on_fault)
      options_.on_fault("out of file descriptors for HTTP connections: raise LimitNOFILE");
    listener->resume();
    paused = true;
  }
  if (!connections_.empty() || paused) sweep_timer_.after(sweep_interval);
}

// --- requests --------------------------------------------------------------------------------------

Response ServerCore::answer(const Request& request) {
  try {
    return handler_(request);
  } catch (const std::exception& error) {  // a bug of ours must not take the other machines' boots along
    count_refusal("handler");
    if (options_.on_fault)
      options_.on_fault(
          fmt::format("{} {} failed: {}", to_string(request.method), request.target.raw, error.what()));
    return refuse(500, "the server made a mistake; its log tells more");
  }
}

void ServerCore::tell(const RequestEvent& event) {
  if (event.kind == RequestEvent::Kind::ended) {
    auto status_class = static_cast<std::size_t>(event.status / 100);
    requests_[status_class < status_classes.size() ? status_class : 0]->add();
    bytes_.add(event.bytes_sent);
  }
  if (options_.on_event) options_.on_event(event);
}

void ServerCore::count_refusal(std::string_view reason) {
  metrics_
      .counter("slipway_http_refused_total",
               fmt::format("server=\"{}\",reason=\"{}\"", options_.name, reason),
               "Connections and requests turned away before a handler saw them.")
      .add();
}

const std::string& ServerCore::date() {
  Instant now = reactor_.now().wall;
  if (unix_seconds(now) != date_second_) {
    date_second_ = unix_seconds(now);
    date_ = http_date(now);
  }
  return date_;
}

// --- big files take turns --------------------------------------------------------------------------

void ServerCore::queue_bulk(std::shared_ptr<Connection> connection) {
  bulk_.push_back(std::move(connection));
  if (bulk_.size() > 1) return;
  reactor_.post([alive = alive_] {
    if (*alive) (*alive)->bulk_turn();
  });
}

void ServerCore::bulk_turn() {
  auto connection = std::move(bulk_.front());
  bulk_.pop_front();
  bool more = !bulk_.empty();  // then nobody else posts the next turn
  connection->bulk_turn();
  if (more) {
    reactor_.post([alive = alive_] {
      if (*alive) (*alive)->bulk_turn();
    });
  }
}

// --- the end ---------------------------------------------------------------------------------------

void ServerCore::stop(std::chrono::milliseconds grace, std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  listeners_.clear();
  std::vector<std::shared_ptr<Connection>> connections(connections_.begin(), connections_.end());
  for (const auto& connection : connections) connection->retire();
  if (connections_.empty()) return finish_stop();
  grace_timer_.after(grace);
}

void ServerCore::close_all() {
  std::vector<std::shared_ptr<Connection>> connections(connections_.begin(), connections_.end());
  for (const auto& connection : connections) connection->close(Outcome::stopped);
}

void ServerCore::finish_stop() {
  grace_timer_.cancel();
  if (auto done = std::exchange(stopped_, nullptr)) reactor_.post(std::move(done));
}

}  // namespace slipway::http
