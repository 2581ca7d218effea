// SPDX-License-Identifier: MPL-2.0
#include "image/archive_source.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/unique_fd.h"

namespace slipway::image {
namespace {

constexpr std::size_t block = 1 << 20;
constexpr std::uint64_t iso_file_limit = std::uint64_t{4} << 30;
constexpr std::string_view formats =
    "give a tar or zip archive, an ISO, a disk image, a folder, a kernel or an EFI program";

struct ArchiveDeleter {
  void operator()(archive* a) const { archive_read_free(a); }
};
using ArchivePtr = std::unique_ptr<archive, ArchiveDeleter>;

Refusal refusal(Rule rule, std::string what, std::string_view remedy) {
  return {Finding{rule, Weight::error, {std::move(what), std::string(remedy)}}};
}

bool contains_word(std::string_view text, std::string_view word) {
  auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

EntryType type_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) || archive_entry_symlink(entry)) return EntryType::link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return EntryType::file;
    case AE_IFDIR:
      return EntryType::folder;
    case AE_IFLNK:
      return EntryType::link;
    default:
      return EntryType::other;
  }
}

class ArchiveSource final : public Source {
 public:
  ArchiveSource(SourceName name, UniqueFd fd, std::uint64_t length)
      : name_(std::move(name)),
        fd_(std::move(fd)),
        length_(length),
        archive_(archive_read_new()),
        buffer_(block) {
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_iso9660(archive_.get());
    archive_read_support_format_zip(archive_.get());
    archive_read_support_filter_gzip(archive_.get());
    archive_read_support_filter_bzip2(archive_.get());
    archive_read_support_filter_xz(archive_.get());
    archive_read_support_filter_zstd(archive_.get());
  }

  bool open() { return archive_read_open_fd(archive_.get(), fd_.get(), block) == ARCHIVE_OK; }

  Result<std::optional<Entry>, Refusal> next() override {
    archive_entry* entry = nullptr;
    int status = archive_read_next_header(archive_.get(), &entry);
    if (status == ARCHIVE_EOF) return std::optional<Entry>{};
    // A warning is a name or an attribute that could not be converted: names are judged below.
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return failure();
    const char* raw = archive_entry_pathname(entry);
    if (!raw) raw = archive_entry_pathname_utf8(entry);
    auto path = clean_name(raw ? std::string_view(raw) : std::string_view("\x7f"), name_);
    if (!path) return path.error();
    Entry found{*path, type_of(entry),
                static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0))};
    if (is_iso() && found.size >= iso_file_limit)
      return refusal(
          Rule::iso_large_file,
          fmt::format("{} holds {}, a file of {} bytes: files of 4 GiB and more inside an ISO cannot be read",
                      name_.path, found.path, found.size),
          "import it as a .tgz or a folder");
    return std::optional(std::move(found));
  }

  Result<ByteView, Refusal> read() override {
    la_ssize_t got = archive_read_data(archive_.get(), buffer_.data(), buffer_.size());
    if (got < 0) return failure();
    return ByteView(buffer_).first(static_cast<std::size_t>(got));
  }

  std::string format() const override {
    if (is_iso()) return "ISO 9660";
    if (base_format() == ARCHIVE_FORMAT_ZIP) return "zip archive";
    std::string_view filter = archive_filter_name(archive_.get(), 0);
    return filter == "none" ? "tar archive" : fmt::format("tar archive ({})", filter);
  }
  std::uint64_t position() const override {
    return static_cast<std::uint64_t>(std::max<la_int64_t>(archive_filter_bytes(archive_.get(), -1), 0));
  }
  std::uint64_t length() const override { return length_; }

 private:
  int base_format() const { return archive_format(archive_.get()) & ARCHIVE_FORMAT_BASE_MASK; }
  bool is_iso() const { return base_format() == ARCHIVE_FORMAT_ISO9660; }

  Refusal failure() {
    const char* said = archive_error_string(archive_.get());
    std::string_view text = said ? said : "no reason given";
    // "No progress" is what the xz reader says at an early end.
    if (contains_word(text, "truncated") || contains_word(text, "no progress is possible"))
      return refusal(
          Rule::source_cut_short,
          fmt::format("{} is cut short: it ends in the middle after {} bytes", name_.path, length_),
          "download it again and compare its size and checksum with the publisher's");
    if (contains_word(text, "unrecognized archive format"))
      return refusal(Rule::source_format, fmt::format("{} is not an archive that Slipway reads", name_.path),
                     formats);
    return refusal(Rule::source_unreadable, fmt::format("{} cannot be read: {}", name_.path, text),
                   "download it again and compare its checksum with the publisher's");
  }

  SourceName name_;
  UniqueFd fd_;
  std::uint64_t length_;
  ArchivePtr archive_;
  Bytes buffer_;
};

/// Volume recognition (ECMA-167 2/8, 3/9): NSR descriptors without an ISO 9660 one.
bool is_udf_only(int fd) {
  constexpr std::size_t sector = 2048, first = 16, last = 32;
  bool udf = false;
  for (std::size_t at = first; at < last; ++at) {
    std::array<char, 6> start;
    if (::pread(fd, start.data(), start.size(), static_cast<off_t>(at * sector)) != std::ssize(start)) break;
    std::string_view id(start.data() + 1, 5);
    if (id == "CD001") return false;
    udf = udf || id == "NSR02" || id == "NSR03";
  }
  return udf;
}

}  // namespace

Result<std::unique_ptr<Source>, Refusal> open_archive(const SourceName& name) {
  UniqueFd fd(::open(name.path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return refusal(Rule::source_unreadable,
                   fmt::format("cannot open {}: {}", name.path, std::strerror(errno)),
                   "run the command as a user who may read it");
  if (status.st_size == 0)
    return refusal(Rule::source_cut_short, fmt::format("{} is empty", name.path), "download it again");
  if (is_udf_only(fd.get()))
    return refusal(Rule::iso_udf_only, fmt::format("{} is an ISO with a UDF file system only", name.path),
                   "import the platform's .tgz, or mount the ISO and import its folder");
  auto source =
      std::make_unique<ArchiveSource>(name, std::move(fd), static_cast<std::uint64_t>(status.st_size));
  if (!source->open())
    return refusal(Rule::source_format, fmt::format("{} is not an archive that Slipway reads", name.path),
                   formats);
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace slipway::image
