// SPDX-License-Identifier: MPL-2.0
// slipway boot properties: the kernel properties whose meaning is known; works without a configuration.
#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/table.h"
#include "boot/kernel_properties.h"
#include "cli/verbs.h"

namespace slipway::cli {

int boot_properties(const Context& context) {
  if (context.json) {
    boost::json::array all;
    for (const boot::KernelProperty& property : boot::kernel_properties())
      all.push_back({{"name", property.name}, {"type", to_string(property.type)}, {"about", property.about}});
    return print_line(boost::json::serialize(boost::json::object{{"properties", std::move(all)}}));
  }
  Table table({"PROPERTY", "VALUE", "WHAT IT DOES"});
  for (const boot::KernelProperty& property : boot::kernel_properties())
    table.row(
        {std::string(property.name), std::string(to_string(property.type)), std::string(property.about)});
  fmt::print("{}", table.to_string());
  return exit_ok;
}

}  // namespace slipway::cli
