// SPDX-License-Identifier: MPL-2.0
#include "http/tls_context.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

namespace slipway::http {
namespace {

/// The first of OpenSSL's reasons; the queue is empty afterwards.
std::string openssl_reason() {
  unsigned long code = ERR_peek_error();
  ERR_clear_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return reason ? reason : "it is not what it should be";
}

/// Only HTTP/1.1 is spoken; who offers no such thing is asked by other means.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_size, ours, sizeof ours, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

ssl_ctx_st* make_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (!context) throw StartupError("OpenSSL gives no TLS context: " + openssl_reason());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // The kernel encrypts where it can (kTLS), and then sends files by itself.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_ENABLE_KTLS |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets carry what is to be known
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return context;
}

/// Why a file cannot be used: the system's reason where it is one of the file system.
std::string why_not(const std::string& path) {
  std::string reason = openssl_reason();
  return ::access(path.c_str(), R_OK) == 0 ? reason : std::strerror(errno);
}

std::string time_of(const ASN1_TIME* time) {
  std::unique_ptr<BIO, int (*)(BIO*)> text(BIO_new(BIO_s_mem()), BIO_free);
  if (!text || !time || ASN1_TIME_print(text.get(), time) != 1) return {};
  char* bytes = nullptr;
  long size = BIO_get_mem_data(text.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

}  // namespace

Result<std::shared_ptr<const TlsContext>, TlsFault> TlsContext::load(const std::string& certificate,
                                                                     const std::string& key) {
  std::shared_ptr<TlsContext> made(new TlsContext(make_context()));
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(made->context_, certificate.c_str()) != 1) {
    return TlsFault{TlsFault::File::certificate,
                    fmt::format("the certificate {} cannot be used: {}", certificate, why_not(certificate)),
                    "it wants a PEM file: the server's certificate, then those that vouch for it"};
  }
  if (SSL_CTX_use_PrivateKey_file(made->context_, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    bool other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    if (other) {
      ERR_clear_error();
      return TlsFault{TlsFault::File::key,
                      fmt::format("the key {} is not of the certificate {}", key, certificate),
                      "name the two that were made for each other"};
    }
    return TlsFault{TlsFault::File::key, fmt::format("the key {} cannot be used: {}", key, why_not(key)),
                    "it wants a PEM file without a passphrase that slipwayd may read"};
  }
  const X509* leaf = SSL_CTX_get0_certificate(made->context_);
  made->expires_ = time_of(X509_get0_notAfter(leaf));
  if (X509_cmp_current_time(X509_get0_notAfter(leaf)) < 0) {
    return TlsFault{TlsFault::File::certificate,
                    fmt::format("the certificate {} was good until {}", certificate, made->expires_),
                    "have a new one made"};
  }
  return std::shared_ptr<const TlsContext>(std::move(made));
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

}  // namespace slipway::http
