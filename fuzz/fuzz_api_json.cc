// SPDX-License-Identifier: MPL-2.0
// Any text is an answer of the API or a fault that says where it is none.
#include <cstdlib>

#include "api/json.h"
#include "base/bytes.h"

using namespace slipway;

template <typename View>
void check(std::string_view text) {
  auto view = api::from_json<View>(text);
  if (!view && view.error().what.empty()) std::abort();
  if (view && !api::from_json<View>(api::to_json(*view))) std::abort();
}

template <typename Order>
void check_order(std::string_view text) {
  auto order = api::order_from_json<Order>(text);
  if (!order && order.error().what.empty()) std::abort();
  if (order && !api::order_from_json<Order>(api::to_json(*order))) std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text({data, size});
  check<api::EventView>(text);
  check<api::Explanation>(text);
  check<api::LeaseList>(text);
  check_order<api::AssignmentOrder>(text);
  check_order<api::BootOnceOrder>(text);
  check_order<api::LeaseImport>(text);
  check<api::ProblemDetails>(text);
  return 0;
}
