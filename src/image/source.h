// SPDX-License-Identifier: MPL-2.0
// What an image is imported from, entry by entry: an archive or a folder. One pass, forwards; open it again
// for another. Names are relative and safe, links are reported and never followed. Blocks its thread.
// Everything in a source is a stranger's: failures are values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "image/finding.h"
#include "image/layout.h"

namespace slipway::image {

enum class EntryType { file, folder, link, other };

struct Entry {
  std::string path;
  EntryType type = EntryType::file;
  std::uint64_t size = 0;
};

class Meter;

class Source {
 public:
  virtual ~Source() = default;
  /// The next entry; nothing after the last.
  virtual Result<std::optional<Entry>, Refusal> next() = 0;
  /// More of the entry last given, at most about a megabyte; empty at its end. Good until the next call.
  virtual Result<ByteView, Refusal> read() = 0;
  /// "tar archive (gzip)"; known once `next` was called.
  virtual std::string format() const = 0;
  /// Bytes of the file taken so far and its size, for progress; 0 and 0 when that means nothing.
  virtual std::uint64_t position() const { return 0; }
  virtual std::uint64_t length() const { return 0; }
};

/// What lies at `path`: only the first bytes of it are read. An ISO is an archive, unless it is to be
/// `whole`.
Result<SourceName, Refusal> name_source(const std::string& path,
                                        std::optional<model::ImageKind> kind = std::nullopt);

/// `meter` hears how far a disk image is unpacked, and may stop that.
Result<std::unique_ptr<Source>, Refusal> open_source(const SourceName& name, Meter* meter = nullptr);

/// The name of an entry as a safe relative path, or the refusal of the whole source: what tries to leave it
/// with "..", or hides control characters, is no platform. Empty for the top folder itself.
Result<std::string, Refusal> clean_name(std::string_view raw, const SourceName& source);

}  // namespace slipway::image
