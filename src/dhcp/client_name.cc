// SPDX-License-Identifier: MPL-2.0
#include "dhcp/client_name.h"

#include <algorithm>

#include "wire/domain_names.h"

namespace slipway::dhcp {
namespace {

// RFC 4702 §2.1.
constexpr std::uint8_t flag_s = 1, flag_o = 2, flag_e = 4, flag_n = 8;
constexpr std::uint8_t no_rcode = 255;  ///< §2.2: "the server SHOULD set" both to this

bool is_host_name(std::string_view text) {
  auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !text.empty() && text.front() != '.' && text.size() <= 253 &&
         std::all_of(text.begin(), text.end(), fits);
}

std::string qualified(std::string name, const Bytes* domain) {
  bool whole = name.find('.') != std::string::npos;
  if (whole || !domain || domain->empty()) return name;
  return name + "." + std::string(as_text(*domain));
}

/// The name in a client's option 81: labels (flag E) or, deprecated, text. Empty: none, or no host's.
std::string name_within(ByteView bytes, bool labels) {
  std::string name;
  if (!labels) {
    name = as_text(bytes);
  } else if (!bytes.empty()) {
    // Without the final empty label it is a part of a name (§2.3.1).
    Bytes ended(bytes.begin(), bytes.end());
    if (ended.back() != 0) ended.push_back(0);
    auto names = wire::parse_domain_names(ended);
    if (names && names->size() == 1) name = names->front();
  }
  if (name.ends_with('.')) name.pop_back();
  return is_host_name(name) ? name : std::string{};
}

}  // namespace

std::string full_name(const model::Machine& machine, const Bytes* domain) {
  if (!is_host_name(machine.name)) return {};
  return qualified(machine.name, domain);
}

std::optional<Bytes> answer_to_fqdn(ByteView asked, const std::string& name, const Bytes* domain) {
  ByteReader in(asked);
  std::uint8_t flags = in.u8();
  in.take(2);
  ByteView theirs = in.take_rest();
  if (!in.ok()) return std::nullopt;

  std::string said = name.empty() ? qualified(name_within(theirs, flags & flag_e), domain) : name;
  if (said.starts_with('.')) said.clear();  // there was nothing to qualify
  ByteWriter out;
  // §4: N says that the server makes no update, so S is 0; O that S is not as the client wanted it.
  std::uint8_t overridden = flags & flag_s ? flag_o : 0;
  out.u8(static_cast<std::uint8_t>((flags & flag_e) | flag_n | overridden));
  out.u8(no_rcode);
  out.u8(no_rcode);
  if (!(flags & flag_e)) {
    out.text(said);
  } else if (auto labels = said.empty() ? Bytes{} : wire::encode_domain_names({said})) {
    out.bytes(*labels);
  }
  return std::move(out).take();
}

}  // namespace slipway::dhcp
