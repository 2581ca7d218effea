// SPDX-License-Identifier: MPL-2.0
#include "api/openapi.h"

#include <type_traits>

#include <boost/describe/members.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <fmt/format.h>

#include "api/schema.h"

namespace slipway::api {
namespace {

namespace json = boost::json;

// clang-format off
#define SLIPWAY_API_SCHEMAS(X) \
  X(StatusView) X(ForeignServerView) X(MachineView) X(MachineList) X(Explanation) X(BootView) X(StageView) X(DiagnosisView) X(EvidenceView) X(EventView) X(EventList) \
  X(ImageView) X(ImageFileView) X(ImageUseView) X(ImageList) X(LeaseView) X(LeaseList) X(SubnetView) X(PoolView) X(SubnetList) \
  X(AssignmentView) X(BootOnceView) X(AssignmentList) X(AssignmentOrder) X(BootOnceOrder) X(Assigned) X(AssignmentEvent) \
  X(AssignmentHistory) X(ForeignLeaseView) X(LeaseImport) X(LeaseImported) X(LeaseImportResult) X(Done) X(ProblemDetails)
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

json::object schemas() {
  json::object all;
#define SLIPWAY_SCHEMA(T) all[#T] = object_schema<T>();
  SLIPWAY_API_SCHEMAS(SLIPWAY_SCHEMA)
#undef SLIPWAY_SCHEMA
  return all;
}

std::string lower(std::string_view method) {
  std::string text(method);
  for (char& c : text) c = static_cast<char>(c | 0x20);
  return text;
}

json::object parameter(std::string_view name, std::string_view where, std::string_view description) {
  json::object out{{"name", name}, {"in", where}, {"required", where == "path"}};
  if (!description.empty()) out["description"] = description;
  out["schema"] = json::object{{"type", "string"}};
  return out;
}

json::array parameters(const EndpointDoc& doc) {
  json::array out;
  for (std::string_view rest = doc.path; rest.find('{') != rest.npos;) {
    rest.remove_prefix(rest.find('{') + 1);
    out.push_back(parameter(rest.substr(0, rest.find('}')), "path", ""));
  }
  for (std::string_view rest = doc.query; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    std::size_t colon = line.find(": ");
    out.push_back(parameter(line.substr(0, colon), "query", line.substr(colon + 2)));
  }
  return out;
}

json::object content(std::string_view type, json::object schema) {
  return {{type, json::object{{"schema", std::move(schema)}}}};
}

json::object operation(const EndpointDoc& doc) {
  bool is_text = doc.answer.find('/') != doc.answer.npos;
  json::object good{{"description", doc.summary}};
  good["content"] = is_text ? content(doc.answer, {{"type", "string"}})
                            : content("application/json", reference(doc.answer));
  json::object bad{{"description", "What is wrong and what to do about it"}};
  bad["content"] = doc.path.starts_with("/api/")
                       ? content("application/problem+json", reference("ProblemDetails"))
                       : content("text/plain", {{"type", "string"}});
  json::object out{{"summary", doc.summary}, {"parameters", parameters(doc)}};
  if (!doc.body.empty()) {
    out["requestBody"] =
        json::object{{"required", true}, {"content", content("application/json", reference(doc.body))}};
  }
  out["responses"] = json::object{{"2XX", good}, {"default", bad}};
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
  json::object document{{"openapi", "3.1.0"},
                        {"info", json::object{{"title", "Slipway management API"},
                                              {"version", "1"},
                                              {"description", "Served by slipwayd over its unix socket."}}},
                        {"paths", paths},
                        {"components", json::object{{"schemas", schemas()}}}};
  std::string text;
  print(text, document, 0);
  return text + "\n";
}

}  // namespace slipway::api
