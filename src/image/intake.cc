// SPDX-License-Identifier: MPL-2.0
#include "image/intake.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "image/manifest.h"

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
                   "give the platform alone: its .tgz, or the folder that holds i86pc/");
  if (entry.type == EntryType::link) survey.links.push_back(entry.path);
  if (entry.type != EntryType::file) return {};
  bytes += entry.size;
  if (entry.size > limits.bytes || bytes > limits.bytes)
    return refusal(Rule::too_large,
                   fmt::format("{} unpacks to more than {} bytes", survey.name.path, limits.bytes),
                   "give the platform alone: its .tgz, or the folder that holds i86pc/");
  if (!survey.files.emplace(entry.path, entry.size).second)
    return refusal(Rule::duplicate_name, fmt::format("{} holds {} twice", survey.name.path, entry.path),
                   "get the image again from its publisher");
  return {};
}

bool is_plain(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

/// A link where a file of the platform belongs.
Finding about_link(const std::string& path, const std::string& stored_as) {
  bool needed =
      stored_as == stored(unix_path) || stored_as == stored(archive_path) || stored_as == stored(hash_path);
  return {Rule::link_not_followed,
          needed ? Weight::error : Weight::warning,
          {fmt::format("{} is a link, and links are not followed", path),
           needed ? "put the file itself in its place" : "it is left out"}};
}

void note_what_stays_out(const Survey& survey, Selection& selection) {
  std::size_t others = 0;
  for (auto& [path, size] : survey.files) {
    if (is_secret(path))
      selection.findings.push_back(
          {Rule::secret_left_out,
           Weight::note,
           {fmt::format("{} holds the root password in plain text and is left out", path), ""}});
    else if (!selection.wanted.contains(path))
      ++others;
  }
  if (others > 0)
    selection.findings.push_back(
        {Rule::others_left_out,
         Weight::note,
         {others == 1 ? std::string("one other file is not part of the platform and is left out")
                      : fmt::format("{} other files are not part of the platform and are left out", others),
          ""}});
}

void keep_head(ByteView bytes, Bytes& head) {
  bytes = bytes.first(std::min(bytes.size(), kept_head - head.size()));
  head.insert(head.end(), bytes.begin(), bytes.end());
}

bool needs_head(const Layout& layout, const FileFacts& file) {
  constexpr std::array looked_at{unix_path, archive_path, hash_path, gitstatus_path};
  return layout.tells_version(file.path) || std::any_of(looked_at.begin(), looked_at.end(), [&](auto path) {
           return file.stored_as == stored(path);
         });
}

/// One file of the second pass: counted, digested, handed on. No more than `announced` bytes are taken: the
/// room on the disk was checked for that.
Result<FileFacts, Refusal> read_file(Source& source, FileFacts facts, std::uint64_t announced, bool with_head,
                                     Meter& meter, Sink* sink) {
  Digester digester;
  bool keep = sink && !facts.stored_as.empty();
  if (keep) {
    if (auto begun = sink->begin(facts.stored_as); !begun) return begun.error();
  }
  while (true) {
    if (meter.stopped()) return Meter::interrupted();
    auto bytes = source.read();
    if (!bytes) return bytes.error();
    if (bytes->empty()) break;
    facts.size += bytes->size();
    if (facts.size > announced) break;
    digester.update(*bytes);
    if (with_head) keep_head(*bytes, facts.head);
    if (keep) {
      if (auto written = sink->write(*bytes); !written) return written.error();
    }
    meter.advanced(bytes->size());
  }
  if (keep) {
    if (auto ended = sink->end(); !ended) return ended.error();
  }
  facts.digests = digester.finish();
  return facts;
}

}  // namespace

Result<Survey, Refusal> survey(const SourceName& name, Meter& meter, const Limits& limits) {
  auto source = open_source(name);
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

Result<Selection, Refusal> select(const Survey& survey) {
  std::vector<std::string> paths = survey.links;
  for (auto& [path, size] : survey.files) paths.push_back(path);
  auto layout = recognise(paths, survey.name);
  if (!layout) return Refusal(layout.error());

  Selection selection{std::move(*layout), {}, 0, {}};
  for (auto& [path, size] : survey.files) {
    auto stored_as = selection.layout.stored_as(path);
    if (!stored_as && !selection.layout.tells_version(path)) continue;
    if (!is_plain(path))
      return refusal(
          Rule::unsafe_name,
          fmt::format("{} holds a platform file whose name is not plain ASCII: {}", survey.name.path, path),
          "get the image again from its publisher");
    selection.wanted.emplace(path, size);
    if (stored_as) selection.bytes += size;
  }
  for (const std::string& path : survey.links) {
    if (auto stored_as = selection.layout.stored_as(path))
      selection.findings.push_back(about_link(path, *stored_as));
  }
  note_what_stays_out(survey, selection);
  return selection;
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
    FileFacts seen{wanted->first, selection.layout.stored_as(wanted->first).value_or(""), 0, {}, {}};
    bool with_head = needs_head(selection.layout, seen);
    auto file = read_file(**source, std::move(seen), wanted->second, with_head, meter, sink);
    if (!file) return file.error();
    if (file->size != wanted->second) return changed(survey.name, file->path);
    facts.push_back(std::move(*file));
  }
  if (facts.size() < selection.wanted.size()) return changed(survey.name, "files went away");
  return facts;
}

model::Image make_image(std::span<const FileFacts> facts, const SmartosVerdict& verdict, Instant now) {
  model::Image image;
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
  image.id = image_id(image.files);
  return image;
}

}  // namespace slipway::image
