// SPDX-License-Identifier: MPL-2.0
// The images on disk: <state>/images/<id>/{manifest.json,files/<path>}. A directory with an id for a name
// is whole and never changes; whatever else lies there is a staging directory that a crash left behind.
// Lists, opens and removes; what comes in comes through the importer. Opens nothing outside an image's
// files: no symbolic link is followed, only regular files are given out, read-only.
// Thread-safe: any thread may call any function. Failures are values; a broken image is a problem of its
// own and hides no other.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "image/finding.h"
#include "model/image.h"

namespace slipway::image {

/// A file of an image, held open. Read it with pread, sendfile or mmap: its offset is shared.
struct StoredFile {
  UniqueFd fd;
  std::uint64_t size = 0;
};

class Store {
 public:
  /// Touches nothing: the directories are made by the first import.
  explicit Store(std::string state_dir);

  struct Listing {
    std::vector<model::Image> images;   ///< by version, then id
    Problems problems;                  ///< images that are there but broken
    std::vector<std::string> broken;    ///< their ids
    std::vector<model::Image> damaged;  ///< those of them of which is known what they were
  };
  Listing list() const;

  /// `path` as the manifest has it. Openers of one file share one descriptor while any of them lives; it
  /// stays good after the image was removed.
  Result<std::shared_ptr<const StoredFile>, Fault> open_file(std::string_view image_id,
                                                             std::string_view path) const;

  bool contains(std::string_view image_id) const;
  /// Contained, or broken.
  bool holds(std::string_view image_id) const;
  /// From now on it is a broken image, until it is imported again: nothing boots what is known to be damaged.
  Result<void, Refusal> mark_damaged(std::string_view image_id, const Fault& why);
  /// Its files are again what was imported.
  Result<void, Refusal> unmark(std::string_view image_id);
  /// At once and whole: the directory is renamed aside, then deleted. The caller knows who uses it.
  Result<void, Refusal> remove(std::string_view image_id);
  /// Deletes what crashed imports left behind; how many. Nothing while an import is under way.
  std::size_t sweep();

  const std::string& images_dir() const { return images_dir_; }

 private:
  std::string images_dir_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::weak_ptr<const StoredFile>> open_;
};

}  // namespace slipway::image
