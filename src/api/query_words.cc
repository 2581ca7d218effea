// SPDX-License-Identifier: MPL-2.0
#include "api/query_words.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/answer.h"
#include "base/address.h"
#include "base/printable.h"
#include "lease/lease.h"
#include "model/image.h"
#include "timeline/boot.h"
#include "timeline/event.h"

namespace slipway::api {
namespace {

template <class Enum>
std::vector<std::string_view> all_up_to(Enum last) {
  std::vector<std::string_view> all;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i)
    all.push_back(to_string(static_cast<Enum>(i)));
  return all;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace

QueryWord query_word(std::string_view line) {
  std::size_t colon = line.find(": ");
  std::string_view head = line.substr(0, colon);
  std::size_t equals = head.find('=');
  return {head.substr(0, equals), equals == head.npos ? "" : head.substr(equals + 1),
          colon == line.npos ? "" : line.substr(colon + 2)};
}

void for_each_query_word(std::string_view lines, const std::function<void(const QueryWord&)>& visit) {
  while (!lines.empty()) {
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    visit(query_word(line));
  }
}

std::vector<std::string_view> values_of(std::string_view type) {
  if (type == "flag") return {"0", "1", "false", "true"};
  if (type == "verdict") return all_up_to(timeline::VerdictCode::boot_loop);
  if (type == "stage") return all_up_to(timeline::StageName::archive);
  if (type == "event") return all_up_to(timeline::Kind::note);
  if (type == "image") return all_up_to(model::ImageKind::wimboot);
  if (type == "lease") return {"active", "expired", "released", "declined"};
  if (type == "assignee") return {"machine", "group", "everyone"};
  return {};
}

std::optional<http::Response> check_query(std::string_view lines, const http::Target& target) {
  std::vector<QueryWord> known;
  for_each_query_word(lines, [&](const QueryWord& word) { known.push_back(word); });
  for (auto said = target.query.begin(); said != target.query.end(); ++said) {
    std::string name = printable(said->first), value = printable(said->second);
    auto word =
        std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.name == said->first; });
    if (word == known.end()) {
      std::vector<std::string_view> names;
      for (const QueryWord& one : known) names.push_back(one.name);
      return problem(
          400, fmt::format("the word \"{}\" of the query is not known here", name),
          names.empty() ? "this takes no query" : fmt::format("known are {}", fmt::join(names, ", ")));
    }
    bool again =
        std::any_of(target.query.begin(), said, [&](const auto& one) { return one.first == said->first; });
    if (again) return problem(400, fmt::format("{} is said twice", name), "say it once");
    if (word->type == "integer" && !is_number(said->second))
      return problem(400, fmt::format("{} is not a number", name), "give a whole number or leave it out");
    if (word->type == "network" && !Prefix::parse(said->second))
      return problem(400, fmt::format("{} cannot be \"{}\"", name, value), "write it as 10.0.0.0/24");
    if (word->type == "mac" && !MacAddress::parse(said->second))
      return problem(400, fmt::format("{} cannot be \"{}\"", name, value), "write it as 52:54:00:00:00:01");
    auto values = values_of(word->type);
    if (!values.empty() && std::find(values.begin(), values.end(), said->second) == values.end())
      return problem(400, fmt::format("{} cannot be \"{}\"", name, value),
                     fmt::format("it is one of {}", fmt::join(values, ", ")));
  }
  return std::nullopt;
}

}  // namespace slipway::api
