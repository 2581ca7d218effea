// SPDX-License-Identifier: MPL-2.0
#include "image/smartos.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "image/announced.h"
#include "image/stamp.h"
#include "image/text.h"
#include "image/ufs.h"
#include "image/unix_header.h"

namespace slipway::image {
namespace {

static_assert(kept_head >= unix_head && kept_head >= ufs_head);

constexpr std::string_view again = "get the image again from its publisher";
constexpr std::size_t sha1_digits = 40;
/// The archives that the SmartOS build makes: normal and debug.
constexpr std::array<std::uint64_t, 2> usual_sizes{358'400'000, 361'472'000};

const FileFacts* find(std::span<const FileFacts> facts, std::string_view stored_as) {
  auto found = std::find_if(facts.begin(), facts.end(),
                            [&](const FileFacts& file) { return file.stored_as == stored_as; });
  return found == facts.end() ? nullptr : &*found;
}

void add(Findings& findings, Rule rule, Weight weight, std::string what, std::string_view remedy) {
  findings.push_back({rule, weight, {std::move(what), std::string(remedy)}});
}

std::string_view first_line(ByteView head) {
  std::string_view text = as_text(head);
  return text.substr(0, std::min<std::size_t>(text.find_first_of("\r\n"), 40));
}

void check_unix(const FileFacts& file, Findings& findings) {
  UnixHeader header = parse_unix(file.head);
  if (!header.elf64_x86_64) {
    std::string why = !file.head.empty() && is_text(file.head)
                          ? fmt::format("it is text and begins with \"{}\"", first_line(file.head))
                      : file.size == 0 ? std::string("it is empty")
                      : header.elf     ? std::string("it is an ELF program for another machine")
                                       : std::string("it is not an ELF program");
    add(findings, Rule::unix_not_elf, Weight::error,
        fmt::format("{} is not a 64-bit x86 kernel: {}", file.path, why), again);
    return;
  }
  if (!header.multiboot) {
    std::string_view why =
        header.multiboot_bad_checksum ? "the one there has a wrong checksum" : "none is there";
    add(findings, Rule::unix_no_multiboot, Weight::error,
        fmt::format("{} has no multiboot header in its first 8,192 bytes ({}), so no loader can start it",
                    file.path, why),
        again);
  }
  if (auto why = announces_more(file.path, file.size, announced_elf(file.head)))
    add(findings, Rule::source_cut_short, Weight::error, *why, again);
}

std::string_view compression_of(ByteView head) {
  auto begins = [&](std::initializer_list<std::uint8_t> magic) {
    return head.size() >= magic.size() && std::equal(magic.begin(), magic.end(), head.begin());
  };
  if (begins({0x1f, 0x8b})) return "gzip";
  if (begins({0xfd, '7', 'z', 'X', 'Z', 0})) return "xz";
  if (begins({'B', 'Z', 'h'})) return "bzip2";
  if (begins({0x28, 0xb5, 0x2f, 0xfd})) return "zstd";
  return {};
}

struct PublishedHash {
  std::string digits;  ///< empty: absent or malformed
  bool present = false;
};

/// The kernel reads the first 40 characters and ignores what is shorter (illumos dboot), so blanks before
/// the digits are as wrong as too few of them.
PublishedHash published_hash(std::span<const FileFacts> facts, Findings& findings) {
  const FileFacts* file = find(facts, stored(hash_path));
  if (!file) return {};
  std::string_view text = as_text(file->head);
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  if (text.size() == sha1_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos)
    return {std::string(text), true};
  add(findings, Rule::hash_malformed, Weight::error,
      fmt::format("{} is not a SHA-1: it has to be 40 lower-case hexadecimal digits and nothing else",
                  file->path),
      again);
  return {{}, true};
}

bool is_usual(std::uint64_t size) {
  return std::find(usual_sizes.begin(), usual_sizes.end(), size) != usual_sizes.end();
}

/// Why the archive cannot be whole; empty when nothing says so.
std::string cut_short(const FileFacts& file, const std::optional<UfsSuperblock>& ufs, bool differs) {
  if (file.size == 0) return "it is empty";
  if (ufs && ufs->size > file.size)
    return fmt::format("it has {} of the {} bytes that its file system has", file.size, ufs->size);
  if (file.size % 512 != 0) return fmt::format("its {} bytes are not a multiple of 512", file.size);
  if (!ufs && differs && !is_usual(file.size) && file.size < usual_sizes[0])
    return fmt::format(
        "it has {} bytes where a whole one has {} or {}, and its SHA-1 is not the one in "
        "boot_archive.hash",
        file.size, usual_sizes[0], usual_sizes[1]);
  return {};
}

void check_archive(const FileFacts& file, const PublishedHash& hash, Findings& findings) {
  if (auto compression = compression_of(file.head); !compression.empty()) {
    add(findings, Rule::archive_compressed, Weight::error,
        fmt::format("{} is compressed with {}, and no loader decompresses it", file.path, compression),
        fmt::format(
            "decompress it, keep its name, and import again (the hash beside it has to be that of the "
            "decompressed file)"));
    return;
  }
  auto ufs = parse_ufs(file.head);
  bool matches = file.digests.sha1 == hash.digits;
  if (std::string why = cut_short(file, ufs, !hash.digits.empty() && !matches); !why.empty()) {
    // With the publisher's own hash right, a superblock that claims more is odd but no reason to refuse.
    bool odd_only = matches && ufs && ufs->size > file.size;
    if (odd_only)
      add(findings, Rule::archive_superblock, Weight::warning,
          fmt::format("{}: {}, yet its SHA-1 is right", file.path, why), "tell its publisher");
    else
      add(findings, Rule::archive_cut_short, Weight::error,
          fmt::format("{} is cut short: {}", file.path, why), again);
    return;
  }
  if (!hash.digits.empty() && !matches) {
    add(findings, Rule::hash_mismatch, Weight::error,
        fmt::format("{} has the SHA-1 {}, but {}.hash says {}: the kernel would stop with \"hash mismatch!\"",
                    file.path, file.digests.sha1, file.path, hash.digits),
        again);
    return;
  }
  if (!ufs)
    add(findings, Rule::archive_no_superblock, Weight::warning,
        fmt::format("{} has no UFS superblock where illumos images have one", file.path),
        "nothing to do if it boots");
}

void check_archive_and_hash(const Layout& layout, std::span<const FileFacts> facts, Verdict& verdict) {
  PublishedHash hash = published_hash(facts, verdict.findings);
  const FileFacts* archive = find(facts, stored(archive_path));
  if (!archive) {
    add(verdict.findings, Rule::archive_missing, Weight::error,
        fmt::format("{} is missing", layout.source_path(archive_path)), again);
    return;
  }
  check_archive(*archive, hash, verdict.findings);
  if (hash.present) return;
  verdict.made.push_back({stored(hash_path), archive->digests.sha1 + "\n"});
  add(verdict.findings, Rule::hash_missing, Weight::warning,
      fmt::format("{} is missing, so nothing proves that the archive is the publisher's; it was made from "
                  "the archive",
                  layout.source_path(hash_path)),
      "compare its SHA-1 with the publisher's");
}

/// Names first, then what the files say; .gitstatus only when nothing else does.
std::vector<StampClaim> all_claims(const Layout& layout, std::span<const FileFacts> facts) {
  std::vector<StampClaim> claims = layout.claims;
  auto from_text = [&](const FileFacts& file) {
    if (auto stamp = stamp_in(as_text(file.head))) claims.push_back({file.path, *stamp});
  };
  for (const FileFacts& file : facts) {
    if (layout.tells_version(file.path)) from_text(file);
  }
  const FileFacts* gitstatus = find(facts, stored(gitstatus_path));
  if (claims.empty() && gitstatus) from_text(*gitstatus);
  return claims;
}

void check_stamp(const Layout& layout, std::span<const FileFacts> facts, Verdict& verdict) {
  std::vector<StampClaim> claims = all_claims(layout, facts);
  if (claims.empty()) {
    add(verdict.findings, Rule::no_stamp, Weight::error,
        fmt::format("nothing says which platform this is: neither a name nor {} holds a STAMP like "
                    "20240102T030405Z",
                    layout.source_path(version_path)),
        "name the file platform-STAMP.tgz or the folder STAMP, as its publisher did");
    return;
  }
  auto other = std::find_if(claims.begin(), claims.end(),
                            [&](const StampClaim& claim) { return claim.stamp != claims[0].stamp; });
  if (other != claims.end()) {
    add(verdict.findings, Rule::stamp_mismatch, Weight::error,
        fmt::format("{} says {}, but {} says {}", claims[0].where, claims[0].stamp, other->where,
                    other->stamp),
        "rename it to what it is, or get the image again from its publisher");
    return;
  }
  verdict.version = claims[0].stamp;
}

}  // namespace

Verdict verify_smartos(const Layout& layout, std::span<const FileFacts> facts) {
  Verdict verdict;
  if (const FileFacts* kernel = find(facts, stored(unix_path)))
    check_unix(*kernel, verdict.findings);
  else
    add(verdict.findings, Rule::unix_missing, Weight::error,
        fmt::format("{} is missing", layout.source_path(unix_path)), again);
  check_archive_and_hash(layout, facts, verdict);
  check_stamp(layout, facts, verdict);
  return verdict;
}

}  // namespace slipway::image
