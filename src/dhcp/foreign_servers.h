// SPDX-License-Identifier: MPL-2.0
// Which other DHCP servers answer on the links we serve, and what follows from it. On a link that is new
// it looks before addresses are given out (`looking`): where somebody else gives them, ours stay here
// (`beside`) until that server has been silent for a while. Once we give addresses (`alone`), a server that
// appears is told of and changes nothing: a rogue must not be able to stop us (ADR 14). It says when a
// question is to be asked; asking and hearing are the caller's. Bounded: a link has so many servers.
// Pure: `now` is an argument. Thread: control. Never fails.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "dhcp/arrival.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

/// An answer that went to a client on one of our links.
struct Sighting {
  Ipv4 server;           ///< its server id (option 54), or where it came from
  MacAddress station;    ///< the frame's sender: the server, or a relay
  bool gives_addresses;  ///< an address is offered, granted or refused
  Ipv4 offered;          ///< any(): none
};
/// Nothing: it is no answer of a DHCP server.
std::optional<Sighting> sighting_of(const wire::DhcpMessage& message, Ipv4 from, const MacAddress& station);

struct ForeignServer {
  std::string interface;
  Ipv4 address;
  MacAddress station;
  bool gives_addresses = false;  ///< otherwise it only answers questions, as a proxyDHCP server does
  Ipv4 offered;                  ///< the last one seen; any(): none
  Instant first, last;
  std::string to_string() const;  ///< "10.0.0.9 (52:54:00:12:34:56)"
};

/// Something to tell the operator.
struct ServerNews {
  enum class What {
    yielded_to,  ///< found before we gave addresses: ours stay here
    appeared,    ///< found while we give addresses: we go on
    noticed,     ///< it takes nothing from us: gives no addresses, or the plan takes no notice of it
    gone,        ///< silent for several looks
    none_found,  ///< the first look is over; `server` has the interface only
  };
  What what;
  ForeignServer server;
};
/// What is the case, and what to do.
std::string sentence(const ServerNews& news);

class ForeignServers {
 public:
  /// ISC's dhcpd pings for 1 s before it offers, dnsmasq for up to 3 s, and answers INFORM at once: who did
  /// that is waited for.
  struct Times {
    Duration between_questions = std::chrono::milliseconds{700};
    Duration look = std::chrono::seconds{2};
    Duration longer_look = std::chrono::milliseconds{4500};
    Duration rest = std::chrono::minutes{5};         ///< between looks
    Duration rest_beside = std::chrono::minutes{1};  ///< while we wait for the other one to go
  };
  static constexpr unsigned silent_looks = 3;        ///< then it is gone
  static constexpr std::size_t most_on_a_link = 16;  ///< server ids are easily forged

  ForeignServers() = default;
  explicit ForeignServers(Times times) : times_(times) {}

  struct Link {
    std::string interface;
    bool yields = true;  ///< a subnet there gives addresses only where no other server does
  };
  /// The links from now on. New ones are looked at; what is known of the others stays.
  void serve(const std::vector<Link>& links, Tick now);
  /// The operator asks for a look now; a server that is silent in it is gone.
  bool knows(const std::string& interface) const { return find(interface) != nullptr; }
  void look_again(Tick now);

  std::optional<ServerNews> heard(const std::string& interface, const Sighting& sighting, Now now);

  struct Due {
    std::vector<std::string> ask;  ///< interfaces
    std::vector<ServerNews> news;
  };
  Due due(Tick now);
  /// When `due` has something next.
  std::optional<Tick> next() const;

  Company company(const std::string& interface) const;
  /// The server that gives addresses there; null: none.
  const ForeignServer* rival(const std::string& interface) const;
  /// Every server that is known, and what it means now: yielded to, appeared beside us, or only noticed.
  std::vector<ServerNews> standing() const;

 private:
  struct Known {
    ForeignServer server;
    bool heard_in_look = false;
    unsigned missed = 0;
  };
  struct State {
    Link link;
    Company company = Company::looking;
    bool in_look = true;
    bool hasty = false;  ///< one silent look is enough
    Tick next, look_began, look_ends;
    std::vector<Known> servers;
  };

  State* find(const std::string& interface);
  const State* find(const std::string& interface) const;
  static bool make_room(State& state, const Sighting& sighting);
  void begin_look(State& state, Tick now, bool hasty);
  void end_look(State& state, Tick now, std::vector<ServerNews>& news);
  static const ForeignServer* rival_in(const State& state);
  static ServerNews::What meaning_of(const ForeignServer& server, const State& state);

  Times times_;
  std::vector<State> states_;
};

}  // namespace slipway::dhcp
