// SPDX-License-Identifier: MPL-2.0
#include "image/digest.h"

#include <array>

#include <openssl/evp.h>

#include "base/hex.h"
#include "base/result.h"

namespace slipway::image {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

class Hash {
 public:
  explicit Hash(const EVP_MD* method) : method_(method), context_(EVP_MD_CTX_new()) { start(); }

  void update(ByteView bytes) { check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size())); }
  std::string finish() {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest;
    unsigned length = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), &length));
    start();
    return to_hex(ByteView(digest).first(length));
  }

 private:
  void start() { check(context_ && EVP_DigestInit_ex(context_.get(), method_, nullptr)); }
  static void check(bool done) {
    if (!done)
      throw StartupError("OpenSSL does not compute SHA-1 or SHA-256: its policy must allow both digests");
  }

  const EVP_MD* method_;
  std::unique_ptr<EVP_MD_CTX, ContextDeleter> context_;
};

}  // namespace

struct Digester::Contexts {
  Hash sha1{EVP_sha1()};
  Hash sha256{EVP_sha256()};
};

Digester::Digester() : contexts_(std::make_unique<Contexts>()) {}
Digester::~Digester() = default;
Digester::Digester(Digester&&) noexcept = default;
Digester& Digester::operator=(Digester&&) noexcept = default;

void Digester::update(ByteView bytes) {
  contexts_->sha1.update(bytes);
  contexts_->sha256.update(bytes);
}

Digests Digester::finish() {
  return {contexts_->sha1.finish(), contexts_->sha256.finish()};
}

Digests digests_of(ByteView bytes) {
  Digester digester;
  digester.update(bytes);
  return digester.finish();
}

}  // namespace slipway::image
