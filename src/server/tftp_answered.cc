// SPDX-License-Identifier: MPL-2.0
#include "server/tftp_answered.h"

#include <string_view>

namespace slipway::server {
namespace {

std::size_t hash_of(const wire::TftpRequest& request) {
  std::size_t all = request.write;
  auto add = [&all](std::string_view text) { all = all * 31 + std::hash<std::string_view>{}(text); };
  add(request.filename);
  add(request.mode);
  for (const auto& [name, value] : request.options) {
    add(name);
    add(value);
  }
  return all;
}

}  // namespace

void TftpAnswered::ended(const Endpoint& client, const wire::TftpRequest& request, Instant began) {
  auto [place, fresh] = known_.insert_or_assign(client, Known{hash_of(request), began});
  if (!fresh) return;
  order_.push_back(client);
  if (order_.size() <= most) return;
  known_.erase(order_.front());
  order_.pop_front();
}

bool TftpAnswered::is_copy(const Endpoint& client, const wire::TftpRequest& request, Instant arrived) const {
  auto place = known_.find(client);
  return place != known_.end() && arrived <= place->second.began && hash_of(request) == place->second.request;
}

}  // namespace slipway::server
