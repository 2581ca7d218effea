// SPDX-License-Identifier: MPL-2.0
#include "image/folder_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/unique_fd.h"

namespace slipway::image {
namespace {

constexpr std::size_t block = 1 << 20;
constexpr std::size_t max_depth = 64;

struct DirCloser {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

/// A folder being walked: what is left of its names, last first.
struct Level {
  UniqueFd fd;
  std::string path;
  std::vector<std::string> names;
};

class FolderSource final : public Source {
 public:
  explicit FolderSource(SourceName name) : name_(std::move(name)), buffer_(block) {}

  Result<void, Refusal> open() {
    // The folder itself may be reached through a link: the operator named it.
    return descend(UniqueFd(::open(name_.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), "");
  }

  Result<std::optional<Entry>, Refusal> next() override {
    file_.reset();
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.names.empty()) {
        levels_.pop_back();
        continue;
      }
      std::string name = std::move(level.names.back());
      level.names.pop_back();
      auto path = clean_name(level.path.empty() ? name : level.path + "/" + name, name_);
      if (!path) return path.error();
      return visit(level.fd.get(), name, *path);
    }
    return std::optional<Entry>{};
  }

  Result<ByteView, Refusal> read() override {
    if (!file_) return unreadable(current_, open_error_);
    ssize_t got = ::read(file_.get(), buffer_.data(), buffer_.size());
    if (got < 0) return unreadable(current_, errno);
    return ByteView(buffer_).first(static_cast<std::size_t>(got));
  }

  std::string format() const override { return "folder"; }

 private:
  Result<std::optional<Entry>, Refusal> visit(int folder, const std::string& name, const std::string& path) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return unreadable(path, errno);
    Entry entry{path, EntryType::other, 0};
    if (S_ISLNK(status.st_mode)) entry.type = EntryType::link;
    if (S_ISDIR(status.st_mode)) {
      entry.type = EntryType::folder;
      UniqueFd fd(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (auto entered = descend(std::move(fd), path); !entered) return entered.error();
    }
    if (S_ISREG(status.st_mode)) {
      entry.type = EntryType::file;
      entry.size = static_cast<std::uint64_t>(status.st_size);
      file_.reset(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
      open_error_ = errno;  // what cannot be opened may be nothing that is wanted: `read` says it
      current_ = path;
    }
    return std::optional(std::move(entry));
  }

  Result<void, Refusal> descend(UniqueFd fd, const std::string& path) {
    int for_listing = fd ? ::dup(fd.get()) : -1;
    std::unique_ptr<DIR, DirCloser> dir(for_listing < 0 ? nullptr : ::fdopendir(for_listing));
    if (!dir) {
      int error = errno;
      if (for_listing >= 0) ::close(for_listing);
      return unreadable(path, error);
    }
    if (levels_.size() >= max_depth)
      return Refusal({Rule::too_many_entries,
                      Weight::error,
                      {fmt::format("{} holds folders more than {} deep", name_.path, max_depth),
                       "give the folder that holds i86pc/"}});
    Level level{std::move(fd), path, {}};
    while (dirent* found = ::readdir(dir.get())) {
      std::string_view name = found->d_name;
      if (name != "." && name != "..") level.names.emplace_back(name);
    }
    std::sort(level.names.rbegin(), level.names.rend());
    levels_.push_back(std::move(level));
    return {};
  }

  Refusal unreadable(const std::string& path, int error) const {
    return {Finding{Rule::source_unreadable,
                    Weight::error,
                    {fmt::format("cannot read {}/{}: {}", name_.path, path, std::strerror(error)),
                     "run the command as a user who may read it"}}};
  }

  SourceName name_;
  std::vector<Level> levels_;
  UniqueFd file_;
  int open_error_ = 0;
  std::string current_;
  Bytes buffer_;
};

}  // namespace

Result<std::unique_ptr<Source>, Refusal> open_folder(const SourceName& name) {
  auto source = std::make_unique<FolderSource>(name);
  if (auto opened = source->open(); !opened) return opened.error();
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace slipway::image
