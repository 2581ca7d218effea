// SPDX-License-Identifier: MPL-2.0
#include "image/soundness.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "image/digest.h"

namespace slipway::image {
namespace {

constexpr std::size_t piece = 1 << 20;
using Heard = std::function<bool(std::uint64_t)>;

/// Of the file's bytes; nothing where the reading was stopped.
Result<std::optional<std::string>, Fault> digest_of(const StoredFile& file, const std::string& path,
                                                    const Heard& heard) {
  Hash hash(Algorithm::sha256);
  Bytes buffer(piece);
  for (off_t offset = 0;;) {
    ssize_t got = ::pread(file.fd.get(), buffer.data(), buffer.size(), offset);
    if (got < 0)
      return Fault{fmt::format("{} cannot be read: {}", path, std::strerror(errno)),
                   "the disk may be failing: look at the system's log"};
    if (got == 0) return std::optional(hash.finish());
    hash.update(ByteView(buffer).first(static_cast<std::size_t>(got)));
    offset += got;
    if (!heard(static_cast<std::uint64_t>(got))) return std::optional<std::string>();
  }
}

}  // namespace

Soundness soundness_of(const Store& store, const model::Image& image, const Heard& heard) {
  Soundness found;
  for (const model::ImageFile& file : image.files) {
    auto opened = store.open_file(image.id, file.path);
    auto digest = opened ? digest_of(**opened, file.path, heard) : opened.error();
    if (!digest)
      found.unreadable.push_back(digest.error());
    else if (!*digest)
      break;
    else if (**digest != file.sha256)
      found.damaged.push_back({fmt::format("{} of {} is not what was imported", file.path, image.short_id()),
                               "import the image again, which replaces it"});
  }
  return found;
}

}  // namespace slipway::image
