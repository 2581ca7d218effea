// SPDX-License-Identifier: MPL-2.0
#include "wire/tftp_packet.h"

#include <algorithm>

#include "base/printable.h"

namespace slipway::wire {
namespace {

constexpr std::size_t max_error_text = 255;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

/// ROMs that take option 67 without its length as a C string append the 0xFF that ends the options.
std::string_view without_end_marks(std::string_view filename) {
  while (!filename.empty() && filename.back() == '\xff') filename.remove_suffix(1);
  return filename;
}

bool only_padding(ByteReader rest) {
  ByteView bytes = rest.take_rest();
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

Result<TftpOptions, TftpFault> parse_options(ByteReader& reader) {
  TftpOptions options;
  // Some ROMs send their request in a fixed buffer: NULs behind the last option are no option.
  while (!only_padding(reader)) {
    if (options.size() == max_tftp_options) return TftpFault::too_many_options;
    std::string_view name = reader.c_string();
    if (!reader.ok()) return TftpFault::unterminated_text;
    if (reader.at_end()) return TftpFault::option_without_value;
    std::string_view value = reader.c_string();
    if (!reader.ok()) return TftpFault::unterminated_text;
    if (name.size() > max_tftp_option_bytes || value.size() > max_tftp_option_bytes)
      return TftpFault::option_too_long;
    TftpOption option{lower_case(name), std::string(value)};
    if (find_option(options, option.name)) return TftpFault::duplicate_option;
    options.push_back(std::move(option));
  }
  return options;
}

Result<TftpPacket, TftpFault> parse_request(ByteReader& reader, bool write) {
  std::string_view filename = without_end_marks(reader.c_string());
  std::string_view mode = reader.c_string();
  if (!reader.ok()) return TftpFault::unterminated_text;
  if (filename.empty()) return TftpFault::empty_filename;
  if (filename.size() > max_tftp_filename) return TftpFault::filename_too_long;
  if (mode.size() > max_tftp_option_bytes) return TftpFault::option_too_long;
  Result<TftpOptions, TftpFault> options = parse_options(reader);
  if (!options) return options.error();
  return TftpPacket(TftpRequest{write, std::string(filename), lower_case(mode), std::move(*options)});
}

Result<TftpPacket, TftpFault> parse_error(ByteReader& reader) {
  std::uint16_t code = reader.u16();
  if (!reader.ok()) return TftpFault::too_short;
  // The NUL is missing often enough, and nothing follows the text.
  std::string_view text = as_text(reader.take_rest());
  text = text.substr(0, std::min(text.find('\0'), max_error_text));
  return TftpPacket(TftpError{code, printable(text)});
}

Result<TftpPacket, TftpFault> parse_oack(ByteReader& reader) {
  Result<TftpOptions, TftpFault> options = parse_options(reader);
  if (!options) return options.error();
  return TftpPacket(TftpOack{std::move(*options)});
}

ByteWriter begin(TftpOpcode opcode) {
  ByteWriter writer;
  writer.u16(static_cast<std::uint16_t>(opcode));
  return writer;
}

void write_options(ByteWriter& writer, const TftpOptions& options) {
  for (const TftpOption& option : options) {
    writer.c_string(option.name);
    writer.c_string(option.value);
  }
}

}  // namespace

const std::string* find_option(const TftpOptions& options, std::string_view name) {
  auto found =
      std::find_if(options.begin(), options.end(), [&](const TftpOption& o) { return o.name == name; });
  return found == options.end() ? nullptr : &found->value;
}

std::string_view to_string(TftpFault fault) {
  switch (fault) {
    case TftpFault::too_short:
      return "too_short";
    case TftpFault::unknown_opcode:
      return "unknown_opcode";
    case TftpFault::unterminated_text:
      return "unterminated_text";
    case TftpFault::empty_filename:
      return "empty_filename";
    case TftpFault::filename_too_long:
      return "filename_too_long";
    case TftpFault::option_without_value:
      return "option_without_value";
    case TftpFault::option_too_long:
      return "option_too_long";
    case TftpFault::too_many_options:
      return "too_many_options";
    case TftpFault::duplicate_option:
      return "duplicate_option";
  }
  return "unknown";
}

Result<TftpPacket, TftpFault> parse_tftp(ByteView bytes) {
  ByteReader reader(bytes);
  std::uint16_t opcode = reader.u16();
  if (!reader.ok()) return TftpFault::too_short;
  switch (static_cast<TftpOpcode>(opcode)) {
    case TftpOpcode::rrq:
      return parse_request(reader, false);
    case TftpOpcode::wrq:
      return parse_request(reader, true);
    case TftpOpcode::error:
      return parse_error(reader);
    case TftpOpcode::oack:
      return parse_oack(reader);
    case TftpOpcode::data:
    case TftpOpcode::ack:
      break;
    default:
      return TftpFault::unknown_opcode;
  }
  std::uint16_t block = reader.u16();
  if (!reader.ok()) return TftpFault::too_short;
  if (static_cast<TftpOpcode>(opcode) == TftpOpcode::ack) return TftpPacket(TftpAck{block});
  return TftpPacket(TftpData{block, reader.take_rest()});
}

Bytes serialize(const TftpRequest& request) {
  ByteWriter writer = begin(request.write ? TftpOpcode::wrq : TftpOpcode::rrq);
  writer.c_string(request.filename);
  writer.c_string(request.mode);
  write_options(writer, request.options);
  return std::move(writer).take();
}

Bytes serialize(const TftpData& data) {
  ByteWriter writer = begin(TftpOpcode::data);
  writer.u16(data.block);
  writer.bytes(data.payload);
  return std::move(writer).take();
}

Bytes serialize(const TftpAck& ack) {
  ByteWriter writer = begin(TftpOpcode::ack);
  writer.u16(ack.block);
  return std::move(writer).take();
}

Bytes serialize(const TftpError& error) {
  ByteWriter writer = begin(TftpOpcode::error);
  writer.u16(error.code);
  writer.c_string(error.text);
  return std::move(writer).take();
}

Bytes serialize(const TftpOack& oack) {
  ByteWriter writer = begin(TftpOpcode::oack);
  write_options(writer, oack.options);
  return std::move(writer).take();
}

}  // namespace slipway::wire
