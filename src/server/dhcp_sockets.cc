// SPDX-License-Identifier: MPL-2.0
#include "server/dhcp_sockets.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/cases.h"
#include "net/abilities.h"
#include "net/remedies.h"

namespace slipway::server {
namespace {

/// What 10,000 machines send in one instant, as the kernel counts it: a small packet takes up to 2.3 KB of
/// its buffer (the page a network card wrote it to), and it doubles what is asked.
constexpr int receive_buffer = 12 << 20;
/// What waits in the kernel for a neighbour's hardware address stands here, before all others' answers.
constexpr int send_buffer = 4 << 20;
/// An answer that could not leave for so long: its client has asked again.
constexpr auto stale_after = std::chrono::seconds{2};
/// Taken from one socket before others, and what was taken, get their turn.
constexpr std::size_t datagrams_per_turn = 2048;

bool is_on_link(const net::Interface& interface, Ipv4 address) {
  return std::any_of(interface.ipv4.begin(), interface.ipv4.end(),
                     [&](const net::InterfaceAddress& at) { return at.prefix.contains(address); });
}

bool wants_proxy(const model::Plan& plan) {
  return std::any_of(plan.subnets().begin(), plan.subnets().end(),
                     [](const model::Subnet& subnet) { return subnet.mode == model::SubnetMode::proxy; });
}

}  // namespace

DhcpSockets::DhcpSockets(Parts parts)
    : parts_(std::move(parts)),
      raw_watch_(
          parts_.reactor, raw_.fd(), [] {}, [this] { flush_frames(); }),
      sent_(parts_.metrics.counter("slipway_dhcp_sent_total", {}, "DHCP and BOOTP answers sent")),
      send_failures_(
          parts_.metrics.counter("slipway_dhcp_send_failures_total", {}, "Answers that could not be sent")),
      overflows_(parts_.metrics.counter("slipway_dhcp_kernel_drops_total", {},
                                        "Datagrams lost because a receive buffer was full")) {}

void DhcpSockets::open(const model::Plan& plan, const std::vector<net::Interface>& interfaces) {
  const auto& wanted = plan.server().interfaces;
  std::erase_if(ports_, [&](const auto& port) {
    const net::Interface* interface = net::find_interface(interfaces, port->interface.name);
    return !interface || interface->index != port->interface.index ||
           std::find(wanted.begin(), wanted.end(), interface->name) == wanted.end();
  });
  std::vector<std::uint16_t> numbers{wire::dhcp_server_port};
  if (wants_proxy(plan)) numbers.push_back(wire::proxy_dhcp_port);  // PXE 2.1 §2.2.3
  for (const std::string& name : wanted) {
    const net::Interface* interface = net::find_interface(interfaces, name);
    if (!interface) continue;
    for (std::uint16_t number : numbers) {
      if (Port* port = find(interface->index, number)) {
        port->interface = *interface;
      } else {
        open_port(*interface, number);
      }
    }
  }
}

void DhcpSockets::open_port(const net::Interface& interface, std::uint16_t number) {
  net::UdpOptions options;
  options.local.port = number;
  options.device = interface.name;
  options.purpose = "DHCP server";
  options.broadcast = true;
  options.receive_buffer = receive_buffer;
  options.send_buffer = send_buffer;
  auto port = std::make_unique<Port>(Port{interface, number, net::UdpSocket::bind(options)});
  port->watch = net::Watch(
      parts_.reactor, port->socket.fd(), [this, &port = *port] { receive(port); },
      [this, &port = *port] { flush(port); });
  check_buffer(*port);
  ports_.push_back(std::move(port));
}

void DhcpSockets::check_buffer(const Port& port) {
  int granted = port.socket.receive_buffer();
  if (granted >= receive_buffer) return;
  parts_.log->warn(
      "the receive buffer of UDP port {} on {} has {} bytes instead of {}: when a whole rack is switched on, "
      "packets may be lost; {}",
      port.number, port.interface.name, granted, receive_buffer,
      fmt::format(fmt::runtime(net::remedies().larger_buffers), receive_buffer));
}

DhcpSockets::Port* DhcpSockets::find(unsigned interface, std::uint16_t number) {
  for (auto& port : ports_) {
    if (port->interface.index == interface && port->number == number) return port.get();
  }
  return nullptr;
}

void DhcpSockets::receive(Port& port) {
  std::size_t taken = 0, batch = 0;
  do {
    auto datagrams = port.socket.receive(buffer_);
    batch = datagrams.size();
    taken += batch;
    for (const net::Datagram& datagram : datagrams) parts_.take(datagram, arrival_of(datagram, port));
  } while (batch == buffer_.slots() && taken < datagrams_per_turn);
  if (taken > buffer_.slots()) look_for_losses(port);
  if (taken > 0) parts_.drained();
}

/// A buffer that was full held more than a batch.
void DhcpSockets::look_for_losses(Port& port) {
  std::uint32_t lost = port.socket.overflowed() - port.overflowed;
  if (lost == 0) return;
  port.overflowed += lost;
  overflows_.add(lost);
  parts_.log->warn("{} packets to UDP port {} on {} came faster than they could be read and are lost", lost,
                   port.number, port.interface.name);
}

dhcp::Arrival DhcpSockets::arrival_of(const net::Datagram& datagram, const Port& port) const {
  dhcp::Arrival arrival;
  arrival.interface = port.interface.name;
  arrival.index = port.interface.index;
  arrival.port = port.number;
  arrival.source = datagram.from;
  arrival.sent_to = datagram.to;
  const auto& addresses = port.interface.ipv4;
  if (!addresses.empty()) arrival.local = addresses.front().address;
  for (const net::InterfaceAddress& at : addresses) {
    if (at.address == datagram.to) arrival.local = at.address;
  }
  return arrival;
}

void DhcpSockets::send(const dhcp::Answer& answer, Bytes bytes, const dhcp::Arrival& arrival) {
  Port* port = find(arrival.index, arrival.port);
  if (!port) return;  // the interface went meanwhile
  unsigned index = port->interface.index;
  auto letter = [&](Endpoint to) {
    return port->letters.add({to, {}, answer.from, index}, std::move(bytes));
  };
  auto frame = [&](const MacAddress& mac, Ipv4 address) {
    net::RawDatagram to_client;
    to_client.interface = index;
    to_client.interface_mac = port->interface.mac;
    to_client.to_mac = mac;
    to_client.from = {answer.from, answer.from_port};
    to_client.to = {address, wire::dhcp_client_port};
    return frames_.add(to_client, std::move(bytes));
  };
  auto broadcast = [&] { return letter({Ipv4::broadcast(), wire::dhcp_client_port}); };
  // Its address may be made up: whom no ARP answers fills the socket's buffer, and nobody else is served.
  auto mac = answer.message.mac();
  auto unicast = [&](Ipv4 address) {
    bool near =
        net::has_frames() && mac && !port->interface.mac.is_zero() && is_on_link(port->interface, address);
    return near ? frame(*mac, address) : letter({address, wire::dhcp_client_port});
  };
  bool added = std::visit(Cases{[&](const dhcp::ToRelay& to) {
                                  return letter({to.giaddr, wire::dhcp_server_port});
                                },
                                [&](const dhcp::Unicast& to) { return unicast(to.address); },
                                [&](const dhcp::Broadcast&) { return broadcast(); },
                                [&](const dhcp::ToSource& to) { return letter(to.source); },
                                [&](const dhcp::RawUnicast& to) {
                                  return net::has_frames() ? frame(to.mac, to.address) : broadcast();
                                }},
                          answer.to);
  if (!added) cannot_send(dhcp::to_string(answer.to), "too many answers wait to be sent");
}

void DhcpSockets::flush() {
  for (auto& port : ports_) {
    if (!port->letters.empty()) flush(*port);
  }
  if (!frames_.empty()) flush_frames();
}

void DhcpSockets::flush(Port& port) {
  sent_.add(port.letters.flush(port.socket, [this](const net::Outgoing& letter, auto error) {
    cannot_send(letter.to.to_string(), error.message());
  }));
  port.watch.want_write(!port.letters.empty());
  Tick now = parts_.reactor.now().tick;
  if (port.letters.empty()) port.emptied = now;
  if (now - port.emptied < stale_after) return;
  send_failures_.add(port.letters.size());
  parts_.log->warn("{} answers by UDP port {} on {} waited for {} s and are given up", port.letters.size(),
                   port.number, port.interface.name, stale_after.count());
  port.letters.clear();
  port.emptied = now;
}

void DhcpSockets::flush_frames() {
  sent_.add(frames_.flush(raw_, [this](const net::RawDatagram& frame, auto error) {
    cannot_send(frame.to_mac.to_string(), error.message());
  }));
  raw_watch_.want_write(!frames_.empty());
}

void DhcpSockets::cannot_send(const std::string& to, const std::string& why) {
  send_failures_.add();
  parts_.log->warn("cannot send to {}: {}", to, why);
}

}  // namespace slipway::server
