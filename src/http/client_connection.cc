// SPDX-License-Identifier: MPL-2.0
#include "http/client_connection.h"

#include <charconv>

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <fmt/format.h>
#include <openssl/ssl.h>

namespace slipway::http {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

Fault unreachable(const RemoteServer& server, const std::string& why) {
  return {fmt::format("cannot reach https://{}:{}: {}", server.host, server.port, why),
          "is slipwayd running there with [api] listen, and does no firewall stand between?"};
}

}  // namespace

std::optional<RemoteServer> RemoteServer::parse(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  RemoteServer server;
  auto colon = url.rfind(':');
  server.host = url.substr(0, colon);
  if (colon != url.npos) {
    std::string_view port = url.substr(colon + 1);
    auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), server.port);
    if (error != std::errc{} || end != port.data() + port.size() || server.port == 0) return std::nullopt;
  }
  bool plain = !server.host.empty() && server.host.find_first_of("/@?#: ") == std::string::npos;
  return plain ? std::optional(server) : std::nullopt;
}

Result<void, Fault> connect(UnixStream& stream, const std::string& path) {
  error_code error;
  stream.connect({path}, error);
  if (!error) return {};
  if (error == boost::system::errc::permission_denied) {
    return Fault{fmt::format("may not talk to slipwayd at {}", path),
                 "run as root, or as a member of the socket's group"};
  }
  return Fault{fmt::format("cannot reach slipwayd at {}: {}", path, error.message()),
               "is it running? start it with `systemctl start slipwayd`, or name its socket with --socket"};
}

Result<void, Fault> prepare(ssl::context& tls, const RemoteServer& server) {
  error_code error;
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  tls.set_verify_mode(ssl::verify_peer, error);
  if (server.authority.empty()) {
    tls.set_default_verify_paths(error);
  } else {
    tls.load_verify_file(server.authority, error);
  }
  if (!error) return {};
  return Fault{fmt::format("{} cannot be used to know the server by: {}", server.authority, error.message()),
               "name a PEM file with --ca"};
}

Result<void, Fault> connect(TlsStream& stream, const RemoteServer& server) {
  error_code error;
  boost::asio::ip::tcp::resolver resolver(stream.get_executor());
  auto found = resolver.resolve(server.host, std::to_string(server.port), error);
  if (!error) boost::asio::connect(stream.next_layer(), found, error);
  if (error) return unreachable(server, error.message());
  stream.set_verify_callback(ssl::host_name_verification(server.host), error);
  SSL_set_tlsext_host_name(stream.native_handle(), server.host.c_str());
  stream.handshake(ssl::stream_base::client, error);
  if (!error) return {};
  long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict != X509_V_OK || error.message().find("certificate verify failed") != std::string::npos) {
    std::string why = verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : "it is of another name";
    return Fault{fmt::format("the certificate of https://{}:{} is not to be trusted: {}", server.host,
                             server.port, why),
                 "name who vouches for it with --ca, and the server as its certificate does"};
  }
  return unreachable(server, error.message());
}

}  // namespace slipway::http
