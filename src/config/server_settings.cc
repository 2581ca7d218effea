// SPDX-License-Identifier: MPL-2.0
// The keys of [server].
#include <type_traits>

#include "config/settings.h"
#include "config/values.h"

namespace slipway::config {
namespace {

using model::ServerSettings;

void log_level(const Value& value, ServerSettings& server, Problems& problems) {
  static constexpr Word<std::string_view> words[] = {
      {"error", "error"}, {"warn", "warn"}, {"info", "info"}, {"debug", "debug"}};
  std::string_view level = server.log_level;
  read_word<std::string_view>(value, words, level, problems);
  server.log_level = level;
}

/// A console prints it as it stands: on a machine's screen nobody can follow anything else.
void console_url(const Value& value, ServerSettings& server, Problems& problems) {
  std::size_t before = problems.size();
  read(value, server.console_url, problems);
  const std::string& url = server.console_url;
  bool plain = url.find_first_of(" \t\"\\") == url.npos && url.find("${") == url.npos;
  bool good = (url.starts_with("https://") || url.starts_with("http://")) && plain && url.size() <= 200;
  if (problems.size() == before && !good)
    report(problems, value.place, "'" + url + "' is no address of a page",
           "write one that begins with https:// or http://, for example "
           "\"https://boot.example.com/#/machine/{mac}\"");
}

/// A whole number from 1 to `most`.
template <auto Member, std::int64_t most>
void number(const Value& value, ServerSettings& server, Problems& problems) {
  const std::int64_t* given = value.integer();
  if (!given || *given < 1 || *given > most)
    return report(problems, value.place, "this number does not fit here",
                  "write one from 1 to " + std::to_string(most));
  server.*Member = static_cast<std::remove_reference_t<decltype(server.*Member)>>(*given);
}
constexpr std::int64_t most_blocks = 65535, most_mebibytes = 1 << 20;

}  // namespace

std::span<const Setting<ServerSettings>> server_settings() {
  static constexpr Setting<ServerSettings> keys[] = {
      {"interfaces", "list of strings", "the subnet's, in a file without tables",
       "network interfaces to serve on", into<&ServerSettings::interfaces>},
      {"state", "path", "/var/lib/slipway", "images, loaders, operator's files and the lease database",
       into<&ServerSettings::state>},
      {"socket", "path", "/run/slipway/api.sock", "where `slipway` talks to the daemon",
       into<&ServerSettings::socket>},
      {"user", "string", "slipway", "account the daemon becomes once its ports are bound",
       into<&ServerSettings::user>},
      {"http-port", "port", "80", "port of the boot files over HTTP", into<&ServerSettings::http_port>},
      {"tftp-port", "port", "69", "port of the boot files over TFTP; firmware knows only 69",
       into<&ServerSettings::tftp_port>},
      {"tftp-single-port", "boolean", "false",
       "send files from tftp-port, too, for NAT and containers that let only it through",
       into<&ServerSettings::tftp_single_port>},
      {"tftp-window", "number", "64",
       "blocks a client may ask for at once (RFC 7440), 1 to 65535; with hundreds a lost packet costs a "
       "resent window",
       number<&ServerSettings::tftp_window, most_blocks>},
      {"tftp-fragments", "boolean", "false", "grant blocks that do not fit into one packet of the path",
       into<&ServerSettings::tftp_fragments>},
      {"https-port", "port", "443", "port of the boot files over HTTPS, where there is a certificate",
       into<&ServerSettings::https_port>},
      {"tls-certificate", "path", "none: no HTTPS",
       "PEM file: the server's certificate, then those that vouch for it; read again on reload",
       into<&ServerSettings::tls_certificate>},
      {"tls-key", "path", "none",
       "PEM file of its key, without a passphrase; for a reload the account of slipwayd must be able to read "
       "it",
       into<&ServerSettings::tls_key>},
      {"tftp-write", "path", "nobody may write",
       "folder into which clients may write files over TFTP: console logs, crash dumps; it must exist and "
       "belong to user",
       into<&ServerSettings::tftp_write>},
      {"tftp-write-size", "number", "64", "MiB of one written file at most",
       number<&ServerSettings::tftp_write_size, most_mebibytes>},
      {"tftp-write-total", "number", "1024", "MiB of all files in that folder at most",
       number<&ServerSettings::tftp_write_total, most_mebibytes>},
      {"tftp-write-over", "boolean", "false", "a written file may replace one of the same name",
       into<&ServerSettings::tftp_write_over>},
      {"lease-query", "network or list", "nobody",
       "relays that may ask who has which address (DHCPLEASEQUERY)", into<&ServerSettings::lease_query>},
      {"console-url", "URL", "where [api] listen is",
       "where people find the console: a machine that does not boot prints it; {mac} and {name} stand for "
       "the "
       "machine's",
       console_url},
      {"log-level", "error | warn | info | debug", "info", "how much goes to the journal", log_level},
  };
  return keys;
}

}  // namespace slipway::config
