// SPDX-License-Identifier: MPL-2.0
#include "image/source.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/safe_path.h"
#include "base/unique_fd.h"
#include "image/archive_source.h"
#include "image/disk_source.h"
#include "image/facts.h"
#include "image/file_source.h"
#include "image/folder_source.h"

namespace slipway::image {
namespace {

namespace fs = std::filesystem;

/// "./a", "././a" and "." as tar writes them.
std::string_view without_leading_dots(std::string_view raw) {
  while (raw.starts_with("./")) raw.remove_prefix(2);
  return raw == "." ? std::string_view{} : raw;
}

std::string printable(std::string_view raw) {
  std::string text;
  for (unsigned char c : raw.substr(0, 120)) text += c < 0x20 || c >= 0x7f ? '?' : static_cast<char>(c);
  return text;
}

/// The last name of a path; for a folder named platform its parent's too, which may be the STAMP.
std::string own_name(const std::string& path, bool folder) {
  std::error_code ignored;
  fs::path full = fs::weakly_canonical(path, ignored);
  if (ignored) full = path;
  if (folder && full.filename() == "platform") return full.parent_path().filename() / "platform";
  return full.filename();
}

Bytes head_of(const std::string& path) {
  Bytes head(kept_head);
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  ssize_t got = fd ? ::read(fd.get(), head.data(), head.size()) : 0;
  head.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return head;
}

/// The image that the file itself is. Of what is packed only a multiboot kernel is one: it is unpacked on the
/// way in.
std::optional<model::ImageKind> whole_kind(const std::string& path, const std::string& name) {
  if (auto kind = kind_of_file(head_of(path), name)) return kind;
  if (!name.ends_with(".gz")) return std::nullopt;
  auto packed = kind_of_file(packed_head(path, kept_head), name);
  return packed == model::ImageKind::multiboot ? packed : std::nullopt;
}

/// It becomes part of a URL.
std::string plain(std::string name) {
  for (char& c : name) {
    if (c <= 0x20 || c >= 0x7f) c = '-';
  }
  return name;
}

}  // namespace

Result<SourceName, Refusal> name_source(const std::string& path, std::optional<model::ImageKind> kind) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (path.find("://") != std::string::npos)
      return Refusal({Rule::source_missing,
                      Weight::error,
                      {"a URL is fetched by an import, and by nothing else",
                       "import it with 'slipway image import', or look at a file that is here"}});
    if (errno == ENOENT || errno == ENOTDIR)
      return Refusal(
          {Rule::source_missing, Weight::error, {fmt::format("{} does not exist", path), "check the path"}});
    return Refusal({Rule::source_unreadable,
                    Weight::error,
                    {fmt::format("cannot look at {}: {}", path, std::strerror(errno)),
                     "run the command as a user who may read it"}});
  }
  bool folder = S_ISDIR(status.st_mode);
  if (!folder && !S_ISREG(status.st_mode))
    return Refusal({Rule::source_format,
                    Weight::error,
                    {fmt::format("{} is neither a file nor a folder", path),
                     "give an archive, an ISO, a disk image, a folder, a kernel or an EFI program"}});
  SourceName name{path, own_name(path, folder), folder, std::nullopt, nullptr};
  if (folder) return name;
  bool as_it_is = kind == model::ImageKind::iso || kind == model::ImageKind::disk;
  name.whole = as_it_is ? kind : whole_kind(path, name.name);
  if (!name.whole || kind == model::ImageKind::disk) name.disk = disk_image(path);
  if (name.whole) name.name = plain(name.disk ? unpacked_name(name.name) : name.name);
  return name;
}

Result<std::unique_ptr<Source>, Refusal> open_source(const SourceName& name, Meter* meter) {
  if (name.disk) return name.whole ? open_whole_disk(name, meter) : open_disk(name, meter);
  if (name.whole) return open_file(name);
  return name.folder ? open_folder(name) : open_archive(name);
}

Result<std::string, Refusal> clean_name(std::string_view raw, const SourceName& source) {
  auto path = SafePath::parse(without_leading_dots(raw));
  if (!path)
    return Refusal(
        {Rule::unsafe_name,
         Weight::error,
         {fmt::format("{} holds an entry with an unsafe name, \"{}\"", source.path, printable(raw)),
          "get the image again from its publisher"}});
  return path->to_string();
}

}  // namespace slipway::image
