// SPDX-License-Identifier: MPL-2.0
// The keys of [api], [[webhook]] and [images]: what is spoken with on other machines.
#include <charconv>

#include "config/settings.h"
#include "config/values.h"

namespace slipway::config {
namespace {

using model::ApiSettings;
using model::Webhook;

constexpr std::uint16_t usual_port = 8443;

/// "192.0.2.5:8443", or an address alone.
std::optional<Endpoint> endpoint_of(std::string_view text) {
  Endpoint endpoint{{}, usual_port};
  auto colon = text.find(':');
  auto address = Ipv4::parse(text.substr(0, colon));
  if (!address) return std::nullopt;
  endpoint.address = *address;
  if (colon == text.npos) return endpoint;
  std::string_view port = text.substr(colon + 1);
  auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  bool whole = error == std::errc{} && end == port.data() + port.size() && endpoint.port != 0;
  return whole ? std::optional(endpoint) : std::nullopt;
}

void listen(const Value& value, ApiSettings& api, Problems& problems) {
  std::vector<std::string> texts;
  std::size_t before = problems.size();
  read(value, texts, problems);
  if (problems.size() > before) return;
  for (const std::string& text : texts) {
    if (auto endpoint = endpoint_of(text)) {
      api.listen.push_back(*endpoint);
    } else {
      report(problems, value.place, "'" + text + "' is no address to listen on",
             "write ADDRESS:PORT, for example \"192.0.2.5:8443\"");
    }
  }
}

void metrics(const Value& value, ApiSettings& api, Problems& problems) {
  static constexpr Word<bool> words[] = {{"token", false}, {"open", true}};
  read_word<bool>(value, words, api.open_metrics, problems);
}

void events(const Value& value, Webhook& hook, Problems& problems) {
  static constexpr Word<bool Webhook::*> words[] = {{"failed", &Webhook::failed},
                                                    {"booted", &Webhook::booted}};
  if (!value.array())
    return report(problems, value.place, "events wants a list", "events = [\"failed\", \"booted\"]");
  hook.failed = hook.booted = false;
  for (const Value& item : *value.array()) {
    bool Webhook::*wanted = nullptr;
    read_word<bool Webhook::*>(item, words, wanted, problems);
    if (wanted) hook.*wanted = true;
  }
}

}  // namespace

std::span<const Setting<model::ImportSettings>> import_settings() {
  static constexpr Setting<model::ImportSettings> keys[] = {
      {"smartos-from", "URL", "its publisher's",
       "the publication point that `smartos@latest` and `smartos@STAMP` are imported from, a mirror for "
       "example; "
       "--from comes before it",
       into<&model::ImportSettings::smartos_from, model::ImportSettings>},
  };
  return keys;
}

std::span<const Setting<ApiSettings>> api_settings() {
  static constexpr Setting<ApiSettings> keys[] = {
      {"listen", "ADDRESS:PORT or list", "none: only the unix socket",
       "where the API is served over TLS, for example \"192.0.2.5:8443\"; without a port 8443", listen},
      {"certificate", "path", "none",
       "PEM file: the server's certificate, then those that vouch for it; read again on reload",
       into<&ApiSettings::certificate, ApiSettings>},
      {"key", "path", "none",
       "PEM file of its key, without a passphrase; for a reload the account of slipwayd must be able to read "
       "it",
       into<&ApiSettings::key, ApiSettings>},
      {"metrics", "token | open", "token", "whether /metrics over TLS asks for a token", metrics},
  };
  return keys;
}

std::span<const Setting<Webhook>> webhook_settings() {
  static constexpr Setting<Webhook> keys[] = {
      {"url", "URL", "", "where to: \"https://...\", or \"http://\" on this machine",
       into<&Webhook::url, Webhook>, true},
      {"secret-file", "path", "",
       "file whose first line signs what is sent (HMAC-SHA256); read at the start and on reload",
       into<&Webhook::secret_file, Webhook>, true},
      {"authority", "path", "the system's", "PEM file that vouches for the receiver's certificate",
       into<&Webhook::authority, Webhook>},
      {"events", "list of failed, booted", "both", "which verdicts are sent", events},
  };
  return keys;
}

}  // namespace slipway::config
