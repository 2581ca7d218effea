// SPDX-License-Identifier: MPL-2.0
// A connected stream for one request of the client, to a unix socket or through TLS. Private to http/.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "http/client.h"

namespace slipway::http {

using UnixStream = boost::asio::local::stream_protocol::socket;
using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

Result<void, Fault> connect(UnixStream& stream, const std::string& path);
/// Who vouches for servers, and what they must speak at least.
Result<void, Fault> prepare(boost::asio::ssl::context& tls, const RemoteServer& server);
Result<void, Fault> connect(TlsStream& stream, const RemoteServer& server);

}  // namespace slipway::http
