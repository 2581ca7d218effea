// SPDX-License-Identifier: MPL-2.0
#include "server/tls_identity.h"

#include <sys/stat.h>

namespace slipway::server {

std::optional<http::TlsFault> TlsIdentity::prepare(const std::string& certificate, const std::string& key) {
  prepared_ = {};
  if (certificate.empty()) return std::nullopt;
  Pair wanted{nullptr, stamp_of(certificate), stamp_of(key)};
  bool same_key = wanted.key == used_.key || (!wanted.key.seen && wanted.key.path == used_.key.path);
  if (used_.context && wanted.certificate == used_.certificate && same_key) {
    prepared_ = used_;
    return std::nullopt;
  }
  auto loaded = http::TlsContext::load(certificate, key);
  if (!loaded) return loaded.error();
  wanted.context = *loaded;
  prepared_ = std::move(wanted);
  return std::nullopt;
}

TlsIdentity::Stamp TlsIdentity::stamp_of(const std::string& path) {
  Stamp stamp;
  stamp.path = path;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return stamp;
  stamp.seen = true;
  stamp.device = status.st_dev;
  stamp.inode = status.st_ino;
  stamp.size = static_cast<std::uint64_t>(status.st_size);
  stamp.modified_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  return stamp;
}

}  // namespace slipway::server
