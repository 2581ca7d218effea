// SPDX-License-Identifier: MPL-2.0
// What the connections of one server share: settings, counters, the set of them, the order in which big
// files are sent. Private to http/; one reactor thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/metrics.h"
#include "http/connection.h"
#include "http/listener.h"
#include "http/server.h"
#include "net/pacer.h"
#include "net/reactor.h"

namespace slipway::http {

class ServerCore {
 public:
  ServerCore(net::Reactor& reactor, Metrics& metrics, Handler handler, ServerOptions options);
  ~ServerCore();

  // For Server.
  Endpoint listen(Endpoint endpoint, bool reuse_port, bool secure);
  void identify(std::shared_ptr<const TlsContext> tls) { tls_ = std::move(tls); }
  void listen_unix(const std::string& path);
  void stop(std::chrono::milliseconds grace, std::function<void()> done);
  std::size_t connections() const { return connections_.size(); }

  // For Connection.
  net::Reactor& reactor() { return reactor_; }
  const Limits& limits() const { return options_.limits; }
  Response refuse(int status, std::string_view reason) const { return options_.refuse(status, reason); }
  bool stopping() const { return stopping_; }
  std::uint64_t next_request_id() { return ++request_ids_; }
  Response answer(const Request& request);
  std::optional<Response> look_at_head(const Request& request) const {
    return options_.at_head ? options_.at_head(request) : std::nullopt;
  }
  void tell(const RequestEvent& event);
  void count_refusal(std::string_view reason);
  const std::string& date();
  std::vector<char>& read_buffer() { return read_buffer_; }
  /// This connection has more of a file to send: it gets its turn behind the others. Between two turns
  /// the loop looks at every socket, so small requests overtake.
  void queue_bulk(std::shared_ptr<Connection> connection);
  /// Not null where `bandwidth_of` gave a limit.
  net::Pacer* pacer() { return options_.pacer; }
  std::shared_ptr<Bandwidth> bandwidth_of(Ipv4 client) const {
    return options_.pacer ? options_.pacer->limit_of(client) : nullptr;
  }
  void forget(const std::shared_ptr<Connection>& connection);

 private:
  void admit(Accepted accepted);
  bool make_room(std::optional<Ipv4> at);
  void say_that_it_is_full();
  std::unique_ptr<Transport> transport(const Accepted& accepted);
  void turn_away(const Accepted& accepted, std::string_view name, std::string_view reason);
  void bulk_turn();
  void sweep_soon();
  void sweep();
  void close_all();
  void finish_stop();

  net::Reactor& reactor_;
  Metrics& metrics_;
  Handler handler_;
  ServerOptions options_;
  Counter& open_;
  Counter& bytes_;
  Counter* requests_[6];

  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::unordered_map<Ipv4, std::size_t> per_address_;
  std::deque<std::shared_ptr<Connection>> bulk_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::shared_ptr<const TlsContext> tls_;
  std::shared_ptr<ServerCore*> alive_;  ///< null once the core is gone: posted work looks first
  net::Timer sweep_timer_;
  net::Timer grace_timer_;
  std::function<void()> stopped_;
  std::uint64_t request_ids_ = 0;
  Tick full_said_{};          ///< when the log was told last
  std::uint64_t unsaid_ = 0;  ///< connections since
  std::vector<char> read_buffer_;
  std::int64_t date_second_ = -1;
  std::string date_;
  bool stopping_ = false;
};

}  // namespace slipway::http
