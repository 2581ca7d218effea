// SPDX-License-Identifier: MPL-2.0
#include "api/json.h"

#include <algorithm>
#include <span>
#include <type_traits>
#include <vector>

#include <boost/describe/members.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/repeated_name.h"
#include "api/rfc3339.h"
#include "base/nearest.h"
#include "base/printable.h"

namespace slipway::api {
namespace {

namespace json = boost::json;

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

// --- writing ---------------------------------------------------------------------------------------

/// The length of the UTF-8 sequence at the front of `text` (RFC 3629 §4), or 0.
std::size_t utf8_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                       : lead >= 0xe0 && lead <= 0xef ? 3
                       : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                      : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, beyond U+10FFFF.
  if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f) ||
      (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f))
    return 0;
  return length;
}

/// Names and classes come from packets: what is not UTF-8 would make the whole document unreadable.
json::string clean(std::string_view text) {
  json::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = utf8_length(text);
    out.append(length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

json::value write(const std::string& text) {
  return clean(text);
}
json::value write(Instant at) {
  return json::string(rfc3339(at));
}
template <class T>
requires std::is_arithmetic_v<T> json::value write(T number) {
  return number;
}
template <class T>
requires boost::describe::has_describe_members<T>::value json::value write(const T& view);
template <class T>
json::value write(const std::vector<T>& list) {
  json::array array;
  array.reserve(list.size());
  for (const T& item : list) array.push_back(write(item));
  return array;
}

template <class T>
void put(json::object& object, std::string_view name, const T& value) {
  object[name] = write(value);
}
template <class T>
void put(json::object& object, std::string_view name, const std::optional<T>& value) {
  if (value) object[name] = write(*value);
}

template <class T>
requires boost::describe::has_describe_members<T>::value json::value write(const T& view) {
  json::object object;
  boost::mp11::mp_for_each<Members<T>>([&](auto member) { put(object, member.name, view.*member.pointer); });
  return object;
}

// --- reading ---------------------------------------------------------------------------------------

template <class T>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  boost::mp11::mp_for_each<Members<T>>([&](auto member) { names.emplace_back(member.name); });
  return names;
}

constexpr std::size_t longest_name = 64;  // of a member, as it is told

std::string quoted(std::string_view name) {
  return fmt::format("\"{}\"", printable(name.substr(0, longest_name)));
}

/// Walks a document and keeps the first thing that is wrong, with its path.
struct Reader {
  std::string_view whole;   ///< what the document is
  std::string_view remedy;  ///< of what is missing or of another type
  bool strict = false;      ///< members that are not known are wrong
  std::string path{};
  std::optional<Fault> fault{};

  void wrong(std::string_view what) {
    if (!fault) fault = Fault{fmt::format("{} {}", path.empty() ? whole : path, what), std::string(remedy)};
  }

  void refuse_unknown(const json::object& object, std::span<const std::string_view> known) {
    for (const auto& member : object) {
      std::string_view name(member.key().data(), member.key().size());
      if (fault || std::find(known.begin(), known.end(), name) != known.end()) continue;
      auto near = nearest(name.substr(0, longest_name), known);
      fault = Fault{fmt::format("{} is not known in {}", quoted(name), path.empty() ? whole : path),
                    near ? fmt::format("did you mean {}?", *near)
                         : fmt::format("known are {}", fmt::join(known, ", "))};
    }
  }

  void read(const json::value& value, std::string& out) {
    if (const auto* text = value.if_string()) {
      out.assign(text->data(), text->size());
    } else {
      wrong("is not text");
    }
  }
  void read(const json::value& value, bool& out) {
    if (const auto* flag = value.if_bool()) {
      out = *flag;
    } else {
      wrong("is not true or false");
    }
  }
  void read(const json::value& value, double& out) {
    boost::system::error_code error;
    out = value.to_number<double>(error);
    if (error) wrong("is not a number");
  }
  template <class T>
  requires std::is_integral_v<T>
  void read(const json::value& value, T& out) {
    boost::system::error_code error;
    out = value.to_number<T>(error);
    if (error) wrong("is not a number in range");
  }
  void read(const json::value& value, Instant& out) {
    const auto* text = value.if_string();
    auto at = text ? parse_rfc3339({text->data(), text->size()}) : std::nullopt;
    if (at) {
      out = *at;
    } else {
      wrong("is not a time");
    }
  }
  template <class T>
  void read(const json::value& value, std::vector<T>& out) {
    const auto* array = value.if_array();
    if (!array) return wrong("is not a list");
    std::string outer = path;
    for (std::size_t i = 0; i < array->size() && !fault; ++i) {
      path = fmt::format("{}[{}]", outer, i);
      read((*array)[i], out.emplace_back());
    }
    path = outer;
  }
  template <class T>
  requires boost::describe::has_describe_members<T>::value void read(const json::value& value, T& out) {
    const auto* object = value.if_object();
    if (!object) return wrong("is not an object");
    if (strict) refuse_unknown(*object, names_of<T>());
    std::string outer = path;
    boost::mp11::mp_for_each<Members<T>>([&](auto member) {
      if (fault) return;
      path = outer.empty() ? member.name : outer + "." + member.name;
      take(object->if_contains(member.name), out.*member.pointer);
    });
    path = outer;
  }

  template <class T>
  void take(const json::value* value, T& out) {
    if (!value) return wrong("is missing");
    read(*value, out);
  }
  template <class T>
  void take(const json::value* value, std::optional<T>& out) {
    if (value && !value->is_null()) read(*value, out.emplace());
  }
};

}  // namespace

