// SPDX-License-Identifier: MPL-2.0
#include "server/upload_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slipway::server {
namespace {

using tftp::Refusal;
using wire::TftpErrorCode;

constexpr std::string_view unfinished = ".upload-";
constexpr std::size_t longest_name = 128;

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_';
}

/// Leading slashes mean nothing, as when files are read.
std::string_view plain_name(std::string_view filename) {
  filename.remove_prefix(std::min(filename.find_first_not_of('/'), filename.size()));
  bool good = !filename.empty() && filename.size() <= longest_name && filename.front() != '.' &&
              std::all_of(filename.begin(), filename.end(), plain);
  return good ? filename : std::string_view{};
}

Refusal disk_says_no(int error) {
  if (error == ENOSPC || error == EDQUOT) return {TftpErrorCode::disk_full, "the server's disk is full"};
  return {TftpErrorCode::undefined, fmt::format("the file cannot be written: {}", std::strerror(error))};
}

}  // namespace

UploadFolder::UploadFolder(const std::string& path, const UploadLimits& limits)
    : path_(path), limits_(limits), folder_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (!folder_ || ::faccessat(folder_.get(), ".", W_OK | X_OK, AT_EACCESS) != 0)
    throw StartupError(fmt::format(
        "tftp-write: nothing can be written to {}: {}; make the folder and give it to the account "
        "that slipwayd runs as (server.user)",
        path, std::strerror(errno)));
  remove_unfinished();
}

void UploadFolder::remove_unfinished() {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(path_, ignored)) {
    std::string name = entry.path().filename().string();
    if (name.starts_with(unfinished)) ::unlinkat(folder_.get(), name.c_str(), 0);
  }
}

/// What lies there, without what is on its way in.
UploadFolder::Held UploadFolder::held() const {
  Held held;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(path_, ignored)) {
    struct stat status {};
    std::string name = entry.path().filename().string();
    if (name.starts_with(unfinished) ||
        ::fstatat(folder_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    ++held.files;
    if (S_ISREG(status.st_mode)) held.bytes += static_cast<std::uint64_t>(status.st_size);
  }
  return held;
}

Result<std::unique_ptr<UploadFolder::Staged>, Refusal> UploadFolder::open(std::string_view filename,
                                                                          std::uint64_t size) {
  std::string name(plain_name(filename));
  if (name.empty())
    return Refusal{TftpErrorCode::access_violation,
                   "a file to be written has a plain name: letters, digits, '.', '-' and '_', no folders"};
  if (!limits_.overwrite && ::faccessat(folder_.get(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0)
    return Refusal{TftpErrorCode::file_exists, "there is a file of this name already"};
  std::lock_guard lock(mutex_);
  Held there = held();
  std::uint64_t taken = there.bytes + promised_;
  std::uint64_t left = limits_.all - std::min(limits_.all, taken);
  std::uint64_t most = std::min(limits_.file, left);
  if (size != 0 && size <= most) most = size;
  if (left == 0 && there.bytes < limits_.all)
    return Refusal{TftpErrorCode::undefined,
                   "other files are being written and may take what is left of the folder; try again"};
  if (left == 0 || there.files >= limits_.files)
    return Refusal{TftpErrorCode::disk_full, "the folder for written files is full"};
  std::string staged_as = fmt::format("{}{}-{}", unfinished, ::getpid(), ++number_);
  UniqueFd fd(
      ::openat(folder_.get(), staged_as.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!fd) return disk_says_no(errno);
  promised_ += most;
  return std::make_unique<Staged>(*this, std::move(name), std::move(staged_as), std::move(fd), most);
}

UploadFolder::Staged::Staged(UploadFolder& folder, std::string name, std::string staged_as, UniqueFd fd,
                             std::uint64_t most)
    : folder_(folder),
      name_(std::move(name)),
      staged_as_(std::move(staged_as)),
      fd_(std::move(fd)),
      most_(most),
      promised_(most) {}

UploadFolder::Staged::~Staged() {
  if (!kept_) ::unlinkat(folder_.folder_.get(), staged_as_.c_str(), 0);
  settle();
}

/// What it may have had is promised no longer: it lies there now, or it goes.
void UploadFolder::Staged::settle() {
  std::lock_guard lock(folder_.mutex_);
  folder_.promised_ -= std::exchange(promised_, 0);
}

bool UploadFolder::Staged::append(ByteView bytes) {
  while (!bytes.empty()) {
    ssize_t done = ::write(fd_.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return true;
}

std::optional<Refusal> UploadFolder::Staged::keep() {
  int folder = folder_.folder_.get();
  if (::fsync(fd_.get()) != 0) return disk_says_no(errno);
  if (folder_.limits_.overwrite) {
    if (::renameat(folder, staged_as_.c_str(), folder, name_.c_str()) != 0) return disk_says_no(errno);
  } else if (::linkat(folder, staged_as_.c_str(), folder, name_.c_str(), 0) != 0) {
    // A link replaces nothing, whoever came first; where there are no links there is no such promise.
    if (errno == EEXIST) return Refusal{TftpErrorCode::file_exists, "there is a file of this name already"};
    return disk_says_no(errno);
  } else {
    ::unlinkat(folder, staged_as_.c_str(), 0);
  }
  kept_ = true;
  settle();
  if (::fsync(folder) != 0) return disk_says_no(errno);
  return std::nullopt;
}

}  // namespace slipway::server
