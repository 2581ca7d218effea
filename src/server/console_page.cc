// SPDX-License-Identifier: MPL-2.0
#include "server/console_page.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::server {
namespace {

constexpr std::uint16_t https_port = 443;

bool is_loopback(Ipv4 address) {
  return Prefix::parse("127.0.0.0/8")->contains(address);
}

std::string filled(std::string url, const boot::ScriptContext& context) {
  for (auto [word, value] :
       {std::pair{"{mac}", context.mac.to_string()}, std::pair{"{name}", context.machine}}) {
    std::string_view gap = word;
    for (std::size_t at = 0; (at = url.find(gap, at)) != url.npos; at += value.size())
      url.replace(at, gap.size(), value);
  }
  return url;
}

}  // namespace

std::string console_page(const model::Plan& plan, const boot::ScriptContext& context) {
  if (const std::string& url = plan.server().console_url; !url.empty()) return filled(url, context);
  const auto& listen = plan.api().listen;
  auto at = std::find_if(listen.begin(), listen.end(),
                         [&](const Endpoint& each) { return each.address == context.base.address; });
  if (at == listen.end())
    at = std::find_if(listen.begin(), listen.end(),
                      [](const Endpoint& each) { return !is_loopback(each.address); });
  if (at == listen.end()) return "";
  std::string port = at->port == https_port ? "" : fmt::format(":{}", at->port);
  std::string page = context.mac.is_zero() ? "" : "#/machine/" + context.mac.to_string();
  return fmt::format("https://{}{}/{}", at->address.to_string(), port, page);
}

}  // namespace slipway::server
