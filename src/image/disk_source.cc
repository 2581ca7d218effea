// SPDX-License-Identifier: MPL-2.0
#include "image/disk_source.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "image/fat.h"
#include "image/meter.h"

namespace slipway::image {
namespace {

constexpr std::size_t block = 1 << 20, hole = 64 << 10;
constexpr std::uint64_t most_unpacked = std::uint64_t{64} << 30;

struct ArchiveDeleter {
  void operator()(archive* a) const { archive_read_free(a); }
};
using ArchivePtr = std::unique_ptr<archive, ArchiveDeleter>;

Refusal refusal(Rule rule, std::string what, std::string_view remedy) {
  return {Finding{rule, Weight::error, {std::move(what), std::string(remedy)}}};
}

Refusal cannot_open(const std::string& path) {
  return refusal(Rule::source_unreadable, fmt::format("cannot open {}: {}", path, std::strerror(errno)),
                 "run the command as a user who may read it");
}

class FileDisk final : public Disk {
 public:
  FileDisk(UniqueFd fd, std::uint64_t size) : fd_(std::move(fd)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  bool read(std::uint64_t at, std::span<std::uint8_t> into) override {
    if (at > size_ || into.size() > size_ - at) return false;
    while (!into.empty()) {
      ssize_t got = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      into = into.subspan(static_cast<std::size_t>(got));
      at += static_cast<std::uint64_t>(got);
    }
    return true;
  }

 private:
  UniqueFd fd_;
  std::uint64_t size_;
};

/// What is behind gzip, xz, bzip2 or zstd, as one stream; null: nothing is.
ArchivePtr open_packed(const std::string& path) {
  ArchivePtr reader(archive_read_new());
  archive_read_support_format_raw(reader.get());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_entry* entry = nullptr;
  bool good = archive_read_open_filename(reader.get(), path.c_str(), block) == ARCHIVE_OK &&
              archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK &&
              archive_filter_code(reader.get(), 0) != ARCHIVE_FILTER_NONE;
  return good ? std::move(reader) : nullptr;
}

Bytes head_of(archive* packed, std::size_t length = 512) {
  Bytes head(length);
  la_ssize_t got = archive_read_data(packed, head.data(), head.size());
  head.resize(static_cast<std::size_t>(std::max<la_ssize_t>(got, 0)));
  return head;
}

Bytes head_of(const std::string& path) {
  Bytes head(512);
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  ssize_t got = fd ? ::read(fd.get(), head.data(), head.size()) : 0;
  head.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return head;
}

/// An ISO for USB sticks has a boot sector, too.
bool is_iso(const std::string& path) {
  constexpr off_t descriptor = 16 * 2048;
  char id[6] = "";
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return fd && ::pread(fd.get(), id, sizeof id, descriptor) == sizeof id &&
         std::memcmp(id + 1, "CD001", 5) == 0;
}

std::string scratch_folder() {
  const char* set = std::getenv("TMPDIR");
  return set && *set ? set : "/var/tmp";
}

Refusal scratch_failed(const std::string& folder) {
  if (errno == ENOSPC || errno == EDQUOT)
    return refusal(Rule::disk_full, fmt::format("the disk became full while unpacking into {}", folder),
                   "nothing was changed; make room, or set TMPDIR to a folder on a larger disk");
  return refusal(Rule::store_failed, fmt::format("cannot write in {}: {}", folder, std::strerror(errno)),
                 "set TMPDIR to a folder that the command may write to");
}

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// At its place, and what is empty as a hole.
bool write_with_holes(int fd, ByteView bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    ByteView piece = bytes.first(std::min(hole, bytes.size()));
    while (!piece.empty() && !is_zero(piece)) {
      ssize_t written = ::pwrite(fd, piece.data(), piece.size(), static_cast<off_t>(at));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      at += static_cast<std::uint64_t>(written);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
      piece = piece.subspan(static_cast<std::size_t>(written));
    }
    at += piece.size();
    bytes = bytes.subspan(piece.size());
  }
  return true;
}

Result<std::unique_ptr<Disk>, Refusal> unpack(const std::string& path, Meter* meter) {
  ArchivePtr packed = open_packed(path);
  if (!packed) return cannot_open(path);
  std::string folder = scratch_folder();
  std::string name = folder + "/slipway-XXXXXX";
  UniqueFd fd(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd) return scratch_failed(folder);
  ::unlink(name.c_str());  // it goes with us, whatever becomes of us
  struct stat status {};
  if (meter)
    meter->begin(Phase::unpacking,
                 ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0);
  Bytes buffer(block);
  for (std::uint64_t size = 0;;) {
    la_ssize_t got = archive_read_data(packed.get(), buffer.data(), buffer.size());
    if (got < 0)
      return refusal(Rule::source_cut_short,
                     fmt::format("{} cannot be unpacked: {}", path, archive_error_string(packed.get())),
                     "download it again and compare its checksum with the publisher's");
    if (got == 0) {
      if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return scratch_failed(folder);
      return std::unique_ptr<Disk>(std::make_unique<FileDisk>(std::move(fd), size));
    }
    ByteView bytes = ByteView(buffer).first(static_cast<std::size_t>(got));
    if (!write_with_holes(fd.get(), bytes, size)) return scratch_failed(folder);
    size += bytes.size();
    if (size > most_unpacked)
      return refusal(Rule::too_large, fmt::format("{} unpacks to more than {} bytes", path, most_unpacked),
                     "import what boots alone: a platform's .tgz");
    if (meter && meter->stopped()) return Meter::interrupted();
    if (meter) meter->reached(static_cast<std::uint64_t>(archive_filter_bytes(packed.get(), -1)));
  }
}

class DiskSource final : public Source {
 public:
  DiskSource(SourceName name, FatVolume volume, std::vector<FatFile> files)
      : name_(std::move(name)), volume_(std::move(volume)), files_(std::move(files)) {}

