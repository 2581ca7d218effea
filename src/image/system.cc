// SPDX-License-Identifier: MPL-2.0
#include "image/system.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "image/manifest.h"
#include "image/system_layouts.h"
#include "model/pattern.h"

namespace slipway::image {
namespace {

using Use = model::BootPart::Use;
using Paths = std::span<const std::string>;

constexpr std::size_t longest_version = 64;
constexpr std::size_t named_at_most = 4;

Finding finding(Rule rule, std::string what, std::string remedy) {
  return {rule, Weight::error, {std::move(what), std::move(remedy)}};
}

std::string join(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

/// "a/b" and "c" of "a/b/c".
std::pair<std::string_view, std::string_view> split(std::string_view path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {std::string_view{}, path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

/// What stands before `tail` in `path`, when `path` ends with it as whole names.
std::optional<std::string_view> before(std::string_view path, std::string_view tail) {
  if (tail.empty()) return path;
  if (!path.ends_with(tail)) return std::nullopt;
  path.remove_suffix(tail.size());
  if (path.empty()) return path;
  if (path.back() != '/') return std::nullopt;
  path.remove_suffix(1);
  return path;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// A row's path, taken apart once for all paths of a source.
class Place {
 public:
  explicit Place(std::string_view place) : folder_(split(place).first), name_(split(place).second) {}

  std::optional<std::string_view> root_of(std::string_view path) const {
    auto [folder, name] = split(path);
    if (!name_.fits(lower(name))) return std::nullopt;
    std::string any_case = lower(folder);
    auto root = before(any_case, folder_);
    if (!root) return std::nullopt;
    return folder.substr(0, root->size());
  }

 private:
  std::string_view folder_;
  model::Pattern name_;
};

std::vector<std::string> all_at(Paths paths, std::string_view place) {
  Place wanted(place);
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    if (wanted.root_of(path)) found.push_back(path);
  }
  return found;
}

/// The one path below `root` that fits; with several of them the first.
std::optional<std::string> one_at(Paths paths, std::string_view root, std::string_view place) {
  Place wanted(place);
  for (const std::string& path : paths) {
    if (auto at = wanted.root_of(path); at && *at == root) return path;
  }
  return std::nullopt;
}

Finding several(std::vector<std::string> found, std::string_view what, const SourceName& source) {
  std::size_t all = found.size();
  found.resize(std::min(all, named_at_most));
  return finding(
      Rule::several_platforms,
      fmt::format("{} holds {} files that may be {}: {}", source.path, all, what, fmt::join(found, ", ")),
      "say which with --kernel and --initrd");
}

std::string filled_in(std::string_view words, const System& system) {
  constexpr std::string_view gap = "{other}";
  std::string text(words);
  std::size_t at = text.find(gap);
  if (at == std::string::npos) return text;
  if (!system.others.empty()) return text.replace(at, gap.size(), system.others.front());
  // Without the file the word that names it would lead nowhere.
  std::size_t start = text.rfind(' ', at);
  text.erase(start == std::string::npos ? 0 : start);
  return text;
}

Result<System, Finding> system_of(const SystemLayout& row, const std::string& kernel, Paths paths,
                                  const SourceName& source) {
  System system;
  system.kind = row.kind;
  system.description = row.title;
  system.root = *Place(row.kernel).root_of(kernel);
  system.asks = row.asks;
  std::string stem = version_from(source.name);
  system.version = stem.starts_with(row.id) ? stem : version_from(fmt::format("{}-{}", row.id, stem));
  system.parts.push_back({Use::kernel, *system.stored_as(kernel), ""});
  for (std::string_view place : row.initrds) {
    if (place.empty()) continue;
    auto path = one_at(paths, system.root, place);
    if (!path)
      return finding(Rule::file_not_found,
                     fmt::format("{} holds the kernel of {}, {}, but not its initrd, {}", source.path,
                                 row.title, kernel, join(system.root, place)),
                     "get the initrd of the same release, or name the files with --kernel and --initrd");
    system.parts.push_back({Use::initrd, *system.stored_as(*path), ""});
  }
  auto program = row.program.empty() ? std::nullopt : one_at(paths, system.root, row.program);
  if (program) system.parts.push_back({Use::program, *system.stored_as(*program), ""});
  for (std::string_view place : row.others) {
    auto path = place.empty() ? std::nullopt : one_at(paths, system.root, place);
    if (path) system.others.push_back(*system.stored_as(*path));
  }
  system.parts.front().words = filled_in(row.words, system);
  return system;
}

/// The path that `named` means: itself, or the only one that ends with it.
Result<std::string, Finding> path_named(const std::string& named, Paths paths, const SourceName& source) {
  if (std::find(paths.begin(), paths.end(), named) != paths.end()) return std::string(named);
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    if (before(path, named)) found.push_back(path);
  }
  if (found.size() == 1) return {boost::system::in_place_value, found.front()};
  if (found.size() > 1) return several(std::move(found), named, source);
  return finding(Rule::file_not_found, fmt::format("{} holds no file {}", source.path, named),
                 "give its path within the source");
}

}  // namespace

std::string System::source_path(std::string_view stored_as) const {
  for (auto& [path, instead] : renamed) {
    if (instead == stored_as) return path;
  }
  return join(root, stored_as);
}

std::optional<std::string> System::stored_as(std::string_view source_path) const {
  if (auto found = renamed.find(source_path); found != renamed.end()) return found->second;
  if (root.empty()) return std::string(source_path);
  if (source_path.size() <= root.size() || !source_path.starts_with(root) || source_path[root.size()] != '/')
    return std::nullopt;
  return std::string(source_path.substr(root.size() + 1));
}

Result<std::optional<System>, Finding> recognise_system(Paths paths, const SourceName& source) {
  for (const SystemLayout& row : system_layouts()) {
    auto kernels = all_at(paths, row.kernel);
    if (kernels.empty()) continue;
    if (kernels.size() > 1) return several(std::move(kernels), "its kernel", source);
    auto system = system_of(row, kernels.front(), paths, source);
    if (!system) return system.error();
    return std::optional(std::move(*system));
  }
  return std::optional<System>{};
}

System whole_system(const SourceName& source) {
  System system;
  system.kind = source.whole.value_or(model::ImageKind::linux_kernel);
  system.description = "one file";
  system.version = version_from(source.name);
  bool program = system.kind == model::ImageKind::efi;
  bool disk = system.kind == model::ImageKind::iso || system.kind == model::ImageKind::disk;
  std::string stored_as = source.name;
  if (system.kind == model::ImageKind::multiboot && stored_as.ends_with(".gz"))
    stored_as.resize(stored_as.size() - 3);
  system.parts.push_back({program ? Use::program : disk ? Use::disk : Use::kernel, stored_as, ""});
  return system;
}

bool is_unpacked(const System& system, std::string_view source_path) {
  if (system.kind == model::ImageKind::illumos)
    return source_path.ends_with(".gz") && system.renamed.contains(source_path);
  return system.kind == model::ImageKind::multiboot && source_path.ends_with(".gz") &&
         system.stored_as(source_path) && *system.stored_as(source_path) == system.parts.front().path + ".gz";
}

Result<System, Finding> named_system(Paths paths, const SourceName& source, const Wish& wish) {
  System system;
  system.kind =
      wish.kind.value_or(wish.modules.empty() ? model::ImageKind::linux_kernel : model::ImageKind::multiboot);
  system.description = "as named";
  system.version = version_from(source.name);
  std::optional<Finding> wrong;
  auto add = [&](Use use, const std::string& named, std::string words = {}) {
    if (named.empty() || wrong) return;
    auto path = path_named(named, paths, source);
    if (!path) {
      wrong = path.error();
      return;
    }
    bool unpacked =
        use == Use::kernel && system.kind == model::ImageKind::multiboot && path->ends_with(".gz");
    if (unpacked) path->resize(path->size() - 3);
    // The kernel looks for itself at this path within its archive.
    if (system.kind == model::ImageKind::illumos && (use == Use::kernel || use == Use::initrd)) {
      std::string as = stored(use == Use::kernel ? unix_path : archive_path);
      system.renamed.emplace(std::exchange(*path, as), as);
    }
    system.parts.push_back({use, *path, std::move(words)});
  };
  add(Use::kernel, wish.kernel);
  if (system.parts.empty() && !wrong && wish.program.empty())
    return finding(Rule::file_not_found, "no kernel is named", "name it with --kernel");
  for (const std::string& named : wish.initrds) add(Use::initrd, named);
  for (const std::string& named : wish.modules) {
    std::size_t blank = std::min(named.find(' '), named.size());
    if (!are_plain_words(named.substr(blank)))
      return finding(Rule::module_words,
                     fmt::format("the words behind the module {} hold what loaders read as commands", named),
                     "use letters, digits and signs such as = , . / : - alone");
    add(Use::module, named.substr(0, blank), named.substr(std::min(blank + 1, named.size())));
  }
  add(Use::program, wish.program);
  if (wrong) return *wrong;
  if (system.kind == model::ImageKind::illumos && system.parts.size() != 2)
    return finding(Rule::file_not_found, "an illumos image is a kernel and one boot archive",
                   "name them with --kernel and --initrd");
  return system;
}

std::string version_from(std::string_view name) {
  name = name.substr(name.rfind('/') + 1);  // npos + 1 is 0
  for (bool found = true; found;) {
    found = false;
    for (std::string_view end : {".gz", ".xz", ".bz2", ".zst", ".tar", ".tgz", ".iso", ".img"}) {
      if (!name.ends_with(end) || name.size() == end.size()) continue;
      name.remove_suffix(end.size());
      found = true;
    }
  }
  std::string version;
  for (char c : name.substr(0, longest_version))
    version += std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '+' ? c : '-';
  version.erase(0, version.find_first_not_of(".-_+"));
  if (version.empty()) return "unnamed";
  return version == "latest" ? "latest-one" : version;  // kind@latest means something else
}

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= longest_version && text != "latest" &&
         std::isalnum(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '.' || c == '_' || c == '+' || c == '-';
         });
}

}  // namespace slipway::image
