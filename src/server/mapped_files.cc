// SPDX-License-Identifier: MPL-2.0
#include "server/mapped_files.h"

#include <sys/mman.h>
#include <unistd.h>

namespace slipway::server {

class MappedFiles::Mapping {
 public:
  static std::shared_ptr<const Mapping> map(const http::OpenFile& file) {
    void* at = ::mmap(nullptr, file.size, PROT_READ, MAP_SHARED, file.fd.get(), 0);
    if (at == MAP_FAILED) return nullptr;
    auto mapping = std::make_shared<Mapping>();
    mapping->mapped_ = {static_cast<const std::uint8_t*>(at), file.size};
    return mapping;
  }

  static std::shared_ptr<const Mapping> copy(const http::OpenFile& file) {
    auto mapping = std::make_shared<Mapping>();
    mapping->copied_.resize(file.size);
    std::size_t done = 0;
    while (done < file.size) {
      auto got =
          ::pread(file.fd.get(), mapping->copied_.data() + done, file.size - done, static_cast<off_t>(done));
      if (got <= 0) return nullptr;
      done += static_cast<std::size_t>(got);
    }
    return mapping;
  }

  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (!mapped_.empty()) ::munmap(const_cast<std::uint8_t*>(mapped_.data()), mapped_.size());
  }

  ByteView bytes() const { return mapped_.empty() ? ByteView(copied_) : mapped_; }

 private:
  ByteView mapped_;
  Bytes copied_;
};

std::optional<InMemory> MappedFiles::get(const std::shared_ptr<const http::OpenFile>& file, bool immutable) {
  if (file->size == 0) return InMemory{};
  if (!immutable && file->size > max_copied) return std::nullopt;
  std::erase_if(mappings_, [](const auto& entry) { return entry.second.expired(); });
  auto& known = mappings_[file->etag];
  auto mapping = known.lock();
  if (!mapping) {
    mapping = immutable ? Mapping::map(*file) : Mapping::copy(*file);
    if (!mapping) return std::nullopt;
    known = mapping;
  }
  return InMemory{mapping->bytes(), mapping};
}

}  // namespace slipway::server
