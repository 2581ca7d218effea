// SPDX-License-Identifier: MPL-2.0
// slipway boot properties: the kernel properties whose meaning is known; works without a configuration.
#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/nearest.h"
#include "base/table.h"
#include "boot/kernel_properties.h"
#include "cli/verbs.h"

namespace slipway::cli {

namespace {

using Known = std::vector<boot::KernelProperty>;

Result<Known, Fault> known_as(const std::string& named) {
  auto all = boot::kernel_properties();
  if (named.empty()) return Known(all.begin(), all.end());
  std::vector<std::string_view> names;
  for (const boot::KernelProperty& property : all) {
    if (property.name == named) return Known{property};
    names.push_back(property.name);
  }
  auto near = nearest(named, names);
  return Fault{
      fmt::format("no kernel property of the name {} is known; it would be handed on as it is", named),
      near ? fmt::format("did you mean {}?", *near) : "`slipway boot properties` shows those that are"};
}

}  // namespace

int boot_properties(const Context& context, const std::string& named) {
  auto known = known_as(named);
  if (!known) return fail(known.error());
  if (context.json) {
    boost::json::array all;
    for (const boot::KernelProperty& property : *known)
      all.push_back({{"name", property.name}, {"type", to_string(property.type)}, {"about", property.about}});
    return print_line(boost::json::serialize(boost::json::object{{"properties", std::move(all)}}));
  }
  Table table({"PROPERTY", "VALUE", "WHAT IT DOES"});
  for (const boot::KernelProperty& property : *known)
    table.row(
        {std::string(property.name), std::string(to_string(property.type)), std::string(property.about)});
  fmt::print("{}", table.to_string());
  return exit_ok;
}

}  // namespace slipway::cli
