// SPDX-License-Identifier: MPL-2.0
#include "http/client.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "base/cases.h"
#include "http/client_connection.h"

namespace slipway::http {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::uint64_t max_reply = 64 << 20;

Fault broken(const error_code& error) {
  return {fmt::format("the answer of slipwayd broke off: {}", error.message()), "look at its log"};
}

struct Question {
  Method method;
  const std::string& target;
  const std::string& body;
  std::string host = "slipwayd", token{};
};

template <typename Stream>
Result<void, Fault> send(Stream& stream, const Question& question) {
  beast::http::request<beast::http::string_body> request(
      beast::http::string_to_verb(std::string(to_string(question.method))), question.target, 11);
  request.set(beast::http::field::host, question.host);
  request.set(beast::http::field::connection, "close");
  if (!question.token.empty()) request.set(beast::http::field::authorization, "Bearer " + question.token);
  if (!question.body.empty()) request.set(beast::http::field::content_type, "application/json");
  request.body() = question.body;
  request.prepare_payload();
  error_code error;
  beast::http::write(stream, request, error);
  if (error) return broken(error);
  return {};
}

/// A stream has no length: whether the server ended it or died makes no difference to what was read.
bool is_end(const error_code& error) {
  return error == beast::http::error::end_of_stream || error == beast::http::error::partial_message ||
         error == boost::asio::error::eof || error == boost::asio::error::connection_reset ||
         error == boost::asio::ssl::error::stream_truncated;
}

Reply reply_of(const beast::http::response<beast::http::string_body>& response) {
  return {static_cast<int>(response.result_int()), std::string(response[beast::http::field::content_type]),
          response.body()};
}

template <typename Stream>
Result<Reply, Fault> read_whole(Stream& stream) {
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(max_reply);
  error_code error;
  beast::http::read(stream, buffer, parser, error);
  if (error) return broken(error);
  return reply_of(parser.get());
}

template <typename Stream>
Result<Reply, Fault> read_pieces(Stream& stream, const std::function<bool(std::string_view)>& take) {
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::buffer_body> parser;
  parser.body_limit(boost::none);
  error_code error;
  beast::http::read_header(stream, buffer, parser, error);
  if (error) return broken(error);
  Reply reply{static_cast<int>(parser.get().result_int()),
              std::string(parser.get()[beast::http::field::content_type]),
              {}};
  while (!parser.is_done()) {
    char piece[8192];
    parser.get().body().data = piece;
    parser.get().body().size = sizeof piece;
    beast::http::read_some(stream, buffer, parser, error);
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

/// Connects, sends, and gives the stream to whoever reads the answer.
template <typename Read>
Result<Reply, Fault> ask(const std::variant<std::string, RemoteServer>& where, Question question, Read read) {
  boost::asio::io_context context;
  auto talk = [&](auto& stream, const auto& server) -> Result<Reply, Fault> {
    if (auto connected = connect(stream, server); !connected) return connected.error();
    if (auto sent = send(stream, question); !sent) return sent.error();
    return read(stream);
  };
  return std::visit(Cases{[&](const std::string& path) -> Result<Reply, Fault> {
                            UnixStream stream(context);
                            return talk(stream, path);
                          },
                          [&](const RemoteServer& server) -> Result<Reply, Fault> {
                            boost::asio::ssl::context tls(boost::asio::ssl::context::tls_client);
                            if (auto ready = prepare(tls, server); !ready) return ready.error();
                            question.host = fmt::format("{}:{}", server.host, server.port);
                            question.token = server.token;
                            TlsStream stream(context, tls);
                            return talk(stream, server);
                          }},
                    where);
}

}  // namespace

Result<Reply, Fault> DaemonClient::request(Method method, const std::string& target,
                                           const std::string& body) const {
  return ask(where_, {method, target, body}, [](auto& stream) { return read_whole(stream); });
}

Result<Reply, Fault> DaemonClient::follow(const std::string& target,
                                          const std::function<bool(std::string_view)>& take) const {
  const std::string nothing;
  return ask(where_, {Method::get, target, nothing}, [&](auto& stream) { return read_pieces(stream, take); });
}

}  // namespace slipway::http
