// SPDX-License-Identifier: MPL-2.0
// A finished multiboot hand-over, read back the way illumos reads it: the kernel's path, its arguments, the
// words of each module. Lint over text stands on it, whichever loader the text is for. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/finding.h"
#include "boot/kernel_args.h"

namespace slipway::boot {

struct ModuleLine {
  std::string url;
  std::vector<std::string> words;
  int line = 0;
};

struct KernelLine {
  std::string url;
  std::string arguments;
  int line = 0;
  std::vector<ModuleLine> modules;
};

/// Whether this is a kernel of illumos at all; the rules below are for no other.
bool is_illumos(const KernelLine& kernel);

/// "-k -B a=b,c='d,e'" as flags and properties. A word the kernel would misread becomes a Finding.
KernelArgs read_args(std::string_view arguments, Findings& faults);

/// Path, arguments and modules; `line` of the findings is the line they stand on.
Findings check(const KernelLine& kernel, std::size_t module_limit);

}  // namespace slipway::boot
