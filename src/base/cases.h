// SPDX-License-Identifier: MPL-2.0
// Lambdas as one visitor of a variant: `std::visit(Cases{[](const A&) {}, [](const B&) {}}, variant)`.
#pragma once

namespace slipway {

template <typename... Case>
struct Cases : Case... {
  using Case::operator()...;
};
template <typename... Case>
Cases(Case...) -> Cases<Case...>;  // clang 14 does not deduce it by itself

}  // namespace slipway
