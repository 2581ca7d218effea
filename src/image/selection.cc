// SPDX-License-Identifier: MPL-2.0
// Between the two passes: what of the files that are there makes an image.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "image/intake.h"
#include "image/kernels.h"
#include "image/smartos.h"

namespace slipway::image {
namespace {

bool is_plain(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

bool needs_head(const Layout& layout, const std::string& path, const std::string& stored_as) {
  constexpr std::array looked_at{unix_path, archive_path, hash_path, gitstatus_path};
  return layout.tells_version(path) || std::any_of(looked_at.begin(), looked_at.end(),
                                                   [&](auto known) { return stored_as == stored(known); });
}

bool needs(const Layout&, const std::string& stored_as) {
  return stored_as == stored(unix_path) || stored_as == stored(archive_path) ||
         stored_as == stored(hash_path);
}

bool needs(const System& system, const std::string& stored_as) {
  return std::any_of(system.parts.begin(), system.parts.end(),
                     [&](const model::BootPart& part) { return part.path == stored_as; });
}

std::optional<WantedFile> wanted(const Layout& layout, const std::string& path, std::uint64_t size) {
  auto stored_as = layout.stored_as(path);
  if (!stored_as && !layout.tells_version(path)) return std::nullopt;
  WantedFile file{size, stored_as.value_or("")};
  file.looked_at = needs_head(layout, path, file.stored_as);
  return file;
}

std::optional<WantedFile> wanted(const System& system, const std::string& path, std::uint64_t size) {
  auto stored_as = system.stored_as(path);
  if (!stored_as || is_secret(path)) return std::nullopt;
  bool unpacked = is_unpacked(system, path);
  if (unpacked && !system.renamed.contains(path)) stored_as->resize(stored_as->size() - 3);
  bool part = needs(system, *stored_as);
  bool other = std::find(system.others.begin(), system.others.end(), *stored_as) != system.others.end();
  if (!part && !other) return std::nullopt;
  bool initrd = std::any_of(system.parts.begin(), system.parts.end(), [&](const model::BootPart& each) {
    return each.path == *stored_as && each.use == model::BootPart::Use::initrd;
  });
  bool packed = initrd && !unpacked && system.kind == model::ImageKind::linux_kernel;
  return WantedFile{size, *stored_as, part, unpacked, packed};
}

/// A link where a file of the image belongs.
Finding about_link(const std::string& path, bool needed) {
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
  std::string_view of = std::holds_alternative<Layout>(selection.what) ? "the platform" : "what boots";
  if (others > 0)
    selection.findings.push_back(
        {Rule::others_left_out,
         Weight::note,
         {others == 1 ? fmt::format("one other file is not part of {} and is left out", of)
                      : fmt::format("{} other files are not part of {} and are left out", others, of),
          ""}});
}

/// A SmartOS platform, unless the operator names other files; then the table of other systems.
Result<std::variant<Layout, System>, Finding> choose(const std::vector<std::string>& paths,
                                                     const SourceName& source, const Wish& wish) {
  using What = std::variant<Layout, System>;
  if (source.whole && !wish.names_files()) return What(whole_system(source));
  if (wish.names_files()) {
    auto system = named_system(paths, source, wish);
    if (!system) return system.error();
    return What(std::move(*system));
  }
  auto layout = recognise(paths, source);
  if (layout) return What(std::move(*layout));
  if (layout.error().rule != Rule::not_a_platform) return layout.error();
  auto system = recognise_system(paths, source);
  if (!system) return system.error();
  if (!*system) return layout.error();
  return What(std::move(**system));
}

Result<void, Finding> apply_wish(std::variant<Layout, System>& what, const Wish& wish) {
  System* system = std::get_if<System>(&what);
  auto kind = system ? system->kind : model::ImageKind::smartos;
  if (wish.kind && *wish.kind != kind)
    return Finding{
        Rule::file_not_found,
        Weight::error,
        {fmt::format("this is an image of kind {}, not {}", to_string(kind), to_string(*wish.kind)),
         "name its files, with --kernel for example, or drop --kind"}};
  if (wish.version.empty()) return {};
  if (!system || !is_version(wish.version))
    return Finding{Rule::version_wrong,
                   Weight::error,
                   {system ? fmt::format("'{}' is no version", wish.version)
                           : std::string("the version of a SmartOS platform is its STAMP"),
                    system ? "use letters, digits and . _ + -, at most 64 of them" : "drop --version"}};
  system->version = wish.version;
  return {};
}

Result<Look, Refusal> look(const SourceName& name, Meter& meter, const Wish& wish, Survey* seen) {
  auto surveyed = survey(name, meter);
  if (!surveyed) return surveyed.error();
  if (seen) *seen = *surveyed;
  auto selection = select(*surveyed, wish);
  if (selection) return Look{std::move(*surveyed), std::move(*selection)};
  bool unknown = selection.error().reason().rule == Rule::not_a_platform && !wish.kind;
  bool iso = surveyed->format == "ISO 9660";
  if (!unknown || name.whole || !(iso || name.disk)) return selection.error();
  auto whole = name_source(name.path, iso ? model::ImageKind::iso : model::ImageKind::disk);
  if (!whole) return whole.error();
  if (!iso) whole->disk = name.disk;  // what is unpacked already is not unpacked again
  return look(*whole, meter, wish, seen);
}

}  // namespace

const std::string& Selection::description() const {
  return std::visit([](auto& chosen) -> const std::string& { return chosen.description; }, what);
}

Result<Selection, Refusal> select(const Survey& survey, const Wish& wish) {
  std::vector<std::string> paths = survey.links;
  for (auto& [path, size] : survey.files) paths.push_back(path);
  auto what = choose(paths, survey.name, wish);
  if (!what) return Refusal(what.error());
  if (auto applied = apply_wish(*what, wish); !applied) return Refusal(applied.error());

  Selection selection{std::move(*what), {}, 0, {}};
  auto want = [&](const std::string& path, std::uint64_t size) {
    return std::visit([&](auto& chosen) { return wanted(chosen, path, size); }, selection.what);
  };
  for (auto& [path, size] : survey.files) {
    auto file = want(path, size);
    if (!file) continue;
    if (!is_plain(path))
      return Refusal(
          {Rule::unsafe_name,
           Weight::error,
           {fmt::format("{} holds a file whose name is not plain ASCII: {}", survey.name.path, path),
            "get the image again from its publisher"}});
    if (!file->stored_as.empty()) selection.bytes += size;
    selection.wanted.emplace(path, std::move(*file));
  }
  for (const std::string& path : survey.links) {
    auto file = want(path, 0);
    if (!file || file->stored_as.empty()) continue;
    bool needed = std::visit([&](auto& chosen) { return needs(chosen, file->stored_as); }, selection.what);
    selection.findings.push_back(about_link(path, needed));
  }
  note_what_stays_out(survey, selection);
  return selection;
}

Result<Look, Refusal> look_into(const SourceName& name, Meter& meter, const Wish& wish, Survey* seen) {
  if (auto sound = check_gzip(name, meter); !sound) return sound.error();
  return look(name, meter, wish, seen);
}

Verdict verify(const Selection& selection, std::span<const FileFacts> facts) {
  if (auto* layout = std::get_if<Layout>(&selection.what)) return verify_smartos(*layout, facts);
  return verify_system(std::get<System>(selection.what), facts);
}

}  // namespace slipway::image
