// SPDX-License-Identifier: MPL-2.0
#include "walk/tftp_download.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace slipway::walk {
namespace {

constexpr unsigned largest_block = 65464;  // RFC 2348
constexpr unsigned most_doublings = 5;

unsigned number_in(const std::string* text, unsigned otherwise, unsigned least, unsigned most) {
  unsigned value = 0;
  if (!text) return otherwise;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  bool whole = error == std::errc() && end == text->data() + text->size();
  return whole && value >= least && value <= most ? value : otherwise;
}

}  // namespace

TftpDownload::TftpDownload(const Fetch& fetch, Tick now)
    : fetch_(fetch), probing_(fetch.tftp.size_first), deadline_(now) {
  ask(now);
}

std::vector<TftpDownload::Packet> TftpDownload::take_packets() {
  return std::exchange(out_, {});
}

void TftpDownload::ask(Tick now) {
  const TftpManner& manner = fetch_.tftp;
  wire::TftpRequest request;
  request.filename = fetch_.url.path;
  request.mode = "octet";
  if (probing_ || (manner.asks_size && !manner.size_first)) request.options.push_back({"tsize", "0"});
  if (manner.block_size != 512) request.options.push_back({"blksize", std::to_string(manner.block_size)});
  if (manner.window > 1) request.options.push_back({"windowsize", std::to_string(manner.window)});
  peer_ = {};
  tries_ = 0;
  say(wire::serialize(request));
  patience(now);
}

void TftpDownload::say(Bytes bytes) {
  out_.push_back({peer_.port ? peer_ : fetch_.url.server, bytes});
  last_said_ = std::move(bytes);
}

void TftpDownload::patience(Tick now) {
  unsigned doublings = fetch_.tftp.doubling ? std::min(tries_, most_doublings) : 0;
  deadline_ = now + fetch_.tftp.first * (1 << doublings);
}

void TftpDownload::finish(bool ok, std::string why) {
  end_ = FetchEnd{ok, std::move(why), bytes_, again_, std::move(text_)};
}

void TftpDownload::tick(Tick now) {
  if (end_ || now < deadline_) return;
  if (++tries_ >= fetch_.tftp.tries)
    return finish(false, fmt::format("the TFTP server fell silent after {} bytes", bytes_));
  ++again_;
  out_.push_back({peer_.port ? peer_ : fetch_.url.server, last_said_});
  patience(now);
}

void TftpDownload::refused(Tick) {
  if (!end_) finish(false, "the TFTP server's port is closed");
}

void TftpDownload::receive(ByteView bytes, Endpoint from, Tick now) {
  // The answer comes from a port of its own (RFC 1350 §4); packets of any other are another transfer's.
  bool stranger = peer_.port ? from != peer_ : from.address != fetch_.url.server.address;
  // A server that serves from its one port sends everything from there.
  bool late = from == left_ && left_ != fetch_.url.server;
  if (end_ || stranger || late) return;
  auto packet = wire::parse_tftp(bytes);
  if (!packet) return;
  if (auto* error = std::get_if<wire::TftpError>(&*packet)) {
    // A server that refuses an option may still send the file (RFC 2347 §4, error 8): not by these firmwares.
    return finish(false, fmt::format("TFTP ERROR {}: {}", error->code, error->text));
  }
  auto* data = std::get_if<wire::TftpData>(&*packet);
  auto* oack = std::get_if<wire::TftpOack>(&*packet);
  if (!data && !oack) return;
  if (!peer_.port) peer_ = from;
  if (data) take(*data, now);
  if (oack) take(*oack, now);
}

void TftpDownload::take(const wire::TftpOack& oack, Tick now) {
  if (next_ != 1 || in_window_) return;  // late
  if (probing_) {
    say(wire::serialize(wire::TftpError{8, "aborted"}));
    probing_ = false;
    left_ = peer_;
    return ask(now);
  }
  block_size_ = number_in(wire::find_option(oack.options, "blksize"), 512, 8, largest_block);
  window_ = number_in(wire::find_option(oack.options, "windowsize"), 1, 1, 65535);
  next_ = 1;
  say(wire::serialize(wire::TftpAck{0}));
  tries_ = 0;
  patience(now);
}

void TftpDownload::take(const wire::TftpData& data, Tick now) {
  if (data.block != static_cast<std::uint16_t>(next_)) {
    // One block of a window is missing: say once which was the last in order (RFC 7440 §4).
    bool ahead = static_cast<std::uint16_t>(data.block - next_) < window_;
    if (!ahead || gap_told_) return;
    gap_told_ = true;
    ++again_;
    return acknowledge(now);
  }
  if (data.payload.size() > block_size_) return finish(false, "a block longer than was agreed");
  gap_told_ = false;
  probing_ = false;  // a server without options has begun to send the file: so be it
  bytes_ += data.payload.size();
  if (fetch_.keep)
    text_ += as_text(data.payload).substr(0, longest_script - std::min(longest_script, text_.size()));
  ++next_;
  bool last = data.payload.size() < block_size_;
  if (last || ++in_window_ >= window_) acknowledge(now);
  if (last) finish(true, "");
}

void TftpDownload::acknowledge(Tick now) {
  in_window_ = 0;
  say(wire::serialize(wire::TftpAck{static_cast<std::uint16_t>(next_ - 1)}));
  tries_ = 0;
  patience(now);
}

}  // namespace slipway::walk
