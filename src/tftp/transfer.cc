// SPDX-License-Identifier: MPL-2.0
#include "tftp/transfer.h"

#include <algorithm>

namespace slipway::tftp {
namespace {

using wire::TftpOpcode;

// Nobody repeats a request faster than this; what comes sooner is a duplicate made by the network.
constexpr Duration shortest_repeat = std::chrono::milliseconds(20);

// Whatever a client wishes: many of them, or one that was made up, are not to flood the network.
constexpr Duration least_longest = std::chrono::seconds(1);
constexpr int most_silences = 17;  // windows have 16 bits

}  // namespace

Patience limited(Patience patience, const Terms& terms) {
  if (!terms.timeout) return patience;
  patience.first = std::min(patience.first, *terms.timeout);
  patience.longest = std::min(patience.longest, std::max(*terms.timeout, least_longest));
  return patience;
}

std::string_view to_string(Ending ending) {
  switch (ending) {
    case Ending::complete:
      return "complete";
    case Ending::client_error:
      return "client_error";
    case Ending::timed_out:
      return "timed_out";
    case Ending::client_left:
      return "client_left";
    case Ending::aborted:
      return "aborted";
  }
  return "unknown";
}

bool Outcome::normal() const {
  if (ending == Ending::client_error)
    return error_code == static_cast<std::uint16_t>(wire::TftpErrorCode::undefined) ||
           error_code == static_cast<std::uint16_t>(wire::TftpErrorCode::option_refused);
  return ending == Ending::complete;
}

Transfer::Transfer(std::uint64_t size, const Terms& terms, Tick now, const Patience& patience)
    : size_(size),
      oack_(terms.granted.empty() ? Bytes{} : serialize(wire::TftpOack{terms.granted})),
      block_size_(terms.block_size),
      window_(terms.window),
      patience_(limited(patience, terms)),
      // RFC 1350 section 6: the end is a short block, an empty one after a whole multiple.
      last_(size / terms.block_size + 1),
      base_(oack_.empty() ? 1 : 0),
      next_(base_),
      sent_end_(base_),
      round_trip_(patience_.first, patience_.longest),
      pass_began_(now),
      started_(now),
      progress_(now),
      deadline_(now + round_trip_.timeout()) {}

std::uint64_t Transfer::window_end() const {
  if (base_ == 0) return 1;  // no data before the OACK is acknowledged (RFC 2347 section 3)
  return std::min<std::uint64_t>(base_ + std::max(1u, window_ >> std::max(0, silences_ - 1)), last_ + 1);
}

Packet Transfer::packet(std::uint64_t block) const {
  if (block == 0) return {{}, 0, 0, 0, oack_};
  std::uint64_t offset = (block - 1) * block_size_;
  return {{0, static_cast<std::uint8_t>(TftpOpcode::data), static_cast<std::uint8_t>(block >> 8),
           static_cast<std::uint8_t>(block)},
          4,
          offset,
          static_cast<std::size_t>(std::min<std::uint64_t>(block_size_, size_ - offset)),
          {}};
}

std::size_t Transfer::pending(std::span<Packet> out) const {
  if (outcome_) return 0;
  std::uint64_t count = std::min<std::uint64_t>(out.size(), window_end() - next_);
  for (std::uint64_t i = 0; i < count; ++i) out[i] = packet(next_ + i);
  return count;
}

void Transfer::sent(std::size_t count, Tick now) {
  if (count == 0) return;
  if (pass_open_) pass_began_ = now;
  pass_open_ = false;
  std::uint64_t end = next_ + count;
  resent_ += std::min(end, sent_end_) - std::min(next_, sent_end_);
  if (end > sent_end_) {
    timed_block_ = end - 1;
    timed_at_ = now;
    sent_end_ = end;
  }
  next_ = end;
  deadline_ = now + round_trip_.timeout();
}

void Transfer::receive(const wire::TftpPacket& packet, Tick now) {
  if (outcome_) return;
  heard_ = true;
  if (const auto* ack = std::get_if<wire::TftpAck>(&packet)) {
    acknowledge(ack->block, now);
  } else if (const auto* error = std::get_if<wire::TftpError>(&packet)) {
    finish(Ending::client_error, now, error->text, error->code);
  }
}

void Transfer::acknowledge(std::uint16_t block, Tick now) {
  // Block numbers wrap to 0 after 65,535: what counts is the distance from the last one acknowledged.
  auto distance = static_cast<std::uint16_t>(block - static_cast<std::uint16_t>(base_ - 1));
  if (distance > sent_end_ - base_) return;
  silences_ = 0;
  if (distance > 0) {
    advance(base_ + distance - 1, now);
  } else if (window_ > 1 && next_ > base_ && tells_a_gap(base_ - 1, now)) {
    rewind();  // RFC 7440 section 4: the window's first block was lost
  }
}

void Transfer::advance(std::uint64_t acknowledged, Tick now) {
  if (timed_at_ && acknowledged >= timed_block_) {
    round_trip_.sample(now - *timed_at_);
    timed_at_.reset();
  } else if (acknowledged + 1 < sent_end_) {
    round_trip_.loss_proved();  // nobody acknowledges the middle of a window but for a gap behind it
  }
  notice_echoes(acknowledged);
  base_ = acknowledged + 1;
  progress_ = now;
  if (base_ > last_) return finish(Ending::complete, now);
  if (next_ <= base_) {
    next_ = base_;
    pass_open_ = true;
  } else if (tells_a_gap(acknowledged, now)) {
    rewind();  // RFC 7440 section 4: an ACK inside the window names the last block before a gap
  }
  deadline_ = now + round_trip_.timeout();
}

/// Whether an ACK that comes now means that the block behind it was lost. One that comes sooner than a
/// round trip was under way before and says nothing about what was sent last: a copy made by the network,
/// or one ACK of many for the same gap. Answering those with data is the sorcerer's apprentice.
bool Transfer::tells_a_gap(std::uint64_t acknowledged, Tick now) const {
  if (base_ == 0 || pass_open_ || acknowledged < settled_) return false;
  return now - pass_began_ >= round_trip_.shortest().value_or(shortest_repeat) / 2;
}

/// EDK2 answers every block that it has already with an ACK of the last in order, which looks like a gap.
/// If the first block acknowledged after a rewind is just the last one sent before it, there was no gap:
/// what was sent again comes back as such ACKs, and none of them may cause another rewind.
void Transfer::notice_echoes(std::uint64_t acknowledged) {
  if (rewound_from_ == 0 || acknowledged < rewound_from_) return;
  if (acknowledged == rewound_from_) settled_ = next_;
  rewound_from_ = 0;
}

void Transfer::rewind() {
  rewound_from_ = sent_end_ - 1;
  next_ = base_;
  pass_open_ = true;
  timed_at_.reset();  // Karn's rule: what leaves twice measures nothing
}

void Transfer::request_repeated(Tick now) {
  bool nothing_acknowledged = base_ == (oack_.empty() ? 1 : 0);
  if (outcome_ || !nothing_acknowledged || now - pass_began_ < shortest_repeat) return;
  rewind();
}

void Transfer::tick(Tick now) {
  if (outcome_ || now < deadline_) return;
  if (now - progress_ >= patience_.give_up) return finish(Ending::timed_out, now, "the client fell silent");
  round_trip_.back_off();
  silences_ = std::min(silences_ + 1, most_silences);
  rewind();
  deadline_ = now + round_trip_.timeout();
}

void Transfer::client_left(std::string why, Tick now) {
  if (outcome_) return;
  bool only_last_missing = base_ == last_ && sent_end_ > last_;
  if (!only_last_missing) return finish(Ending::client_left, now, std::move(why));
  base_ = last_ + 1;
  finish(Ending::complete, now);
}

void Transfer::abort(std::string reason, Tick now) {
  if (!outcome_) finish(Ending::aborted, now, std::move(reason));
}

void Transfer::finish(Ending ending, Tick now, std::string text, std::uint16_t code) {
  outcome_ = Outcome{ending, code, std::move(text), bytes_acknowledged(), resent_, now - started_, heard_};
}

std::uint64_t Transfer::bytes_acknowledged() const {
  return base_ <= 1 ? 0 : std::min<std::uint64_t>((base_ - 1) * block_size_, size_);
}

}  // namespace slipway::tftp
