// SPDX-License-Identifier: MPL-2.0
#include "fetch/partial.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/folder.h"
#include "base/heir.h"
#include "base/hex.h"
#include "base/quantity.h"

namespace slipway::fetch {
namespace {

namespace fs = std::filesystem;

constexpr const char* origin_name = ".origin";
constexpr const char* new_origin_name = ".origin-new";
constexpr std::uint64_t room_beside = 4 << 20;
constexpr auto forgotten_after = std::chrono::hours{7 * 24};

/// One folder for each URL; credentials are no part of it.
std::string key_of(const Url& url) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  const std::string& text = url.address();
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return to_hex(ByteView(digest).first(16));
}

bool lock(int folder) {
  return ::flock(folder, LOCK_EX | LOCK_NB) == 0;
}

/// What an import that was given up left; not what another process is at.
void sweep(const std::string& downloads, const std::string& but) {
  std::error_code error;
  auto old = fs::file_time_type::clock::now() - forgotten_after;
  for (fs::directory_iterator at(downloads, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    std::string name = at->path().filename();
    if (name == but || fs::last_write_time(at->path(), ignored) > old || ignored) continue;
    UniqueFd folder = open_folder(AT_FDCWD, at->path());
    if (folder && lock(folder.get())) fs::remove_all(at->path(), ignored);
  }
}

UniqueFd open_file(int folder, const char* name, int how) {
  UniqueFd fd(::openat(folder, name, how | O_NOFOLLOW | O_CLOEXEC, 0644));
  struct stat status {};
  // A second name for it would be somebody else's file.
  if (fd && (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink != 1)) {
    errno = EPERM;
    return {};
  }
  return fd;
}

bool write_all(int fd, ByteView bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    at += static_cast<std::uint64_t>(written);
  }
  return true;
}

}  // namespace

Partial::Partial(std::string downloads, std::string key, std::string name, UniqueFd folder)
    : downloads_(std::move(downloads)),
      key_(std::move(key)),
      name_(std::move(name)),
      path_(downloads_ + "/" + key_ + "/" + name_),
      folder_(std::move(folder)) {}

Fault Partial::failed(std::string_view doing) const {
  if (errno == ENOSPC || errno == EDQUOT)
    return {fmt::format("the disk became full while {} {}", doing, path_),
            "no image was changed; make room and give the command again: it goes on from what has come"};
  std::string_view remedy = errno == EACCES || errno == EPERM || errno == EROFS
                                ? "run the command as root or as the owner of the store"
                                : "look at the disk and the system's log";
  return {fmt::format("failed {} {}: {}", doing, path_, std::strerror(errno)), std::string(remedy)};
}

Result<std::unique_ptr<Partial>, Fault> Partial::open(const std::string& downloads, const Url& url) {
  std::string key = key_of(url);
  std::string folder = downloads + "/" + key;
  std::unique_ptr<Partial> partial(new Partial(downloads, key, url.file_name(), {}));
  if (!make_folder(folder)) return partial->failed("making the folder of");
  sweep(downloads, key);
  partial->folder_ = open_folder(AT_FDCWD, folder);
  if (!partial->folder_) return partial->failed("opening the folder of");
  if (!lock(partial->folder_.get()))
    return Fault{fmt::format("another command is fetching {}", url.shown()), "wait until it is done"};
  if (auto looked = partial->look(); !looked) return looked.error();
  return partial;
}

Result<void, Fault> Partial::look() {
  file_ = open_file(folder_.get(), name_.c_str(), O_RDWR | O_CREAT);
  if (!file_) return failed("opening");
  give_empty_file(file_.get(), heir_of(downloads_));
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) return failed("looking at");
  char text[1024];
  UniqueFd fd = open_file(folder_.get(), origin_name, O_RDONLY);
  ssize_t got = fd ? ::read(fd.get(), text, sizeof text) : 0;
  origin_ = got > 0 ? parse_origin({text, static_cast<std::size_t>(got)}) : std::nullopt;
  if (origin_) size_ = static_cast<std::uint64_t>(status.st_size);
  if (origin_ && (size_ == 0 || origin_->validator.empty() || size_ > origin_->total.value_or(size_)))
    forget();
  return {};
}

void Partial::forget() {
  origin_.reset();
  size_ = at_ = 0;
}

Result<void, Fault> Partial::begin(const Origin& origin) {
  forget();
  bool gone = ::unlinkat(folder_.get(), origin_name, 0) == 0 || errno == ENOENT;
  if (!gone || ::fsync(folder_.get()) != 0 || ::ftruncate(file_.get(), 0) != 0) return failed("starting");
  ::unlinkat(folder_.get(), new_origin_name, 0);
  UniqueFd fd = open_file(folder_.get(), new_origin_name, O_WRONLY | O_CREAT | O_EXCL);
  if (!fd) return failed("starting");
  give_empty_file(fd.get(), heir_of(downloads_));
  bool durable = write_all(fd.get(), as_bytes(to_text(origin)), 0) && ::fsync(fd.get()) == 0 &&
                 ::renameat(folder_.get(), new_origin_name, folder_.get(), origin_name) == 0 &&
                 ::fsync(folder_.get()) == 0;
  if (!durable) return failed("starting");
  origin_ = origin;
  return {};
}

Result<void, Fault> Partial::write(ByteView bytes) {
  if (!write_all(file_.get(), bytes, at_)) return failed("writing");
  at_ += bytes.size();
  size_ = std::max(size_, at_);
  return {};
}

Result<void, Fault> Partial::sync() {
  if (::fsync(file_.get()) != 0 || ::fsync(folder_.get()) != 0) return failed("writing");
  return {};
}

Result<void, Fault> Partial::require_space(std::uint64_t more) const {
  struct statvfs disk {};
  if (::fstatvfs(folder_.get(), &disk) != 0) return failed("looking at the disk of");
  std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= more + room_beside) return {};
  return Fault{
      fmt::format("{} more are to come and {} has {} free", human_bytes(more), downloads_, human_bytes(free)),
      "make room, for example with 'slipway image gc', and give the command again"};
}

void Partial::remove() {
  std::error_code ignored;
  fs::remove_all(downloads_ + "/" + key_, ignored);
  sync_folder(downloads_);
}

}  // namespace slipway::fetch
