// SPDX-License-Identifier: MPL-2.0
// One client's connection: requests in, one response at a time out, until either side ends it.
// Lives in its callbacks and in ServerCore's set; `close` takes it out of the set once. Private to http/.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bandwidth.h"
#include "base/time.h"
#include "http/listener.h"
#include "http/output.h"
#include "http/request_event.h"
#include "http/request_parser.h"
#include "http/response_head.h"
#include "http/transport.h"
#include "net/pacer.h"
#include "net/reactor.h"

namespace slipway::http {

class ServerCore;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerCore& core, Accepted accepted, std::unique_ptr<Transport> transport);

  void begin();
  /// Its turn to send the next piece of a file.
  void bulk_turn();
  /// Closes what is past its deadline.
  void check(Tick now);
  /// No further request: idle connections close, others after their response.
  void retire();
  void close(Outcome outcome);

  Ipv4 address() const;
  bool trusted() const { return trusted_; }
  bool idle() const { return state_ == State::reading && !parser_; }  ///< between two requests
  Tick began() const { return began_; }

 private:
  /// Sent at once: loaders and scripts need no second turn. What is left of bigger files waits its turn.
  static constexpr std::uint64_t first_budget = 128 * 1024;

  enum class State {
    shaking,    ///< hands, as TLS does
    reading,    ///< waits for a request or its rest
    sending,    ///< a response is on its way
    streaming,  ///< a stream is open and has nothing to send
    lingering,  ///< we closed our half and wait for the client's, so that it can read the last response
    closed,
  };

  void on_readable();
  void on_writable();
  void shake_hands();
  void receive();
  void read_requests();
  void discard(std::size_t count);
  void serve();
  void refuse(ParseFault fault);
  bool turned_away_at_head();
  void end_with(Response response);
  void respond(Response response);
  void attach_stream(std::shared_ptr<StreamWriter> writer);
  void flush_stream();
  void pump(std::uint64_t budget = first_budget);
  void wait_for_bandwidth();
  net::Pacer::Need next_piece() const;
  void go_on();
  void queue_bulk();
  void response_sent();
  void linger();
  void abort_and_close(Outcome outcome);
  void tell_start();
  void tell_end(Outcome outcome);
  void set_deadline(std::chrono::milliseconds from_now);
  std::int64_t taken_by_client() const;

  ServerCore* core_;  ///< not touched once closed
  UniqueFd socket_;
  std::unique_ptr<Transport> transport_;
  Peer peer_;
  Endpoint local_;
  bool secure_;
  State state_ = State::shaking;
  std::shared_ptr<Bandwidth> bandwidth_;  ///< of the client's subnet; null: no limit
  bool in_bulk_ = false, paced_ = false, flush_posted_ = false;
  bool keep_alive_ = true, trusted_ = false;
  Tick began_;

  std::string in_;  ///< received and not yet parsed
  std::optional<RequestParser> parser_;

  Request request_;  ///< the one being answered
  bool owes_end_ = false, told_start_ = false;
  int status_ = 0;
  std::uint64_t file_size_ = 0, offset_ = 0, body_bytes_ = 0;
  Tick asked_at_{};
  Output output_;
  std::shared_ptr<StreamWriter> writer_;
  Framing framing_ = Framing::length;

  Tick deadline_{};
  std::int64_t taken_at_mark_ = 0;
  std::size_t discarded_ = 0;
  net::Watch watch_;  // after socket_: goes first
};

}  // namespace slipway::http
