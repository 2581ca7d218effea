// SPDX-License-Identifier: MPL-2.0
#include "cli/message_json.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/hex.h"
#include "base/printable.h"
#include "wire/dump.h"

namespace slipway::cli {
namespace {

boost::json::array options_json(const wire::DhcpMessage& message) {
  boost::json::array list;
  for (auto [code, value] : message.options.entries()) {
    const wire::OptionInfo* info = wire::find_option(code);
    boost::json::object option{{"code", code},
                               {"name", info ? info->name : "unknown"},
                               {"value", wire::describe_option(code, value)},
                               {"hex", to_hex(value)}};
    boost::json::array lines;
    for (const std::string& line : wire::option_meaning(code, value, message)) lines.emplace_back(line);
    if (!lines.empty()) option["meaning"] = std::move(lines);
    list.push_back(std::move(option));
  }
  return list;
}

}  // namespace

boost::json::object message_json(const wire::DhcpMessage& message) {
  boost::json::object object{{"type", wire::kind_of(message)}, {"xid", fmt::format("{:08x}", message.xid)}};
  object["mac"] = wire::hardware_address(message);
  if (message.secs != 0) object["secs"] = message.secs;
  if (message.hops != 0) object["hops"] = message.hops;
  if (message.wants_broadcast()) object["broadcast"] = true;
  const std::pair<const char*, Ipv4> addresses[] = {{"ciaddr", message.ciaddr},
                                                    {"yiaddr", message.yiaddr},
                                                    {"siaddr", message.siaddr},
                                                    {"giaddr", message.giaddr}};
  for (const auto& [name, address] : addresses) {
    if (!address.is_any()) object[name] = address.to_string();
  }
  if (!message.sname.empty()) object["sname"] = printable(message.sname);
  if (!message.file.empty()) object["file"] = printable(message.file);
  object["options"] = options_json(message);
  return object;
}

}  // namespace slipway::cli
