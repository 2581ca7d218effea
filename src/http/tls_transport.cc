// SPDX-License-Identifier: MPL-2.0
#include "http/tls_transport.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace slipway::http {
namespace {

constexpr std::size_t record = 16 * 1024;  // RFC 8446 §5.1: the most that one record holds

class Tls final : public Transport {
 public:
  Tls(int socket, const TlsContext& context) : socket_(socket), ssl_(SSL_new(context.get()), SSL_free) {
    if (ssl_ && SSL_set_fd(ssl_.get(), socket) == 1) SSL_set_accept_state(ssl_.get());
  }

  Handshake shake_hands() override {
    if (!ssl_) return Handshake::failed;  // out of memory
    ERR_clear_error();
    int done = SSL_do_handshake(ssl_.get());
    if (done == 1) return Handshake::done;
    switch (SSL_get_error(ssl_.get(), done)) {
      case SSL_ERROR_WANT_READ:
        return Handshake::wants_read;
      case SSL_ERROR_WANT_WRITE:
        return Handshake::wants_write;
      default:
        return fail(), Handshake::failed;
    }
  }

  Moved receive(std::span<char> into) override {
    std::size_t bytes = 0;
    return call([&] { return SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes); }, bytes);
  }

  bool holds_input() const override { return SSL_pending(ssl_.get()) > 0; }

  Moved send(std::span<const std::string_view> parts, bool) override {
    std::array<char, record> gathered;
    std::size_t size = 0;
    for (std::string_view part : parts)
      size += part.copy(gathered.data() + size, std::min(part.size(), gathered.size() - size));
    return write(gathered.data(), size);
  }

  Moved send_file(int file, std::uint64_t offset, std::uint64_t count) override {
    if (BIO_get_ktls_send(SSL_get_wbio(ssl_.get()))) return send_file_by_kernel(file, offset, count);
    std::array<char, record> read;
    // A record that was begun must be ended with the same bytes, though less may be asked for now.
    std::size_t wanted = begun_ > 0 ? begun_ : std::min<std::uint64_t>(count, read.size());
    ssize_t n = ::pread(file, read.data(), wanted, static_cast<off_t>(offset));
    if (n <= 0) return {Result::failed};
    return write(read.data(), static_cast<std::size_t>(n));
  }

  void finish_sending() override {
    if (!failed_) SSL_shutdown(ssl_.get());  // close_notify (RFC 8446 §6.1); theirs is not waited for
    ERR_clear_error();
    ::shutdown(socket_, SHUT_WR);
  }

 private:
  Moved write(const char* bytes, std::size_t size) {
    std::size_t written = 0;
    Moved moved = call([&] { return SSL_write_ex(ssl_.get(), bytes, size, &written); }, written);
    begun_ = moved.result == Result::blocked ? size : 0;
    return moved;
  }

  Moved send_file_by_kernel(int file, std::uint64_t offset, std::uint64_t count) {
    ERR_clear_error();
    ossl_ssize_t n = SSL_sendfile(ssl_.get(), file, static_cast<off_t>(offset), count, 0);
    if (n > 0) return {Result::ok, static_cast<std::size_t>(n)};
    if (n < 0 && SSL_get_error(ssl_.get(), -1) == SSL_ERROR_WANT_WRITE) return {Result::blocked};
    return fail(), Moved{n == 0 ? Result::failed : Result::gone};
  }

  template <typename Call>
  Moved call(Call openssl, const std::size_t& bytes) {
    if (failed_) return {Result::gone};
    ERR_clear_error();
    int done = openssl();
    if (done == 1) return {Result::ok, bytes};
    int why = SSL_get_error(ssl_.get(), done);
    // Without renegotiation a write never waits for input; a read that must write first does so when it is
    // called again, which the client's next bytes bring about.
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return {Result::blocked};
    return fail(), Moved{Result::gone};
  }

  /// After a fatal error OpenSSL must not be asked again for this connection.
  void fail() {
    failed_ = true;
    ERR_clear_error();
  }

  int socket_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  std::size_t begun_ = 0;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<Transport> tls_transport(int socket, const TlsContext& context) {
  return std::make_unique<Tls>(socket, context);
}

}  // namespace slipway::http
