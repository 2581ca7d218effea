// SPDX-License-Identifier: MPL-2.0
// The command line of an illumos kernel behind its path: flags, then `-B name=value,name=value`.
// Builds it from a profile, a machine's overrides and a variant, and checks what the kernel cannot take.
// Rules are those of illumos' dboot, krtld and early console (fakebop). Any thread; faults are Findings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "boot/finding.h"
#include "model/plan.h"
#include "model/profile.h"

namespace slipway::boot {

struct KernelArgs {
  std::vector<std::string> flags;  ///< words: "-k", "-d", "-m", "verbose"
  model::Properties properties;
  /// What the operator confirmed; absent: nobody was asked, as the line was read from a text.
  std::optional<std::vector<std::string>> confirmed;

  /// What stands on the line.
  friend bool operator==(const KernelArgs& a, const KernelArgs& b) {
    return a.flags == b.flags && a.properties == b.properties;
  }
};

/// Of a serial line whose mode nobody said.
inline constexpr std::string_view usual_mode = "115200,8,n,1,-";

/// The kernel's early boot reads at most this much of all values together.
inline constexpr std::size_t kernel_line_limit = 4096;

/// The profile with the machine's overrides, its console spelled out as properties, varied.
KernelArgs kernel_args(const model::Profile& profile, const model::Machine* machine,
                       model::Variant variant = model::Variant::normal);

KernelArgs varied(KernelArgs args, model::Variant variant);

/// With this console and, on a serial line, its mode; modes of other lines go.
KernelArgs with_console(KernelArgs args, std::string_view console);

/// A value as it stands on the line, quoted when it must be: a quote counts only as the first character and
/// knows no escape, so a value that needs quotes and holds both kinds cannot be said.
std::optional<std::string> quoted(std::string_view value);

/// "-k -d -B smartos=true,console=text"; empty when there is nothing to say. Impossible values stand as
/// they are: `check` reports them.
std::string to_line(const KernelArgs& args);

/// The modes of serial lines among them, which Linux is told, too.
Findings check_modes(const model::Properties& properties);

/// A profile that says two consoles; a machine's own is meant to count.
Findings check_console_choice(const model::Profile& profile);

/// Everything that would go wrong with these arguments, whatever loader carries them.
Findings check(const KernelArgs& args);

}  // namespace slipway::boot
