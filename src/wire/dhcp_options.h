// SPDX-License-Identifier: MPL-2.0
// The one table of DHCP options: code, type and name (RFC 2132 and later), and the typed access to the
// options of a message. Parser, printer, configuration and responder all read this table.
//
//   auto wanted = message.options.get<opt::RequestedAddress>();     // std::optional<Ipv4>
//   reply.options.set<opt::LeaseTime>(std::chrono::seconds{3600});
//
// A value of the wrong length is the same as no value: `get` yields nothing.
#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/bytes.h"
#include "base/result.h"

namespace slipway::wire {

enum class MessageType : std::uint8_t {
  discover = 1,
  offer,
  request,
  decline,
  ack,
  nak,
  release,
  inform,  // RFC 2132 §9.6
  lease_query = 10,
  lease_unassigned,
  lease_unknown,
  lease_active,  // RFC 4388 §6.1
};
std::string_view to_string(MessageType type);  ///< "DHCPDISCOVER"

inline constexpr std::uint8_t option_pad = 0, option_end = 255;  // RFC 2132 §3.1, §3.2
inline constexpr std::size_t max_option_piece = 255;             ///< longer values are split (RFC 3396)

/// How an option's bytes are to be read, as configuration and `decode` name it.
enum class OptionType {
  bytes,
  text,
  flag,
  u8,
  u16,
  u32,
  i32,
  ipv4,
  ipv4_list,
  ipv4_pairs,
  u8_list,
  u16_list,
  seconds,
  message_type,
  routes /* RFC 3442 */,
  domain_list /* RFC 3397 */,
  nested /* sub-options */,
  empty /* RFC 4039 */,
};
std::string_view to_string(OptionType type);  ///< as the configuration names it: "ipv4-list"
std::optional<OptionType> parse_option_type(std::string_view name);
std::span<const std::string_view> option_type_names();

struct OptionInfo {
  std::uint8_t code;
  OptionType type;
  std::string_view name;  ///< kebab-case as in dhcpd: "domain-name-servers"
  std::string_view rfc;   ///< "RFC 2132 §3.8"
};

/// The whole table in ascending order of code.
std::span<const OptionInfo> option_table();
const OptionInfo* find_option(std::uint8_t code);
const OptionInfo* find_option(
    std::string_view name);  ///< also accepts common aliases: "ntp-servers", "routers"

/// Sub-options that have a name: those of 43 as PXE uses it (PXE 2.1 §2.3) and of 175 (iPXE).
const OptionInfo* find_suboption(std::uint8_t outer, std::uint8_t code);
const OptionInfo* find_suboption(std::uint8_t outer, std::string_view name);
std::vector<std::string_view> suboption_names(std::uint8_t outer);

/// An operator's text as the bytes of that option ("10.0.0.1, 10.0.0.2", "3600"); "hex:0102" gives any
/// option its bytes. The error is a sentence that says what the type wants.
Result<Bytes, Fault> encode_option(const OptionInfo& info, std::string_view text);
/// "0a:0b", "0a0b", "0a 0b"; nothing for an odd digit or another character.
std::optional<Bytes> hex_bytes(std::string_view text);
/// The bytes for a person, printable ASCII only, and where the type is not text such that `encode_option`
/// takes it back; bytes that are malformed for the type, or of an unknown code, as "hex:...".
std::string describe_option(std::uint8_t code, ByteView value);

// --- typed access -------------------------------------------------------------------------------

template <std::size_t Size>
using Octets = std::array<std::uint8_t, Size>;

template <typename T>
struct OptionCodec;  // static std::optional<T> decode(ByteView); encode(const T&): octets of T or a view of
                     // them

template <std::uint8_t Code, typename T>
struct Option {
  static constexpr std::uint8_t code = Code;
  using type = T;
};

namespace opt {
using SubnetMask = Option<1, Ipv4>;                           // RFC 2132 §3.3
using Routers = Option<3, std::vector<Ipv4>>;                 // §3.5
using DnsServers = Option<6, std::vector<Ipv4>>;              // §3.8
using HostName = Option<12, std::string>;                     // §3.14
using DomainName = Option<15, std::string>;                   // §3.17
using RootPath = Option<17, std::string>;                     // §3.19
using StaticRoutes = Option<33, Bytes>;                       // §5.8
using BroadcastAddress = Option<28, Ipv4>;                    // §5.3
using VendorOptions = Option<43, Bytes>;                      // §8.4
using RequestedAddress = Option<50, Ipv4>;                    // §9.1
using LeaseTime = Option<51, std::chrono::seconds>;           // §9.2
using Overload = Option<52, std::uint8_t>;                    // §9.3
using MessageType = Option<53, wire::MessageType>;            // §9.6
using ServerId = Option<54, Ipv4>;                            // §9.7
using ParameterList = Option<55, std::vector<std::uint8_t>>;  // §9.8
using Message = Option<56, std::string>;                      // §9.9
using MaxMessageSize = Option<57, std::uint16_t>;             // §9.10
using RenewalTime = Option<58, std::chrono::seconds>;         // §9.11
using RebindingTime = Option<59, std::chrono::seconds>;       // §9.12
using VendorClass = Option<60, std::string>;                  // §9.13
using ClientId = Option<61, Bytes>;                           // §9.14
using TftpServerName = Option<66, std::string>;               // §9.4
using BootFileName = Option<67, std::string>;                 // §9.5
using UserClass = Option<77, Bytes>;                          // RFC 3004; iPXE sends bare text
using RapidCommit = Option<80, Bytes>;                        // RFC 4039
using Fqdn = Option<81, Bytes>;                               // RFC 4702
using RelayAgent = Option<82, Bytes>;                         // RFC 3046
using ClientArch = Option<93, std::vector<std::uint16_t>>;    // RFC 4578 §2.1
using ClientInterface = Option<94, Bytes>;                    // RFC 4578 §2.2
using ClientUuid = Option<97, Bytes>;                         // RFC 4578 §2.3: type 0 and 16 bytes
using LastTransaction = Option<91, std::chrono::seconds>;     // RFC 4388 §6.1
using AssociatedIps = Option<92, std::vector<Ipv4>>;          // RFC 4388 §6.1
using Ipv6Only = Option<108, std::chrono::seconds>;           // RFC 8925
using SubnetSelection = Option<118, Ipv4>;                    // RFC 3011
using ClasslessRoutes = Option<121, Bytes>;                   // RFC 3442
using VendorSpecific = Option<125, Bytes>;                    // RFC 3925 §4
using IpxeFeatures = Option<175, Bytes>;                      // iPXE's encapsulated options
using MicrosoftRoutes = Option<249, Bytes>;                   // MS-DHCPE §2.2.8: as 121
}  // namespace opt

/// The options of one message in order of arrival, each code once. All values lie one after another in one
/// buffer: a message costs one allocation, not one for each option. Views of values last until the next
/// change.
class Options {
 public:
  struct Entry {
    std::uint8_t code;
    ByteView value;
  };
  class Iterator;
  class Entries;

