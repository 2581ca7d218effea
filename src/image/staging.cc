// SPDX-License-Identifier: MPL-2.0
#include "image/staging.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/folder.h"
#include "base/heir.h"
#include "base/random.h"

namespace slipway::image {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = ".staging-";
constexpr std::uint64_t room_for_directories = 1 << 20;

Refusal store_refusal(std::string_view doing, const std::string& path, int error) {
  if (error == ENOSPC || error == EDQUOT)
    return {Finding{Rule::disk_full,
                    Weight::error,
                    {fmt::format("the disk became full while {} {}", doing, path),
                     "nothing was changed; make room and import again"}}};
  std::string_view remedy = error == EACCES || error == EPERM || error == EROFS
                                ? "run the command as root or as the owner of the store"
                                : "look at the disk and the system's log";
  return {Finding{Rule::store_failed,
                  Weight::error,
                  {fmt::format("failed {} {}: {}", doing, path, std::strerror(error)), std::string(remedy)}}};
}

}  // namespace

Result<StoreLock, Refusal> StoreLock::take(const std::string& images_dir) {
  std::string path = images_dir + "/.lock";
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return store_refusal("opening", path, errno);
  give_empty_file(fd.get(), heir_of(images_dir));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return StoreLock(std::move(fd));
  if (errno != EWOULDBLOCK) return store_refusal("locking", path, errno);
  return Refusal({Rule::busy,
                  Weight::error,
                  {fmt::format("another import or removal is under way in {}", images_dir),
                   "wait until it is done and try again"}});
}

std::string staging_path(const std::string& images_dir) {
  return fmt::format("{}/{}{}-{:016x}", images_dir, prefix, ::getpid(), SystemRandom().next());
}

std::size_t sweep_staging(const std::string& images_dir) {
  std::size_t swept = 0;
  std::error_code error;
  for (fs::directory_iterator at(images_dir, error), end; !error && at != end; at.increment(error)) {
    if (!at->path().filename().string().starts_with(prefix)) continue;
    std::error_code ignored;
    if (fs::remove_all(at->path(), ignored) > 0 && !ignored) ++swept;
  }
  return swept;
}

Staging::Staging(std::string images_dir, std::string path, UniqueFd top, StoreLock lock)
    : images_dir_(std::move(images_dir)),
      path_(std::move(path)),
      top_(std::move(top)),
      lock_(std::move(lock)) {}

Staging::~Staging() {
  file_.reset();
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<std::unique_ptr<Staging>, Refusal> Staging::begin_in(const std::string& images_dir) {
  if (!make_folder(images_dir)) return store_refusal("making", images_dir, errno);
  auto lock = StoreLock::take(images_dir);
  if (!lock) return lock.error();
  sweep_staging(images_dir);
  std::string path = staging_path(images_dir);
  if (::mkdir(path.c_str(), 0755) != 0 || ::chmod(path.c_str(), 0755) != 0)
    return store_refusal("making", path, errno);
  UniqueFd top = open_folder(AT_FDCWD, path);
  if (!top) return store_refusal("opening", path, errno);
  return std::unique_ptr<Staging>(new Staging(images_dir, std::move(path), std::move(top), std::move(*lock)));
}

Refusal Staging::failed(std::string_view doing, const std::string& path) const {
  return store_refusal(doing, path, errno);
}

Result<void, Refusal> Staging::require_space(std::uint64_t bytes) const {
  struct statvfs disk {};
  if (::statvfs(path_.c_str(), &disk) != 0) return failed("looking at", path_);
  std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= bytes + room_for_directories) return {};
  return Refusal({Rule::no_space,
                  Weight::error,
                  {fmt::format("the image needs {} bytes and {} has {} bytes free", bytes, images_dir_, free),
                   "make room, for example with 'slipway image remove', and import again"}});
}

Result<void, Refusal> Staging::make_folders(const std::string& relative) {
  if (relative.empty() || folders_.contains(relative)) return {};
  if (auto made = make_folders(fs::path(relative).parent_path()); !made) return made;
  if (::mkdirat(top_.get(), relative.c_str(), 0755) != 0 ||
      ::fchmodat(top_.get(), relative.c_str(), 0755, 0) != 0)
    return failed("making", path_ + "/" + relative);
  folders_.insert(relative);
  return {};
}

Result<void, Refusal> Staging::create(const std::string& relative) {
  if (auto made = make_folders(fs::path(relative).parent_path()); !made) return made;
  current_ = relative;
  constexpr int how = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  file_.reset(::openat(top_.get(), relative.c_str(), how, 0644));
  if (!file_ || ::fchmod(file_.get(), 0644) != 0) return failed("creating", path_ + "/" + relative);
  return {};
}

Result<void, Refusal> Staging::begin(const std::string& stored_as) {
  return create("files/" + stored_as);
}

Result<void, Refusal> Staging::write(ByteView bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("writing", current_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void, Refusal> Staging::end() {
  if (::fsync(file_.get()) != 0) return failed("writing", current_);
  // Some file systems report a full disk only here.
  if (::close(file_.release()) != 0) return failed("writing", current_);
  return {};
}

Result<void, Refusal> Staging::add_file(const std::string& stored_as, std::string_view content) {
  if (auto begun = begin(stored_as); !begun) return begun;
  if (auto written = write(as_bytes(content)); !written) return written;
  return end();
}

Result<void, Refusal> Staging::sync_folders() {
  for (const std::string& folder : folders_) {
    UniqueFd fd = open_folder(top_.get(), folder);
    if (!fd || ::fsync(fd.get()) != 0) return failed("writing", path_ + "/" + folder);
  }
  if (::fsync(top_.get()) != 0) return failed("writing", path_);
  return {};
}

Result<void, Refusal> Staging::commit(const std::string& id, std::string_view manifest) {
  if (auto created = create("manifest.json"); !created) return created;
  if (auto written = write(as_bytes(manifest)); !written) return written;
  if (auto ended = end(); !ended) return ended;
  give_tree(top_.get(), heir_of(images_dir_));
  if (auto synced = sync_folders(); !synced) return synced;

  std::string target = images_dir_ + "/" + id;
  std::string aside = path_ + "-replaced";  // has the prefix of staging: swept if we die before deleting it
  bool replaced = ::rename(target.c_str(), aside.c_str()) == 0;
  if (::rename(path_.c_str(), target.c_str()) != 0) {
    int error = errno;
    if (replaced) ::rename(aside.c_str(), target.c_str());
    return store_refusal("renaming to", target, error);
  }
  path_.clear();
  bool durable = sync_folder(images_dir_);
  int error = errno;
  std::error_code ignored;
  if (replaced) fs::remove_all(aside, ignored);
  if (!durable) return store_refusal("writing", images_dir_, error);
  return {};
}

}  // namespace slipway::image
