// SPDX-License-Identifier: MPL-2.0
#include "api/openapi.h"

#include <algorithm>
#include <type_traits>

#include <boost/describe/members.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <fmt/format.h>

#include "api/query_words.h"
#include "api/schema.h"

namespace slipway::api {
namespace {

namespace json = boost::json;

// clang-format off
#define SLIPWAY_API_SCHEMAS(X) \
  X(StatusView) X(ForeignServerView) X(MachineView) X(MachineList) X(Explanation) X(BootView) X(StageView) X(DiagnosisView) X(EvidenceView) X(EventView) X(EventList) \
  X(ImageView) X(ImageFileView) X(ImageUseView) X(ImageList) X(LeaseView) X(LeaseList) X(SubnetView) X(PoolView) X(SubnetList) \
  X(AssignmentView) X(BootOnceView) X(AssignmentList) X(AssignmentOrder) X(BootOnceOrder) X(Assigned) X(AssignmentEvent) \
  X(AssignmentHistory) X(ForeignLeaseView) X(LeaseImport) X(LeaseImported) X(LeaseImportResult) X(Done) X(ProblemDetails) \
  X(BootList) X(BootNotice) X(BootDetail) X(PropertyView) X(ProfileView) X(ProfileList) X(GroupView) X(GroupList) X(TokenView) X(TokenList) X(TokenOrder) X(TokenCreated) X(AuditView) X(AuditList) \
  X(FindingView) X(PreviewView)
// clang-format on

template <class T>
struct NameOf;
#define SLIPWAY_NAME(T)                                       \
  template <>                                                 \
  struct NameOf<T> {                                          \
    [[maybe_unused]] static constexpr const char* value = #T; \
  };
SLIPWAY_API_SCHEMAS(SLIPWAY_NAME)
#undef SLIPWAY_NAME

json::object reference(std::string_view name) {
  return {{"$ref", fmt::format("#/components/schemas/{}", name)}};
}

template <class T>
struct Shape {
  static constexpr bool optional = false;
  static json::object schema() {
    if constexpr (std::is_same_v<T, bool>) {
      return {{"type", "boolean"}};
    } else if constexpr (std::is_integral_v<T>) {
      return {{"type", "integer"}};
    } else if constexpr (std::is_floating_point_v<T>) {
      return {{"type", "number"}};
    } else if constexpr (std::is_same_v<T, Instant>) {
      return {{"type", "string"}, {"format", "date-time"}};
    } else if constexpr (std::is_same_v<T, std::string>) {
      return {{"type", "string"}};
    } else {
      return reference(NameOf<T>::value);
    }
  }
};
template <class T>
struct Shape<std::vector<T>> {
  static constexpr bool optional = false;
  static json::object schema() { return {{"type", "array"}, {"items", Shape<T>::schema()}}; }
};
template <class T>
struct Shape<std::optional<T>> {
  static constexpr bool optional = true;
  static json::object schema() { return Shape<T>::schema(); }
};

template <class T>
json::object object_schema() {
  json::object properties;
  json::array required;
  using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
  boost::mp11::mp_for_each<Members>([&](auto member) {
    using Member = std::remove_reference_t<decltype(std::declval<T&>().*member.pointer)>;
    properties[member.name] = Shape<Member>::schema();
    if (!Shape<Member>::optional) required.push_back(member.name);
  });
  return {{"type", "object"}, {"required", required}, {"properties", properties}};
}

/// Orders are refused for a member that is not known, and so is what lies within them.
void allow_no_more(json::object& all, std::string_view name) {
  json::object& schema = all.at(name).as_object();
  schema["additionalProperties"] = false;
  for (auto& property : schema.at("properties").as_object()) {
    const json::object* within = &property.value().as_object();
    if (const json::value* items = within->if_contains("items")) within = &items->as_object();
    if (const json::value* of = within->if_contains("$ref")) {
      std::string_view path(of->as_string());
      allow_no_more(all, path.substr(path.rfind('/') + 1));
    }
  }
}

json::object schemas(const std::vector<EndpointDoc>& table) {
  json::object all;
#define SLIPWAY_SCHEMA(T) all[#T] = object_schema<T>();
  SLIPWAY_API_SCHEMAS(SLIPWAY_SCHEMA)
#undef SLIPWAY_SCHEMA
  for (const EndpointDoc& doc : table) {
    if (!doc.body.empty()) allow_no_more(all, doc.body);
  }
  return all;
}

json::object security_schemes() {
  return {{"token", json::object{{"type", "http"},
                                 {"scheme", "bearer"},
                                 {"description", "From `slipway token create NAME --scope read|write`"}}}};
}

json::object webhooks() {
  json::object post{
      {"summary", "A boot failed or came up; sent again with growing pauses until it is taken"}};
  post["security"] = json::array{};
  post["parameters"] = json::array{
      json::object{
          {"name", "Slipway-Signature"},
          {"in", "header"},
          {"required", true},
          {"description", "t=SECONDS,v1=HEX: HMAC-SHA256 of \"SECONDS.BODY\" with the shared secret"},
          {"schema", json::object{{"type", "string"}}}},
      json::object{{"name", "Slipway-Delivery"},
                   {"in", "header"},
                   {"required", true},
                   {"description", "the same for every attempt to send the same body"},
                   {"schema", json::object{{"type", "string"}}}}};
  post["requestBody"] = json::object{
      {"required", true},
      {"content", json::object{{"application/json", json::object{{"schema", reference("BootNotice")}}}}}};
  post["responses"] = json::object{{"2XX", json::object{{"description", "It is taken"}}},
                                   {"default", json::object{{"description", "It is sent again"}}}};
  return {{"boot", json::object{{"post", std::move(post)}}}};
}

std::string lower(std::string_view method) {
  std::string text(method);
  for (char& c : text) c = static_cast<char>(c | 0x20);
  return text;
}

json::object parameter(const QueryWord& word, std::string_view where) {
  json::object out{{"name", word.name}, {"in", where}, {"required", where == "path"}};
  if (!word.text.empty()) out["description"] = word.text;
  json::object schema{{"type", "string"}};
  if (word.type == "integer") schema = {{"type", "integer"}, {"minimum", 0}};
  json::array values;
  for (std::string_view value : values_of(word.type)) values.emplace_back(value);
  if (!values.empty()) schema["enum"] = std::move(values);
  out["schema"] = std::move(schema);
  return out;
}

json::object header(std::string_view line) {
  return parameter(query_word(line), "header");
}

json::array parameters(const EndpointDoc& doc) {
  json::array out;
  for (std::string_view rest = doc.path; rest.find('{') != rest.npos;) {
    rest.remove_prefix(rest.find('{') + 1);
    out.push_back(parameter({rest.substr(0, rest.find('}')), "", ""}, "path"));
  }
  for_each_query_word(doc.query, [&](const QueryWord& word) { out.push_back(parameter(word, "query")); });
  bool changes = doc.method == http::Method::post || doc.method == http::Method::delete_;
  if (!doc.guard.empty())
    out.push_back(header(fmt::format("If-Match: only while GET {} has this entity tag", doc.guard)));
  if (!changes && doc.answer.find('/') == doc.answer.npos)
    out.push_back(header("If-None-Match: 304 while the answer has this entity tag"));
  if (doc.query.find("follow=") != doc.query.npos)
    out.push_back(header("Last-Event-ID: a stream goes on behind the event of this `id:`"));
  return out;
}

json::object content(std::string_view type, json::object schema) {
  return {{type, json::object{{"schema", std::move(schema)}}}};
}

json::object response_of(const EndpointDoc& doc) {
  bool is_text = doc.answer.find('/') != doc.answer.npos;
  json::object types =
      is_text ? content(doc.answer, {{"type", doc.answer == "application/json" ? "object" : "string"}})
              : content("application/json", reference(doc.answer));
  if (doc.query.find("follow=") != doc.query.npos)
    types["text/event-stream"] = json::object{{"schema", json::object{{"type", "string"}}}};
  return {{"description", doc.summary}, {"content", std::move(types)}};
}

bool is_open(const EndpointDoc& doc) {
  return !doc.path.starts_with("/api/") && doc.path != "/metrics";
}

/// The statuses of this endpoint besides the good one; every other is described by `default`.
std::vector<int> errors_of(const EndpointDoc& doc) {
  std::vector<int> all;
  for (std::string_view rest = doc.errors; rest.size() >= 3;
       rest.remove_prefix(std::min<std::size_t>(4, rest.size())))
    all.push_back((rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0'));
  if (!is_open(doc)) all.insert(all.end(), {400, 401, 429});
  if (doc.query.find("follow=") != doc.query.npos) all.push_back(503);
  if (doc.method != http::Method::get) all.push_back(403);
  if (doc.method != http::Method::get) all.push_back(412);
  if (!doc.body.empty()) all.push_back(413);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

json::object operation(const EndpointDoc& doc) {
  auto bad = [&](std::string_view description) {
    bool plain = doc.path == "/readyz";
    return json::object{
        {"description", description},
        {"content", plain ? content("text/plain", {{"type", "string"}})
                          : content("application/problem+json", reference("ProblemDetails"))}};
  };
  json::object out{{"summary", doc.summary}, {"parameters", parameters(doc)}};
  if (!doc.body.empty()) {
    out["requestBody"] =
        json::object{{"required", true}, {"content", content("application/json", reference(doc.body))}};
  }
  json::object responses;
  responses[std::to_string(doc.status)] = response_of(doc);
  if (doc.method == http::Method::get && doc.answer.find('/') == doc.answer.npos)
    responses["304"] = json::object{{"description", "It is what If-None-Match says"}};
  for (int status : errors_of(doc)) responses[std::to_string(status)] = bad(http::reason_phrase(status));
  responses["default"] = bad("What is wrong and what to do about it");
  out["responses"] = std::move(responses);
  if (is_open(doc)) out["security"] = json::array{};
  return out;
}

void print(std::string& out, const json::value& value, int depth) {
  std::string indent(static_cast<std::size_t>(depth + 1) * 2, ' ');
  std::string separator;
  if (const auto* object = value.if_object(); object && !object->empty()) {
    out += '{';
    for (const auto& [key, member] : *object) {
      out += separator + "\n" + indent + json::serialize(json::value(key)) + ": ";
      print(out, member, depth + 1);
      separator = ",";
    }
    out += "\n" + indent.substr(2) + "}";
  } else if (const auto* array = value.if_array(); array && !array->empty() && !array->front().is_string()) {
    out += '[';
    for (const json::value& item : *array) {
      out += separator + "\n" + indent;
      print(out, item, depth + 1);
      separator = ",";
    }
    out += "\n" + indent.substr(2) + "]";
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string openapi(const std::vector<EndpointDoc>& table) {
  json::object paths;
  for (const EndpointDoc& doc : table) {
    json::value& path = paths[doc.path];
    if (!path.is_object()) path.emplace_object();
    path.get_object()[lower(to_string(doc.method))] = operation(doc);
  }
  json::object document{
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", "Slipway management API"},
                            {"version", "1"},
                            {"description",
                             "Served by slipwayd over its unix socket, where the peer's credentials "
                             "say who asks, and with [api] over TLS, where a token does."}}},
      {"security", json::array{json::object{{"token", json::array{}}}}},
      {"paths", paths},
      {"webhooks", webhooks()},
      {"components", json::object{{"securitySchemes", security_schemes()}, {"schemas", schemas(table)}}}};
  std::string text;
  print(text, document, 0);
  return text + "\n";
}

}  // namespace slipway::api
