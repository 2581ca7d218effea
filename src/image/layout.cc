// SPDX-License-Identifier: MPL-2.0
#include "image/layout.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "image/stamp.h"

namespace slipway::image {
namespace {

constexpr std::size_t named_at_most = 4;  // platforms listed in a refusal

std::string_view last_component(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

std::string_view parent(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string join(std::string_view root, std::string_view path) {
  return root.empty() ? std::string(path) : fmt::format("{}/{}", root, path);
}

/// What stands before `tail` in `path`, when `path` ends with it as whole components.
std::optional<std::string_view> before(std::string_view path, std::string_view tail) {
  if (!path.ends_with(tail)) return std::nullopt;
  path.remove_suffix(tail.size());
  if (path.empty()) return path;
  if (path.back() != '/') return std::nullopt;
  path.remove_suffix(1);
  return path;
}

std::set<std::string, std::less<>> platform_roots(std::span<const std::string> paths) {
  std::set<std::string, std::less<>> roots;
  for (const std::string& path : paths) {
    for (std::string_view tail : {unix_path, archive_path}) {
      if (auto root = before(path, tail)) roots.emplace(*root);
    }
  }
  return roots;
}

/// ISO 9660 without Rock Ridge knows capitals only.
bool ends_with_unix_in_capitals(std::string_view path) {
  std::string lower(path);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  lower = lower.substr(0, lower.find(';'));
  if (lower.ends_with('.')) lower.pop_back();
  return lower != path && before(lower, unix_path);
}

Finding no_platform(std::span<const std::string> paths, const SourceName& source) {
  if (std::any_of(paths.begin(), paths.end(), ends_with_unix_in_capitals)) {
    return {
        Rule::names_in_capitals,
        Weight::error,
        {fmt::format("{} holds file names in capitals only: it was written without Rock Ridge", source.path),
         "import the platform's .tgz, or write the ISO with Rock Ridge names"}};
  }
  return {
      Rule::not_a_platform,
      Weight::error,
      {fmt::format("{} holds nothing known to boot: no SmartOS platform ({}, {}), and no kernel of another "
                   "system in its usual place",
                   source.path, unix_path, archive_path),
       "name its files with --kernel and --initrd, or give a platform-STAMP.tgz, a SmartOS .iso or the "
       "folder that holds i86pc/"}};
}

Finding several(const std::set<std::string, std::less<>>& roots, const SourceName& source) {
  std::vector<std::string> names;
  for (const std::string& root : roots) {
    if (names.size() == named_at_most) break;
    names.push_back(root.empty() ? "i86pc at the top" : root);
  }
  std::string more =
      roots.size() > named_at_most ? fmt::format(" and {} more", roots.size() - named_at_most) : "";
  return {
      Rule::several_platforms,
      Weight::error,
      {fmt::format("{} holds {} platforms: {}{}", source.path, roots.size(), fmt::join(names, ", "), more),
       source.folder ? fmt::format("import one of them, for example {}/{}", source.path, names.back())
                     : "import an archive that holds one platform"}};
}

Finding kept_publisher_folder(std::string_view root, const SourceName& source) {
  std::string itself = source.folder ? fmt::format("import {}/{} itself", source.path, root)
                                     : std::string("import the publisher's .tgz itself");
  return {Rule::platform_stamp_folder,
          Weight::error,
          {fmt::format(
               "in {} the platform lies in the folder {}, where a served tree has a folder named platform: "
               "a kernel served from there stops with \"krtld: error during initial load/link phase\"",
               source.path, root),
           fmt::format("rename {} to {}, or {}", root, join(parent(root), "platform"), itself)}};
}

Finding unknown_folder(std::string_view root, const SourceName& source) {
  return {Rule::layout_unknown,
          Weight::error,
          {fmt::format("in {} i86pc lies in the folder {}, not in one named platform", source.path, root),
           source.folder ? fmt::format("import {}/{} itself, or move its i86pc to {}/platform/i86pc",
                                       source.path, root, root)
                         : fmt::format("unpack it and import the folder {} itself", root)}};
}

/// Whether a platform may lie in `root`; fills in what the layout is called.
Result<std::string, Finding> described(std::string_view root, const SourceName& source) {
  std::string_view last = last_component(root);
  if (root.empty()) return std::string("i86pc at the top");
  if (last == "platform") {
    std::string_view above = last_component(parent(root));
    return is_stamp(above) ? std::string("STAMP/platform") : std::string("platform");
  }
  if (!is_publisher_folder(last)) return unknown_folder(root, source);
  bool as_published = !source.folder && root == last;
  if (!as_published) return kept_publisher_folder(root, source);
  return std::string("platform-STAMP at the top");
}

std::vector<StampClaim> claims_of_names(std::string_view root, const SourceName& source) {
  std::vector<StampClaim> claims;
  std::string_view folder =
      last_component(root) == "platform" ? last_component(parent(root)) : last_component(root);
  if (auto stamp = stamp_in(folder)) claims.push_back({fmt::format("the folder {}", root), *stamp});
  if (auto stamp = stamp_in(source.name)) claims.push_back({fmt::format("the name {}", source.name), *stamp});
  return claims;
}

}  // namespace

std::string stored(std::string_view path) {
  return join("platform", path);
}

std::string Layout::source_path(std::string_view path) const {
  return join(root, path);
}

std::optional<std::string> Layout::stored_as(std::string_view path) const {
  if (is_secret(path)) return std::nullopt;
  if (!root.empty()) {
    if (!path.starts_with(root) || path.size() <= root.size() || path[root.size()] != '/')
      return std::nullopt;
    path.remove_prefix(root.size() + 1);
  }
  if (!path.starts_with("i86pc/") && !path.starts_with("etc/version/")) return std::nullopt;
  return stored(path);
}

bool Layout::tells_version(std::string_view path) const {
  if (path == source_path(version_path)) return true;
  return last_component(root) == "platform" && path == join(parent(root), version_path);
}

bool is_secret(std::string_view path) {
  return last_component(path) == "root.password";
}

Result<Layout, Finding> recognise(std::span<const std::string> paths, const SourceName& source) {
  auto roots = platform_roots(paths);
  if (roots.empty()) return no_platform(paths, source);
  if (roots.size() > 1) return several(roots, source);
  Layout layout;
  layout.root = *roots.begin();
  auto description = described(layout.root, source);
  if (!description) return description.error();
  layout.description = *description;
  layout.claims = claims_of_names(layout.root, source);
  return layout;
}

}  // namespace slipway::image
