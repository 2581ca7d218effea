// SPDX-License-Identifier: MPL-2.0
#include "dhcp/foreign_servers.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::dhcp {
namespace {

using wire::MessageType;
namespace opt = wire::opt;
using What = ServerNews::What;

std::string what_it_does(const ForeignServer& server) {
  if (!server.gives_addresses) return "answers, and was not seen to give addresses";
  if (server.offered.is_any()) return "gives addresses";
  return fmt::format("gives addresses: it offered {}", server.offered.to_string());
}

}  // namespace

std::optional<Sighting> sighting_of(const wire::DhcpMessage& message, Ipv4 from, const MacAddress& station) {
  auto type = message.options.get<opt::MessageType>();
  bool answers = type == MessageType::offer || type == MessageType::ack || type == MessageType::nak;
  if (message.op != wire::Op::boot_reply || !answers) return std::nullopt;
  Sighting seen{message.options.get<opt::ServerId>().value_or(from), station, false, message.yiaddr};
  if (seen.server.is_any()) return std::nullopt;
  seen.gives_addresses = !message.yiaddr.is_any() || type == MessageType::nak;
  return seen;
}

std::string ForeignServer::to_string() const {
  return fmt::format("{} ({})", address.to_string(), station.to_string());
}

std::string sentence(const ServerNews& news) {
  const ForeignServer& server = news.server;
  std::string who = fmt::format("another DHCP server, {}, on {} {}", server.to_string(), server.interface,
                                what_it_does(server));
  switch (news.what) {
    case What::yielded_to:
      return who +
             "; this server gives none beside it. Let it go on and add the boot alone with mode = \"proxy\" "
             "in the [[subnet]], turn the subnet off with mode = \"off\", or stop that server; to give "
             "addresses all the same say other-servers = \"ignore\"";
    case What::appeared:
      return who +
             "; it appeared while this server gives addresses, which goes on. Machines take whichever "
             "answers "
             "first: find it by its MAC address and stop it, or say mode = \"proxy\" in the [[subnet]]";
    case What::noticed:
      return who;
    case What::gone:
      return fmt::format("the DHCP server {} on {} is not heard any more", server.to_string(),
                         server.interface);
    case What::none_found:
      return fmt::format("no other DHCP server answers on {}", server.interface);
  }
  return who;
}

void ForeignServers::serve(const std::vector<Link>& links, Tick now) {
  auto wanted = [&](const std::string& name) {
    return std::find_if(links.begin(), links.end(), [&](const Link& link) { return link.interface == name; });
  };
  std::erase_if(states_, [&](const State& state) { return wanted(state.link.interface) == links.end(); });
  for (const Link& link : links) {
    State* known = find(link.interface);
    if (!known) {
      State& added = states_.emplace_back();
      added.link = link;
      if (!link.yields) added.company = Company::alone;
      begin_look(added, now, false);
      continue;
    }
    bool turned = known->link.yields != link.yields;
    known->link.yields = link.yields;
    if (!turned) continue;
    // The operator changed the file: it counts what is known of the link by now.
    known->company = link.yields && rival_in(*known) ? Company::beside : Company::alone;
  }
}

void ForeignServers::look_again(Tick now) {
  for (State& state : states_) begin_look(state, now, true);
}

std::optional<ServerNews> ForeignServers::heard(const std::string& interface, const Sighting& sighting,
                                                Now now) {
  State* state = find(interface);
  if (!state) return std::nullopt;
  auto known = std::find_if(state->servers.begin(), state->servers.end(),
                            [&](const Known& other) { return other.server.address == sighting.server; });
  bool is_new = known == state->servers.end();
  if (is_new) {
    if (state->servers.size() >= most_on_a_link && !make_room(*state, sighting)) return std::nullopt;
    known = state->servers.emplace(state->servers.end());
    known->server.interface = interface;
    known->server.address = sighting.server;
    known->server.first = now.wall;
  }
  ForeignServer& server = known->server;
  bool gives_now = sighting.gives_addresses && !server.gives_addresses;
  server.gives_addresses |= sighting.gives_addresses;
  server.station = sighting.station;
  server.last = now.wall;
  if (!sighting.offered.is_any()) server.offered = sighting.offered;
  known->heard_in_look = true;
  known->missed = 0;

  if (state->company == Company::looking) {
    if (server.gives_addresses) {
      state->company = Company::beside;
    } else {
      state->look_ends = std::max(state->look_ends, state->look_began + times_.longer_look);
    }
  }
  if (!is_new && !gives_now) return std::nullopt;
  return ServerNews{meaning_of(server, *state), server};
}

