// SPDX-License-Identifier: MPL-2.0
// A parsed configuration file as plain values, each with its place. What TOML library made it is known
// to toml.cc alone.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/problem.h"

namespace slipway::config {

struct Entry;

struct Value {
  using Array = std::vector<Value>;
  using Table = std::vector<Entry>;  ///< in the order of the file

  std::variant<std::string, std::int64_t, double, bool, Array, Table> data;
  Place place;

  const std::string* text() const { return std::get_if<std::string>(&data); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data); }
  const bool* boolean() const { return std::get_if<bool>(&data); }
  const Array* array() const { return std::get_if<Array>(&data); }
  const Table* table() const { return std::get_if<Table>(&data); }
  std::string_view kind() const;  ///< "a string", "a table", for messages
};

struct Entry {
  std::string key;
  Place place;  ///< of the key
  Value value;
};

using Table = Value::Table;

}  // namespace slipway::config
