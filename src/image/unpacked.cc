// SPDX-License-Identifier: MPL-2.0
#include "image/unpacked.h"

#include <cerrno>
#include <optional>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

namespace slipway::image {
namespace {

struct Closing {
  void operator()(archive* reader) const { archive_read_free(reader); }
};

}  // namespace

struct Unpacked::State {
  State(Packed more, std::string name, By how) : packed(std::move(more)), what(std::move(name)), by(how) {}

  /// The first piece tells how it is packed, and comes again.
  Result<void, Refusal> begin() {
    auto first = packed();
    if (!first) return first.error();
    kept = *first;
    if (is_gzip(kept))
      gunzip = std::make_unique<Gunzip>([this] { return next(); });
    else if (by == By::anything)
      return begin_reader();
    return {};
  }

  Result<void, Refusal> begin_reader() {
    reader.reset(archive_read_new());
    // Not all there are: some of libarchive's start programs.
    archive_read_support_filter_bzip2(reader.get());
    archive_read_support_filter_lzma(reader.get());
    archive_read_support_filter_xz(reader.get());
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_format_raw(reader.get());
    archive_entry* entry = nullptr;
    bool good = archive_read_open(reader.get(), this, nullptr, &State::more, nullptr) == ARCHIVE_OK &&
                archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK;
    if (!good) return broken_reader();
    return {};
  }

  Result<ByteView, Refusal> next() {
    if (!kept.empty()) return std::exchange(kept, {});
    return packed();
  }

  static la_ssize_t more(archive* reader, void* self, const void** bytes) {
    State& state = *static_cast<State*>(self);
    auto got = state.next();
    if (!got) {
      state.failed = got.error();
      archive_set_error(reader, EIO, "source");
      return -1;
    }
    *bytes = got->data();
    return static_cast<la_ssize_t>(got->size());
  }

  Refusal broken(std::string_view why) const {
    return {
        Finding{Rule::source_unreadable,
                Weight::error,
                {fmt::format("{} cannot be unpacked: {}", what, why), "get it again from its publisher"}}};
  }

  Refusal broken_reader() {
    if (failed) return *failed;
    const char* words = archive_error_string(reader.get());
    std::string_view said = words ? words : "no reason given";
    // Each filter has a sentence of its own: "Truncated zstd input", "truncated bzip2 input", and xz the
    // last.
    bool early = said.find("runcated") != said.npos || said.find("No progress is possible") != said.npos;
    if (early) fault = Fault::ends_early;
    return broken(said);
  }

  Result<ByteView, Refusal> read_gunzip() {
    ByteView bytes = gunzip->read();
    if (!bytes.empty()) return bytes;
    switch (gunzip->trouble()) {
      case Gunzip::Trouble::none:
        return bytes;
      case Gunzip::Trouble::source:
        return gunzip->source_refusal();
      case Gunzip::Trouble::cut_short:
        fault = Fault::ends_early;
        return broken("its end is missing");
      case Gunzip::Trouble::damaged:
        break;
    }
    fault = Fault::damaged;
    return broken("its checksum is wrong");
  }

  Result<ByteView, Refusal> read_reader() {
    la_ssize_t got = archive_read_data(reader.get(), buffer.data(), buffer.size());
    if (got < 0) return broken_reader();
    return ByteView(buffer).first(static_cast<std::size_t>(got));
  }

  Packed packed;
  std::string what;
  By by;
  ByteView kept;
  std::unique_ptr<Gunzip> gunzip;
  std::unique_ptr<archive, Closing> reader;
  Bytes buffer = Bytes(1 << 20);
  std::optional<Refusal> failed;  ///< of the source itself
  Fault fault = Fault::none;
  bool begun = false;
};

Unpacked::Unpacked(Packed packed, std::string what, By by)
    : state_(std::make_unique<State>(std::move(packed), std::move(what), by)) {}

Unpacked::~Unpacked() = default;

Unpacked::Fault Unpacked::fault() const {
  return state_->fault;
}

Result<ByteView, Refusal> Unpacked::read() {
  State& state = *state_;
  if (!state.begun) {
    state.begun = true;
    if (auto begun = state.begin(); !begun) return begun.error();
  }
  if (state.gunzip) return state.read_gunzip();
  return state.reader ? state.read_reader() : state.next();
}

}  // namespace slipway::image
