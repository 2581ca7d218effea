// SPDX-License-Identifier: MPL-2.0
#include "image/finding.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace slipway::image {
namespace {

struct Named {
  Rule rule;
  std::string_view id;
};

constexpr std::array named{
    Named{Rule::source_missing, "image.source-missing"},
    Named{Rule::source_unreadable, "image.source-unreadable"},
    Named{Rule::source_format, "image.source-format"},
    Named{Rule::source_cut_short, "image.source-cut-short"},
    Named{Rule::source_changed, "image.source-changed"},
    Named{Rule::iso_udf_only, "image.iso-udf-only"},
    Named{Rule::iso_large_file, "image.iso-large-file"},
    Named{Rule::unsafe_name, "image.unsafe-name"},
    Named{Rule::duplicate_name, "image.duplicate-name"},
    Named{Rule::too_many_entries, "image.too-many-entries"},
    Named{Rule::too_large, "image.too-large"},
    Named{Rule::not_a_platform, "image.not-a-platform"},
    Named{Rule::layout_unknown, "image.layout-unknown"},
    Named{Rule::platform_stamp_folder, "image.platform-stamp-folder"},
    Named{Rule::several_platforms, "image.several-platforms"},
    Named{Rule::names_in_capitals, "image.names-in-capitals"},
    Named{Rule::no_stamp, "image.no-stamp"},
    Named{Rule::stamp_mismatch, "image.stamp-mismatch"},
    Named{Rule::link_not_followed, "image.link-not-followed"},
    Named{Rule::secret_left_out, "image.secret-left-out"},
    Named{Rule::others_left_out, "image.others-left-out"},
    Named{Rule::unix_missing, "image.unix-missing"},
    Named{Rule::unix_not_elf, "image.unix-not-elf"},
    Named{Rule::unix_no_multiboot, "image.unix-no-multiboot"},
    Named{Rule::archive_missing, "image.archive-missing"},
    Named{Rule::archive_compressed, "image.archive-compressed"},
    Named{Rule::archive_cut_short, "image.archive-cut-short"},
    Named{Rule::archive_no_superblock, "image.archive-no-superblock"},
    Named{Rule::archive_superblock, "image.archive-superblock"},
    Named{Rule::hash_missing, "image.hash-missing"},
    Named{Rule::hash_malformed, "image.hash-malformed"},
    Named{Rule::hash_mismatch, "image.hash-mismatch"},
    Named{Rule::file_not_found, "image.file-not-found"},
    Named{Rule::module_words, "image.module-words"},
    Named{Rule::kernel_wrong, "image.kernel-wrong"},
    Named{Rule::kernel_bios_only, "image.kernel-bios-only"},
    Named{Rule::initrd_wrong, "image.initrd-wrong"},
    Named{Rule::asks_argument, "image.asks-argument"},
    Named{Rule::version_wrong, "image.version-wrong"},
    Named{Rule::busy, "image.busy"},
    Named{Rule::no_space, "image.no-space"},
    Named{Rule::disk_full, "image.disk-full"},
    Named{Rule::store_failed, "image.store-failed"},
    Named{Rule::interrupted, "image.interrupted"},
    Named{Rule::same_version, "image.same-version"},
    Named{Rule::version_kept, "image.version-kept"},
};

constexpr auto rules = [] {
  std::array<Rule, named.size()> all{};
  for (std::size_t i = 0; i < named.size(); ++i) all[i] = named[i].rule;
  return all;
}();

constexpr bool in_the_order_of_the_enum() {
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (named[i].rule != static_cast<Rule>(i)) return false;
  }
  return true;
}
static_assert(in_the_order_of_the_enum() && named.back().rule == Rule::version_kept,
              "every rule needs its id here, in the order of the enum");

bool is_error(const Finding& finding) {
  return finding.weight == Weight::error;
}

}  // namespace

std::string_view id(Rule rule) {
  return named[static_cast<std::size_t>(rule)].id;
}

std::span<const Rule> all_rules() {
  return rules;
}

std::string_view to_string(Weight weight) {
  switch (weight) {
    case Weight::note:
      return "note";
    case Weight::warning:
      return "warning";
    case Weight::error:
      return "error";
  }
  std::abort();
}

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(), is_error);
}

const Finding& Refusal::reason() const {
  auto found = std::find_if(findings.begin(), findings.end(), is_error);
  if (found == findings.end()) std::abort();  // a refusal without a reason is a broken invariant
  return *found;
}

}  // namespace slipway::image
