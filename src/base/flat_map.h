// SPDX-License-Identifier: MPL-2.0
// A hash map whose entries lie in one piece of memory: for what comes and goes with every packet, where a
// node for each would be half of the work. Entries move when others come: keep no pointer to one over an
// insertion.
#pragma once

#include <functional>

#include <boost/unordered/unordered_flat_map.hpp>

namespace slipway {

template <typename Key, typename Value>
using FlatMap = boost::unordered_flat_map<Key, Value, std::hash<Key>>;

}  // namespace slipway
