// SPDX-License-Identifier: MPL-2.0
// The two passes over a source: what is in it, then the files that are wanted. Both refuse a source that
// is hostile by size, number or name. Used by the importer, which keeps what it reads, and by inspect,
// which does not. Blocks its thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "image/facts.h"
#include "image/layout.h"
#include "image/meter.h"
#include "image/source.h"
#include "image/system.h"

namespace slipway::image {

struct Limits {
  std::uint64_t entries = 100'000;
  std::uint64_t bytes = std::uint64_t{64} << 30;  ///< of all files together, unpacked
};

/// The source's own packing, once: gzip has one checksum for all that is in it, behind everything else.
Result<void, Refusal> check_gzip(const SourceName& name, Meter& meter);

/// What the first pass learns.
struct Survey {
  SourceName name;
  std::string format;
  std::uint64_t entries = 0;
  std::map<std::string, std::uint64_t> files;  ///< path to size
  std::vector<std::string> links;
};

Result<Survey, Refusal> survey(const SourceName& name, Meter& meter, const Limits& limits = {});

struct WantedFile {
  std::uint64_t size = 0;
  std::string stored_as;   ///< empty: read for its version only
  bool looked_at = false;  ///< verification wants its head
  bool unpacked = false;   ///< it is stored as it is behind gzip
  bool packed = false;     ///< it stays packed, and has to be all there
};

/// What of the source makes an image: a SmartOS platform, or another system.
struct Selection {
  std::variant<Layout, System> what;
  std::map<std::string, WantedFile> wanted;  ///< by path in the source
  std::uint64_t bytes = 0;                   ///< of what is stored
  Findings findings;                         ///< what stays out, and why

  const std::string& description() const;
};

Result<Selection, Refusal> select(const Survey& survey, const Wish& wish = {});

/// The first pass and what follows from it. An ISO or a disk image that holds nothing known to boot is an
/// image as it is.
struct Look {
  Survey survey;
  Selection selection;
};
Result<Look, Refusal> look_into(const SourceName& name, Meter& meter, const Wish& wish,
                                Survey* seen = nullptr);

/// Told of every stored file: `begin`, its bytes, `end`. A refusal ends the pass.
struct Sink {
  virtual ~Sink() = default;
  virtual Result<void, Refusal> begin(const std::string& stored_as) = 0;
  virtual Result<void, Refusal> write(ByteView bytes) = 0;
  virtual Result<void, Refusal> end() = 0;
};

/// The second pass. `sink` may be null.
Result<std::vector<FileFacts>, Refusal> read_files(const Survey& survey, const Selection& selection,
                                                   Meter& meter, Sink* sink);

/// What is to be said of the files that were read.
Verdict verify(const Selection& selection, std::span<const FileFacts> facts);

/// The image that verified facts make; its id follows from them.
model::Image make_image(const Selection& selection, std::span<const FileFacts> facts, const Verdict& verdict,
                        Instant now);

}  // namespace slipway::image
