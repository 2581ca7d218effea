// SPDX-License-Identifier: MPL-2.0
#include "walk/url.h"

#include <charconv>

#include <fmt/format.h>

#include "base/printable.h"

namespace slipway::walk {
namespace {

constexpr std::uint16_t http_port = 80, tftp_port = 69;

std::string quoted(std::string_view text) {
  return "'" + printable(text.substr(0, 200)) + "'";
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool has_blank(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return true;
  }
  return false;
}

}  // namespace

std::string Url::to_string() const {
  bool http = scheme == Scheme::http;
  std::uint16_t usual = http ? http_port : tftp_port;
  std::string port = server.port == usual ? "" : fmt::format(":{}", server.port);
  return fmt::format("{}://{}{}{}{}", http ? "http" : "tftp", server.address.to_string(), port,
                     http ? "" : "/", path);
}

bool is_absolute(std::string_view text) {
  return text.find("://") != std::string_view::npos;
}

Result<Url, std::string> parse_url(std::string_view text) {
  if (text.size() > longest_url) return fmt::format("a URL of {} bytes", text.size());
  if (has_blank(text)) return "a URL with a blank in it: " + quoted(text);
  std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return quoted(text) + " is no URL";
  std::string_view scheme = text.substr(0, colon), rest = text.substr(colon + 3);
  Url url;
  if (scheme == "http") {
    url.scheme = Url::Scheme::http;
  } else if (scheme != "tftp") {
    return quoted(scheme) + " is not spoken here, only http and tftp";
  }
  bool http = url.scheme == Url::Scheme::http;
  std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view host = rest.substr(0, slash);
  url.server.port = http ? http_port : tftp_port;
  if (std::size_t at = host.find(':'); at != std::string_view::npos) {
    auto port = parse_port(host.substr(at + 1));
    if (!port) return "no port: " + quoted(text);
    url.server.port = *port;
    host = host.substr(0, at);
  }
  auto address = Ipv4::parse(host);
  if (!address) return quoted(host) + " is no IPv4 address, and DNS is not asked here";
  url.server.address = *address;
  // iPXE asks TFTP servers for the path without its leading slash.
  url.path =
      http ? std::string(rest.substr(slash)) : std::string(rest.substr(std::min(slash + 1, rest.size())));
  if (http && url.path.empty()) url.path = "/";
  if (!http && url.path.empty()) return "no file: " + quoted(text);
  return url;
}

Result<Url, std::string> resolve(const Url& base, std::string_view text) {
  if (is_absolute(text)) return parse_url(text);
  if (text.empty() || text.size() > longest_url || has_blank(text)) return "no file name: " + quoted(text);
  Url url = base;
  bool http = base.scheme == Url::Scheme::http;
  if (text.starts_with('/')) {
    url.path = http ? text : text.substr(1);
    return url;
  }
  std::string_view folder = std::string_view(base.path).substr(0, base.path.find('?'));
  folder = folder.substr(0, folder.rfind('/') + 1);
  url.path = std::string(folder) + std::string(text);
  return url;
}

}  // namespace slipway::walk
