// SPDX-License-Identifier: MPL-2.0
#include "model/image.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace slipway::model {
namespace {

constexpr std::array<std::pair<ImageKind, std::string_view>, 8> kinds{{
    {ImageKind::smartos, "smartos"},
    {ImageKind::illumos, "illumos"},
    {ImageKind::linux_kernel, "linux"},
    {ImageKind::iso, "iso"},
    {ImageKind::disk, "disk"},
    {ImageKind::efi, "efi"},
    {ImageKind::multiboot, "multiboot"},
    {ImageKind::wimboot, "wimboot"},
}};

constexpr std::array<std::pair<BootPart::Use, std::string_view>, 5> uses{{
    {BootPart::Use::kernel, "kernel"},
    {BootPart::Use::initrd, "initrd"},
    {BootPart::Use::module, "module"},
    {BootPart::Use::program, "program"},
    {BootPart::Use::disk, "disk"},
}};

/// At least this many digits, so that a slip of the hand does not name an image.
constexpr std::size_t min_id_digits = 6;

bool is_id_prefix(std::string_view text) {
  return text.size() >= min_id_digits && text.size() <= 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool matches(const ImageRef& ref, const Image& image) {
  if (!ref.kind) return image.id.starts_with(ref.version);
  return image.kind == *ref.kind && (ref.version == "latest" || image.version == ref.version);
}

bool is_newer(const Image& image, const Image& than) {
  bool dated = image.kind == ImageKind::smartos;
  return dated ? std::tie(than.version, than.imported) < std::tie(image.version, image.imported)
               : std::tie(than.imported, than.version) < std::tie(image.imported, image.version);
}

}  // namespace

std::string_view to_string(ImageKind kind) {
  auto found = std::find_if(kinds.begin(), kinds.end(), [&](auto& known) { return known.first == kind; });
  return found->second;
}

std::vector<std::string_view> image_kind_names() {
  std::vector<std::string_view> names;
  for (auto& [kind, name] : kinds) names.push_back(name);
  return names;
}

std::optional<ImageKind> parse_image_kind(std::string_view text) {
  for (auto& [kind, name] : kinds) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

std::string_view to_string(BootPart::Use use) {
  auto found = std::find_if(uses.begin(), uses.end(), [&](auto& known) { return known.first == use; });
  return found->second;
}

std::optional<BootPart::Use> parse_use(std::string_view text) {
  for (auto& [use, name] : uses) {
    if (name == text) return use;
  }
  return std::nullopt;
}

std::uint64_t Image::size() const {
  std::uint64_t total = 0;
  for (const ImageFile& file : files) total += file.size;
  return total;
}

const ImageFile* Image::file(std::string_view path) const {
  auto found = std::find_if(files.begin(), files.end(), [&](const ImageFile& f) { return f.path == path; });
  return found == files.end() ? nullptr : &*found;
}

const BootPart* Image::part(BootPart::Use use) const {
  auto found =
      std::find_if(parts.begin(), parts.end(), [&](const BootPart& part) { return part.use == use; });
  return found == parts.end() ? nullptr : &*found;
}

std::optional<ImageRef> ImageRef::parse(std::string_view text) {
  std::size_t at = text.find('@');
  if (at == std::string_view::npos) {
    if (auto kind = parse_image_kind(text)) return ImageRef{kind, "latest"};
    if (is_id_prefix(text)) return ImageRef{std::nullopt, std::string(text)};
    return std::nullopt;
  }
  auto kind = parse_image_kind(text.substr(0, at));
  std::string_view version = text.substr(at + 1);
  if (!kind || version.empty() || version.find_first_of("@/ ") != std::string_view::npos) return std::nullopt;
  return ImageRef{kind, std::string(version)};
}

std::string ImageRef::to_string() const {
  return kind ? std::string(model::to_string(*kind)) + "@" + version : version;
}

const Image* resolve(const ImageRef& ref, const std::vector<Image>& images) {
  if (ref.version.empty()) return nullptr;  // of a profile that boots a disk
  const Image* best = nullptr;
  for (const Image& image : images) {
    if (!matches(ref, image)) continue;
    if (!best || is_newer(image, *best)) best = &image;
  }
  return best;
}

}  // namespace slipway::model
