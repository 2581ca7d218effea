// SPDX-License-Identifier: MPL-2.0
#include "cli/export_tree.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "cli/loaders_here.h"
#include "image/digest.h"
#include "image/store.h"

namespace slipway::cli {
namespace {

namespace fs = std::filesystem;
using exports::FromImage;
using exports::FromLoaders;
using exports::TreeFile;

constexpr std::string_view list_name = ".slipway-export";
constexpr std::string_view list_head = "# Written by `slipway export tftpboot`: what here is its own.\n";
constexpr std::size_t piece = 1 << 20;

Fault cannot(std::string_view what, const std::string& path, int error) {
  return {fmt::format("cannot {} {}: {}", what, path, std::strerror(error)),
          error == ENOSPC ? "free some space there" : "see that this user may write there"};
}

/// Path to SHA-256; "-": begun and perhaps not ended.
using List = std::map<std::string, std::string>;

List read_list(const std::string& folder) {
  List list;
  std::ifstream file(fmt::format("{}/{}", folder, list_name));
  for (std::string line; std::getline(file, line);) {
    std::size_t blank = line.find(' ');
    if (line.starts_with('#') || blank == std::string::npos) continue;
    list.emplace(line.substr(blank + 1), line.substr(0, blank));
  }
  return list;
}

/// Bytes of one file, piece by piece: rendered text or a descriptor.
class Content {
 public:
  explicit Content(std::string text) : text_(std::move(text)), size_(text_.size()) {}
  Content(std::shared_ptr<const void> keep, int fd, std::uint64_t size)
      : keep_(std::move(keep)), fd_(fd), size_(size) {}

  std::uint64_t size() const { return size_; }
  /// Empty at the end; nothing when it cannot be read.
  std::optional<ByteView> next(Bytes& room) {
    if (fd_ < 0) {
      ByteView all = as_bytes(std::string_view(text_).substr(at_));
      at_ = text_.size();
      return all;
    }
    room.resize(piece);
    ssize_t n = ::pread(fd_, room.data(), room.size(), static_cast<off_t>(at_));
    if (n < 0) return std::nullopt;
    at_ += static_cast<std::uint64_t>(n);
    return ByteView(room).first(static_cast<std::size_t>(n));
  }

 private:
  std::string text_;
  std::shared_ptr<const void> keep_;
  int fd_ = -1;
  std::uint64_t size_ = 0, at_ = 0;
};

class TreeWriter {
 public:
  TreeWriter(const model::ServerSettings& server, const std::string& folder,
             const std::function<void(std::uint64_t, std::uint64_t)>& progress)
      : server_(server),
        images_(server.state),
        folder_(folder),
        progress_(progress),
        before_(read_list(folder)) {}

  Result<Exported, Fault> write(const exports::Tree& tree, bool force);

 private:
  std::string place(std::string_view path) const { return fmt::format("{}/{}", folder_, path); }
  Result<void, Fault> claim(const exports::Tree& tree, bool force);
  Result<void, Fault> write_list(const List& list);
  Result<Content, Fault> open(const TreeFile& file);
  Result<void, Fault> write_file(const TreeFile& file);
  Result<std::string, Fault> stage(const std::string& path, Content& content);
  Result<void, Fault> put(const std::string& path, Content content, std::string_view expected);
  bool holds(const std::string& path, std::string_view expected, std::uint64_t size);
  void remove_what_is_not_needed();

  const model::ServerSettings& server_;
  image::Store images_;
  std::string folder_;
  const std::function<void(std::uint64_t, std::uint64_t)>& progress_;
  List before_, after_;
  std::uint64_t done_ = 0, total_ = 0;
  Exported exported_;
};

/// Nothing of others is overwritten. The list is written before the first file, so that an export that dies
/// in the middle can be done again.
Result<void, Fault> TreeWriter::claim(const exports::Tree& tree, bool force) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return cannot("make", folder_, error.value());
  List claimed = before_;
  for (const TreeFile& file : tree.files) {
    bool is_there = fs::exists(fs::symlink_status(place(file.path), error));
    if (is_there && !before_.contains(file.path) && !force)
      return Fault{fmt::format("{} is there and was not exported by slipway", place(file.path)),
                   "export into an empty folder, or say --force to replace it"};
    claimed.emplace(file.path, "-");
  }
  return write_list(claimed);
}

Result<void, Fault> TreeWriter::write_list(const List& list) {
  std::string text(list_head);
  for (const auto& [path, digest] : list) text += fmt::format("{} {}\n", digest, path);
  return put(std::string(list_name), Content(std::move(text)), {});
}

Result<Content, Fault> TreeWriter::open(const TreeFile& file) {
  if (auto* text = std::get_if<std::string>(&file.content)) return Content(*text);
  if (auto* from = std::get_if<FromImage>(&file.content)) {
    auto stored = images_.open_file(from->image->id, from->file);
    if (!stored) return stored.error();
    return Content(*stored, (*stored)->fd.get(), (*stored)->size);
  }
  std::string path = loader_path(server_, std::get<FromLoaders>(file.content).file);
  auto fd = std::make_shared<UniqueFd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!*fd || ::fstat(fd->get(), &status) != 0) return cannot("read", path, errno);
  return Content(fd, fd->get(), static_cast<std::uint64_t>(status.st_size));
}

