// SPDX-License-Identifier: MPL-2.0
#include "api/page.h"

#include "api/answer.h"
#include "api/query.h"
#include "base/hex.h"

namespace slipway::api {

std::string cursor_of(std::string_view key) {
  return to_hex(as_bytes(key));
}

Result<Page, http::Response> page_of(const http::Request& request, std::optional<std::size_t> usual) {
  Page page;
  auto cursor = request.target.parameter("cursor");
  auto limit = number(request, "limit", usual.value_or(Page::most));
  if (!limit) return limit.error();
  if (*limit == 0 || *limit > Page::most)
    return problem(400, "limit does not fit here", "write one from 1 to " + std::to_string(Page::most));
  if (usual || cursor || request.target.parameter("limit")) page.limit = *limit;
  if (!cursor) return page;
  auto key = from_hex(*cursor);
  if (!key || key->empty())
    return problem(400, "cursor is none that this server gave", "take it from `next` of the page before");
  page.after = as_text(*key);
  return page;
}

}  // namespace slipway::api
