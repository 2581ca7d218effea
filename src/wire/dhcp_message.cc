// SPDX-License-Identifier: MPL-2.0
#include "wire/dhcp_message.h"

#include <algorithm>
#include <tuple>

namespace slipway::wire {
namespace {

constexpr std::array<std::uint8_t, 4> magic_cookie{0x63, 0x82, 0x53, 0x63};  // RFC 2132 §2
constexpr std::size_t chaddr_size = 16, sname_size = 64, file_size = 128;
constexpr std::size_t fixed_size = 236;  ///< all before the cookie
constexpr std::size_t sname_at = 44, file_at = 108;
constexpr std::size_t cookie_size = 4, end_size = 1;
constexpr std::uint8_t overload_file = 1, overload_sname = 2;  // RFC 2132 §9.3
constexpr std::uint8_t hardware_ethernet = 1;

std::string until_nul(ByteView field) {
  std::string_view text = as_text(field.first(field.size() - 1));  // the last byte is the NUL's
  return std::string(text.substr(0, text.find('\0')));
}

/// RFC 2131 §4.1: options until END; what has no END ends with its field.
std::optional<DhcpError> read_options(ByteView field, Options& options) {
  ByteReader in(field);
  while (in.ok() && !in.at_end()) {
    std::uint8_t code = in.u8();
    if (code == option_pad) continue;
    if (code == option_end) break;
    ByteView value = in.take(in.u8());
    if (in.ok()) options.append_raw(code, value);
  }
  if (!in.ok()) return DhcpError::option_past_end;
  return std::nullopt;
}

/// RFC 3396 §5: first the option field, then `file`, then `sname`.
std::optional<DhcpError> read_all_options(ByteView field, ByteView file, ByteView sname,
                                          DhcpMessage& message) {
  if (auto error = read_options(field, message.options)) return error;
  std::uint8_t overload = 0;
  if (message.options.has(opt::Overload::code)) {
    overload = message.options.get<opt::Overload>().value_or(0);
    if (overload < 1 || overload > 3) return DhcpError::bad_overload;
  }
  if (overload & overload_file) {
    message.file.clear();
    if (auto error = read_options(file, message.options)) return error;
  }
  if (overload & overload_sname) {
    message.sname.clear();
    if (auto error = read_options(sname, message.options)) return error;
  }
  message.options.remove(opt::Overload::code);  // of the encoding, not of the message
  return std::nullopt;
}

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::string_view to_string(DhcpError error) {
  switch (error) {
    case DhcpError::too_short:
      return "too_short";
    case DhcpError::too_long:
      return "too_long";
    case DhcpError::bad_op:
      return "bad_op";
    case DhcpError::bad_hlen:
      return "bad_hlen";
    case DhcpError::wrong_cookie:
      return "wrong_cookie";
    case DhcpError::option_past_end:
      return "option_past_end";
    case DhcpError::bad_overload:
      return "bad_overload";
  }
  return "unknown";
}

std::optional<MacAddress> DhcpMessage::mac() const {
  if (htype != hardware_ethernet || hlen != MacAddress{}.bytes.size()) return std::nullopt;
  MacAddress mac;
  std::copy_n(chaddr.begin(), mac.bytes.size(), mac.bytes.begin());
  return mac;
}

void DhcpMessage::set_mac(const MacAddress& mac) {
  htype = hardware_ethernet;
  hlen = static_cast<std::uint8_t>(mac.bytes.size());
  chaddr.fill(0);
  std::copy(mac.bytes.begin(), mac.bytes.end(), chaddr.begin());
}

bool operator==(const DhcpMessage& a, const DhcpMessage& b) {
  auto fields = [](const DhcpMessage& m) {
    return std::tie(m.op, m.htype, m.hlen, m.hops, m.xid, m.secs, m.flags, m.ciaddr, m.yiaddr, m.siaddr,
                    m.giaddr, m.chaddr, m.sname, m.file, m.options);
  };
  return fields(a) == fields(b);
}

Result<DhcpMessage, DhcpError> parse_dhcp(ByteView datagram) {
  if (datagram.size() < fixed_size) return DhcpError::too_short;
  if (datagram.size() > max_dhcp_size) return DhcpError::too_long;
  ByteReader in(datagram);
  DhcpMessage message;
  std::uint8_t op = in.u8();
  if (op != static_cast<std::uint8_t>(Op::boot_request) && op != static_cast<std::uint8_t>(Op::boot_reply)) {
    return DhcpError::bad_op;
  }
  message.op = Op{op};
  message.htype = in.u8();
  message.hlen = in.u8();
  if (message.hlen > chaddr_size) return DhcpError::bad_hlen;
  message.hops = in.u8();
  message.xid = in.u32();
  message.secs = in.u16();
  message.flags = in.u16();
  for (Ipv4* address : {&message.ciaddr, &message.yiaddr, &message.siaddr, &message.giaddr}) {
    address->value = in.u32();
  }
  message.options.reserve(datagram.size() - fixed_size);
  ByteView chaddr = in.take(chaddr_size);
  std::copy(chaddr.begin(), chaddr.end(), message.chaddr.begin());
  ByteView sname = in.take(sname_size);
  ByteView file = in.take(file_size);
  message.sname = until_nul(sname);
  message.file = until_nul(file);

  ByteView rest = in.take_rest();
  if (all_zero(rest)) return message;  // BOOTP without vendor information (RFC 951 §3)
  ByteReader cookie(rest);
  if (!std::ranges::equal(cookie.take(cookie_size), magic_cookie)) return DhcpError::wrong_cookie;
  if (auto error = read_all_options(cookie.take_rest(), file, sname, message)) return *error;
  return message;
}

// --- out ----------------------------------------------------------------------------------------

namespace {

constexpr std::size_t overload_option_size = 3, message_type_size = 3;

/// A field of a message that options are written into, with room for END and for what is promised.
class OptionField {
 public:
  /// `field`: zeros, and still there when this ends.
  explicit OptionField(std::span<std::uint8_t> field) : field_(field), room_(field.size() - end_size) {}

