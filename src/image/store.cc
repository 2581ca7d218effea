// SPDX-License-Identifier: MPL-2.0
#include "image/store.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <tuple>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/open_beneath.h"
#include "base/safe_path.h"
#include "image/manifest.h"
#include "image/staging.h"

namespace slipway::image {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_manifest = 32 << 20;
constexpr std::string_view manifest_name = "manifest.json", damage_mark = "damaged";
constexpr std::string_view again = "import the image again, which replaces it";

/// Sorted; empty when the directory is not there.
std::vector<std::string> ids_in(const std::string& images_dir, std::error_code& error) {
  std::vector<std::string> ids;
  for (fs::directory_iterator at(images_dir, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename();
    if (is_image_id(name)) ids.push_back(std::move(name));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Result<std::string, Fault> read_small_file(int folder, std::string_view name) {
  UniqueFd fd = open_beneath(folder, *SafePath::parse(name));
  if (!fd)
    return Fault{fmt::format("{} cannot be opened: {}", name, std::strerror(errno)), std::string(again)};
  std::string text;
  char buffer[65536];
  while (true) {
    ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0)
      return Fault{fmt::format("{} cannot be read: {}", name, std::strerror(errno)), std::string(again)};
    if (got == 0) return {boost::system::in_place_value, std::move(text)};  // a Fault is made of text, too
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > max_manifest) return Fault{fmt::format("{} is too large", name), std::string(again)};
  }
}

UniqueFd open_folder_of(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

Result<void, Fault> check_files(int image_folder, const model::Image& image) {
  UniqueFd files(::openat(image_folder, "files", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  for (const model::ImageFile& file : image.files) {
    UniqueFd fd = files ? open_beneath(files.get(), *SafePath::parse(file.path)) : UniqueFd();
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0)
      return Fault{fmt::format("{} cannot be opened: {}", file.path, std::strerror(errno)),
                   std::string(again)};
    if (static_cast<std::uint64_t>(status.st_size) != file.size)
      return Fault{fmt::format("{} has {} bytes instead of {}", file.path, status.st_size, file.size),
                   std::string(again)};
  }
  return {};
}

/// What it is meant to be, and why it is not to be used although that is known.
struct Loaded {
  model::Image image;
  std::optional<Fault> damage;
};

Result<Loaded, Fault> load(const std::string& images_dir, std::string_view id) {
  UniqueFd folder = open_folder_of(fmt::format("{}/{}", images_dir, id));
  if (!folder)
    return Fault{fmt::format("the image cannot be opened: {}", std::strerror(errno)), std::string(again)};
  auto text = read_small_file(folder.get(), manifest_name);
  if (!text) return text.error();
  auto image = parse_manifest(*text);
  if (!image) return image.error();
  if (image->id != id) return Fault{"the manifest is that of another image", std::string(again)};
  Loaded loaded{std::move(*image), std::nullopt};
  if (auto mark = read_small_file(folder.get(), damage_mark)) {
    loaded.damage = Fault{*mark, std::string(again)};
  } else if (auto whole = check_files(folder.get(), loaded.image); !whole) {
    loaded.damage = whole.error();
  }
  return loaded;
}

Refusal not_done(const std::string& what) {
  int error = errno;
  return {Finding{Rule::store_failed,
                  Weight::error,
                  {fmt::format("{}: {}", what, std::strerror(error)),
                   "run the command as root or as the owner of the store"}}};
}

Problem problem(const std::string& path, const Fault& fault) {
  return {{path, 0, 0}, fault.what, fault.remedy, Severity::error};
}

}  // namespace

Store::Store(std::string state_dir) : images_dir_(std::move(state_dir) + "/images") {}

Store::Listing Store::list() const {
  Listing listing;
  std::error_code error;
  std::vector<std::string> ids = ids_in(images_dir_, error);
  if (error && error != std::errc::no_such_file_or_directory)
    listing.problems.push_back(problem(images_dir_, {fmt::format("cannot be read: {}", error.message()),
                                                     "give the daemon's user the right to read it"}));
  for (const std::string& id : ids) {
    auto loaded = load(images_dir_, id);
    if (loaded && !loaded->damage) {
      listing.images.push_back(std::move(loaded->image));
      continue;
    }
    listing.problems.push_back(problem(images_dir_ + "/" + id, loaded ? *loaded->damage : loaded.error()));
    listing.broken.push_back(id);
    if (loaded) listing.damaged.push_back(std::move(loaded->image));
  }
  std::sort(listing.images.begin(), listing.images.end(),
            [](auto& a, auto& b) { return std::tie(a.version, a.id) < std::tie(b.version, b.id); });
  return listing;
}

Result<std::shared_ptr<const StoredFile>, Fault> Store::open_file(std::string_view image_id,
                                                                  std::string_view path) const {
  auto safe = SafePath::parse(path);
  if (!is_image_id(image_id) || !safe || safe->empty()) return Fault{"that is not a file of an image", ""};
  std::string key = fmt::format("{}/{}", image_id, safe->to_string());
  std::lock_guard lock(mutex_);
  if (auto found = open_.find(key); found != open_.end()) {
    if (auto file = found->second.lock()) return file;
  }
  UniqueFd folder = open_folder_of(fmt::format("{}/{}/files", images_dir_, image_id));
  UniqueFd fd = folder ? open_beneath(folder.get(), *safe) : UniqueFd();
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return Fault{fmt::format("cannot open {} of image {}: {}", safe->to_string(), image_id.substr(0, 12),
                             std::strerror(errno)),
                 "see 'slipway image list' for images that are broken"};
  auto file =
      std::make_shared<StoredFile>(StoredFile{std::move(fd), static_cast<std::uint64_t>(status.st_size)});
  std::erase_if(open_, [](auto& entry) { return entry.second.expired(); });
  open_[std::move(key)] = file;
  return std::shared_ptr<const StoredFile>(std::move(file));
}

bool Store::contains(std::string_view image_id) const {
  if (!is_image_id(image_id)) return false;
  auto loaded = load(images_dir_, image_id);
  return loaded && !loaded->damage;
}

bool Store::holds(std::string_view image_id) const {
  std::error_code ignored;
  return is_image_id(image_id) && fs::exists(fmt::format("{}/{}", images_dir_, image_id), ignored);
}

Result<void, Refusal> Store::remove(std::string_view image_id) {
  std::string from = fmt::format("{}/{}", images_dir_, image_id);
  std::error_code ignored;
  if (!holds(image_id))
    return Refusal({Rule::source_missing,
                    Weight::error,
                    {fmt::format("there is no image {}", image_id), "see 'slipway image list'"}});
  auto lock = StoreLock::take(images_dir_);
  if (!lock) return lock.error();
  // Aside first: nobody sees half an image, and a crash leaves what the next sweep deletes.
  std::string aside = staging_path(images_dir_);
  if (::rename(from.c_str(), aside.c_str()) != 0) return not_done(fmt::format("cannot remove {}", from));
  fs::remove_all(aside, ignored);
  return {};
}

Result<void, Refusal> Store::mark_damaged(std::string_view image_id, const Fault& why) {
  auto lock = StoreLock::take(images_dir_);
  if (!lock) return lock.error();
  std::string path = fmt::format("{}/{}/{}", images_dir_, image_id, damage_mark);
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  ssize_t length = static_cast<ssize_t>(why.what.size());
  bool written = fd && ::fchmod(fd.get(), 0644) == 0 &&
                 ::write(fd.get(), why.what.data(), why.what.size()) == length && ::fsync(fd.get()) == 0;
  if (written) return {};
  return not_done(fmt::format("cannot note in {} that it is damaged", path));
}

Result<void, Refusal> Store::unmark(std::string_view image_id) {
  auto lock = StoreLock::take(images_dir_);
  if (!lock) return lock.error();
  std::string path = fmt::format("{}/{}/{}", images_dir_, image_id, damage_mark);
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return not_done(fmt::format("cannot remove {}", path));
}

std::size_t Store::sweep() {
  auto lock = StoreLock::take(images_dir_);
  return lock ? sweep_staging(images_dir_) : 0;
}

}  // namespace slipway::image
