// SPDX-License-Identifier: MPL-2.0
#include "server/script_cache.h"

namespace slipway::server {
namespace {

constexpr std::size_t most = 2048;  // of a few kilobytes each; a bigger crowd begins anew

}  // namespace

const ScriptCache::Script* ScriptCache::find(const Asked& asked) const {
  auto known = scripts_.find(key_of(asked));
  return known != scripts_.end() && known->second.client == asked.client ? &known->second : nullptr;
}

void ScriptCache::keep(const Asked& asked, Script script) {
  if (scripts_.size() >= most) scripts_.clear();
  scripts_.insert_or_assign(key_of(asked), std::move(script));
}

}  // namespace slipway::server
