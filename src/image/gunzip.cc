// SPDX-License-Identifier: MPL-2.0
#include "image/gunzip.h"

#include <new>
#include <optional>

#include <zlib.h>

namespace slipway::image {
namespace {

constexpr std::size_t piece = 1 << 20;
constexpr int gzip_alone = 16 + MAX_WBITS;

}  // namespace

bool is_gzip(ByteView head) {
  return head.size() >= 3 && head[0] == 0x1f && head[1] == 0x8b && head[2] == Z_DEFLATED;
}

struct Gunzip::State {
  explicit State(Packed more) : packed(std::move(more)) {
    if (inflateInit2(&stream, gzip_alone) != Z_OK) throw std::bad_alloc();
  }
  ~State() { inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Whether there is input; otherwise the packed file is at its end, or cannot be read.
  bool refill() {
    if (stream.avail_in > 0) return true;
    auto bytes = packed();
    if (!bytes) {
      trouble = Trouble::source;
      refusal = bytes.error();
      return false;
    }
    stream.next_in = const_cast<Bytef*>(bytes->data());  // zlib does not write to it
    stream.avail_in = static_cast<uInt>(bytes->size());
    return !bytes->empty();
  }

  /// Behind a member: another one, or the end.
  void go_on() {
    bool another = refill() && stream.next_in[0] == 0x1f;
    ended = !another;
    if (another) inflateReset(&stream);
  }

  Packed packed;
  z_stream stream{};
  Bytes buffer = Bytes(piece);
  Trouble trouble = Trouble::none;
  std::optional<Refusal> refusal;
  bool ended = false, first = true;
};

Gunzip::Gunzip(Packed packed) : state_(std::make_unique<State>(std::move(packed))) {}
Gunzip::~Gunzip() = default;

ByteView Gunzip::read() {
  State& state = *state_;
  state.stream.next_out = state.buffer.data();
  state.stream.avail_out = static_cast<uInt>(state.buffer.size());
  while (!state.ended && state.trouble == Trouble::none && state.stream.avail_out > 0) {
    if (!state.refill()) {
      if (state.trouble == Trouble::none) state.trouble = Trouble::cut_short;
      break;
    }
    int status = inflate(&state.stream, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      state.first = false;
      state.go_on();
    } else if (status != Z_OK) {
      // Behind the first member, what only begins like one is padding.
      bool padding = !state.first && state.stream.total_out == 0;
      if (padding)
        state.ended = true;
      else
        state.trouble = Trouble::damaged;
    }
  }
  return ByteView(state.buffer).first(state.buffer.size() - state.stream.avail_out);
}

Gunzip::Trouble Gunzip::trouble() const {
  return state_->trouble;
}

const Refusal& Gunzip::source_refusal() const {
  return *state_->refusal;
}

}  // namespace slipway::image
