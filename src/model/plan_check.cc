// SPDX-License-Identifier: MPL-2.0
#include "model/plan_check.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "base/nearest.h"
#include "model/api_check.h"
#include "model/machine_check.h"
#include "model/membership_check.h"

namespace slipway::model {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> consoles{"text", "graphics", "ttya", "ttyb", "ttyc", "ttyd"};

class Check {
 public:
  Check(const Draft& draft, const Unread& unread) : draft_(draft), unread_(unread) {}

  Problems run() && {
    check_server();
    check_subnets();
    check_profiles();
    check_machines();
    check_boot();
    check_imports();
    check_memberships(draft_, unread_, problems_);
    check_api(draft_, problems_);
    return std::move(problems_);
  }

 private:
  void error(const Place& place, std::string what, std::string remedy = {}) {
    problems_.push_back({place, std::move(what), std::move(remedy), Severity::error});
  }

  /// What a stranger writes is not to be served to others, nor to stand where Slipway keeps its own.
  void check_tftp_write(const ServerSettings& server) {
    if (server.tftp_write.empty()) return;
    auto folder_of = [](const std::string& path) {
      return (fs::path(path) / "").lexically_normal().string();
    };
    std::string written = folder_of(server.tftp_write), state = folder_of(server.state);
    bool within = std::ranges::any_of(std::array{"images", "loaders", "files"}, [&](std::string_view part) {
      return written.starts_with(fmt::format("{}{}/", state, part));
    });
    if (within || state.starts_with(written))
      error(place_of(server, "tftp-write"),
            fmt::format("{} is a part of server.state, {}, from which machines are served, or holds it",
                        server.tftp_write, server.state),
            fmt::format("write into a folder of its own, for example {}written", state));
  }

  void check_server() {
    if (draft_.server.interfaces.empty() && !unread_.server) {
      error(draft_.server.place, "no interface to serve on",
            "write interface = \"eth1\", or interfaces = [\"eth1\"] under [server]");
    }
    if (draft_.subnets.empty() && !unread_.subnets) {
      error(draft_.server.place, "no subnet", "add a [[subnet]] with network, range and router");
    }
    const ServerSettings& server = draft_.server;
    if (server.tls_certificate.empty() != server.tls_key.empty()) {
      bool has_key = server.tls_certificate.empty();
      error(place_of(server, has_key ? "tls-key" : "tls-certificate"),
            fmt::format("server.tls-{} without server.tls-{}", has_key ? "key" : "certificate",
                        has_key ? "certificate" : "key"),
            "HTTPS needs both");
    } else if (server.tls_certificate.empty() && server.places.contains("https-port")) {
      error(place_of(server, "https-port"), "server.https-port without a certificate",
            "name tls-certificate and tls-key, too");
    } else if (!server.tls_certificate.empty() && server.https_port == server.http_port) {
      error(place_of(server, "https-port"),
            fmt::format("server.https-port and http-port are both {}", server.http_port),
            "give each a port of its own");
    }
    check_tftp_write(server);
    if (server.tftp_write_size > server.tftp_write_total) {
      error(place_of(server, "tftp-write-size"),
            fmt::format("server.tftp-write-size, {} MiB, is more than tftp-write-total, {} MiB",
                        server.tftp_write_size, server.tftp_write_total),
            "one file cannot have more than all of them");
    }
  }

  void check_subnets() {
    for (std::size_t i = 0; i < draft_.subnets.size(); ++i) {
      const Subnet& subnet = draft_.subnets[i];
      check_interface(subnet);
      check_addresses(subnet);
      for (std::size_t j = 0; j < i; ++j) {
        if (is_unread(subnet, "network") || is_unread(draft_.subnets[j], "network")) continue;
        if (subnet.network.overlaps(draft_.subnets[j].network)) {
          error(place_of(subnet, "network"),
                fmt::format("subnet {} overlaps subnet {}", subnet.network.to_string(),
                            draft_.subnets[j].network.to_string()),
                "an address must belong to one subnet");
        }
      }
    }
    check_pools();
  }

  void check_interface(const Subnet& subnet) {
    const auto& known = draft_.server.interfaces;
    if (subnet.interface.empty() || unread_.server) return;
    if (std::find(known.begin(), known.end(), subnet.interface) == known.end()) {
      error(place_of(subnet, "interface"),
            fmt::format("subnet {} is on interface '{}', which server.interfaces does not name",
                        subnet.network.to_string(), subnet.interface),
            "add it to server.interfaces");
    }
  }