/// Its digest, once all of it is on the disk under a name beside its place.
Result<std::string, Fault> TreeWriter::stage(const std::string& path, Content& content) {
  ::unlink(path.c_str());  // of an export that died
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) return cannot("write", path, errno);
  ::fchmod(fd.get(), 0644);  // a server of another user reads it, whatever the umask
  image::Digester digester;
  Bytes room;
  while (true) {
    auto bytes = content.next(room);
    if (!bytes) return cannot("read what goes to", path, errno);
    if (bytes->empty()) break;
    digester.update(*bytes);
    for (ByteView rest = *bytes; !rest.empty();) {
      ssize_t n = ::write(fd.get(), rest.data(), rest.size());
      if (n < 0) return cannot("write", path, errno);
      rest = rest.subspan(static_cast<std::size_t>(n));
    }
    done_ += bytes->size();
    progress_(std::min(done_, total_), total_);
  }
  if (::fsync(fd.get()) != 0) return cannot("write", path, errno);
  return digester.finish().sha256;
}

/// `expected`: the SHA-256 it must have; empty: whatever it is.
Result<void, Fault> TreeWriter::put(const std::string& path, Content content, std::string_view expected) {
  fs::path target(place(path));
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  if (error) return cannot("make", target.parent_path().string(), error.value());
  std::string staged = (target.parent_path() / fmt::format(".{}.new", target.filename().string())).string();
  auto digest = stage(staged, content);
  bool wrong = digest && !expected.empty() && *digest != expected;
  if (!digest || wrong) ::unlink(staged.c_str());
  if (!digest) return digest.error();
  if (wrong)
    return Fault{fmt::format("{} in the image store is damaged", path),
                 "see slipway image verify, import it again"};
  if (::rename(staged.c_str(), target.c_str()) != 0) return cannot("replace", target.string(), errno);
  if (path != list_name) after_[path] = *digest;
  return {};
}

/// What an earlier export wrote is not written again, unless it changed since.
bool TreeWriter::holds(const std::string& path, std::string_view expected, std::uint64_t size) {
  auto fd = std::make_shared<UniqueFd>(::open(place(path).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!before_.contains(path) || !*fd || ::fstat(fd->get(), &status) != 0) return false;
  if (static_cast<std::uint64_t>(status.st_size) != size) return false;
  Content there(fd, fd->get(), size);
  image::Digester digester;
  Bytes room;
  while (true) {
    auto bytes = there.next(room);
    if (!bytes) return false;
    if (bytes->empty()) return digester.finish().sha256 == expected;
    digester.update(*bytes);
  }
}

Result<void, Fault> TreeWriter::write_file(const TreeFile& file) {
  auto content = open(file);
  if (!content) return content.error();
  exported_.bytes += content->size();
  std::string expected;
  if (auto* from = std::get_if<FromImage>(&file.content)) expected = from->image->file(from->file)->sha256;
  if (!expected.empty() && holds(file.path, expected, content->size())) {
    after_[file.path] = expected;
    return {};
  }
  ++exported_.written;
  return put(file.path, std::move(*content), expected);
}

void TreeWriter::remove_what_is_not_needed() {
  for (const auto& [path, digest] : before_) {
    if (after_.contains(path)) continue;
    std::error_code error;
    exported_.removed += fs::remove(place(path), error);
    for (fs::path up = fs::path(path).parent_path(); !up.empty(); up = up.parent_path()) {
      if (::rmdir(place(up.string()).c_str()) != 0) break;
    }
  }
}

Result<Exported, Fault> TreeWriter::write(const exports::Tree& tree, bool force) {
  if (auto claimed = claim(tree, force); !claimed) return claimed.error();
  std::vector<const TreeFile*> order;
  for (const TreeFile& file : tree.files) {
    order.push_back(&file);
    if (auto* from = std::get_if<FromImage>(&file.content)) total_ += from->image->file(from->file)->size;
  }
  auto is_script = [](const TreeFile* file) { return std::holds_alternative<std::string>(file->content); };
  std::stable_partition(order.begin(), order.end(), [&](auto* file) { return !is_script(file); });
  for (const TreeFile* file : order) {
    if (auto written = write_file(*file); !written) return written.error();
  }
  remove_what_is_not_needed();
  if (auto listed = write_list(after_); !listed) return listed.error();
  ::sync();  // the names, too
  return exported_;
}

}  // namespace

Result<Exported, Fault> write_tree(const exports::Tree& tree, const model::ServerSettings& server,
                                   const std::string& folder, bool force,
                                   const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  return TreeWriter(server, folder, progress).write(tree, force);
}

}  // namespace slipway::cli
