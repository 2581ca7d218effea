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

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text({data, size});
  check<api::EventView>(text);
  check<api::Explanation>(text);
  check<api::LeaseList>(text);
  check<api::AssignmentOrder>(text);
  check<api::BootOnceOrder>(text);
  check<api::ProblemDetails>(text);
  return 0;
}
