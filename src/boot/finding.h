// SPDX-License-Identifier: MPL-2.0
// What lint says: a rule broken somewhere, a sentence, a remedy. Every rule is written once, in the table
// of finding.cc; checkers, `slipway boot preview`, the API and the tests read it. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"

namespace slipway::boot {

enum class Rule {
  // The kernel line (dboot, krtld).
  kernel_path,
  kernel_path_twice,
  kernel_path_tail,
  word_multiboot,
  flag_unknown,
  flag_word,
  flag_kmdb,
  property_name,
  property_twice,
  property_value,
  kernel_line_length,
  console_mode,
  mode_format,
  console_twice,
  property_unknown,
  property_type,
  unconfirmed,
  destroy_zpools,
  default_password,
  shadow_cut,
  rescue_password,
  rescue_login,
  // Arguments of other kernels.
  arguments_word,
  arguments_gap,
  arguments_length,
  settings_ignored,
  // The image itself.
  image_passed_over,
  // The modules.
  no_rootfs,
  module_untyped,
  module_type,
  module_no_hash,
  module_count,
  // Files of /system/boot.
  boot_file_unread,
  boot_file_folder,
  boot_file_json,
  boot_file_shell,
  answers_smartos,
  answers_wait,
  own_address,
  // A disk on an iSCSI target.
  san_target,
  san_credentials,
  san_secret,
  // The script as text.
  script_head,
  script_bytes,
  script_command,
  script_label,
  script_label_twice,
  script_no_failure_path,
  script_imgfree,
  script_quoting,
  script_https,
  script_initrd_name,
  budget,
  // Other loaders.
  pxelinux_line_length,
  pxelinux_separator,
  pxelinux_path,
  grub_quotes,
  loader_conf,
  loader_kind,
};

struct RuleInfo {
  Rule rule;
  std::string_view id;  ///< "kernel-path"
  Severity severity;
  std::string_view about;  ///< why the rule exists, one sentence
};

std::span<const RuleInfo> rules();
const RuleInfo& info(Rule rule);

struct Finding {
  Rule rule;
  std::string sentence;
  std::string remedy;
  int line = 0;  ///< of the rendered text, from 1; 0: the whole

  std::string_view id() const { return info(rule).id; }
  Severity severity() const { return info(rule).severity; }
  std::string to_string() const;  ///< "line 7: error: kernel-path: sentence; remedy"
  friend bool operator==(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

bool has_errors(const Findings& findings);

}  // namespace slipway::boot
