// SPDX-License-Identifier: MPL-2.0
// What the import of an image finds: one rule broken or worth knowing, said in a sentence that names the
// file and the remedy. Each rule has an id that never changes ("image.hash-mismatch"), for programs,
// tests and the manual. Values; nothing here touches a file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace slipway::image {

enum class Rule {
  // The source as a whole.
  source_missing,
  source_unreadable,
  source_format,
  source_cut_short,
  source_changed,
  iso_udf_only,
  iso_large_file,
  unsafe_name,
  duplicate_name,
  too_many_entries,
  too_large,
  // Where things lie in it.
  not_a_platform,
  layout_unknown,
  platform_stamp_folder,
  several_platforms,
  names_in_capitals,
  no_stamp,
  stamp_mismatch,
  link_not_followed,
  secret_left_out,
  others_left_out,
  // The kernel and its archive.
  unix_missing,
  unix_not_elf,
  unix_no_multiboot,
  archive_missing,
  archive_compressed,
  archive_cut_short,
  archive_no_superblock,
  archive_superblock,
  hash_missing,
  hash_malformed,
  hash_mismatch,
  // Other systems.
  file_not_found,
  module_words,
  kernel_wrong,
  kernel_bios_only,
  initrd_wrong,
  asks_argument,
  version_wrong,
  // The store.
  busy,
  no_space,
  disk_full,
  store_failed,
  interrupted,
  same_version,
  version_kept,
};

/// "image.hash-mismatch". Stable: never renamed, never reused.
std::string_view id(Rule rule);
/// Every rule there is, for the manual and the tests.
std::span<const Rule> all_rules();

enum class Weight { note, warning, error };
std::string_view to_string(Weight weight);

struct Finding {
  Rule rule{};
  Weight weight = Weight::error;
  Fault fault;

  std::string_view id() const { return image::id(rule); }
  std::string sentence() const { return fault.sentence(); }
  friend bool operator==(const Finding&, const Finding&) = default;
};
using Findings = std::vector<Finding>;

bool has_errors(const Findings& findings);

/// Why something was not done: at least one finding is an error, the first of them is the reason.
struct Refusal {
  Findings findings;

  Refusal() = default;  // asked for by Result; never handed out
  Refusal(Finding finding) : findings{std::move(finding)} {}
  explicit Refusal(Findings all) : findings(std::move(all)) {}
  const Finding& reason() const;
  std::string_view id() const { return reason().id(); }
  std::string sentence() const { return reason().sentence(); }
};

}  // namespace slipway::image
