// SPDX-License-Identifier: MPL-2.0
#include "rehearsal/exchange.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/printable.h"

namespace slipway::rehearsal {
namespace {

using dhcp::Arrival;
using wire::DhcpMessage;
using wire::MessageType;
namespace opt = wire::opt;

constexpr int longest_chain = 4;

constexpr std::array<std::pair<std::string_view, Act>, 11> acts{{
    {"exchange", Act::exchange},
    {"discover", Act::discover},
    {"request", Act::request},
    {"init-reboot", Act::init_reboot},
    {"renew", Act::renew},
    {"rebind", Act::rebind},
    {"inform", Act::inform},
    {"release", Act::release},
    {"decline", Act::decline},
    {"bootp", Act::bootp},
    {"lease-query", Act::lease_query},
}};

class Player {
 public:
  Player(Rehearsal& rehearsal, const Request& request, Persona persona)
      : rehearsal_(rehearsal), request_(request), persona_(std::move(persona)) {}

  Exchange play(Act act) {
    act == Act::exchange ? whole_exchange() : single(act);
    return std::move(exchange_);
  }

 private:
  Arrival broadcast() const {
    if (!persona_.giaddr.is_any()) return unicast({persona_.giaddr, wire::dhcp_server_port});
    return {request_.place.interface,
            request_.place.index,
            request_.place.local,
            Ipv4::broadcast(),
            {Ipv4::any(), wire::dhcp_client_port},
            wire::dhcp_server_port};
  }
  Arrival unicast(Endpoint from) const {
    return {request_.place.interface, request_.place.index, request_.place.local, request_.place.local, from,
            wire::dhcp_server_port};
  }
  /// A client that has its address speaks for itself: no relay adds anything.
  DhcpMessage own_message(MessageType type, Ipv4 address) const {
    Persona alone = persona_;
    alone.giaddr = {};
    alone.circuit_id = alone.remote_id = {};
    DhcpMessage message = message_of(alone, type);
    message.ciaddr = address;
    return message;
  }
  const Step& say(const DhcpMessage& message, const Arrival& arrival) {
    return exchange_.steps.emplace_back(rehearsal_.play(message, arrival));
  }

  void whole_exchange() {
    const Step& offered = say(message_of(persona_, MessageType::discover), broadcast());
    const dhcp::Answer* offer = offered.answer();
    if (!offer || offered.said() != MessageType::offer) return;
    Ipv4 address = offer->message.yiaddr;
    if (address.is_any()) return ask_as_proxy_client();
    say(selecting(address), broadcast());
  }

  DhcpMessage selecting(Ipv4 address) const {
    DhcpMessage message = message_of(persona_, MessageType::request);
    // RFC 2131 table 4: the server the OFFER named, which a relay may have put there (RFC 5107).
    const dhcp::Answer* offer = exchange_.steps.empty() ? nullptr : exchange_.steps.back().answer();
    auto server = offer ? offer->message.options.get<opt::ServerId>() : std::nullopt;
    message.options.set<opt::ServerId>(server.value_or(request_.place.local));
    message.options.set<opt::RequestedAddress>(address);
    return message;
  }

  /// The address itself is another server's to give, and not known here.
  void ask_as_proxy_client() {
    DhcpMessage message = proxy_request_of(persona_);
    const model::Subnet* subnet = rehearsal_.plan().subnet_of(request_.place.local);
    message.ciaddr = subnet ? Ipv4{subnet->network.last().value - 1} : request_.place.local;
    Arrival arrival = unicast({message.ciaddr, wire::dhcp_client_port});
    arrival.port = wire::proxy_dhcp_port;
    say(message, arrival);
  }

  void single(Act act) {
    Ipv4 address = request_.address.is_any() ? address_of_client() : request_.address;
    Endpoint client{address, wire::dhcp_client_port};
    switch (act) {
      case Act::exchange:
      case Act::discover:
        say(message_of(persona_, MessageType::discover), broadcast());
        break;
      case Act::bootp:
        say(message_of(persona_, std::nullopt), broadcast());
        break;
      case Act::request:
        say(selecting(address), broadcast());
        break;
      case Act::init_reboot: {
        DhcpMessage message = message_of(persona_, MessageType::request);
        message.options.set<opt::RequestedAddress>(address);
        say(message, broadcast());
        break;
      }
      case Act::renew:
        say(own_message(MessageType::request, address), unicast(client));
        break;
      case Act::rebind: {
        DhcpMessage message = message_of(persona_, MessageType::request);
        message.ciaddr = address;
        say(message, broadcast());
        break;
      }
      case Act::inform:
        say(own_message(MessageType::inform, address), unicast(client));
        break;
      case Act::release: {
        DhcpMessage message = own_message(MessageType::release, address);
        message.options.set<opt::ServerId>(request_.place.local);
        say(message, unicast(client));
        break;
      }
      case Act::decline: {
        DhcpMessage message = message_of(persona_, MessageType::decline);
        message.options.set<opt::ServerId>(request_.place.local);
        message.options.set<opt::RequestedAddress>(address);
        say(message, broadcast());
        break;
      }
      case Act::lease_query:
        say(query(), unicast({persona_.giaddr, wire::dhcp_server_port}));
        break;
    }
  }

