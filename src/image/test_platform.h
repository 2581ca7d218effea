// SPDX-License-Identifier: MPL-2.0
// For tests only: small platforms made in code, as files, folders and archives.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "image/digest.h"

namespace slipway::image::test {

namespace fs = std::filesystem;

inline const std::string stamp = "20240102T030405Z";

class TempDir {
 public:
  TempDir() {
    std::string pattern = (fs::temp_directory_path() / "slipway-image-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempDir() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Path to content.
using Tree = std::map<std::string, std::string>;

inline void put32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

/// The least that passes for a kernel: an ELF64 x86-64 header, multiboot 1 at 4096, multiboot 2 at 8192.
inline std::string make_unix() {
  std::string bytes(20000, '\0');
  bytes.replace(0, 6,
                "\x7f"
                "ELF\x02\x01");
  bytes[18] = 62;
  put32(bytes, 4096, 0x1BADB002);
  put32(bytes, 4100, 0x00010003);
  put32(bytes, 4104, 0u - 0x1BADB002 - 0x00010003);
  put32(bytes, 8192, 0xE85250D6);
  put32(bytes, 8196, 0);
  put32(bytes, 8200, 16);
  put32(bytes, 8204, 0u - 0xE85250D6 - 16);
  return bytes;
}

/// A boot archive with a superblock that claims exactly `size`, a multiple of 1,024 from 16,384 on.
/// As much of a Linux kernel for x86 as it takes to be known for one.
inline std::string make_linux() {
  std::string bytes(4096, '\0');
  bytes.replace(0x1fe, 2, "\x55\xaa");
  bytes.replace(0x202, 4, "HdrS");
  return bytes;
}

inline std::string make_archive(std::size_t size = 65536, char fill = 'a') {
  std::string bytes(size, fill);
  put32(bytes, 8192 + 36, static_cast<std::uint32_t>(size / 1024));
  put32(bytes, 8192 + 52, 1024);
  put32(bytes, 8192 + 1372, 0x00011954);
  return bytes;
}

inline std::string sha1(const std::string& text) {
  return digests_of(as_bytes(text)).sha1;
}

/// A good platform whose i86pc lies in `root`; empty: at the top.
inline Tree platform(std::string root, const std::string& version = stamp,
                     const std::string& archive = make_archive()) {
  if (!root.empty()) root += "/";
  return {{root + "i86pc/kernel/amd64/unix", make_unix()},
          {root + "i86pc/amd64/boot_archive", archive},
          {root + "i86pc/amd64/boot_archive.hash", sha1(archive) + "\n"},
          {root + "i86pc/amd64/boot_archive.manifest", "f etc/passwd\n"},
          {root + "i86pc/amd64/boot_archive.gitstatus", "[]\n"},
          {root + "etc/version/platform", version + "\n"},
          {root + "root.password", "secret123\n"}};
}

inline void write_file(const std::string& path, const std::string& content) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

/// As a disk does that fails without a word.
inline void flip_byte(const std::string& path, std::streamoff at) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  char byte = 0;
  file.seekg(at).get(byte);
  file.seekp(at).put(static_cast<char>(byte ^ 1));
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string write_folder(const std::string& path, const Tree& tree) {
  for (auto& [name, content] : tree) write_file(path + "/" + name, content);
  return path;
}

/// What is not a plain file: a link when `target` is not empty.
struct Special {
  std::string path, symlink, hardlink;
};

enum class Packing { tgz, tar, txz, tzst, iso };

inline std::string write_archive(const std::string& path, const Tree& tree, Packing packing = Packing::tgz,
                                 const std::vector<Special>& specials = {}, const char* options = nullptr) {
  fs::create_directories(fs::path(path).parent_path());
  archive* out = archive_write_new();
  if (packing == Packing::iso)
    archive_write_set_format_iso9660(out);
  else
    archive_write_set_format_pax_restricted(out);
  if (packing == Packing::tgz) archive_write_add_filter_gzip(out);
  if (packing == Packing::txz) archive_write_add_filter_xz(out);
  if (packing == Packing::tzst) archive_write_add_filter_zstd(out);
  EXPECT_EQ(archive_write_set_options(out, options), ARCHIVE_OK) << archive_error_string(out);
  EXPECT_EQ(archive_write_open_filename(out, path.c_str()), ARCHIVE_OK) << archive_error_string(out);
  archive_entry* entry = archive_entry_new();
  for (auto& [name, content] : tree) {
    archive_entry_clear(entry);
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    EXPECT_EQ(archive_write_header(out, entry), ARCHIVE_OK) << archive_error_string(out);
    EXPECT_EQ(archive_write_data(out, content.data(), content.size()), std::ssize(content));
  }
  for (const Special& special : specials) {
    archive_entry_clear(entry);
    archive_entry_set_pathname(entry, special.path.c_str());
    archive_entry_set_filetype(entry, special.symlink.empty() ? AE_IFREG : AE_IFLNK);
    if (special.symlink.empty())
      archive_entry_set_hardlink(entry, special.hardlink.c_str());
    else
      archive_entry_set_symlink(entry, special.symlink.c_str());
    EXPECT_EQ(archive_write_header(out, entry), ARCHIVE_OK) << archive_error_string(out);
  }
  archive_entry_free(entry);
  EXPECT_EQ(archive_write_free(out), ARCHIVE_OK);
  return path;
}

/// The publisher's file for `version`.
inline std::string write_platform_tgz(const TempDir& dir, const std::string& version = stamp,
                                      const std::string& archive = make_archive()) {
  return write_archive(dir / fmt::format("platform-{}.tgz", version),
                       platform("platform-" + version, version, archive));
}

}  // namespace slipway::image::test
