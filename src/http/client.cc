// SPDX-License-Identifier: MPL-2.0
#include "http/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

namespace slipway::http {
namespace {

namespace beast = boost::beast;
using Socket = boost::asio::local::stream_protocol::socket;
using boost::system::error_code;

constexpr std::uint64_t max_reply = 64 << 20;

Fault unreachable(const std::string& path, const error_code& error) {
  if (error == boost::system::errc::permission_denied) {
    return {fmt::format("may not talk to slipwayd at {}", path),
            "run as root, or as a member of the socket's group"};
  }
  return {fmt::format("cannot reach slipwayd at {}: {}", path, error.message()),
          "is it running? start it with `systemctl start slipwayd`, or name its socket with --socket"};
}

Fault broken(const error_code& error) {
  return {fmt::format("the answer of slipwayd broke off: {}", error.message()), "look at its log"};
}

/// Connects and sends; the answer is then read from `socket`.
Result<void, Fault> send(Socket& socket, const std::string& path, Method method, const std::string& target,
                         const std::string& body) {
  error_code error;
  socket.connect({path}, error);
  if (error) return unreachable(path, error);
  beast::http::request<beast::http::string_body> request(
      beast::http::string_to_verb(std::string(to_string(method))), target, 11);
  request.set(beast::http::field::host, "slipwayd");
  request.set(beast::http::field::connection, "close");
  if (!body.empty()) request.set(beast::http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  beast::http::write(socket, request, error);
  if (error) return broken(error);
  return {};
}

/// A stream has no length: whether the server ended it or died makes no difference to what was read.
bool is_end(const error_code& error) {
  return error == beast::http::error::end_of_stream || error == beast::http::error::partial_message ||
         error == boost::asio::error::eof || error == boost::asio::error::connection_reset;
}

Reply reply_of(const beast::http::response<beast::http::string_body>& response) {
  return {static_cast<int>(response.result_int()), std::string(response[beast::http::field::content_type]),
          response.body()};
}

}  // namespace

Result<Reply, Fault> UnixClient::request(Method method, const std::string& target,
                                         const std::string& body) const {
  boost::asio::io_context context;
  Socket socket(context);
  if (auto sent = send(socket, path_, method, target, body); !sent) return sent.error();
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(max_reply);
  error_code error;
  beast::http::read(socket, buffer, parser, error);
  if (error) return broken(error);
  return reply_of(parser.get());
}

Result<Reply, Fault> UnixClient::follow(const std::string& target,
                                        const std::function<bool(std::string_view)>& take) const {
  boost::asio::io_context context;
  Socket socket(context);
  if (auto sent = send(socket, path_, Method::get, target, ""); !sent) return sent.error();
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::buffer_body> parser;
  parser.body_limit(boost::none);
  error_code error;
  beast::http::read_header(socket, buffer, parser, error);
  if (error) return broken(error);
  Reply reply{static_cast<int>(parser.get().result_int()),
              std::string(parser.get()[beast::http::field::content_type]),
              {}};
  while (!parser.is_done()) {
    char piece[8192];
    parser.get().body().data = piece;
    parser.get().body().size = sizeof piece;
    beast::http::read_some(socket, buffer, parser, error);
    if (error == beast::http::error::need_buffer) error = {};
    std::string_view got(piece, sizeof piece - parser.get().body().size);
    if (reply.status != 200) {
      reply.body += got;
    } else if (!got.empty() && !take(got)) {
      return reply;
    }
    if (is_end(error)) return reply;
    if (error) return broken(error);
  }
  return reply;
}

}  // namespace slipway::http