  bool has(std::uint8_t code) const { return present_.test(code); }
  std::optional<ByteView> raw(std::uint8_t code) const;
  void set_raw(std::uint8_t code, ByteView value);  ///< replaces in place or appends
  void set_raw(std::uint8_t code, std::initializer_list<std::uint8_t> value) {
    set_raw(code, ByteView(value.begin(), value.size()));
  }
  void append_raw(std::uint8_t code, ByteView more);  ///< RFC 3396: joins to what is there
  void remove(std::uint8_t code);
  template <typename Unwanted>
  void remove_if(Unwanted unwanted);
  Entries entries() const;
  /// Room for values that together have this many bytes.
  void reserve(std::size_t bytes) { records_.reserve(bytes + 16 * sizeof(Head)); }

  template <typename O>
  std::optional<typename O::type> get() const {
    auto value = raw(O::code);
    return value ? OptionCodec<typename O::type>::decode(*value) : std::nullopt;
  }
  template <typename O>
  void set(const typename O::type& value) {
    set_raw(O::code, OptionCodec<typename O::type>::encode(value));
  }
  /// The same codes with the same values; their order says nothing.
  friend bool operator==(const Options& a, const Options& b);

 private:
  /// Stands before each value in `records_`.
  struct Head {
    std::uint32_t size;
    std::uint8_t code;
  };
  static Head head_at(const std::uint8_t* record);
  std::size_t find(std::uint8_t code) const;  // where the record begins; the code is there
  void add(std::uint8_t code, ByteView value);

