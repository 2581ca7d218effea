// SPDX-License-Identifier: MPL-2.0
#include "image/file_source.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/unique_fd.h"
#include "image/kernels.h"
#include "image/unix_header.h"

namespace slipway::image {
namespace {

constexpr std::size_t block = 1 << 20;

class FileSource final : public Source {
 public:
  FileSource(SourceName name, UniqueFd fd, std::uint64_t length)
      : name_(std::move(name)), fd_(std::move(fd)), length_(length), buffer_(block) {}

  Result<std::optional<Entry>, Refusal> next() override {
    if (given_) return std::optional<Entry>{};
    given_ = true;
    auto path = clean_name(name_.name, name_);
    if (!path) return path.error();
    return std::optional(Entry{*path, EntryType::file, length_});
  }

  Result<ByteView, Refusal> read() override {
    ssize_t got = ::read(fd_.get(), buffer_.data(), buffer_.size());
    if (got < 0)
      return Refusal({Rule::source_unreadable,
                      Weight::error,
                      {fmt::format("cannot read {}: {}", name_.path, std::strerror(errno)),
                       "the disk may be failing: get the file again"}});
    return ByteView(buffer_).first(static_cast<std::size_t>(got));
  }

  std::string format() const override { return "file"; }
  std::uint64_t length() const override { return length_; }

 private:
  SourceName name_;
  UniqueFd fd_;
  std::uint64_t length_;
  bool given_ = false;
  Bytes buffer_;
};

}  // namespace

std::optional<model::ImageKind> kind_of_file(ByteView head, std::string_view name) {
  if (is_efi_program(head) && name.ends_with(".efi")) return model::ImageKind::efi;
  if (is_linux_x86(head)) return model::ImageKind::linux_kernel;
  if (is_efi_program(head)) return model::ImageKind::efi;
  UnixHeader header = parse_unix(head);
  if (header.elf && header.multiboot) return model::ImageKind::multiboot;
  return std::nullopt;
}

Result<std::unique_ptr<Source>, Refusal> open_file(const SourceName& name) {
  UniqueFd fd(::open(name.path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return Refusal({Rule::source_unreadable,
                    Weight::error,
                    {fmt::format("cannot open {}: {}", name.path, std::strerror(errno)),
                     "run the command as a user who may read it"}});
  return std::unique_ptr<Source>(
      std::make_unique<FileSource>(name, std::move(fd), static_cast<std::uint64_t>(status.st_size)));
}

}  // namespace slipway::image
