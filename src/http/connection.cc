// SPDX-License-Identifier: MPL-2.0
#include "http/connection.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "http/server_core.h"

namespace slipway::http {
namespace {

/// Sent at once: loaders and scripts need no second turn. What is left of bigger files waits its turn.
constexpr std::uint64_t first_budget = 128 * 1024;
constexpr std::uint64_t bulk_budget = 1024 * 1024;
constexpr std::size_t discard_limit = 256 * 1024;

bool has_body(const Request& request, int status) {
  return request.method != Method::head && status != 204 && status != 304;
}

}  // namespace

Connection::Connection(ServerCore& core, Accepted accepted)
    : core_(&core), socket_(std::move(accepted.socket)), peer_(accepted.peer), local_(accepted.local) {}

Ipv4 Connection::address() const {
  const auto* endpoint = std::get_if<Endpoint>(&peer_);
  return endpoint ? endpoint->address : Ipv4::any();
}

void Connection::begin() {
  set_deadline(core_->limits().header_deadline);
  watch_ = net::Watch(
      core_->reactor(), socket_.get(), [this] { on_readable(); }, [this] { on_writable(); });
}

// --- reading ---------------------------------------------------------------------------------------

void Connection::on_readable() {
  auto self = shared_from_this();
  // One buffer for all connections: an idle one holds none.
  auto& buffer = core_->read_buffer();
  bool reads = state_ == State::reading;
  std::size_t room =
      reads ? std::min(buffer.size(), core_->limits().header_bytes - in_.size()) : buffer.size();
  ssize_t n = ::recv(socket_.get(), buffer.data(), room, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) return close(Outcome::client_gone);
  if (!reads) return discard(static_cast<std::size_t>(n));
  if (in_.empty() && !parser_) set_deadline(core_->limits().header_deadline);
  in_.append(buffer.data(), static_cast<std::size_t>(n));
  read_requests();
}

/// While a stream runs or the connection closes, only the client's end is of interest.
void Connection::discard(std::size_t count) {
  discarded_ += count;
  if (discarded_ > discard_limit) close(Outcome::client_gone);
}

void Connection::read_requests() {
  while (state_ == State::reading && !in_.empty()) {
    if (!parser_) parser_ = std::make_unique<RequestParser>(core_->limits());
    in_.erase(0, parser_->feed(in_));
    if (parser_->fault()) return refuse(*parser_->fault());
    if (parser_->done()) {
      serve();
      continue;
    }
    if (in_.size() >= core_->limits().header_bytes) return refuse({431, "a line of the request is too long"});
    if (parser_->wants_continue()) {
      constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      ::send(socket_.get(), go_on.data(), go_on.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    break;
  }
  if (state_ != State::reading) return;
  if (in_.empty()) in_ = {};  // gives its memory back
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
  state_ = State::sending;
  watch_.want_read(false);
  Response response = core_->answer(request_);
  if (state_ != State::closed) respond(std::move(response));  // the handler may have stopped the server
}

/// What is not a request has no place in the timeline; it is answered, counted, and the connection ends.
void Connection::refuse(ParseFault fault) {
  core_->count_refusal(fmt::format("status_{}", fault.status));
  parser_.reset();
  request_ = Request{};
  keep_alive_ = false;
  Response response = refusal(fault.status, fault.reason);
  std::string head = response_head(response, Framing::length, false, core_->date());
  status_ = fault.status;
  state_ = State::sending;
  watch_.want_read(false);
  set_deadline(core_->limits().progress_deadline);
  taken_at_mark_ = 0;
  output_.start(std::move(head), std::move(response), true);
  pump(first_budget);
}

void Connection::respond(Response response) {
  bool with_body = has_body(request_, response.status);
  const auto* stream = std::get_if<Stream>(&response.body);
  const auto* slice = std::get_if<FileSlice>(&response.body);
  std::shared_ptr<StreamWriter> writer = stream ? stream->writer : nullptr;

  framing_ = !stream ? Framing::length : request_.minor_version > 0 ? Framing::chunked : Framing::close;
  if (stream) keep_alive_ = false;
  status_ = response.status;
  file_size_ = slice && slice->file ? slice->file->size : 0;
  offset_ = slice ? slice->offset : 0;
  body_bytes_ = with_body ? body_length(response) : 0;
  asked_at_ = core_->reactor().now().tick;

  std::string head = response_head(response, framing_, keep_alive_, core_->date());
  output_.start(std::move(head), std::move(response), with_body);
  state_ = State::sending;
  set_deadline(core_->limits().progress_deadline);
  taken_at_mark_ = 0;
  tell(RequestEvent::Kind::started, Outcome::complete);
  if (writer && with_body) {
    attach_stream(std::move(writer));
  } else if (writer) {
    writer->disconnected();
  }
  pump(first_budget);
}

void Connection::attach_stream(std::shared_ptr<StreamWriter> writer) {
  writer_ = std::move(writer);
  discarded_ = 0;
  // Posted, not called: whoever writes to many followers must not see one vanish in the middle.
  writer_->on_data([weak = weak_from_this()] {
    auto self = weak.lock();
    if (!self || self->flush_posted_ || self->state_ == State::closed) return;
    self->flush_posted_ = true;
    self->core_->reactor().post([self] {
      self->flush_posted_ = false;
      if (self->state_ == State::streaming) self->flush_stream();
    });
  });
  in_.clear();
  watch_.want_read(true);  // to learn that the client went
}

/// Called when nothing is on its way.
void Connection::flush_stream() {
  std::string text = writer_->take();
  if (text.empty() && !writer_->finished()) {
    state_ = State::streaming;
    return;
  }
  if (!text.empty()) {
    output_.append(framing_ == Framing::chunked ? fmt::format("{:x}\r\n{}\r\n", text.size(), text) : text);
  }
  if (writer_->finished()) {
    if (framing_ == Framing::chunked) output_.append("0\r\n\r\n");
    std::exchange(writer_, nullptr)->disconnected();
  }
  state_ = State::sending;
  set_deadline(core_->limits().progress_deadline);
  taken_at_mark_ = taken_by_client();
  pump(first_budget);
}

// --- sending ---------------------------------------------------------------------------------------

void Connection::pump(std::uint64_t budget) {
  switch (output_.send(socket_.get(), budget)) {
    case Output::Result::done:
      return response_sent();
    case Output::Result::blocked:
      return watch_.want_write(true);
    case Output::Result::gone:
      return close(Outcome::client_gone);
    case Output::Result::failed:
      return abort_and_close(Outcome::failed);
    case Output::Result::paused:
      return queue_bulk();
  }
}

void Connection::on_writable() {
  auto self = shared_from_this();
  watch_.want_write(false);
  if (state_ != State::sending) return;
  if (output_.left() > first_budget) return queue_bulk();
  pump(first_budget);
  read_requests();
}

void Connection::queue_bulk() {
  if (!std::exchange(in_bulk_, true)) core_->queue_bulk(shared_from_this());
}

void Connection::bulk_turn() {
  in_bulk_ = false;
  if (state_ != State::sending) return;
  pump(bulk_budget);
  read_requests();
}

void Connection::response_sent() {
  if (writer_) return flush_stream();
  tell(RequestEvent::Kind::ended, Outcome::complete);
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
  ::shutdown(socket_.get(), SHUT_WR);
  discarded_ = 0;
  in_ = {};
  watch_.want_read(true);
}

// --- ending ----------------------------------------------------------------------------------------

void Connection::check(Tick now) {
  if (now < deadline_ || state_ == State::streaming || state_ == State::closed) return;
  if (state_ == State::sending) {
    std::int64_t taken = taken_by_client();
    if (taken - taken_at_mark_ < static_cast<std::int64_t>(core_->limits().progress_bytes))
      return abort_and_close(Outcome::timed_out);
    taken_at_mark_ = taken;
    return set_deadline(core_->limits().progress_deadline);
  }
  if (state_ == State::reading && parser_) return refuse({408, "the request did not arrive in time"});
  close(Outcome::timed_out);
}

void Connection::retire() {
  keep_alive_ = false;
  if (writer_) writer_->finish();
  if (state_ == State::reading && !parser_) close(Outcome::stopped);
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
  tell(RequestEvent::Kind::ended, outcome);
  state_ = State::closed;
  watch_.reset();
  socket_.reset();
  output_.clear();
  parser_.reset();
  if (auto writer = std::exchange(writer_, nullptr)) writer->disconnected();
  std::exchange(core_, nullptr)->forget(self);
}

void Connection::tell(RequestEvent::Kind kind, Outcome outcome) {
  bool starts = kind == RequestEvent::Kind::started;
  if (!starts && !told_) return;
  told_ = starts;
  RequestEvent event{kind, request_, status_, file_size_, offset_, body_bytes_, 0, {}, outcome};
  if (!starts) {
    event.bytes_sent = output_.body_sent();
    event.duration = core_->reactor().now().tick - asked_at_;
  }
  core_->tell(event);
}

void Connection::set_deadline(std::chrono::milliseconds from_now) {
  deadline_ = core_->reactor().now().tick + from_now;
}

/// Bytes of this response that left our kernel for good: handed over less those it still holds.
std::int64_t Connection::taken_by_client() const {
  int held = 0;
  if (::ioctl(socket_.get(), SIOCOUTQ, &held) != 0) held = 0;
  return static_cast<std::int64_t>(output_.sent()) - held;
}

}  // namespace slipway::http
