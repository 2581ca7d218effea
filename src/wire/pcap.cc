// SPDX-License-Identifier: MPL-2.0
#include "wire/pcap.h"

#include <algorithm>

#include "wire/capture_format.h"

namespace slipway::wire {
namespace {

constexpr std::uint16_t ethertype_ipv4 = 0x0800, ethertype_vlan = 0x8100, ethertype_qinq = 0x88a8;

/// Moves behind the link header; false where no IPv4 follows.
bool skip_link_header(LinkType link, ByteReader& in) {
  std::uint16_t type = ethertype_ipv4;
  switch (link) {
    case LinkType::ethernet:
      in.take(12);
      type = in.u16();
      while (type == ethertype_vlan || type == ethertype_qinq) {
        in.take(2);
        type = in.u16();
      }
      break;
    case LinkType::linux_cooked:
      in.take(14);
      type = in.u16();
      break;
    case LinkType::linux_cooked_v2:
      type = in.u16();
      in.take(18);
      break;
    default:
      break;
  }
  return in.ok() && type == ethertype_ipv4;
}

}  // namespace

Packet read_frame(LinkType link, ByteView frame, Instant at) {
  ByteReader in(frame);
  return skip_link_header(link, in) ? read_udp_in_ipv4(in.take_rest(), at) : Packet{};
}

std::string_view to_string(PcapError error) {
  switch (error) {
    case PcapError::not_pcap:
      return "this is no capture file: the magic number of pcap and pcapng is missing";
    case PcapError::unsupported_link_type:
      return "the capture's link type is not supported; capture on an Ethernet interface";
    case PcapError::frame_too_long:
      return "the capture is damaged: a frame is longer than any can be; capture again";
  }
  return "unknown";
}

CaptureStream::CaptureStream() = default;
CaptureStream::~CaptureStream() = default;

void CaptureStream::feed(ByteView more) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  buffer_.insert(buffer_.end(), more.begin(), more.end());
}

std::optional<Packet> CaptureStream::next() {
  constexpr std::size_t magic_size = 4;
  while (!error_) {
    ByteView rest = ByteView(buffer_).subspan(used_);
    if (!format_) {
      if (rest.size() < magic_size) return std::nullopt;
      format_ = capture_format_of(rest.first(magic_size));
      if (!format_) error_ = PcapError::not_pcap;
      continue;
    }
    Step step = format_->step(rest);
    error_ = step.error;
    if (step.error || step.used == 0) return std::nullopt;
    used_ += step.used;
    if (step.frame) return read_frame(step.frame->link, step.frame->bytes, step.frame->at);
  }
  return std::nullopt;
}

Result<Capture, PcapError> read_pcap(ByteView file) {
  constexpr std::size_t magic_size = 4;
  auto format = file.size() < magic_size ? nullptr : capture_format_of(file.first(magic_size));
  if (!format) return PcapError::not_pcap;
  Capture capture;
  bool began = false;  // its head was whole
  while (!file.empty()) {
    Step step = format->step(file);
    if (step.error) return *step.error;
    if (step.used == 0) break;
    began = true;
    file = file.subspan(step.used);
    if (!step.frame) continue;
    ++capture.frames;
    Packet packet = read_frame(step.frame->link, step.frame->bytes, step.frame->at);
    if (packet.datagram) capture.datagrams.push_back(*packet.datagram);
    if (packet.fragment) capture.fragments.push_back(*packet.fragment);
    if (!packet.datagram && !packet.fragment) ++capture.others;
  }
  if (!began) return PcapError::not_pcap;
  capture.truncated = !file.empty();
  return capture;
}

}  // namespace slipway::wire
