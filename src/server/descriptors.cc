// SPDX-License-Identifier: MPL-2.0
#include "server/descriptors.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/resource.h>

#include "net/remedies.h"

namespace slipway::server {
namespace {

constexpr std::uint64_t of_client = 2;   // its socket, and the file it is sent
constexpr std::uint64_t others = 1024;   // files being served, listening sockets, the API
constexpr std::uint64_t most = 262'144;  // many cores allow for more clients than any network has

std::uint64_t raise_to(std::uint64_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return limit.rlim_cur;
  rlimit more{wanted, std::max<rlim_t>(limit.rlim_max, wanted)};
  if (::setrlimit(RLIMIT_NOFILE, &more) != 0) {
    more = {std::min<rlim_t>(limit.rlim_max, wanted), limit.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &more);  // refused: we go on with what we have
  }
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace

void make_room_for(std::uint64_t clients, Log& log) {
  std::uint64_t wanted = std::min(clients * of_client + others, most);
  std::uint64_t got = raise_to(wanted);
  if (got >= wanted) return;
  log->warn("{} files and sockets may be open at once, and as many clients as this server takes need {}: {}",
            got, wanted, fmt::format(fmt::runtime(net::remedies().more_files), wanted));
}

}  // namespace slipway::server
