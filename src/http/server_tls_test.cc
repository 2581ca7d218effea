// SPDX-License-Identifier: MPL-2.0
// HTTPS on the loopback, with curl and with OpenSSL's own client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "http/test_loopback.h"

namespace slipway::http::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Response hello(const Request& request) {
  return text(200, request.secure ? "hello by TLS" : "hello");
}

/// Certificates made for the test, each with its name as the subject.
class Certificates {
 public:
  std::string certificate(const std::string& name) { return make(name) + ".crt"; }
  std::string key(const std::string& name) { return make(name) + ".key"; }
  std::shared_ptr<const TlsContext> context(const std::string& name) {
    auto loaded = TlsContext::load(certificate(name), key(name));
    EXPECT_TRUE(loaded.has_value()) << loaded.error().what;
    return *loaded;
  }
  TemporaryFolder folder;

 private:
  std::string make(const std::string& name) {
    std::string base = folder / name;
    if (::access((base + ".crt").c_str(), F_OK) != 0) {
      std::string command =
          "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" +
          name + " -keyout " + base + ".key -out " + base + ".crt 2>/dev/null";
      EXPECT_EQ(std::system(command.c_str()), 0);
    }
    return base;
  }
};

/// A client with a connection that stays.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port) : client_(port) {
    SSL_set_fd(ssl_.get(), client_.descriptor());
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  bool connected() const { return connected_; }
  std::string server_name() const {
    std::unique_ptr<X509, void (*)(X509*)> peer(SSL_get1_peer_certificate(ssl_.get()), X509_free);
    char name[64] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name, sizeof name);
    return name;
  }
  void send(const std::string& text) { SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())); }
  std::string receive_until(std::string_view mark) {
    std::string text;
    while (text.find(mark) == std::string::npos) {
      char bytes[4096];
      int n = SSL_read(ssl_.get(), bytes, sizeof bytes);
      if (n <= 0) break;
      text.append(bytes, static_cast<std::size_t>(n));
    }
    return text;
  }

 private:
  Client client_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{SSL_new(context_.get()), SSL_free};
  bool connected_ = false;
};

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

TEST(ServerTls, SpeaksVersions12And13AndNoneBefore) {
  Certificates made;
  Loopback loopback(hello);
  std::string url = " https://127.0.0.1:" + std::to_string(loopback.listen_tls(made.context("a"))) + "/x";
  loopback.run();
  EXPECT_EQ(shell("curl -sk --tls-max 1.2" + url), "hello by TLS");
  EXPECT_EQ(shell("curl -sk --tlsv1.3" + url), "hello by TLS");
  EXPECT_EQ(shell("curl -sk --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0" + url + "; echo $?"), "35\n");
  EXPECT_EQ(shell("curl -s " + loopback.url("/x")), "hello");
}

