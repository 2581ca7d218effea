// SPDX-License-Identifier: MPL-2.0
#include "image/unpacked.h"

#include <cerrno>
#include <optional>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

namespace slipway::image {

struct Unpacked::State {
  State(Packed more, std::string name) : packed(std::move(more)), what(std::move(name)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Packed packed;
  std::string what;
  archive* reader = archive_read_new();
  Bytes buffer = Bytes(1 << 20);
  std::optional<Refusal> failed;  ///< of the source itself
  bool opened = false;

  ~State() { archive_read_free(reader); }

  static la_ssize_t more(archive* reader, void* self, const void** bytes) {
    State& state = *static_cast<State*>(self);
    auto got = state.packed();
    if (!got) {
      state.failed = got.error();
      archive_set_error(reader, EIO, "source");
      return -1;
    }
    *bytes = got->data();
    return static_cast<la_ssize_t>(got->size());
  }

  Refusal broken() const {
    if (failed) return *failed;
    const char* said = archive_error_string(reader);
    return {Finding{Rule::source_unreadable,
                    Weight::error,
                    {fmt::format("{} cannot be unpacked: {}", what, said ? said : "no reason given"),
                     "get it again from its publisher"}}};
  }
};

Unpacked::Unpacked(Packed packed, std::string what, By by)
    : state_(std::make_unique<State>(std::move(packed), std::move(what))) {
  if (by == By::gzip)
    archive_read_support_filter_gzip(state_->reader);
  else
    archive_read_support_filter_all(state_->reader);
  archive_read_support_format_raw(state_->reader);
}

Unpacked::~Unpacked() = default;

bool Unpacked::ends_early() const {
  const char* words = archive_error_string(state_->reader);
  std::string_view said = words ? words : "";
  // Each filter has a sentence of its own: "truncated gzip input", "Truncated zstd input", and xz this one.
  bool early = said.find("runcated") != said.npos || said.find("No progress is possible") != said.npos;
  return early && !state_->failed;
}

Result<ByteView, Refusal> Unpacked::read() {
  State& state = *state_;
  archive_entry* entry = nullptr;
  if (!state.opened) {
    state.opened = true;
    bool good = archive_read_open(state.reader, &state, nullptr, &State::more, nullptr) == ARCHIVE_OK &&
                archive_read_next_header(state.reader, &entry) == ARCHIVE_OK;
    if (!good) return state.broken();
  }
  la_ssize_t got = archive_read_data(state.reader, state.buffer.data(), state.buffer.size());
  if (got < 0) return state.broken();
  return ByteView(state.buffer).first(static_cast<std::size_t>(got));
}

}  // namespace slipway::image
