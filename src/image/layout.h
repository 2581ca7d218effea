// SPDX-License-Identifier: MPL-2.0
// Where in a source the SmartOS platform lies. Pure: paths in, a layout or the reason why not out.
// Recognised, and stored as one form (platform/i86pc/...):
//   platform-STAMP/i86pc/...            the publisher's .tgz; at the top of an archive only
//   i86pc/...                           that folder, unpacked and given itself
//   platform/i86pc/...                  ISO and USB images
//   [os/|smartos/|.../]STAMP/platform/i86pc/...   trees made for serving
// Refused: platform-STAMP/ inside a folder that was given, where a served tree has platform/. The kernel
// looks for "/platform/" in its own path and does not find it: the well-known krtld error.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/finding.h"
#include "model/image.h"

namespace slipway::image {

inline constexpr std::string_view unix_path = "i86pc/kernel/amd64/unix";
inline constexpr std::string_view archive_path = "i86pc/amd64/boot_archive";
inline constexpr std::string_view hash_path = "i86pc/amd64/boot_archive.hash";
inline constexpr std::string_view gitstatus_path = "i86pc/amd64/boot_archive.gitstatus";
inline constexpr std::string_view version_path = "etc/version/platform";

/// "platform/" + one of the above: where a file lies in every stored image.
std::string stored(std::string_view path);

class DiskImage;

/// What was given: its own name may hold the STAMP.
struct SourceName {
  std::string path;  ///< as the operator typed it: for sentences
  std::string name;  ///< "platform-20240102T030405Z.tgz"; a folder named platform brings its parent's name
  bool folder = false;
  std::optional<model::ImageKind> whole;  ///< the file itself is the image: a kernel, a program, an ISO
  std::shared_ptr<DiskImage> disk;        ///< it is a disk image, packed or not
};

/// A STAMP and who says so.
struct StampClaim {
  std::string where;  ///< "the folder os/20240102T030405Z/platform"
  std::string stamp;
  friend bool operator==(const StampClaim&, const StampClaim&) = default;
};

struct Layout {
  std::string root;                ///< "platform-STAMP", "os/STAMP/platform"; empty: i86pc/ is at the top
  std::string description;         ///< "STAMP/platform", for people
  std::vector<StampClaim> claims;  ///< from names

  /// The path in the source of a platform's file.
  std::string source_path(std::string_view path) const;
  /// Where this file of the source goes; nothing: it stays out. Only i86pc/ and etc/version/ go in, so that
  /// one platform has one id however it was packed, and never root.password.
  std::optional<std::string> stored_as(std::string_view source_path) const;
  /// Files whose text may hold the STAMP: etc/version/platform in the platform, or beside it on an ISO.
  bool tells_version(std::string_view source_path) const;
};

/// A file with the root's password in plain text, at any depth.
bool is_secret(std::string_view source_path);

/// `paths`: of all files, and of links in their place; relative, without "." or "..".
Result<Layout, Finding> recognise(std::span<const std::string> paths, const SourceName& source);

}  // namespace slipway::image
