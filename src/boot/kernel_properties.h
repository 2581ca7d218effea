// SPDX-License-Identifier: MPL-2.0
// The kernel properties whose meaning is known, of illumos and SmartOS: for checks and for people. Others are
// handed on as they are. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "boot/finding.h"
#include "model/boot_files.h"

namespace slipway::boot {

struct KernelProperty {
  enum class Type { boolean, number, text };
  std::string_view name;
  Type type;
  std::string_view about;
};
std::string_view to_string(KernelProperty::Type type);

std::span<const KernelProperty> kernel_properties();

/// Names that are nearly a known one, and values of another type.
void check_known(const model::Property& property, Findings& out);

}  // namespace slipway::boot
