// SPDX-License-Identifier: MPL-2.0
// A connection's bytes through TLS: OpenSSL over a socket that does not block. Private to http/.
#pragma once

#include "http/tls_context.h"
#include "http/transport.h"

namespace slipway::http {

/// Keeps what it needs of `context` alive.
std::unique_ptr<Transport> tls_transport(int socket, const TlsContext& context);

}  // namespace slipway::http
