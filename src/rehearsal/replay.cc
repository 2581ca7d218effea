// SPDX-License-Identifier: MPL-2.0
#include "rehearsal/replay.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "base/printable.h"
#include "wire/dump.h"

namespace slipway::rehearsal {
namespace {

using wire::Datagram;
using wire::DhcpMessage;
using wire::MessageType;
namespace opt = wire::opt;

bool is_server_port(std::uint16_t port) {
  return port == wire::dhcp_server_port || port == wire::proxy_dhcp_port;
}

/// What the capture's server and ours gave the same client.
struct Given {
  Ipv4 captured, ours;
};

class Replay {
 public:
  Replay(Rehearsal& rehearsal, const wire::Capture& capture, const Place& place)
      : rehearsal_(rehearsal), capture_(capture), place_(place) {
    for (std::size_t i = 0; i < capture.datagrams.size(); ++i) {
      auto message = wire::parse_dhcp(capture.datagrams[i].payload);
      if (message && is_dhcp(capture.datagrams[i])) of_transaction_[message->xid].push_back(i);
    }
  }

  void run(const std::function<void(const Replayed&)>& tell) {
    for (std::size_t i = 0; i < capture_.datagrams.size(); ++i) {
      const Datagram& datagram = capture_.datagrams[i];
      if (!is_server_port(datagram.to.port)) continue;
      auto message = wire::parse_dhcp(datagram.payload);
      if (message && message->op != wire::Op::boot_request) continue;
      tell(message ? replayed(i, *message) : unreadable(datagram, message.error()));
    }
  }

 private:
  static bool is_dhcp(const Datagram& datagram) {
    return is_server_port(datagram.to.port) || is_server_port(datagram.from.port);
  }

  Replayed begin(const Datagram& datagram) const {
    Replayed told;
    told.since = datagram.at - capture_.datagrams.front().at;
    told.from = datagram.from;
    told.to = datagram.to;
    return told;
  }

  Replayed unreadable(const Datagram& datagram, wire::DhcpError error) const {
    Replayed told = begin(datagram);
    told.readable = false;
    told.step.arrival = arrival_of(datagram);
    told.step.outcome =
        dhcp::Ignore{dhcp::drop_of(error), datagram.cut ? "the capture holds only its beginning" : ""};
    return told;
  }

  Replayed replayed(std::size_t at, DhcpMessage message) {
    const Datagram& datagram = capture_.datagrams[at];
    Replayed told = begin(datagram);
    told.captured = answers_to(at, message);
    Given& given = given_[message.chaddr];
    put_ours_in_place(given, message, told.remarks);
    told.step = rehearsal_.play(message, arrival_of(datagram));
    note(given, told);
    return told;
  }

  dhcp::Arrival arrival_of(const Datagram& datagram) const {
    bool broadcast = datagram.to.address == Ipv4::broadcast();
    return {place_.interface, place_.index,    place_.local, broadcast ? Ipv4::broadcast() : place_.local,
            datagram.from,    datagram.to.port};
  }

  /// Replies of the same transaction, up to the client's next packet of it.
  std::vector<DhcpMessage> answers_to(std::size_t at, const DhcpMessage& request) const {
    std::vector<DhcpMessage> answers;
    const auto& transaction = of_transaction_.at(request.xid);
    for (auto next = std::upper_bound(transaction.begin(), transaction.end(), at); next != transaction.end();
         ++next) {
      auto message = wire::parse_dhcp(capture_.datagrams[*next].payload);
      if (message->chaddr != request.chaddr) continue;
      if (message->op == wire::Op::boot_request) break;
      answers.push_back(std::move(*message));
    }
    return answers;
  }