template <class T>
std::string to_json(const T& view) {
  return json::serialize(write(view));
}

template <class T>
Result<T, Fault> from_json(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return Fault{"the answer is not JSON: " + error.message(), "is this the socket of slipwayd?"};
  T out;
  Reader reader{"the answer", "slipway and slipwayd may be of different versions"};
  reader.read(value, out);
  if (reader.fault) return *reader.fault;
  return out;
}

template <class T>
Result<T, Fault> order_from_json(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return Fault{"the body is not JSON: " + error.message(), ""};
  T out;
  Reader reader{"the body", "", true};
  reader.read(value, out);
  if (reader.fault) return *reader.fault;
  if (auto name = repeated_name(text)) return Fault{quoted(*name) + " is said twice", "say it once"};
  return out;
}

#define SLIPWAY_API_ORDER(T) template Result<T, Fault> order_from_json<T>(std::string_view);
SLIPWAY_API_ORDER(AssignmentOrder)
SLIPWAY_API_ORDER(BootOnceOrder)
SLIPWAY_API_ORDER(LeaseImport)
SLIPWAY_API_ORDER(TokenOrder)
#undef SLIPWAY_API_ORDER

#define SLIPWAY_API_JSON(T)               \
  template std::string to_json(const T&); \
  template Result<T, Fault> from_json<T>(std::string_view);
SLIPWAY_API_JSON(EventView)
SLIPWAY_API_JSON(EventList)
SLIPWAY_API_JSON(StageView)
SLIPWAY_API_JSON(BootView)
SLIPWAY_API_JSON(MachineView)
SLIPWAY_API_JSON(MachineList)
SLIPWAY_API_JSON(Explanation)
SLIPWAY_API_JSON(ImageFileView)
SLIPWAY_API_JSON(ImageUseView)
SLIPWAY_API_JSON(ImageView)
SLIPWAY_API_JSON(ImageList)
SLIPWAY_API_JSON(AssignmentView)
SLIPWAY_API_JSON(BootOnceView)
SLIPWAY_API_JSON(AssignmentList)
SLIPWAY_API_JSON(AssignmentOrder)
SLIPWAY_API_JSON(BootOnceOrder)
SLIPWAY_API_JSON(Assigned)
SLIPWAY_API_JSON(AssignmentEvent)
SLIPWAY_API_JSON(AssignmentHistory)
SLIPWAY_API_JSON(LeaseView)
SLIPWAY_API_JSON(LeaseList)
SLIPWAY_API_JSON(ForeignLeaseView)
SLIPWAY_API_JSON(LeaseImport)
SLIPWAY_API_JSON(LeaseImported)
SLIPWAY_API_JSON(LeaseImportResult)
SLIPWAY_API_JSON(PoolView)
SLIPWAY_API_JSON(SubnetView)
SLIPWAY_API_JSON(SubnetList)
SLIPWAY_API_JSON(ForeignServerView)
SLIPWAY_API_JSON(StatusView)
SLIPWAY_API_JSON(Done)
SLIPWAY_API_JSON(ProblemDetails)
SLIPWAY_API_JSON(BootList)
SLIPWAY_API_JSON(BootNotice)
SLIPWAY_API_JSON(BootDetail)
SLIPWAY_API_JSON(PropertyView)
SLIPWAY_API_JSON(ProfileView)
SLIPWAY_API_JSON(ProfileList)
SLIPWAY_API_JSON(GroupView)
SLIPWAY_API_JSON(GroupList)
SLIPWAY_API_JSON(TokenView)
SLIPWAY_API_JSON(TokenList)
SLIPWAY_API_JSON(TokenOrder)
SLIPWAY_API_JSON(TokenCreated)
SLIPWAY_API_JSON(AuditView)
SLIPWAY_API_JSON(AuditList)
SLIPWAY_API_JSON(PreviewView)
#undef SLIPWAY_API_JSON

}  // namespace slipway::api
