// SPDX-License-Identifier: MPL-2.0
// An image: an immutable, content-addressed set of files with a kind and a version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace slipway::model {

enum class ImageKind { smartos, illumos, linux_kernel, iso, disk, efi, multiboot, wimboot };
std::string_view to_string(ImageKind kind);
std::optional<ImageKind> parse_image_kind(std::string_view text);
std::vector<std::string_view> image_kind_names();

struct ImageFile {
  std::string path;  ///< relative, '/'-separated: "platform/i86pc/kernel/amd64/unix"
  std::uint64_t size = 0;
  std::string sha256;  ///< 64 lower-case digits
  std::string sha1;    ///< 40 digits: what illumos checks modules with
};

/// What a file of the image is for when it boots. The files of a SmartOS image say it by their names, and
/// have no parts.
struct BootPart {
  enum class Use {
    kernel,   ///< Linux, a multiboot kernel, a program for BIOS machines
    initrd,   ///< in the order of the list
    module,   ///< of a multiboot kernel; `words` are its command line
    program,  ///< for UEFI machines
    disk,     ///< an ISO that is started as a CD, or a disk image that is started as a drive
  };
  Use use = Use::kernel;
  std::string path;   ///< of a file of the image
  std::string words;  ///< arguments that this image always wants; {image} is where its files are
  friend bool operator==(const BootPart&, const BootPart&) = default;
};
std::string_view to_string(BootPart::Use use);
std::optional<BootPart::Use> parse_use(std::string_view text);

struct Image {
  std::string id;  ///< SHA-256 over its files and parts, 64 digits: see image/manifest.h
  ImageKind kind = ImageKind::smartos;
  std::string version;  ///< for SmartOS the platform STAMP, "20240102T030405Z"
  std::vector<ImageFile> files;
  Instant imported{};
  std::vector<BootPart> parts;

  std::string short_id() const { return id.substr(0, 12); }
  std::uint64_t size() const;
  const ImageFile* file(std::string_view path) const;
  /// The first part of this use; null when there is none.
  const BootPart* part(BootPart::Use use) const;
};

/// What a profile asks for: "smartos@latest", "smartos@20240102T030405Z" or a digest's first digits.
struct ImageRef {
  std::optional<ImageKind> kind;
  std::string version;  ///< "latest", a version, or with no kind the beginning of an id

  static std::optional<ImageRef> parse(std::string_view text);
  std::string to_string() const;
  friend bool operator==(const ImageRef&, const ImageRef&) = default;
};

/// The image that `ref` means among `images`: of "smartos@latest" the greatest version (STAMPs sort by date),
/// ties by import time; of the other kinds, whose versions follow no one order, the one imported last. Null
/// when there is none.
const Image* resolve(const ImageRef& ref, const std::vector<Image>& images);

}  // namespace slipway::model
