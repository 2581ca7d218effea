// SPDX-License-Identifier: MPL-2.0
#include "image/intake.h"

#include <algorithm>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "image/manifest.h"
#include "image/unpacked.h"

namespace slipway::image {
namespace {

Refusal refusal(Rule rule, std::string what, std::string_view remedy) {
  return {Finding{rule, Weight::error, {std::move(what), std::string(remedy)}}};
}

Refusal changed(const SourceName& name, const std::string& path) {
  return refusal(Rule::source_changed, fmt::format("{} changed while it was read: {}", name.path, path),
                 "wait until nothing writes to it and import again");
}

Result<void, Refusal> note_entry(const Entry& entry, const Limits& limits, Survey& survey,
                                 std::uint64_t& bytes) {
  if (++survey.entries > limits.entries)
    return refusal(Rule::too_many_entries,
                   fmt::format("{} holds more than {} entries", survey.name.path, limits.entries),
                   "give what boots alone: a platform's .tgz, or the folder that holds i86pc/ or the kernel");
  if (entry.type == EntryType::link) survey.links.push_back(entry.path);
  if (entry.type != EntryType::file) return {};
  bytes += entry.size;
  if (entry.size > limits.bytes || bytes > limits.bytes)
    return refusal(Rule::too_large,
                   fmt::format("{} unpacks to more than {} bytes", survey.name.path, limits.bytes),
                   "give what boots alone: a platform's .tgz, or the folder that holds i86pc/ or the kernel");
  if (!survey.files.emplace(entry.path, entry.size).second)
    return refusal(Rule::duplicate_name, fmt::format("{} holds {} twice", survey.name.path, entry.path),
                   "get the image again from its publisher");
  return {};
}

void keep_head(ByteView bytes, Bytes& head) {
  bytes = bytes.first(std::min(bytes.size(), kept_head - head.size()));
  head.insert(head.end(), bytes.begin(), bytes.end());
}

/// A file of the second pass on its way: counted, digested, handed on. No more than `announced` bytes are
/// taken: the room on the disk was checked for that.
class Passage {
 public:
  Passage(FileFacts facts, const WantedFile& as, Meter& meter, Sink* sink)
      : facts_(std::move(facts)),
        as_(as),
        meter_(meter),
        sink_(facts_.stored_as.empty() ? nullptr : sink),
        announced_(as.unpacked ? Limits().bytes : as.size) {}

  Result<void, Refusal> begin() { return sink_ ? sink_->begin(facts_.stored_as) : Result<void, Refusal>(); }

  /// The next piece from `more`; empty at the end, and whatever ended it ends it for good.
  Result<ByteView, Refusal> next(const Packed& more) {
    if (ended_) return *ended_;
    auto piece = take(more);
    if (!piece || piece->empty()) ended_ = piece;
    return piece;
  }

  Result<FileFacts, Refusal> end(std::string broken) {
    if (sink_) {
      if (auto ended = sink_->end(); !ended) return ended.error();
    }
    facts_.digests = digester_.finish();
    facts_.broken = std::move(broken);
    return std::move(facts_);
  }

  const std::string& path() const { return facts_.path; }

 private:
  Result<ByteView, Refusal> take(const Packed& more) {
    if (meter_.stopped()) return Meter::interrupted();
    auto bytes = more();
    if (!bytes) return bytes;
    facts_.size += bytes->size();
    if (facts_.size > announced_) return ByteView();
    digester_.update(*bytes);
    if (as_.looked_at) keep_head(*bytes, facts_.head);
    if (sink_ && !bytes->empty()) {
      if (auto written = sink_->write(*bytes); !written) return written.error();
    }
    meter_.advanced(bytes->size());
    return bytes;
  }