/// Who gives addresses is never overlooked for those who only answer.
bool ForeignServers::make_room(State& state, const Sighting& sighting) {
  if (!sighting.gives_addresses) return false;
  auto harmless = std::find_if(state.servers.begin(), state.servers.end(),
                               [](const Known& known) { return !known.server.gives_addresses; });
  if (harmless == state.servers.end()) return false;
  state.servers.erase(harmless);
  return true;
}

void ForeignServers::begin_look(State& state, Tick now, bool hasty) {
  state.in_look = true;
  state.hasty = hasty;
  state.next = state.look_began = now;
  state.look_ends = now + times_.look;
  for (Known& known : state.servers) known.heard_in_look = false;
}

void ForeignServers::end_look(State& state, Tick now, std::vector<ServerNews>& news) {
  state.in_look = false;
  for (Known& known : state.servers) {
    if (known.heard_in_look || (++known.missed < silent_looks && !state.hasty)) continue;
    known.missed = silent_looks;
    news.push_back({What::gone, known.server});
  }
  std::erase_if(state.servers, [](const Known& known) { return known.missed >= silent_looks; });
  if (state.company == Company::looking) {
    ForeignServer nobody;
    nobody.interface = state.link.interface;
    if (state.servers.empty()) news.push_back({What::none_found, nobody});
    state.company = Company::alone;
  }
  if (state.company == Company::beside && !rival_in(state)) state.company = Company::alone;
  state.next = now + (state.company == Company::beside ? times_.rest_beside : times_.rest);
}

ForeignServers::Due ForeignServers::due(Tick now) {
  Due due;
  for (State& state : states_) {
    if (state.next > now) continue;
    if (state.in_look && now >= state.look_ends) {
      end_look(state, now, due.news);
      continue;
    }
    if (!state.in_look) begin_look(state, now, false);
    due.ask.push_back(state.link.interface);
    state.next = std::min(now + times_.between_questions, state.look_ends);
  }
  return due;
}

std::optional<Tick> ForeignServers::next() const {
  std::optional<Tick> first;
  for (const State& state : states_) {
    if (!first || state.next < *first) first = state.next;
  }
  return first;
}

Company ForeignServers::company(const std::string& interface) const {
  const State* state = find(interface);
  return state ? state->company : Company::alone;
}

const ForeignServer* ForeignServers::rival(const std::string& interface) const {
  const State* state = find(interface);
  return state ? rival_in(*state) : nullptr;
}

std::vector<ServerNews> ForeignServers::standing() const {
  std::vector<ServerNews> all;
  for (const State& state : states_) {
    for (const Known& known : state.servers) all.push_back({meaning_of(known.server, state), known.server});
  }
  return all;
}

ServerNews::What ForeignServers::meaning_of(const ForeignServer& server, const State& state) {
  if (!server.gives_addresses || !state.link.yields) return What::noticed;
  return state.company == Company::beside ? What::yielded_to : What::appeared;
}

const ForeignServer* ForeignServers::rival_in(const State& state) {
  auto found = std::find_if(state.servers.begin(), state.servers.end(),
                            [](const Known& known) { return known.server.gives_addresses; });
  return found == state.servers.end() ? nullptr : &found->server;
}

ForeignServers::State* ForeignServers::find(const std::string& interface) {
  auto found = std::find_if(states_.begin(), states_.end(),
                            [&](const State& state) { return state.link.interface == interface; });
  return found == states_.end() ? nullptr : &*found;
}
const ForeignServers::State* ForeignServers::find(const std::string& interface) const {
  return const_cast<ForeignServers*>(this)->find(interface);
}

}  // namespace slipway::dhcp
