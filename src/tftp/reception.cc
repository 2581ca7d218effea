// SPDX-License-Identifier: MPL-2.0
#include "tftp/reception.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace slipway::tftp {
namespace {

using wire::TftpErrorCode;

// How long the last ACK may be asked for once more (RFC 1350 section 6).
constexpr Duration linger = std::chrono::seconds(3);

}  // namespace

Reception::Reception(const Terms& terms, std::uint64_t most_bytes, Tick now, const Patience& patience)
    : oack_(terms.granted.empty() ? Bytes{} : serialize(wire::TftpOack{terms.granted})),
      block_size_(terms.block_size),
      window_(terms.window),
      most_bytes_(most_bytes),
      patience_(limited(patience, terms)),
      round_trip_(patience_.first, patience_.longest),
      started_(now),
      progress_(now),
      deadline_(now + round_trip_.timeout()) {
  acknowledge(now);
}

/// Block 0 is the request: its ACK, or the OACK in place of it.
void Reception::acknowledge(Tick now) {
  acknowledged_ = expected_ - 1;
  answer_ = acknowledged_ == 0 && !oack_.empty()
                ? oack_
                : serialize(wire::TftpAck{static_cast<std::uint16_t>(acknowledged_)});
  deadline_ = now + round_trip_.timeout();
}

ByteView Reception::receive(const wire::TftpPacket& packet, Tick now) {
  if (outcome_) return {};
  if (const auto* data = std::get_if<wire::TftpData>(&packet)) return take_block(*data, now);
  const auto* error = std::get_if<wire::TftpError>(&packet);
  if (error && phase_ == Phase::lingering)
    finish(Ending::complete, now);
  else if (error)
    finish(Ending::client_error, now, error->text, error->code);
  return {};
}

ByteView Reception::take_block(const wire::TftpData& data, Tick now) {
  auto ahead = static_cast<std::int16_t>(data.block - static_cast<std::uint16_t>(expected_));
  if (phase_ != Phase::receiving || ahead != 0) {
    // RFC 7440 section 4: the last block before a gap, once. A block that was had before: our ACK was lost.
    bool new_gap = ahead > 0 && gap_ != expected_;
    if (new_gap) gap_ = expected_;
    bool had_last = ahead == -1 && phase_ != Phase::whole;
    if (phase_ != Phase::whole && (new_gap || had_last)) acknowledge(now);
    return {};
  }
  if (data.payload.size() > block_size_) {
    abort({TftpErrorCode::illegal_operation, "this block is larger than was agreed"}, now);
    return {};
  }
  if (bytes_ + data.payload.size() > most_bytes_) {
    abort({TftpErrorCode::disk_full, fmt::format("this server takes {} bytes and no more", most_bytes_)},
          now);
    return {};
  }
  bytes_ += data.payload.size();
  progress_ = now;
  gap_ = 0;
  ++expected_;
  round_trip_.loss_proved();  // it goes on: the next silence is waited for as the first was
  deadline_ = now + round_trip_.timeout();
  if (data.payload.size() < block_size_) {
    phase_ = Phase::whole;
    deadline_ = now + patience_.give_up;
  } else if (expected_ - 1 - acknowledged_ >= window_) {
    acknowledge(now);
  }
  return data.payload;
}

void Reception::stored(Tick now) {
  if (outcome_ || phase_ != Phase::whole) return;
  phase_ = Phase::lingering;
  acknowledge(now);
  deadline_ = now + linger;
}

void Reception::request_repeated(Tick now) {
  if (!outcome_ && expected_ == 1) acknowledge(now);
}

void Reception::tick(Tick now) {
  if (outcome_ || now < deadline_) return;
  if (phase_ == Phase::lingering) return finish(Ending::complete, now);
  if (phase_ == Phase::whole) {  // the disk takes its time, and the client does not know
    deadline_ = now + patience_.give_up;
    return;
  }
  if (now - progress_ >= patience_.give_up) return finish(Ending::timed_out, now, "the client fell silent");
  round_trip_.back_off();
  ++resent_;
  acknowledge(now);
}

void Reception::client_left(std::string why, Tick now) {
  if (phase_ == Phase::lingering) return finish(Ending::complete, now);
  finish(Ending::client_left, now, std::move(why));
}

void Reception::abort(const Refusal& why, Tick now) {
  if (outcome_) return;
  answer_ = serialize(wire::TftpError{static_cast<std::uint16_t>(why.code), why.reason});
  finish(Ending::aborted, now, why.reason);
}

void Reception::finish(Ending ending, Tick now, std::string text, std::uint16_t code) {
  if (outcome_) return;
  outcome_ = Outcome{ending, code, std::move(text), bytes_, resent_, now - started_, bytes_ > 0};
}

}  // namespace slipway::tftp