  static bool is_in(const Subnet& subnet, Ipv4 address) {
    return !is_unread(subnet, "network") && subnet.network.contains(address);
  }
  static bool is_outside(const Subnet& subnet, Ipv4 address) {
    return !is_unread(subnet, "network") && !subnet.network.contains(address);
  }

  void check_addresses(const Subnet& subnet) {
    for (Ipv4 router : subnet.routers) {
      if (is_outside(subnet, router)) {
        error(place_of(subnet, "router"),
              fmt::format("router {} is not in subnet {}", router.to_string(), subnet.network.to_string()),
              "a client can reach only a router of its own network");
      }
    }
    for (const AddressRange& range : subnet.excluded) check_exclusion(subnet, range);
    check_times(subnet);
  }

  void check_exclusion(const Subnet& subnet, const AddressRange& range) {
    auto text = fmt::format("exclude {}-{}", range.first.to_string(), range.last.to_string());
    if (range.last < range.first) {
      error(place_of(subnet, "exclude"), text + " ends before it starts", "write the lower address first");
    } else if (is_outside(subnet, range.first) || is_outside(subnet, range.last)) {
      error(place_of(subnet, "exclude"),
            fmt::format("{} is not within {}", text, subnet.network.to_string()));
    }
  }

  /// RFC 2131 §4.4.5: "T1 MUST be earlier than T2, which, in turn, MUST be earlier than the time at which
  /// the client's lease will expire."
  void check_times(const Subnet& subnet) {
    auto renew = subnet.renew_time.value_or(subnet.lease_time / 2);
    auto rebind = subnet.rebind_time.value_or(subnet.lease_time * 7 / 8);
    bool both_said = subnet.renew_time && subnet.rebind_time;
    bool lease_known = !is_unread(subnet, "lease-time");
    if (subnet.rebind_time && lease_known && rebind >= subnet.lease_time) {
      error(place_of(subnet, "rebind-time"),
            fmt::format("rebind-time of {} s is not before the end of the lease, {} s", rebind.count(),
                        subnet.lease_time.count()),
            "usual are seven eighths of lease-time");
    }
    bool one_said = (subnet.renew_time || subnet.rebind_time) &&
                    !is_unread(subnet, "lease-time", "renew-time", "rebind-time");
    if ((both_said || one_said) && renew >= rebind) {
      error(place_of(subnet, subnet.renew_time ? "renew-time" : "rebind-time"),
            fmt::format("renew-time of {} s is not before rebind-time, {} s", renew.count(), rebind.count()),
            "a client first asks this server (renew-time), later any server (rebind-time)");
    }
    if (subnet.lease_time < std::chrono::seconds{60}) {
      error(place_of(subnet, "lease-time"),
            fmt::format("lease-time of {} s is too short", subnet.lease_time.count()),
            "60 s is the least; 12h is usual");
    }
  }

  void check_pools() {
    std::vector<std::pair<const Subnet*, const Pool*>> seen;
    for (const Subnet& subnet : draft_.subnets) {
      for (const Pool& pool : subnet.pools) {
        check_pool(subnet, pool);
        for (auto& [other_subnet, other] : seen) {
          if (pool.range.first <= other->range.last && other->range.first <= pool.range.last) {
            error(pool.place, fmt::format("range {}-{} overlaps {}-{}", pool.range.first.to_string(),
                                          pool.range.last.to_string(), other->range.first.to_string(),
                                          other->range.last.to_string()));
          }
        }
        seen.emplace_back(&subnet, &pool);
      }
    }
  }

  void check_pool(const Subnet& subnet, const Pool& pool) {
    const AddressRange& range = pool.range;
    auto text = fmt::format("range {}-{}", range.first.to_string(), range.last.to_string());
    if (range.last < range.first) {
      error(pool.place, text + " ends before it starts", "write the lower address first");
    } else if (is_outside(subnet, range.first) || is_outside(subnet, range.last)) {
      error(pool.place, fmt::format("{} is not within {}", text, subnet.network.to_string()));
    }
    if (pool.protocol == Pool::Protocol::bootp && !subnet.bootp && !is_unread(subnet, "bootp")) {
      error(pool.place, text + " is for BOOTP clients, which the subnet does not serve",
            "write bootp = true");
    }
    if (!pool.only_class.empty() && !unread_.classes &&
        std::none_of(draft_.classes.begin(), draft_.classes.end(),
                     [&](auto& c) { return c.name == pool.only_class; })) {
      error(pool.place, fmt::format("{} is for class '{}', which does not exist", text, pool.only_class),
            "add a [[class]] of that name");
    }
  }