  Result<std::optional<Entry>, Refusal> next() override {
    if (at_ == files_.size()) return std::optional<Entry>{};
    const FatFile& file = files_[at_++];
    auto path = clean_name(file.path, name_);
    if (!path) return path.error();
    left_ = file.folder ? 0 : file.size;
    cluster_ = file.cluster;
    if (left_ > 0 && cluster_ < 2) return broken({"a file has a size and no bytes", "get the image again"});
    return std::optional(Entry{*path, file.folder ? EntryType::folder : EntryType::file, file.size});
  }

  /// As many clusters as lie in a row.
  Result<ByteView, Refusal> read() override {
    if (left_ == 0) return ByteView();
    const std::size_t one = volume_.shape().cluster_bytes;
    std::uint32_t first = cluster_, count = 1;
    while (std::size_t{count} * one < left_) {
      auto following = volume_.next(cluster_);
      if (!following) return broken(following.error());
      if (!*following)
        return broken({"a file ends before its size", "get the image again from its publisher"});
      bool in_a_row = **following == cluster_ + 1 && (count + 1) * one <= block;
      cluster_ = **following;
      if (!in_a_row) break;
      ++count;
    }
    buffer_.resize(std::min<std::size_t>(count * one, left_));
    if (auto got = volume_.read(first, buffer_); !got) return broken(got.error());
    left_ -= static_cast<std::uint32_t>(buffer_.size());
    return ByteView(buffer_);
  }

  std::string format() const override { return fmt::format("disk image (FAT{})", volume_.shape().bits); }

 private:
  Refusal broken(const Fault& fault) const {
    return refusal(Rule::source_unreadable, fmt::format("{} cannot be read: {}", name_.path, fault.what),
                   fault.remedy);
  }

  SourceName name_;
  FatVolume volume_;
  std::vector<FatFile> files_;
  std::size_t at_ = 0;
  std::uint32_t left_ = 0, cluster_ = 0;
  Bytes buffer_;
};

class WholeDiskSource final : public Source {
 public:
  WholeDiskSource(SourceName name, Disk& disk) : name_(std::move(name)), disk_(disk) {}

