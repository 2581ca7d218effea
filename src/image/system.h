// SPDX-License-Identifier: MPL-2.0
// Which files of a source boot a system that is no SmartOS platform, and as what: by a table of the places
// where publishers put them, or as the operator says. Pure: paths in, a System or the reason why not out.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "image/layout.h"
#include "model/image.h"

namespace slipway::image {

/// What the operator says of a source. Files by their path in it, or by as much of the end of it as is
/// needed.
struct Wish {
  std::optional<model::ImageKind> kind;
  std::string version;
  std::string kernel;
  std::vector<std::string> initrds;
  std::vector<std::string> modules;  ///< of a multiboot kernel: "PATH" or "PATH WORDS"
  std::string program;               ///< for UEFI

  bool names_files() const {
    return !kernel.empty() || !initrds.empty() || !modules.empty() || !program.empty();
  }
};

struct System {
  model::ImageKind kind = model::ImageKind::linux_kernel;
  std::string description;             ///< "Debian installer", for people
  std::string version;                 ///< made from the source's name, or the operator's
  std::string root;                    ///< what stands before the paths of the source and is not stored
  std::vector<model::BootPart> parts;  ///< with the paths they are stored as
  std::map<std::string, std::string, std::less<>> renamed;  ///< source path to what it is stored as instead
  std::vector<std::string> others;  ///< files that the system fetches later, as they are stored
  std::string asks;                 ///< a sentence: arguments that it wants and only the operator knows

  std::string source_path(std::string_view stored_as) const;
  std::optional<std::string> stored_as(std::string_view source_path) const;
};

/// By the table. Nothing: no row fits. An error: one fits, and it is not clear which of two kernels is meant,
/// or its initrd is missing.
Result<std::optional<System>, Finding> recognise_system(std::span<const std::string> paths,
                                                        const SourceName& source);

/// The source is one file, and that is the image.
System whole_system(const SourceName& source);

/// A file that is stored as it is behind gzip: nothing unpacks a multiboot kernel or what it is given.
bool is_unpacked(const System& system, std::string_view source_path);

/// As the operator says.
Result<System, Finding> named_system(std::span<const std::string> paths, const SourceName& source,
                                     const Wish& wish);

/// "debian-12.5.0-amd64-netinst.iso" as a version: its stem, in the letters that versions have.
std::string version_from(std::string_view name);
/// Letters, digits and ._+- and no more than 64 of them.
bool is_version(std::string_view text);

}  // namespace slipway::image