  FileFacts facts_;
  const WantedFile& as_;
  Meter& meter_;
  Sink* sink_;
  std::uint64_t announced_;
  Digester digester_;
  std::optional<Result<ByteView, Refusal>> ended_;
};

/// Unpacks what passes, for nothing but to see whether it can be. Why not; empty: it can.
std::string broken(Passage& passage, const Packed& next) {
  Unpacked unpacked(next, passage.path(), Unpacked::By::anything);
  while (true) {
    auto bytes = unpacked.read();
    if (bytes && !bytes->empty()) continue;
    switch (unpacked.fault()) {
      case Unpacked::Fault::none:
        return "";
      case Unpacked::Fault::ends_early:
        return "it is packed, and its end is missing";
      case Unpacked::Fault::damaged:
        return "it is packed, and its checksum is wrong";
    }
  }
}

Result<FileFacts, Refusal> read_file(Source& source, FileFacts facts, const WantedFile& as, Meter& meter,
                                     Sink* sink) {
  Passage passage(std::move(facts), as, meter, sink);
  if (auto begun = passage.begin(); !begun) return begun.error();
  std::optional<Unpacked> unpacked;
  if (as.unpacked) unpacked.emplace([&] { return source.read(); }, passage.path());
  auto next = [&] { return passage.next([&] { return unpacked ? unpacked->read() : source.read(); }); };
  std::string why = as.packed ? broken(passage, next) : "";
  while (true) {
    auto bytes = next();
    if (!bytes) return bytes.error();
    if (bytes->empty()) return passage.end(std::move(why));
  }
}

}  // namespace

Result<void, Refusal> check_gzip(const SourceName& name, Meter& meter) {
  UniqueFd fd(::open(name.path.c_str(), O_RDONLY | O_CLOEXEC));
  Bytes buffer(1 << 20);
  std::uint64_t done = 0;
  ssize_t first = fd ? ::pread(fd.get(), buffer.data(), 3, 0) : -1;  // a folder gives an error, too
  if (first != 3 || !is_gzip(ByteView(buffer).first(3))) return {};
  struct stat status {};
  ::fstat(fd.get(), &status);
  meter.begin(Phase::checking, static_cast<std::uint64_t>(status.st_size));
  Unpacked unpacked(
      [&]() -> Result<ByteView, Refusal> {
        if (meter.stopped()) return Meter::interrupted();
        ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
        meter.reached(done += static_cast<std::uint64_t>(std::max<ssize_t>(got, 0)));
        return ByteView(buffer).first(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      },
      name.path);
  while (true) {
    auto bytes = unpacked.read();
    // What ends early is named with more care by whoever reads its entries.
    if (!bytes && unpacked.fault() == Unpacked::Fault::ends_early) return {};
    if (!bytes) return bytes.error();
    if (bytes->empty()) return {};
  }
}

Result<Survey, Refusal> survey(const SourceName& name, Meter& meter, const Limits& limits) {
  auto source = open_source(name, &meter);
  if (!source) return source.error();
  Survey survey{name, {}, 0, {}, {}};
  std::uint64_t bytes = 0;
  meter.begin(Phase::reading, (*source)->length());
  while (true) {
    if (meter.stopped()) return Meter::interrupted();
    auto entry = (*source)->next();
    if (!entry) return entry.error();
    if (!*entry) break;
    if (auto noted = note_entry(**entry, limits, survey, bytes); !noted) return noted.error();
    meter.reached((*source)->position());
  }
  survey.format = (*source)->format();
  return survey;
}

Result<std::vector<FileFacts>, Refusal> read_files(const Survey& survey, const Selection& selection,
                                                   Meter& meter, Sink* sink) {
  auto source = open_source(survey.name);
  if (!source) return source.error();
  std::vector<FileFacts> facts;
  meter.begin(sink ? Phase::copying : Phase::reading, selection.bytes);
  while (facts.size() < selection.wanted.size()) {
    auto entry = (*source)->next();
    if (!entry) return entry.error();
    if (!*entry) break;
    if (meter.stopped()) return Meter::interrupted();
    auto wanted = selection.wanted.find((*entry)->path);
    if (wanted == selection.wanted.end() || (*entry)->type != EntryType::file) continue;
    const WantedFile& as = wanted->second;
    FileFacts seen{wanted->first, as.stored_as, 0, {}, {}};
    auto file = read_file(**source, std::move(seen), as, meter, sink);
    if (!file) return file.error();
    if (!as.unpacked && file->size != as.size) return changed(survey.name, file->path);
    facts.push_back(std::move(*file));
  }
  if (facts.size() < selection.wanted.size()) return changed(survey.name, "files went away");
  return facts;
}

model::Image make_image(const Selection& selection, std::span<const FileFacts> facts, const Verdict& verdict,
                        Instant now) {
  model::Image image;
  if (auto* system = std::get_if<System>(&selection.what)) {
    image.kind = system->kind;
    image.parts = system->parts;
  }
  image.version = verdict.version;
  image.imported = std::chrono::floor<std::chrono::seconds>(now);
  for (const FileFacts& file : facts) {
    if (!file.stored_as.empty())
      image.files.push_back({file.stored_as, file.size, file.digests.sha256, file.digests.sha1});
  }
  for (const MadeFile& file : verdict.made) {
    Digests digests = digests_of(as_bytes(file.content));
    image.files.push_back({file.stored_as, file.content.size(), digests.sha256, digests.sha1});
  }
  std::sort(image.files.begin(), image.files.end(), [](auto& a, auto& b) { return a.path < b.path; });
  image.id = image_id(image.files, image.parts);
  return image;
}

}  // namespace slipway::image