TEST(ServerTls, SendsAFileAndItsRangesByteForByte) {
  Certificates made;
  std::string block(100'003, '\0');
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>(i * 31 + i / 257);
  write_file(made.folder / "f", block, 200);
  auto file = open_file(made.folder / "f");
  Loopback loopback([&](const Request& request) { return serve_file(request, file); });
  std::string url = " https://127.0.0.1:" + std::to_string(loopback.listen_tls(made.context("a"))) + "/f";
  loopback.run();
  for (const char* version : {"--tls-max 1.2", "--tlsv1.3"}) {
    std::string curl = std::string("curl -sk ") + version + url;
    EXPECT_EQ(shell(curl + " | cmp - " + (made.folder / "f") + " && echo same"), "same\n") << version;
    EXPECT_EQ(shell("tail -c +70001 " + (made.folder / "f") + " > " + (made.folder / "end") + "; " + curl +
                    " -r 70000-20000599 | cmp - " + (made.folder / "end") + " && echo same"),
              "same\n")
        << version;
  }
}

TEST(ServerTls, AnswersRequestsThatCameInOneRecord) {
  Certificates made;
  Loopback loopback(hello);
  std::uint16_t port = loopback.listen_tls(made.context("a"));
  loopback.run();
  TlsClient client(port);
  std::string requests;
  for (int i = 0; i < 300; ++i) requests += get("/" + std::to_string(i));  // more than one look takes in
  client.send(requests + get("/last") + "GET /end HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  std::string answers = client.receive_until("no such mark");
  std::size_t count = 0;
  for (std::size_t at = answers.find("hello by TLS"); at != answers.npos;
       at = answers.find("hello by TLS", at + 1))
    ++count;
  EXPECT_EQ(count, 302u);
}

TEST(ServerTls, ChangesItsCertificateAndDropsNobody) {
  Certificates made;
  Loopback loopback(hello);
  std::uint16_t port = loopback.listen_tls(made.context("first"));
  loopback.run();
  TlsClient before(port);
  EXPECT_EQ(before.server_name(), "first");
  before.send(get("/a"));
  EXPECT_THAT(before.receive_until("by TLS"), StartsWith("HTTP/1.1 200"));
  std::atomic<bool> changed = false;
  loopback.on_reactor([&, context = made.context("second")] {
    loopback.server().identify(context);
    changed = true;
  });
  ASSERT_TRUE(loopback.wait_until([&] { return changed.load(); }));
  before.send(get("/b"));
  EXPECT_THAT(before.receive_until("by TLS"), StartsWith("HTTP/1.1 200"));
  TlsClient after(port);
  EXPECT_EQ(after.server_name(), "second");
}

TEST(ServerTls, ClosesAHandshakeThatNeverEnds) {
  Certificates made;
  Limits limits;
  limits.header_deadline = milliseconds(300);
  Loopback loopback(hello, limits);
  std::uint16_t port = loopback.listen_tls(made.context("a"));
  loopback.run();
  Client silent(port), slow(port);
  slow.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));  // the first bytes of a ClientHello
  EXPECT_EQ(silent.receive(), "");
  EXPECT_FALSE(silent.timed_out());
  EXPECT_EQ(slow.receive(), "");
  EXPECT_FALSE(slow.timed_out());
  EXPECT_TRUE(loopback.wait_until_idle());
  EXPECT_EQ(loopback.metrics.counter("slipway_http_refused_total", "server=\"boot\",reason=\"tls_handshake\"")
                .value(),
            2u);
}

TEST(ServerTls, ClosesWhoSpeaksNoTlsAndServesTheNext) {
  Certificates made;
  Loopback loopback(hello);
  std::uint16_t port = loopback.listen_tls(made.context("a"));
  loopback.run();
  Client plain(port);
  plain.get("/");
  while (!plain.receive().empty()) {
  }
  EXPECT_FALSE(plain.timed_out());
  TlsClient next(port);
  EXPECT_TRUE(next.connected());
  next.send(get("/"));
  EXPECT_THAT(next.receive_until("by TLS"), StartsWith("HTTP/1.1 200"));
}

TEST(ServerTls, LeavesNothingBehindOfClientsThatGoInTheMiddle) {
  Certificates made;
  write_file(made.folder / "f", std::string(1 << 20, 'x'), 32);
  auto file = open_file(made.folder / "f");
  Loopback loopback([&](const Request& request) { return serve_file(request, file); });
  std::uint16_t port = loopback.listen_tls(made.context("a"));
  loopback.run();
  std::size_t before = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    TlsClient client(port);
    client.send(get("/f"));
    client.receive_until("\r\n\r\n");
  }
  EXPECT_TRUE(loopback.wait_until_idle());
  EXPECT_EQ(open_descriptors(), before);
}

TEST(TlsContext, SaysWhatIsWrongWithAPair) {
  Certificates made;
  auto fault = [](const std::string& certificate, const std::string& key) {
    auto loaded = TlsContext::load(certificate, key);
    EXPECT_FALSE(loaded.has_value());
    return loaded ? TlsFault{} : loaded.error();
  };
  std::string garbage = made.folder / "garbage";
  write_file(garbage, "no PEM\n");
  TlsFault absent = fault(made.folder / "none.crt", made.key("a"));
  EXPECT_THAT(absent.what, HasSubstr("none.crt cannot be used: No such file"));
  EXPECT_EQ(absent.file, TlsFault::File::certificate);
  EXPECT_THAT(fault(garbage, made.key("a")).what, HasSubstr("garbage cannot be used: no start line"));
  EXPECT_EQ(fault(made.certificate("a"), garbage).file, TlsFault::File::key);
  EXPECT_THAT(fault(made.certificate("a"), made.key("b")).what, HasSubstr("b.key is not of the certificate"));
}

}  // namespace
}  // namespace slipway::http::testing
