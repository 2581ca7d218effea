// SPDX-License-Identifier: MPL-2.0
// What a server is known by over TLS: a certificate chain and its key, read once. Immutable and shared:
// connections that began with one keep it while others already begin with its successor.
// TLS 1.2 and 1.3 (RFC 8446, RFC 5246), no renegotiation, HTTP/1.1 by ALPN (RFC 7301).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct ssl_ctx_st;

namespace slipway::http {

struct TlsFault {
  enum class File { certificate, key };
  File file = File::certificate;  ///< which of the two is to blame
  std::string what, remedy;
};

class TlsContext {
 public:
  /// Reads both files (PEM). `certificate` may hold the chain behind the server's own.
  static Result<std::shared_ptr<const TlsContext>, TlsFault> load(const std::string& certificate,
                                                                  const std::string& key);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// Until when the certificate is good, as it says: "Jan  1 00:00:00 2027 GMT".
  const std::string& expires() const { return expires_; }
  ssl_ctx_st* get() const { return context_; }

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
  std::string expires_;
};

}  // namespace slipway::http