  Result<std::optional<Entry>, Refusal> next() override {
    if (given_) return std::optional<Entry>{};
    given_ = true;
    auto path = clean_name(name_.name, name_);
    if (!path) return path.error();
    return std::optional(Entry{*path, EntryType::file, disk_.size()});
  }

  Result<ByteView, Refusal> read() override {
    buffer_.resize(std::min<std::uint64_t>(block, disk_.size() - at_));
    if (!disk_.read(at_, buffer_))
      return refusal(Rule::source_unreadable, fmt::format("cannot read {} at byte {}", name_.path, at_),
                     "the disk may be failing: get the file again");
    at_ += buffer_.size();
    return ByteView(buffer_);
  }

  std::string format() const override { return "disk image"; }
  std::uint64_t length() const override { return disk_.size(); }

 private:
  SourceName name_;
  Disk& disk_;
  std::uint64_t at_ = 0;
  bool given_ = false;
  Bytes buffer_;
};

}  // namespace

DiskImage::DiskImage(std::string path, bool packed) : path_(std::move(path)), packed_(packed) {}
DiskImage::~DiskImage() = default;

Result<Disk*, Refusal> DiskImage::open(Meter* meter) {
  if (disk_) return disk_.get();
  if (packed_) {
    auto unpacked = unpack(path_, meter);
    if (!unpacked) return unpacked.error();
    disk_ = std::move(*unpacked);
    return disk_.get();
  }
  UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return cannot_open(path_);
  disk_ = std::make_unique<FileDisk>(std::move(fd), static_cast<std::uint64_t>(status.st_size));
  return disk_.get();
}

std::string unpacked_name(std::string name) {
  for (std::string_view end : {".gz", ".xz", ".bz2", ".zst"}) {
    if (name.ends_with(end) && name.size() > end.size()) name.resize(name.size() - end.size());
  }
  return name;
}

Bytes packed_head(const std::string& path, std::size_t length) {
  ArchivePtr packed = open_packed(path);
  return packed ? head_of(packed.get(), length) : Bytes{};
}

std::shared_ptr<DiskImage> disk_image(const std::string& path) {
  if (may_be_disk(head_of(path))) return is_iso(path) ? nullptr : std::make_shared<DiskImage>(path, false);
  ArchivePtr packed = open_packed(path);
  if (!packed || !may_be_disk(head_of(packed.get()))) return nullptr;
  return std::make_shared<DiskImage>(path, true);
}

Result<std::unique_ptr<Source>, Refusal> open_disk(const SourceName& name, Meter* meter) {
  auto disk = name.disk->open(meter);
  if (!disk) return disk.error();
  std::optional<FatVolume> best;
  std::uint64_t largest = 0;
  for (const Partition& partition : partitions_of(**disk)) {
    auto volume = FatVolume::open(**disk, partition);
    if (!volume || partition.size <= largest) continue;
    largest = partition.size;
    best = std::move(volume);
  }
  if (!best)
    return refusal(Rule::source_format,
                   fmt::format("{} is a disk image, and no partition of it is a FAT file system", name.path),
                   "import it as it is with --kind disk, or mount it and import its folder");
  auto files = best->list();
  if (!files)
    return refusal(Rule::source_unreadable,
                   fmt::format("{} cannot be read: {}", name.path, files.error().what), files.error().remedy);
  return std::unique_ptr<Source>(std::make_unique<DiskSource>(name, std::move(*best), std::move(*files)));
}

Result<std::unique_ptr<Source>, Refusal> open_whole_disk(const SourceName& name, Meter* meter) {
  auto disk = name.disk->open(meter);
  if (!disk) return disk.error();
  return std::unique_ptr<Source>(std::make_unique<WholeDiskSource>(name, **disk));
}

}  // namespace slipway::image
