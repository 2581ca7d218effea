// SPDX-License-Identifier: MPL-2.0
// An image on its way in: <state>/images/.staging-<pid>-<random>/, made whole and durable, then renamed to
// its id. Holds the lock of the store from beginning to end, so that there is one importer, and what others
// left in staging is known to be dead. Whatever is not committed is deleted by the destructor.
// Files are 0644 and folders 0755, whatever the umask: the daemon reads them as another user. What root
// brings in is given to the owner of <state>/images, who may then go on importing without root; until it is
// whole it is root's, so that the owner can put nothing in its way, and no link is followed.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "base/unique_fd.h"
#include "image/intake.h"

namespace slipway::image {

/// The lock of the store, held while it lives. Held by another process or object: Rule::busy.
class StoreLock {
 public:
  static Result<StoreLock, Refusal> take(const std::string& images_dir);

 private:
  explicit StoreLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

/// A name for a new staging directory: ".staging-<pid>-<random>".
std::string staging_path(const std::string& images_dir);

/// Deletes every staging directory; how many. The caller holds the lock.
std::size_t sweep_staging(const std::string& images_dir);

class Staging final : public Sink {
 public:
  /// Makes <state>/images where it is missing, and sweeps.
  static Result<std::unique_ptr<Staging>, Refusal> begin_in(const std::string& images_dir);
  ~Staging() override;
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  /// Refuses when `bytes` more, and a little for the directories, do not fit.
  Result<void, Refusal> require_space(std::uint64_t bytes) const;

  // A file of the image: durable when `end` returns.
  Result<void, Refusal> begin(const std::string& stored_as) override;
  Result<void, Refusal> write(ByteView bytes) override;
  Result<void, Refusal> end() override;

  Result<void, Refusal> add_file(const std::string& stored_as, std::string_view content);
  /// Manifest and directories made durable, then the rename: afterwards the image is there, durably. What lay
  /// there under this id and was broken is replaced.
  Result<void, Refusal> commit(const std::string& id, std::string_view manifest);

 private:
  Staging(std::string images_dir, std::string path, UniqueFd top, StoreLock lock);
  Result<void, Refusal> make_folders(const std::string& relative);
  Result<void, Refusal> create(const std::string& relative);
  Result<void, Refusal> sync_folders();
  Refusal failed(std::string_view doing, const std::string& path) const;

  std::string images_dir_, path_;
  UniqueFd top_;  ///< path_, held: its name lies in a folder that may be another account's
  StoreLock lock_;
  std::set<std::string> folders_;  ///< made so far, relative to path_
  std::string current_;            ///< the file being written, relative to path_
  UniqueFd file_;
};

}  // namespace slipway::image