  /// RFC 4388 §6.3: by address, else by hardware address. The asker is a relay.
  DhcpMessage query() const {
    Persona asker = persona_;
    if (!request_.address.is_any()) asker.mac = {};
    DhcpMessage message = message_of(asker, MessageType::lease_query);
    if (!request_.address.is_any()) message.htype = message.hlen = 0;
    message.ciaddr = request_.address;
    return message;
  }

  /// What it has, has had, or would be offered.
  Ipv4 address_of_client() {
    Step asked = rehearsal_.play(message_of(persona_, MessageType::discover), broadcast());
    return asked.answer() ? asked.answer()->message.yiaddr : Ipv4{};
  }

  Rehearsal& rehearsal_;
  const Request& request_;
  Persona persona_;
  Exchange exchange_;
};

/// The file that the last answer names; empty: none.
std::string boot_file_of(const Exchange& exchange) {
  const Step& last = exchange.steps.back();
  bool agreed = last.said() == MessageType::ack;
  return last.answer() && agreed ? last.trace.boot_file : std::string();
}

bool is_script(std::string_view file) {
  return file.ends_with(".ipxe");
}

std::string what_then(const Exchange& exchange, const std::string& file) {
  const Step& last = exchange.steps.back();
  if (!last.answer() || last.said() == MessageType::nak) return "";
  if (file.empty()) return last.said() == MessageType::ack ? "it has nothing to load" : "";
  if (is_script(file)) return fmt::format("it fetches its script {}", printable(file));
  if (dhcp::is_ipxe(file)) return fmt::format("it loads {} and starts it", printable(file));
  return fmt::format("it loads {}; what that does then is not known here", printable(file));
}

/// The iPXE that was loaded, on the machine of `before`: same addresses, another program.
Persona loaded_ipxe(const Persona& before, const model::Client& client) {
  Persona next = before;
  next.firmware = find_firmware("ipxe");
  next.arch = client.arch.value_or(model::Arch::bios);
  // HTTP Boot's number for the processor is the firmware's alone; what it starts says the plain one.
  if (next.arch == model::Arch::http_x64) next.arch = model::Arch::uefi_x64;
  if (next.arch == model::Arch::http_x86) next.arch = model::Arch::uefi_ia32;
  if (next.arch == model::Arch::http_arm64) next.arch = model::Arch::uefi_arm64;
  if (next.arch == model::Arch::http_bios) next.arch = model::Arch::bios;
  next.client_id.reset();  // those were the first program's
  next.vendor_class.reset();
  next.user_class.reset();
  next.options.clear();
  ++next.xid;
  return next;
}

}  // namespace

std::optional<Act> act_named(std::string_view name) {
  auto found = std::find_if(acts.begin(), acts.end(), [&](auto& act) { return act.first == name; });
  return found == acts.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> act_names() {
  std::vector<std::string> names;
  for (const auto& [name, act] : acts) names.emplace_back(name);
  return names;
}

std::vector<Exchange> rehearse(Rehearsal& rehearsal, const Request& request) {
  std::vector<Exchange> exchanges;
  Persona persona = request.persona;
  for (int link = 0; link < longest_chain; ++link) {
    Exchange exchange = Player(rehearsal, request, persona).play(request.act);
    const model::Client& client = exchange.steps.back().trace.client;
    exchange.who = link == 0 ? std::string(title_of(persona)) : "iPXE, once it is loaded";
    std::string file = boot_file_of(exchange);
    exchange.then = what_then(exchange, file);
    bool goes_on = request.act == Act::exchange && !file.empty() && dhcp::is_ipxe(file);
    if (goes_on) persona = loaded_ipxe(persona, client);
    exchanges.push_back(std::move(exchange));
    if (!goes_on) break;
  }
  return exchanges;
}

bool all_answered(const std::vector<Exchange>& exchanges) {
  for (const Exchange& exchange : exchanges) {
    for (const Step& step : exchange.steps) {
      if (step.dropped() || step.said() == MessageType::nak) return false;
    }
  }
  return true;
}

}  // namespace slipway::rehearsal