  std::bitset<256> present_;
  Bytes records_;
};

/// Goes over the options without copying them.
class Options::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Entry;
  using difference_type = std::ptrdiff_t;
  using pointer = const Entry*;
  using reference = Entry;

  explicit Iterator(const std::uint8_t* record) : record_(record) {}
  Entry operator*() const {
    Head head = head_at(record_);
    return {head.code, {record_ + sizeof(Head), head.size}};
  }
  Iterator& operator++() {
    record_ += sizeof(Head) + head_at(record_).size;
    return *this;
  }
  friend bool operator==(Iterator a, Iterator b) = default;

 private:
  const std::uint8_t* record_;
};

class Options::Entries {
 public:
  explicit Entries(const Options& options) : options_(&options) {}
  Iterator begin() const { return Iterator(options_->records_.data()); }
  Iterator end() const { return Iterator(options_->records_.data() + options_->records_.size()); }
  std::size_t size() const { return options_->present_.count(); }
  bool empty() const { return options_->present_.none(); }

 private:
  const Options* options_;
};

inline Options::Head Options::head_at(const std::uint8_t* record) {
  Head head;
  std::memcpy(&head, record, sizeof head);
  return head;
}

inline Options::Entries Options::entries() const {
  return Entries(*this);
}

template <typename Unwanted>
void Options::remove_if(Unwanted unwanted) {
  for (auto [code, value] : entries()) {
    if (!unwanted(code)) continue;
    remove(code);
    return remove_if(unwanted);  // from the beginning: what was gone over has moved
  }
}

template <>
struct OptionCodec<Ipv4> {
  static std::optional<Ipv4> decode(ByteView);
  static Octets<4> encode(const Ipv4&);
};
template <>
struct OptionCodec<std::vector<Ipv4>> {
  static std::optional<std::vector<Ipv4>> decode(ByteView);
  static Bytes encode(const std::vector<Ipv4>&);
};
template <>
struct OptionCodec<std::string> {
  static std::optional<std::string> decode(ByteView);
  static ByteView encode(const std::string& text) { return as_bytes(text); }
};  // trailing NULs dropped
template <>
struct OptionCodec<Bytes> {
  static std::optional<Bytes> decode(ByteView);
  static ByteView encode(const Bytes& bytes) { return bytes; }
};
template <>
struct OptionCodec<std::uint8_t> {
  static std::optional<std::uint8_t> decode(ByteView);
  static Octets<1> encode(const std::uint8_t&);
};
template <>
struct OptionCodec<std::uint16_t> {
  static std::optional<std::uint16_t> decode(ByteView);
  static Octets<2> encode(const std::uint16_t&);
};
template <>
struct OptionCodec<std::uint32_t> {
  static std::optional<std::uint32_t> decode(ByteView);
  static Octets<4> encode(const std::uint32_t&);
};
template <>
struct OptionCodec<std::vector<std::uint16_t>> {
  static std::optional<std::vector<std::uint16_t>> decode(ByteView);
  static Bytes encode(const std::vector<std::uint16_t>&);
};
template <>
struct OptionCodec<std::chrono::seconds> {
  static std::optional<std::chrono::seconds> decode(ByteView);
  static Octets<4> encode(const std::chrono::seconds&);
};
template <>
struct OptionCodec<wire::MessageType> {
  static std::optional<wire::MessageType> decode(ByteView);
  static Octets<1> encode(const wire::MessageType&);
};

/// Sub-options of options 43, 82, 175 and the like: code, length, bytes; 0 pads, 255 ends.
/// Nothing when one runs past the end. Codes 0 and 255 cannot be written as sub-options.
std::optional<Options> parse_suboptions(ByteView value);
Bytes encode_suboptions(const Options& options);
/// Bytes of an option with its code and length; a value too long for one is written in pieces (RFC 3396).
std::size_t encoded_size(ByteView value);
/// Code, length, bytes into `out`, which has room for them; their number.
std::size_t write_option(std::uint8_t code, ByteView value, std::span<std::uint8_t> out);

}  // namespace slipway::wire
