// SPDX-License-Identifier: MPL-2.0
// The structs of schema.h to JSON (RFC 8259) and back. Reading an answer ignores members it does not know, so
// that an older command line understands a newer daemon; in an order they are refused. What is missing or of
// another type is a Fault that names its path. Text from strangers that is not UTF-8 is written with U+FFFD.
// Any thread.
#pragma once

#include <string>
#include <string_view>

#include "api/schema.h"
#include "base/result.h"

namespace slipway::api {

/// For every struct of schema.h.
template <class T>
std::string to_json(const T& view);

/// "boots[0].stages[3].name is missing".
template <class T>
Result<T, Fault> from_json(std::string_view text);

/// What a client sends: AssignmentOrder, BootOnceOrder, LeaseImport, TokenOrder. A member that is not known,
/// or is said twice, is a Fault with the nearest known one. The remedy may be empty.
template <class T>
Result<T, Fault> order_from_json(std::string_view text);

}  // namespace slipway::api
