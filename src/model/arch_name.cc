// SPDX-License-Identifier: MPL-2.0
#include "model/arch_name.h"

#include <charconv>
#include <utility>

namespace slipway::model {

std::optional<Arch> arch_named(std::string_view text) {
  constexpr std::pair<std::string_view, Arch> names[] = {{"bios", Arch::bios},
                                                         {"uefi", Arch::uefi_x64},
                                                         {"x86-64", Arch::uefi_x64},
                                                         {"x64", Arch::uefi_x64},
                                                         {"ia32", Arch::uefi_ia32},
                                                         {"arm32", Arch::uefi_arm32},
                                                         {"arm64", Arch::uefi_arm64},
                                                         {"aarch64", Arch::uefi_arm64},
                                                         {"riscv64", Arch::riscv64},
                                                         {"loong64", Arch::loongarch64},
                                                         {"raspberry-pi", Arch::raspberry_pi}};
  for (const auto& [name, arch] : names) {
    if (name == text) return arch;
  }
  std::uint16_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return static_cast<Arch>(number);
}

}  // namespace slipway::model