  std::size_t room() const { return room_; }
  /// Keeps room for something written later; false when there is none left.
  bool keep(std::size_t size) {
    if (size > room_) return false;
    room_ -= size;
    return true;
  }
  bool write(const Options::Entry& option) {
    if (!keep(encoded_size(option.value))) return false;
    write_kept(option);
    return true;
  }
  void write_kept(const Options::Entry& option) {
    used_ = true;
    written_ += write_option(option.code, option.value, field_.subspan(written_));
  }

  void use() { used_ = true; }  ///< it is to be read as options, though it may hold none
  bool used() const { return used_; }
  /// Writes END; the bytes used.
  std::size_t finish() {
    field_[written_++] = option_end;
    return written_;
  }

 private:
  std::span<std::uint8_t> field_;
  std::size_t room_, written_ = 0;
  bool used_ = false;
};

/// What is neither written apart (82) nor part of the encoding itself.
bool is_plain(std::uint8_t code) {
  return code != option_pad && code != option_end && code != opt::Overload::code &&
         code != opt::RelayAgent::code;
}

/// Option 52 of the message where it makes no client read a name as options; 0: none.
std::uint8_t harmless_overload(const DhcpMessage& message) {
  std::uint8_t wanted = message.options.get<opt::Overload>().value_or(0);
  bool spoils = ((wanted & overload_file) && !message.file.empty()) ||
                ((wanted & overload_sname) && !message.sname.empty());
  return wanted > (overload_file | overload_sname) || spoils || message.is_bootp() ? 0 : wanted;
}

/// The three fields of a message that may hold options. Where `file` or `sname` do not, they are text.
struct Layout {
  explicit Layout(std::span<std::uint8_t> message)
      : options(message.subspan(fixed_size + cookie_size)),
        file(message.subspan(file_at, file_size)),
        sname(message.subspan(sname_at, sname_size)) {}

