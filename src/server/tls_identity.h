// SPDX-License-Identifier: MPL-2.0
// What the daemon is known by over TLS: a pair of files the settings name, read at the start and at each
// reload. A pair that cannot be used never replaces the one in use. Thread: control.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/tls_context.h"

namespace slipway::server {

class TlsIdentity {
 public:
  /// Reads the two files and keeps them ready for `use`; or the reason against it. No certificate: no TLS.
  /// The key is not needed where the certificate is the one in use: at a reload the account of the daemon
  /// may be unable to read it, which matters only when it changes.
  std::optional<http::TlsFault> prepare(const std::string& certificate, const std::string& key);
  void use() { used_ = prepared_; }

  /// Null without TLS.
  std::shared_ptr<const http::TlsContext> context() const { return used_.context; }

 private:
  /// Enough of a file to see that it is another one.
  struct Stamp {
    std::string path;
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t modified_ns = 0;
    bool seen = false;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct Pair {
    std::shared_ptr<const http::TlsContext> context;
    Stamp certificate, key;
  };
  static Stamp stamp_of(const std::string& path);

  Pair used_, prepared_;
};

}  // namespace slipway::server
