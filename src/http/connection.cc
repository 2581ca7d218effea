// SPDX-License-Identifier: MPL-2.0
#include "http/connection.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/socket.h>

#include "http/server_core.h"
#include "http/socket_calls.h"

namespace slipway::http {
namespace {

constexpr std::uint64_t bulk_budget = 2 << 20;  // more than a socket takes at once: one call, then wait
constexpr std::size_t discard_limit = 256 * 1024;

bool has_body(const Request& request, int status) {
  return request.method != Method::head && status != 204 && status != 304;
}

}  // namespace

Connection::Connection(ServerCore& core, Accepted accepted, std::unique_ptr<Transport> transport)
    : core_(&core),
      socket_(std::move(accepted.socket)),
      transport_(std::move(transport)),
      peer_(accepted.peer),
      local_(accepted.local),
      secure_(accepted.secure),
      began_(core.reactor().now().tick) {}

Ipv4 Connection::address() const {
  const auto* endpoint = std::get_if<Endpoint>(&peer_);
  return endpoint ? endpoint->address : Ipv4::any();
}

void Connection::begin() {
  set_deadline(core_->limits().header_deadline);
  watch_ = net::Watch(
      core_->reactor(), socket_.get(), [this] { on_readable(); }, [this] { on_writable(); });
  shake_hands();
}

/// Its deadline is that of a first request: who never ends it is closed.
void Connection::shake_hands() {
  switch (transport_->shake_hands()) {
    case Transport::Handshake::done:
      state_ = State::reading;
      return;
    case Transport::Handshake::wants_read:
      return;
    case Transport::Handshake::wants_write:
      return watch_.want_write(true);
    case Transport::Handshake::failed:
      core_->count_refusal("tls_handshake");
      return close(Outcome::client_gone);
  }
}

// --- reading ---------------------------------------------------------------------------------------

void Connection::on_readable() {
  auto self = shared_from_this();
  if (state_ == State::shaking) {
    shake_hands();
    if (state_ != State::reading) return;
  }
  do {
    receive();
  } while (state_ == State::reading && transport_->holds_input());
}

void Connection::receive() {
  // One buffer for all connections: an idle one holds none.
  auto& buffer = core_->read_buffer();
  bool reads = state_ == State::reading;
  std::size_t room =
      reads ? std::min(buffer.size(), core_->limits().header_bytes - in_.size()) : buffer.size();
  auto [result, bytes] = transport_->receive({buffer.data(), room});
  if (result == Transport::Result::blocked) return;
  if (result != Transport::Result::ok) return close(Outcome::client_gone);
  if (!reads) return discard(bytes);
  if (in_.empty() && !parser_) set_deadline(core_->limits().header_deadline);
  std::string_view fresh(buffer.data(), bytes);
  if (in_.empty()) {  // most requests are whole: read where they lie
    if (!parser_) parser_.emplace(core_->limits());
    fresh.remove_prefix(parser_->feed(fresh));
  }
  in_.append(fresh);
  read_requests();
}

/// While a stream runs or the connection closes, only the client's end is of interest.
void Connection::discard(std::size_t count) {
  discarded_ += count;
  if (discarded_ > discard_limit) close(Outcome::client_gone);
}

void Connection::read_requests() {
  while (state_ == State::reading && (parser_ || !in_.empty())) {
    if (!parser_) parser_.emplace(core_->limits());
    in_.erase(0, parser_->feed(in_));
    if (parser_->fault()) return refuse(*parser_->fault());
    if (parser_->done()) {
      serve();
      continue;
    }
    if (in_.size() >= core_->limits().header_bytes) return refuse({431, "a line of the request is too long"});
    if (turned_away_at_head()) return;
    if (parser_->wants_continue()) {
      constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      transport_->send({&go_on, 1}, false);
    }
    break;
  }
  if (state_ != State::reading) return;
  if (in_.empty()) std::string().swap(in_);  // gives its memory back
  watch_.want_read(true);
}

// --- answering -------------------------------------------------------------------------------------

void Connection::serve() {
  request_ = parser_->take();
  keep_alive_ = parser_->keep_alive() && !core_->stopping();
  parser_.reset();
  request_.id = core_->next_request_id();
  request_.peer = peer_;
  request_.local = local_;
  request_.secure = secure_;
  state_ = State::sending;
  watch_.want_read(false);
  Response response = core_->answer(request_);
  if (state_ != State::closed) respond(std::move(response));  // the handler may have stopped the server
}

void Connection::respond(Response response) {
  bool with_body = has_body(request_, response.status);
  const auto* stream = std::get_if<Stream>(&response.body);
  const auto* slice = std::get_if<FileSlice>(&response.body);
  std::shared_ptr<StreamWriter> writer = stream ? stream->writer : nullptr;

  framing_ = !stream ? Framing::length : request_.minor_version > 0 ? Framing::chunked : Framing::close;
  if (stream) keep_alive_ = false;
  status_ = response.status;
  trusted_ = trusted_ || response.trusted;
  const auto* parts = std::get_if<FileParts>(&response.body);
  const OpenFile* file = slice ? slice->file.get() : parts ? parts->file.get() : nullptr;
  file_size_ = file ? file->size : 0;
  offset_ = slice ? slice->offset : parts ? parts->parts.front().offset : 0;
  body_bytes_ = with_body ? body_length(response) : 0;
  asked_at_ = core_->reactor().now().tick;
  if (with_body) bandwidth_ = core_->bandwidth_of(address());

  std::string head = response_head(response, framing_, keep_alive_, core_->date());
  output_.start(std::move(head), std::move(response), with_body);
  state_ = State::sending;
  set_deadline(core_->limits().progress_deadline);
  taken_at_mark_ = 0;
  owes_end_ = true;
  if (writer && with_body) {
    attach_stream(std::move(writer));
  } else if (writer) {
    writer->disconnected();
  }
  pump(first_budget);
  if (owes_end_) tell_start();
}

// --- sending ---------------------------------------------------------------------------------------

void Connection::pump(std::uint64_t budget) {
  std::uint64_t taken = 0;
  if (bandwidth_ && output_.file_left() > 0) {
    net::Pacer::Need need = next_piece();
    if (!core_->pacer()->take(bandwidth_, need)) return wait_for_bandwidth();
    budget = taken = need.next;
  }
  std::uint64_t before = output_.sent();
  Output::Result result = output_.send(*transport_, budget);
  if (bandwidth_) {
    // Heads and scripts wait for nobody, and are paid for by those who come after them.
    auto sent = static_cast<std::int64_t>(output_.sent() - before);
    bandwidth_->charge(sent - static_cast<std::int64_t>(taken), core_->reactor().now().tick);
  }
  switch (result) {
    case Output::Result::done:
      return response_sent();
    case Output::Result::blocked:
      return watch_.want_write(true);
    case Output::Result::gone:
      return close(Outcome::client_gone);
    case Output::Result::failed:
      return abort_and_close(Outcome::failed);
    case Output::Result::paused:
      return bandwidth_ ? wait_for_bandwidth() : queue_bulk();
  }
}

void Connection::wait_for_bandwidth() {
  paced_ = true;
  core_->pacer()->wait_for(bandwidth_, next_piece(), [self = shared_from_this()] { self->bulk_turn(); });
}

net::Pacer::Need Connection::next_piece() const {
  return {output_.file_left(), std::min(output_.file_left(), net::Pacer::piece)};
}

void Connection::on_writable() {
  auto self = shared_from_this();
  watch_.want_write(false);
  if (state_ == State::shaking) return on_readable();
  if (state_ != State::sending) return;
  if (output_.left() > first_budget) return queue_bulk();
  pump(first_budget);
  go_on();
}

/// After a response: what came meanwhile is asked for by no readiness of the socket.
void Connection::go_on() {
  read_requests();
  while (state_ == State::reading && transport_->holds_input()) receive();
}

void Connection::queue_bulk() {
  if (!std::exchange(in_bulk_, true)) core_->queue_bulk(shared_from_this());
}

void Connection::bulk_turn() {
  in_bulk_ = paced_ = false;
  if (state_ != State::sending) return;
  pump(bulk_budget);
  go_on();
}

void Connection::response_sent() {
  if (writer_) return flush_stream();
  tell_end(Outcome::complete);
  output_.clear();
  if (!keep_alive_ || core_->stopping()) return linger();
  state_ = State::reading;
  set_deadline(in_.empty() ? core_->limits().idle_deadline : core_->limits().header_deadline);
}

/// Closing with unread input would reset the connection and could destroy the response on its way
/// (RFC 9112 §9.6): close our half, read until the client closes its own.
void Connection::linger() {
  state_ = State::lingering;
  set_deadline(core_->limits().linger);
  transport_->finish_sending();
  discarded_ = 0;
  std::string().swap(in_);
  watch_.want_read(true);
}

// --- ending ----------------------------------------------------------------------------------------

void Connection::check(Tick now) {
  if (now < deadline_ || state_ == State::streaming || state_ == State::closed) return;
  if (state_ == State::sending) {
    std::int64_t taken = taken_by_client();
    if (paced_)
      taken_at_mark_ = taken - static_cast<std::int64_t>(core_->limits().progress_bytes);  // we hold it up
    if (taken - taken_at_mark_ < static_cast<std::int64_t>(core_->limits().progress_bytes))
      return abort_and_close(Outcome::timed_out);
    taken_at_mark_ = taken;
    return set_deadline(core_->limits().progress_deadline);
  }
  if (state_ == State::shaking) core_->count_refusal("tls_handshake");
  if (state_ == State::reading && parser_) return refuse({408, "the request did not arrive in time"});
  close(Outcome::timed_out);
}

void Connection::retire() {
  keep_alive_ = false;
  if (writer_) writer_->finish();
  if (state_ == State::shaking || (state_ == State::reading && !parser_)) close(Outcome::stopped);
}

/// With a reset: what is still in the kernel's buffer for a dead peer goes, too, and a client that does
/// live sees that its file is not whole.
void Connection::abort_and_close(Outcome outcome) {
  struct linger hard {
    1, 0
  };
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close(outcome);
}

void Connection::close(Outcome outcome) {
  if (state_ == State::closed) return;
  auto self = shared_from_this();
  tell_end(outcome);
  state_ = State::closed;
  watch_.reset();
  transport_.reset();
  socket_.reset();
  output_.clear();
  parser_.reset();
  if (auto writer = std::exchange(writer_, nullptr)) writer->disconnected();
  std::exchange(core_, nullptr)->forget(self);
}

void Connection::tell_start() {
  told_start_ = true;
  core_->tell({RequestEvent::Kind::started, request_, status_, file_size_, offset_, body_bytes_});
}

void Connection::tell_end(Outcome outcome) {
  if (!std::exchange(owes_end_, false)) return;
  RequestEvent event{RequestEvent::Kind::ended, request_, status_, file_size_, offset_, body_bytes_};
  event.bytes_sent = output_.body_sent();
  event.duration = core_->reactor().now().tick - asked_at_;
  event.at_once = !std::exchange(told_start_, false);
  event.outcome = outcome;
  core_->tell(event);
}

void Connection::set_deadline(std::chrono::milliseconds from_now) {
  deadline_ = core_->reactor().now().tick + from_now;
}

/// Bytes of this response that left our kernel for good: handed over less those it still holds.
std::int64_t Connection::taken_by_client() const {
  return static_cast<std::int64_t>(output_.sent()) - unacknowledged(socket_.get());
}

}  // namespace slipway::http
