// SPDX-License-Identifier: MPL-2.0
// The two passes over a source: what is in it, then the files that are wanted. Both refuse a source that
// is hostile by size, number or name. Used by the importer, which keeps what it reads, and by inspect,
// which does not. Blocks its thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "image/layout.h"
#include "image/meter.h"
#include "image/smartos.h"
#include "image/source.h"

namespace slipway::image {

struct Limits {
  std::uint64_t entries = 100'000;
  std::uint64_t bytes = std::uint64_t{64} << 30;  ///< of all files together, unpacked
};

/// What the first pass learns.
struct Survey {
  SourceName name;
  std::string format;
  std::uint64_t entries = 0;
  std::map<std::string, std::uint64_t> files;  ///< path to size
  std::vector<std::string> links;
};

Result<Survey, Refusal> survey(const SourceName& name, Meter& meter, const Limits& limits = {});

struct Selection {
  Layout layout;
  std::map<std::string, std::uint64_t> wanted;  ///< path in the source to size: stored, or tells the version
  std::uint64_t bytes = 0;                      ///< of what is stored
  Findings findings;                            ///< what stays out, and why
};

Result<Selection, Refusal> select(const Survey& survey);

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

/// The image that verified facts make; its id follows from them.
model::Image make_image(std::span<const FileFacts> facts, const SmartosVerdict& verdict, Instant now);

}  // namespace slipway::image
