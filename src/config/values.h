// SPDX-License-Identifier: MPL-2.0
// A setting's value from the tree to its type. Each reader either stores the value or reports, at the
// value's place, what the setting wants; it never does both and never throws.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "config/tree.h"
#include "model/profile.h"
#include "model/subnet.h"

namespace slipway::config {

void report(Problems& problems, const Place& place, std::string what, std::string remedy = {});

void read(const Value& value, std::string& into, Problems& problems);
void read(const Value& value, bool& into, Problems& problems);
void read(const Value& value, std::uint16_t& port, Problems& problems);         ///< 1 to 65535
void read(const Value& value, std::chrono::seconds& into, Problems& problems);  ///< 30, "30s", "12h", "1d"
void read(const Value& value, std::optional<std::uint64_t>& into, Problems& problems);  ///< bits/s: "500M"
void read(const Value& value, Ipv4& into, Problems& problems);
void read(const Value& value, std::optional<Ipv4>& into, Problems& problems);
void read(const Value& value, Prefix& into, Problems& problems);
void read(const Value& value, std::optional<Uuid>& into, Problems& problems);
void read(const Value& value, Bytes& into, Problems& problems);  ///< text, "01:0c:c4:..." or "hex:010c..."
void read(const Value& value, std::optional<std::chrono::seconds>& into, Problems& problems);
void read(const Value& value, std::vector<Prefix>& into, Problems& problems);
void read(const Value& value, model::AddressRange& into, Problems& problems);
void read(const Value& value, std::vector<model::AddressRange>& into, Problems& problems);
void read(const Value& value, MacAddress& into, Problems& problems);
void read(const Value& value, std::vector<std::string>& into, Problems& problems);  ///< one or a list
void read(const Value& value, std::vector<Ipv4>& into, Problems& problems);
void read(const Value& value, std::vector<MacAddress>& into, Problems& problems);
void read(const Value& value, model::Properties& into, Problems& problems);  ///< table of scalars
/// "10.0.0.1-10.0.0.9", a single address, or a list of these: one pool `like` this for each.
void read_ranges(const Value& value, const model::Pool& like, std::vector<model::Pool>& into,
                 Problems& problems);

/// One of a few words.
template <typename T>
struct Word {
  std::string_view text;
  T value;
};
template <typename T>
void read_word(const Value& value, std::span<const Word<T>> words, T& into, Problems& problems);

/// The text of a scalar as the operator wrote it: "true", "42", "a b".
std::optional<std::string> scalar_text(const Value& value);

/// Reports `text` as none of `words`, with the nearest of them.
void report_unknown_word(const Value& value, std::span<const std::string_view> words, Problems& problems);

template <typename T>
void read_word(const Value& value, std::span<const Word<T>> words, T& into, Problems& problems) {
  std::vector<std::string_view> known;
  for (const Word<T>& word : words) {
    if (value.text() && *value.text() == word.text) {
      into = word.value;
      return;
    }
    known.push_back(word.text);
  }
  report_unknown_word(value, known, problems);
}

/// Reads a member by its type: `into<&Subnet::dns>`.
template <auto Member, typename T>
void into(const Value& value, T& target, Problems& problems) {
  read(value, target.*Member, problems);
}

}  // namespace slipway::config