  void check_profiles() {
    for (std::size_t i = 0; i < draft_.profiles.size(); ++i) {
      const Profile& profile = draft_.profiles[i];
      for (std::size_t j = 0; j < i; ++j) {
        if (draft_.profiles[j].name == profile.name)
          error(profile.place, fmt::format("profile '{}' is there twice", profile.name));
      }
      if (profile.image.version.empty() && !profile.san && !is_unread(profile, "image", "san")) {
        error(profile.place, fmt::format("[profile.{}] lacks 'image'", profile.name),
              "image: what to boot: \"smartos@latest\", \"smartos@STAMP\" or an id");
      }
      if (!profile.console.empty() &&
          std::find(consoles.begin(), consoles.end(), profile.console) == consoles.end()) {
        error(place_of(profile, "console"),
              fmt::format("profile '{}': no console is called '{}'", profile.name, profile.console),
              "one of text, graphics, ttya, ttyb, ttyc, ttyd");
      }
    }
  }

  void check_machines() {
    for (const Machine& machine : draft_.machines) {
      if (std::any_of(machine.name.begin(), machine.name.end(),
                      [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        error(place_of(machine, "name"), "a machine's name holds a control character",
              "names are shown in tables, menus and logs: write letters, digits and what is printed");
      check_profile_name(place_of(machine, "profile"), machine.profile,
                         fmt::format("machine '{}'", machine.name));
      check_reservation(machine);
      check_disk(machine);
    }
    check_identities(draft_, unread_, problems_);
  }

  void check_reservation(const Machine& machine) {
    if (!machine.address) return;
    auto in = std::find_if(draft_.subnets.begin(), draft_.subnets.end(),
                           [&](const Subnet& subnet) { return is_in(subnet, *machine.address); });
    auto text = fmt::format("machine '{}': address {}", machine.name, machine.address->to_string());
    if (in == draft_.subnets.end()) {
      if (unread_.subnets) return;
      error(place_of(machine, "address"), text + " is in no subnet",
            "add the [[subnet]] or choose an address of one");
    } else if (*machine.address == in->network.network || *machine.address == in->network.last()) {
      error(place_of(machine, "address"),
            text + " is the network or broadcast address of " + in->network.to_string());
    } else if (std::find(in->routers.begin(), in->routers.end(), *machine.address) != in->routers.end()) {
      error(place_of(machine, "address"), text + " is the router of " + in->network.to_string());
    }
  }

  /// It may be meant for a boot ordered once, from another profile than its own.
  void check_disk(const Machine& machine) {
    bool can_be_used = std::any_of(draft_.profiles.begin(), draft_.profiles.end(),
                                   [](auto& profile) { return profile.san || is_unread(profile, "san"); });
    if (!machine.san || can_be_used || unread_.profiles) return;
    error(machine.san->place,
          fmt::format("machine '{}' has a `san`, and no profile boots from such a disk", machine.name),
          "write `san = { ... }` in its profile: what the machine says is laid over that");
  }

  void check_boot() {
    for (const Group& group : draft_.groups) {
      check_profile_name(place_of(group, "profile"), group.profile, fmt::format("group '{}'", group.name));
    }
    check_profile_name(place_of(draft_.boot, "default"), draft_.boot.default_profile, "boot.default");
  }

  void check_imports() {
    const std::string& from = draft_.imports.smartos_from;
    if (from.empty() || from.starts_with("https://") || from.starts_with("http://")) return;
    error(place_of(draft_.imports, "smartos-from"), fmt::format("'{}' is no http or https URL", from),
          "write the URL of the folder that holds `latest` and the STAMPs");
  }

  void check_profile_name(const Place& place, const std::string& name, const std::string& who) {
    if (name.empty()) return;
    std::vector<std::string_view> names;
    for (const Profile& profile : draft_.profiles) names.push_back(profile.name);
    if (unread_.profiles || std::find(names.begin(), names.end(), name) != names.end()) return;
    auto near = nearest(name, names);
    error(place, fmt::format("{}: there is no profile '{}'", who, name),
          near ? fmt::format("did you mean '{}'?", *near) : fmt::format("add [profile.{}]", name));
  }

  const Draft& draft_;
  Unread unread_;
  Problems problems_;
};

}  // namespace

Problems check(const Draft& draft, const Unread& unread) {
  return Check(draft, unread).run();
}

}  // namespace slipway::model