  OptionField options, file, sname;
  std::vector<std::uint8_t> left_out;
};

/// Each option goes whole into the first field with room for it.
Layout lay_out(const DhcpMessage& message, std::span<std::uint8_t> out) {
  Layout layout(out);
  auto relay = message.options.raw(opt::RelayAgent::code);
  if (relay) {
    std::size_t size = encoded_size(*relay);
    if (size + message_type_size > layout.options.room() || !layout.options.keep(size)) {
      layout.left_out.push_back(opt::RelayAgent::code);
      relay.reset();
    }
  }
  std::size_t needed = 0;
  for (auto [code, value] : message.options.entries()) needed += is_plain(code) ? encoded_size(value) : 0;

  // A BOOTP client does not know option 52, and reads `file` as a file.
  std::uint8_t wanted = harmless_overload(message);
  bool small = needed > layout.options.room() && !message.is_bootp() &&
               (message.file.empty() || message.sname.empty());
  bool overload = (small || wanted != 0) && layout.options.keep(overload_option_size);
  auto place = [&](const Options::Entry& option) {
    bool placed = layout.options.write(option) ||
                  (overload && message.file.empty() && layout.file.write(option)) ||
                  (overload && message.sname.empty() && layout.sname.write(option));
    if (!placed) layout.left_out.push_back(option.code);
  };
  // Option 53 first, as some clients want it.
  if (auto type = message.options.raw(opt::MessageType::code)) place({opt::MessageType::code, *type});
  for (auto option : message.options.entries()) {
    if (is_plain(option.code) && option.code != opt::MessageType::code) place(option);
  }
  if (overload && (wanted & overload_file)) layout.file.use();
  if (overload && (wanted & overload_sname)) layout.sname.use();
  std::uint8_t where = static_cast<std::uint8_t>((layout.file.used() ? overload_file : 0) |
                                                 (layout.sname.used() ? overload_sname : 0));
  if (where != 0) layout.options.write_kept({opt::Overload::code, {&where, 1}});
  if (relay) layout.options.write_kept({opt::RelayAgent::code, *relay});
  return layout;
}

/// All before `sname`.
void write_fixed_part(const DhcpMessage& message, std::uint8_t* at) {
  auto put = [&](std::uint32_t value, int bytes) {
    while (bytes-- > 0) *at++ = static_cast<std::uint8_t>(value >> 8 * bytes);
  };
  for (std::uint8_t byte :
       {static_cast<std::uint8_t>(message.op), message.htype, message.hlen, message.hops}) {
    put(byte, 1);
  }
  put(message.xid, 4);
  put(message.secs, 2);
  put(message.flags, 2);
  for (Ipv4 address : {message.ciaddr, message.yiaddr, message.siaddr, message.giaddr}) put(address.value, 4);
  std::copy(message.chaddr.begin(), message.chaddr.end(), at);
}

/// Text with its NUL, where options did not take its place.
void finish_field(OptionField& options, std::string_view text, std::span<std::uint8_t> field) {
  if (options.used()) {
    options.finish();
  } else {
    std::ranges::copy(as_bytes(text.substr(0, field.size() - 1)), field.begin());
  }
}

}  // namespace

Serialized serialize(const DhcpMessage& message, std::size_t max_size) {
  Bytes out(std::clamp(max_size, min_dhcp_size, max_dhcp_size));
  Layout layout = lay_out(message, out);
  write_fixed_part(message, out.data());
  finish_field(layout.sname, message.sname, std::span(out).subspan(sname_at, sname_size));
  finish_field(layout.file, message.file, std::span(out).subspan(file_at, file_size));
  std::ranges::copy(magic_cookie, out.begin() + fixed_size);
  std::size_t used = fixed_size + cookie_size + layout.options.finish();
  out.resize(std::max(used, min_dhcp_size));
  return {std::move(out), std::move(layout.left_out)};
}

}  // namespace slipway::wire
