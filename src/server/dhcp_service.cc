// SPDX-License-Identifier: MPL-2.0
#include "server/dhcp_service.h"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "boot/loaders.h"
#include "server/dhcp_events.h"

namespace slipway::server {
namespace {

template <typename... Case>
struct Cases : Case... {
  using Case::operator()...;
};
template <typename... Case>
Cases(Case...) -> Cases<Case...>;  // clang 14 does not deduce it by itself

/// Batches taken from one socket before others get their turn.
constexpr int batches_per_turn = 8;

bool boots(model::Stage stage) {
  return stage != model::Stage::unknown && stage != model::Stage::operating_system;
}

/// The loaders that can be served now, so that no machine is sent after one that is not there.
dhcp::Loaders installed_loaders(const model::Plan& plan) {
  dhcp::Loaders installed;
  for (const std::string& folder : boot::loader_folders(plan.server())) {
    for (const boot::Loader& loader : boot::known_loaders()) {
      std::string path = fmt::format("{}/{}", folder, loader.file);
      if (::access(path.c_str(), R_OK) == 0) installed.emplace(loader.file);
    }
  }
  return installed;
}

bool wants_proxy(const model::Plan& plan) {
  return std::any_of(plan.subnets().begin(), plan.subnets().end(),
                     [](const model::Subnet& subnet) { return subnet.mode == model::SubnetMode::proxy; });
}

}  // namespace

DhcpService::DhcpService(Parts parts, std::shared_ptr<const model::Plan> plan,
                         std::vector<net::Interface> interfaces)
    : parts_(std::move(parts)),
      plan_(std::move(plan)),
      interfaces_(std::move(interfaces)),
      responder_(plan_, installed_loaders(*plan_), parts_.book),
      received_(
          parts_.metrics.counter("slipway_dhcp_received_total", {}, "DHCP and BOOTP datagrams received")),
      sent_(parts_.metrics.counter("slipway_dhcp_sent_total", {}, "DHCP and BOOTP answers sent")),
      send_failures_(
          parts_.metrics.counter("slipway_dhcp_send_failures_total", {}, "Answers the kernel did not take")),
      outcomes_(parts_.reactor, parts_.committer.fd(), [this] { settle_claims(); }) {
  for (dhcp::Drop why : dhcp::all_drops()) {
    drops_[static_cast<std::size_t>(why)] = &parts_.metrics.counter(
        "slipway_dhcp_drops_total", fmt::format("reason=\"{}\"", dhcp::to_string(why)),
        "Packets not answered, by reason");
  }
  refresh_rules();
  open_ports();
}

void DhcpService::publish(std::shared_ptr<const model::Plan> plan) {
  plan_ = std::move(plan);
  responder_.publish(plan_, installed_loaders(*plan_));
  refresh_rules();
  open_more_ports();
}

void DhcpService::use(std::vector<net::Interface> interfaces) {
  interfaces_ = std::move(interfaces);
  refresh_rules();
  open_more_ports();
}

void DhcpService::refresh_rules() {
  std::vector<Ipv4> own;
  for (const net::Interface& interface : interfaces_) {
    for (const net::InterfaceAddress& at : interface.ipv4) own.push_back(at.address);
  }
  parts_.book.set_rules(lease::Rules::from(*plan_, own), parts_.reactor.now().wall);
}

/// Port 67 on every served interface, and 4011 (PXE 2.1 §2.2.3) where a subnet has another DHCP server.
void DhcpService::open_ports() {
  const auto& wanted = plan_->server().interfaces;
  std::erase_if(ports_, [&](const auto& port) {
    const net::Interface* interface = net::find_interface(interfaces_, port->interface);
    return !interface || interface->index != port->index ||
           std::find(wanted.begin(), wanted.end(), port->interface) == wanted.end();
  });
  std::vector<std::uint16_t> numbers{wire::dhcp_server_port};
  if (wants_proxy(*plan_)) numbers.push_back(wire::proxy_dhcp_port);
  for (const std::string& name : wanted) {
    const net::Interface* interface = net::find_interface(interfaces_, name);
    if (!interface) continue;
    for (std::uint16_t number : numbers) {
      if (find_port(name, number)) continue;
      net::UdpOptions options;
      options.local.port = number;
      options.device = name;
      options.purpose = "DHCP server";
      options.broadcast = true;
      auto port =
          std::make_unique<Port>(Port{name, interface->index, number, net::UdpSocket::bind(options), {}});
      port->watch = net::Watch(parts_.reactor, port->socket.fd(), [this, &port = *port] { receive(port); });
      ports_.push_back(std::move(port));
    }
  }
}

/// While running a port that cannot be had is no reason to stop serving the others.
void DhcpService::open_more_ports() {
  try {
    open_ports();
  } catch (const StartupError& error) {
    parts_.log->error("{}", error.what());
  }
}

DhcpService::Port* DhcpService::find_port(const std::string& interface, std::uint16_t number) {
  for (auto& port : ports_) {
    if (port->interface == interface && port->number == number) return port.get();
  }
  return nullptr;
}

void DhcpService::receive(Port& port) {
  for (int batch = 0; batch < batches_per_turn; ++batch) {
    auto datagrams = port.socket.receive(buffer_);
    if (datagrams.empty()) return;
    for (const net::Datagram& datagram : datagrams) take(datagram, port);
  }
}

dhcp::Arrival DhcpService::arrival_of(const net::Datagram& datagram, const Port& port) const {
  dhcp::Arrival arrival;
  arrival.interface = port.interface;
  arrival.port = port.number;
  arrival.source = datagram.from;
  arrival.sent_to = datagram.to;
  const net::Interface* interface = net::find_interface(interfaces_, port.interface);
  if (!interface) return arrival;
  arrival.index = interface->index;
  if (!interface->ipv4.empty()) arrival.local = interface->ipv4.front().address;
  for (const net::InterfaceAddress& at : interface->ipv4) {
    if (at.address == datagram.to) arrival.local = at.address;
  }
  return arrival;
}

void DhcpService::take(const net::Datagram& datagram, Port& port) {
  received_.add();
  auto message = datagram.truncated ? Result<wire::DhcpMessage, wire::DhcpError>(wire::DhcpError::too_long)
                                    : wire::parse_dhcp(datagram.bytes);
  if (!message) {
    drop({dhcp::drop_of(message.error()), "from " + datagram.from.to_string()}, nullptr);
    return;
  }
  auto handled = responder_.handle(*message, arrival_of(datagram, port), parts_.reactor.now().wall);
  if (boots(handled.trace.client.stage)) parts_.clients.learn(handled.trace.client);
  parts_.record(event_of_request(handled.trace));
  parts_.log->debug("{}", handled.trace.reason);
  carry_out(std::move(handled.verdict), handled.trace, port);
}

void DhcpService::carry_out(dhcp::Verdict verdict, const dhcp::Trace& trace, const Port& port) {
  std::visit(Cases{[&](dhcp::Ignore& ignore) { drop(ignore, &trace); },
                   [&](dhcp::Answer& reply) { answer(reply, trace, port.interface, port.number); },
                   [&](dhcp::Claim& wanted) { claim(std::move(wanted), trace, port); }},
             verdict);
}

void DhcpService::claim(dhcp::Claim wanted, const dhcp::Trace& trace, const Port& port) {
  store::Ticket ticket = ++tickets_;
  if (!parts_.committer.post(ticket, wanted.change)) {
    parts_.book.settle(wanted.change, lease::Outcome::failed("the commit queue is full"),
                       parts_.reactor.now().wall);
    drop({dhcp::Drop::claim_queue_full, ""}, &trace);
    return;
  }
  waiting_.emplace(ticket, Waiting{std::move(wanted), trace, port.interface, port.number});
}

bool DhcpService::forget(Ipv4 address) {
  auto change = lease::Allocator(parts_.book).forget(address, parts_.reactor.now().wall);
  if (!change) return false;
  store::Ticket ticket = ++tickets_;
  if (!parts_.committer.post(ticket, *change)) {
    parts_.book.settle(*change, lease::Outcome::failed("the commit queue is full"),
                       parts_.reactor.now().wall);
    return false;
  }
  waiting_.emplace(ticket, Waiting{});
  return true;
}

void DhcpService::settle_claims() {
  for (store::Committer::Done& done : parts_.committer.drain()) {
    parts_.book.settle(done.change, done.outcome, parts_.reactor.now().wall);
    if (!done.outcome.reason.empty()) parts_.log->error("lease store: {}", done.outcome.reason);
    auto waiting = waiting_.extract(done.ticket);
    if (waiting.empty() || !waiting.mapped().claim) continue;
    Waiting& asked = waiting.mapped();
    std::visit(
        Cases{[](std::monostate) {}, [&](const dhcp::Ignore& ignore) { drop(ignore, &asked.trace); },
              [&](const dhcp::Answer& reply) { answer(reply, asked.trace, asked.interface, asked.port); }},
        dhcp::settle(std::move(*asked.claim), done.outcome));
  }
}

void DhcpService::drop(const dhcp::Ignore& ignore, const dhcp::Trace* trace) {
  drops_[static_cast<std::size_t>(ignore.why)]->add();
  parts_.record(event_of_drop(ignore, trace));
}

void DhcpService::answer(const dhcp::Answer& reply, const dhcp::Trace& trace, const std::string& interface,
                         std::uint16_t number) {
  Port* port = find_port(interface, number);
  if (!port) return;  // the interface went while the store was working
  wire::Serialized datagram = wire::serialize(reply.message, reply.max_size);
  if (!datagram.left_out.empty()) {
    parts_.log->warn("{} of {} options did not fit the answer to {}", datagram.left_out.size(),
                     reply.message.options.entries().size(), trace.client.mac.to_string());
  }
  if (boots(trace.client.stage) && !reply.message.yiaddr.is_any()) {
    model::Client client = trace.client;
    client.address = reply.message.yiaddr;
    parts_.clients.learn(client);
  }
  parts_.record(event_of_answer(reply, trace));
  send(reply, datagram.bytes, *port);
}

void DhcpService::send(const dhcp::Answer& reply, ByteView bytes, Port& port) {
  const net::Interface* interface = net::find_interface(interfaces_, port.interface);
  unsigned index = interface ? interface->index : 0;
  auto by_socket = [&](Endpoint to) { return port.socket.send({to, bytes, reply.from, index}); };
  auto error = std::visit(Cases{[&](const dhcp::ToRelay& to) {
                                  return by_socket({to.giaddr, wire::dhcp_server_port});
                                },
                                [&](const dhcp::Unicast& to) {
                                  return by_socket({to.address, wire::dhcp_client_port});
                                },
                                [&](const dhcp::Broadcast&) {
                                  return by_socket({Ipv4::broadcast(), wire::dhcp_client_port});
                                },
                                [&](const dhcp::ToSource& to) { return by_socket(to.source); },
                                [&](const dhcp::RawUnicast& to) {
                                  net::RawDatagram frame;
                                  frame.interface = index;
                                  if (interface) frame.interface_mac = interface->mac;
                                  frame.to_mac = to.mac;
                                  frame.from = {reply.from, reply.from_port};
                                  frame.to = {to.address, wire::dhcp_client_port};
                                  frame.payload = bytes;
                                  return raw_.send(frame);
                                }},
                          reply.to);
  if (error) {
    send_failures_.add();
    parts_.log->warn("cannot send to {}: {}", dhcp::to_string(reply.to), error.message());
  } else {
    sent_.add();
  }
}

}  // namespace slipway::server
