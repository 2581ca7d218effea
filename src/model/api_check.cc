// SPDX-License-Identifier: MPL-2.0
#include "model/api_check.h"

#include <fmt/format.h>

namespace slipway::model {
namespace {

void check_pair(const ApiSettings& api, Problems& problems) {
  auto lacks = [&](std::string_view key, const std::string& value) {
    if (!value.empty() || is_unread(api, key)) return;
    problems.push_back({place_of(api, "listen"), fmt::format("api.listen without api.{}", key),
                        "the API is served over TLS alone: name certificate and key"});
  };
  if (!api.listen.empty()) {
    lacks("certificate", api.certificate);
    lacks("key", api.key);
  } else if (!(api.certificate.empty() && api.key.empty()) && !is_unread(api, "listen")) {
    problems.push_back({place_of(api, api.certificate.empty() ? "key" : "certificate"),
                        "api.certificate and api.key serve nothing without api.listen",
                        "name the address of this server that its operators use"});
  }
}

void check_listen(const ServerSettings& server, const ApiSettings& api, Problems& problems) {
  for (Endpoint at : api.listen) {
    if (at.address.is_any()) {
      problems.push_back({place_of(api, "listen"),
                          "the API does not listen on every address: machines boot on some",
                          "name the address of this server that its operators use"});
    } else if (at.port == server.http_port ||
               (!server.tls_certificate.empty() && at.port == server.https_port)) {
      problems.push_back({place_of(api, "listen"), fmt::format("boot files are served on port {}", at.port),
                          "give the API a port of its own"});
    }
  }
}

bool is_on_this_machine(std::string_view url) {
  for (std::string_view here : {"http://127.0.0.1", "http://localhost"}) {
    if (!url.starts_with(here)) continue;
    std::string_view rest = url.substr(here.size());
    return rest.empty() || rest.front() == '/' || (rest.front() == ':' && rest.find('@') == rest.npos);
  }
  return false;
}

void check_webhook(const Webhook& hook, Problems& problems) {
  bool secure = hook.url.starts_with("https://");
  bool local = is_on_this_machine(hook.url);
  if (secure || local || is_unread(hook, "url") || hook.url.empty()) return;
  problems.push_back(
      {place_of(hook, "url"), fmt::format("'{}' is no https:// URL", hook.url),
       "what is sent names machines and addresses: only to this machine itself it may be http://"});
}

}  // namespace

void check_api(const Draft& draft, Problems& problems) {
  check_pair(draft.api, problems);
  check_listen(draft.server, draft.api, problems);
  for (const Webhook& hook : draft.webhooks) check_webhook(hook, problems);
}

void warn_of_boot_plane(const Plan& plan, Problems& problems) {
  for (Endpoint at : plan.api().listen) {
    for (const Subnet& subnet : plan.subnets()) {
      if (subnet.mode == SubnetMode::off || !subnet.network.contains(at.address)) continue;
      problems.push_back({place_of(plan.api(), "listen"),
                          fmt::format("machines boot from {}, where the API listens on {}",
                                      subnet.network.to_string(), at.to_string()),
                          "give it an address in a network of its operators where there is one",
                          Severity::warning});
    }
  }
}

}  // namespace slipway::model