  void put_ours_in_place(const Given& given, DhcpMessage& message, std::vector<std::string>& remarks) const {
    if (given.captured.is_any() || given.ours.is_any()) return;
    if (auto server = message.options.get<opt::ServerId>(); server && *server != place_.local) {
      message.options.set<opt::ServerId>(place_.local);
      remarks.push_back(fmt::format("as if it had named this server ({}) and not {}",
                                    place_.local.to_string(), server->to_string()));
    }
    if (given.captured == given.ours) return;
    bool asked = message.options.get<opt::RequestedAddress>() == given.captured;
    if (asked) message.options.set<opt::RequestedAddress>(given.ours);
    if (message.ciaddr == given.captured) message.ciaddr = given.ours;
    if (asked || message.ciaddr == given.ours) {
      remarks.push_back(fmt::format("as if it had {} from us and not {}", given.ours.to_string(),
                                    given.captured.to_string()));
    }
  }

  static void note(Given& given, const Replayed& told) {
    for (const DhcpMessage& answer : told.captured) {
      if (!answer.yiaddr.is_any()) given.captured = answer.yiaddr;
    }
    const dhcp::Answer* ours = told.step.answer();
    if (ours && !ours->message.yiaddr.is_any()) given.ours = ours->message.yiaddr;
  }

  Rehearsal& rehearsal_;
  const wire::Capture& capture_;
  const Place& place_;
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> of_transaction_;
  std::map<std::array<std::uint8_t, 16>, Given> given_;
};

std::string text_of(Ipv4 address) {
  return address.is_any() ? std::string() : address.to_string();
}

std::string text_of(const DhcpMessage& message, std::uint8_t code) {
  auto value = message.options.raw(code);
  if (!value) return {};
  std::string text = wire::describe_option(code, *value);
  return text.empty() ? "(empty)" : text;
}

}  // namespace

void replay(Rehearsal& rehearsal, const wire::Capture& capture, const Place& place,
            const std::function<void(const Replayed&)>& tell) {
  Replay(rehearsal, capture, place).run(tell);
}

std::vector<Difference> differences(const DhcpMessage& captured, const DhcpMessage& ours) {
  std::vector<Difference> list;
  auto compare = [&](std::string what, std::string theirs, std::string mine) {
    if (theirs != mine) list.push_back({std::move(what), std::move(theirs), std::move(mine)});
  };
  compare("flags", captured.wants_broadcast() ? "broadcast" : "", ours.wants_broadcast() ? "broadcast" : "");
  compare("ciaddr", text_of(captured.ciaddr), text_of(ours.ciaddr));
  compare("yiaddr", text_of(captured.yiaddr), text_of(ours.yiaddr));
  compare("siaddr", text_of(captured.siaddr), text_of(ours.siaddr));
  compare("giaddr", text_of(captured.giaddr), text_of(ours.giaddr));
  compare("sname", printable(captured.sname), printable(ours.sname));
  compare("file", printable(captured.file), printable(ours.file));
  std::map<std::uint8_t, bool> codes;
  for (const DhcpMessage* message : {&captured, &ours}) {
    for (auto entry : message->options.entries()) codes[entry.code] = true;
  }
  for (const auto& [code, present] : codes) {
    const wire::OptionInfo* info = wire::find_option(code);
    compare(fmt::format("option {} {}", code, info ? info->name : "unknown"), text_of(captured, code),
            text_of(ours, code));
  }
  return list;
}

const DhcpMessage* counterpart(const Replayed& replayed) {
  const dhcp::Answer* ours = replayed.step.answer();
  if (!ours || replayed.captured.empty()) return nullptr;
  for (const DhcpMessage& message : replayed.captured) {
    bool same_kind = wire::kind_of(message) == wire::kind_of(ours->message);
    if (same_kind && message.yiaddr.is_any() == ours->message.yiaddr.is_any()) return &message;
  }
  return &replayed.captured.back();
}

bool wants_answer(const DhcpMessage& message) {
  auto type = message.options.get<opt::MessageType>();
  return type != MessageType::release && type != MessageType::decline;
}

}  // namespace slipway::rehearsal
