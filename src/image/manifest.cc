// SPDX-License-Identifier: MPL-2.0
#include "image/manifest.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/safe_path.h"
#include "image/digest.h"

namespace slipway::image {
namespace {

namespace json = boost::json;

constexpr std::int64_t format_version = 1;
constexpr std::size_t max_depth = 8;
constexpr std::uint64_t max_file_size = std::uint64_t{1} << 50;

bool is_digest(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_plain_path(std::string_view text) {
  auto path = SafePath::parse(text);
  return path && !path->empty() && path->to_string() == text;
}

const json::string* text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value ? value->if_string() : nullptr;
}

/// Not negative, whichever of JSON's numbers it came as.
std::optional<std::uint64_t> number_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value) return std::nullopt;
  if (const std::uint64_t* number = value->if_uint64()) return *number;
  const std::int64_t* number = value->if_int64();
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

Fault broken(std::string_view what) {
  return {fmt::format("the manifest {}", what), "import the image again"};
}

std::optional<model::ImageFile> parse_file(const json::value& value) {
  const json::object* object = value.if_object();
  if (!object) return std::nullopt;
  const json::string* path = text_at(*object, "path");
  const json::string* sha256 = text_at(*object, "sha256");
  const json::string* sha1 = text_at(*object, "sha1");
  auto size = number_at(*object, "size");
  if (!path || !sha256 || !sha1 || !size || *size > max_file_size) return std::nullopt;
  if (!is_plain_path(*path) || !is_digest(*sha256, 64) || !is_digest(*sha1, 40)) return std::nullopt;
  return model::ImageFile{std::string(*path), *size, std::string(*sha256), std::string(*sha1)};
}

bool has_a_path_twice(std::vector<std::string_view> paths) {
  std::sort(paths.begin(), paths.end());
  return std::adjacent_find(paths.begin(), paths.end()) != paths.end();
}

Result<std::vector<model::ImageFile>, Fault> parse_files(const json::object& object) {
  const json::value* value = object.if_contains("files");
  const json::array* array = value ? value->if_array() : nullptr;
  if (!array || array->empty()) return broken("lists no files");
  std::vector<model::ImageFile> files;
  std::vector<std::string_view> paths;
  for (const json::value& entry : *array) {
    auto file = parse_file(entry);
    if (!file) return broken(fmt::format("describes file {} wrongly", files.size() + 1));
    files.push_back(std::move(*file));
  }
  for (const model::ImageFile& file : files) paths.push_back(file.path);
  if (has_a_path_twice(std::move(paths))) return broken("lists a file twice");
  return files;
}

std::optional<model::BootPart> parse_part(const json::value& value,
                                          const std::vector<model::ImageFile>& files) {
  const json::object* object = value.if_object();
  if (!object) return std::nullopt;
  const json::string* use = text_at(*object, "use");
  const json::string* path = text_at(*object, "path");
  const json::string* words = text_at(*object, "words");
  auto known = use ? model::parse_use(*use) : std::nullopt;
  if (!known || !path || !words) return std::nullopt;
  bool there = std::any_of(files.begin(), files.end(), [&](auto& file) { return file.path == *path; });
  bool plain = std::all_of(words->begin(), words->end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (!there || !plain) return std::nullopt;
  if (*known == model::BootPart::Use::module && !are_plain_words(*words)) return std::nullopt;
  return model::BootPart{*known, std::string(*path), std::string(*words)};
}

Result<std::vector<model::BootPart>, Fault> parse_parts(const json::object& object,
                                                        const std::vector<model::ImageFile>& files) {
  std::vector<model::BootPart> parts;
  const json::value* value = object.if_contains("parts");
  if (!value) return parts;
  const json::array* array = value->if_array();
  if (!array) return broken("has parts that are no list");
  for (const json::value& entry : *array) {
    auto part = parse_part(entry, files);
    if (!part) return broken(fmt::format("describes part {} wrongly", parts.size() + 1));
    parts.push_back(std::move(*part));
  }
  return parts;
}

}  // namespace

bool is_image_id(std::string_view text) {
  return is_digest(text, 64);
}

std::string image_id(std::vector<model::ImageFile> files, const std::vector<model::BootPart>& parts) {
  std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return a.path < b.path; });
  Digester digester;
  for (const model::ImageFile& file : files) {
    std::string line = file.path;
    line += '\0';
    line += std::to_string(file.size);
    line += '\0';
    line += file.sha256 + "\n";
    digester.update(as_bytes(line));
  }
  for (const model::BootPart& part : parts) {
    std::string line(model::to_string(part.use));
    line += '\0' + part.path + '\0' + part.words + "\n";
    digester.update(as_bytes(line));
  }
  return digester.finish().sha256;
}

std::string to_manifest(const model::Image& image) {
  json::array files;
  for (const model::ImageFile& file : image.files) {
    files.push_back({{"path", file.path}, {"size", file.size}, {"sha256", file.sha256}, {"sha1", file.sha1}});
  }
  json::object object{{"format", format_version},
                      {"id", image.id},
                      {"kind", model::to_string(image.kind)},
                      {"version", image.version},
                      {"imported", unix_seconds(image.imported)},
                      {"files", std::move(files)}};
  json::array parts;
  for (const model::BootPart& part : image.parts)
    parts.push_back({{"use", model::to_string(part.use)}, {"path", part.path}, {"words", part.words}});
  if (!parts.empty()) object["parts"] = std::move(parts);
  return json::serialize(object) + "\n";
}

Result<model::Image, Fault> parse_manifest(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_depth;
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return broken("is not JSON");
  const json::object* object = value.if_object();
  if (!object) return broken("is not a JSON object");
  if (number_at(*object, "format") != format_version) return broken("has a format of another Slipway");
  const json::string* id = text_at(*object, "id");
  const json::string* kind = text_at(*object, "kind");
  const json::string* version = text_at(*object, "version");
  auto imported = number_at(*object, "imported");
  if (!id || !kind || !version || !imported) return broken("lacks id, kind, version or imported");
  auto known_kind = model::parse_image_kind(*kind);
  if (!known_kind) return broken("names a kind that this Slipway does not know");
  if (!is_plain_path(*version) || version->find('/') != json::string::npos)
    return broken("has no usable version");
  auto files = parse_files(*object);
  if (!files) return files.error();
  // Far enough for any clock, near enough for microseconds in 64 bits.
  constexpr std::uint64_t latest = 1'000'000'000'000;
  if (*imported > latest) return broken("has no usable time of import");
  model::Image image{std::string(*id),
                     *known_kind,
                     std::string(*version),
                     std::move(*files),
                     from_unix_seconds(static_cast<std::int64_t>(*imported)),
                     {}};
  auto parts = parse_parts(*object, image.files);
  if (!parts) return parts.error();
  image.parts = std::move(*parts);
  if (image_id(image.files, image.parts) != image.id)
    return broken("has an id that does not follow from its files");
  return image;
}

bool are_plain_words(std::string_view words) {
  constexpr std::string_view special = "|&;${}'\"\\#`<>";
  bool plain = std::all_of(words.begin(), words.end(), [&](char c) {
    return c >= 0x20 && c < 0x7f && special.find(c) == std::string_view::npos;
  });
  std::string spaced = fmt::format(" {} ", words);
  return plain && spaced.find(" --- ") == std::string::npos;
}

}  // namespace slipway::image
