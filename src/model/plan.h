// SPDX-License-Identifier: MPL-2.0
// The whole world the decisions are made in: settings, subnets, machines, profiles, classes, the images that
// are in the store and what was assigned. Immutable once built, shared by all threads as
// `shared_ptr<const Plan>`.
// Built only through `Plan::build`, which returns every error at once, each with its place.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/problem.h"
#include "base/result.h"
#include "model/api_settings.h"
#include "model/assignment.h"
#include "model/image.h"
#include "model/machine.h"
#include "model/profile.h"
#include "model/subnet.h"

namespace slipway::model {

struct ServerSettings {
  std::vector<std::string> interfaces;
  std::string state = "/var/lib/slipway";
  std::string socket = "/run/slipway/api.sock";
  std::string user = "slipway";  ///< who the daemon becomes after it bound its ports
  std::uint16_t http_port = 80;
  std::uint16_t tftp_port = 69;
  bool tftp_single_port = false;          ///< all transfers from tftp_port
  std::uint16_t tftp_window = 64;         ///< blocks before an ACK, at most
  bool tftp_fragments = false;            ///< blocks larger than the path's MTU
  std::string tftp_write;                 ///< folder for what clients write; empty: they may not
  std::uint32_t tftp_write_size = 64;     ///< MiB of one file
  std::uint32_t tftp_write_total = 1024;  ///< MiB of all
  bool tftp_write_over = false;           ///< files of the same name are replaced
  std::uint16_t https_port = 443;
  std::string tls_certificate, tls_key;  ///< PEM files; empty: no HTTPS
  std::string console_url;  ///< where people find the console, {mac} and {name} in it; empty: nowhere
  std::string log_level = "info";
  std::vector<Prefix> lease_query;  ///< who may ask for leases (RFC 4388); empty: nobody
  Place place;                      ///< where its table begins
  Places places;                    ///< and each key's value
  UnreadKeys unread;
};

/// What happens to a machine the file does not name.
enum class UnknownPolicy { boot_default, menu, local, ignore };

struct BootSettings {
  std::string default_profile;  ///< empty: the only profile, or the built-in "smartos"
  std::chrono::seconds timeout{30};
  UnknownPolicy unknown = UnknownPolicy::boot_default;
  Place place;    ///< where its table begins
  Places places;  ///< and each key's value
  UnreadKeys unread;
};

/// How images come in; the daemon itself brings none.
struct ImportSettings {
  std::string smartos_from;  ///< URL of the publication point; empty: its publisher's
  Place place;               ///< where its table begins
  Places places;             ///< and each key's value
  UnreadKeys unread;
};

/// What a configuration file says, before it is checked as a whole.
struct Draft {
  ServerSettings server;
  BootSettings boot;
  ImportSettings imports;
  ApiSettings api;
  std::vector<Webhook> webhooks;
  std::vector<Subnet> subnets;
  std::vector<Profile> profiles;
  std::vector<Machine> machines;
  std::vector<BootClass> classes;
  std::vector<Group> groups;
  OptionLayer options;  ///< for everyone
};

struct PlanErrors {
  Problems problems;
};

class Plan {
 public:
  static Result<std::shared_ptr<const Plan>, PlanErrors> build(Draft draft, std::vector<Image> images);
  /// The same world with other images: after an import or a removal. Settings were checked before.
  std::shared_ptr<const Plan> with_images(std::vector<Image> images, std::vector<Image> damaged = {}) const;
  /// The same world after an image was assigned, say. Cheap: the rest is shared.
  std::shared_ptr<const Plan> with_assignments(std::shared_ptr<const Assignments> assignments) const;

  const ServerSettings& server() const { return site_->draft.server; }
  const BootSettings& boot() const { return site_->draft.boot; }
  const ImportSettings& imports() const { return site_->draft.imports; }
  const ApiSettings& api() const { return site_->draft.api; }
  const std::vector<Webhook>& webhooks() const { return site_->draft.webhooks; }
  const std::vector<Subnet>& subnets() const { return site_->draft.subnets; }
  const std::vector<Profile>& profiles() const { return site_->draft.profiles; }
  const std::vector<Machine>& machines() const { return site_->draft.machines; }
  const std::vector<BootClass>& classes() const { return site_->draft.classes; }
  const std::vector<Group>& groups() const { return site_->draft.groups; }
  const std::vector<Image>& images() const { return shelf_->images; }
  /// In the store, but not to be booted before they are imported again.
  const std::vector<Image>& damaged() const { return shelf_->damaged; }
  bool is_damaged(std::string_view image_id) const;
  const Assignments& assignments() const { return *assignments_; }

  /// The machines that what a client says of itself fits: see boot::machine_of.
  MachineMatch match(const Client& client) const { return site_->index.match(client); }
  const MachineIndex& machine_index() const { return site_->index; }
  const Machine* machine(const MacAddress& mac) const;
  /// By name, MAC in any spelling, reserved address or UUID: whatever an operator types.
  const Machine* find_machine(std::string_view text) const;
  const Machine* reserved_for(Ipv4 address) const;
  /// The groups that name this machine, in the order of the file.
  std::span<const Group* const> groups_of(const Machine& machine) const;
  /// All options of a subnet of this plan that hold for every client there.
  const OptionLayer& layer_of(const Subnet& subnet) const;
  const Profile* profile(std::string_view name) const;
  const Profile& default_profile() const;
  const Image* image(const ImageRef& ref) const { return resolve(ref, images()); }
  /// By id, its first digits, or version.
  const Image* find_image(std::string_view text) const;
  /// The subnet whose network holds `address`.
  const Subnet* subnet_of(Ipv4 address) const;
  /// The subnet that names `giaddr` as a relay of its own.
  const Subnet* subnet_of_relay(Ipv4 giaddr) const;
  /// A subnet on this interface, of these addresses, that says `no-ipv6-router`. Routers are a matter of
  /// the link: one of several subnets on it is enough.
  const Subnet* silences_routers_on(std::string_view interface, std::span<const Ipv4> addresses) const;

 private:
  /// What the file says, and the indices over it, which point into it.
  struct Site {
    explicit Site(Draft draft);
    Site(const Site&) = delete;
    void file_machines_in_groups();

    Draft draft;
    MachineIndex index;
    std::unordered_map<Ipv4, const Machine*> machine_by_address;
    std::map<Ipv4, const Subnet*> subnet_by_network;  // they do not overlap
    std::unordered_map<Ipv4, const Subnet*> subnet_by_relay;
    std::unordered_map<const Machine*, std::vector<const Group*>> groups;  // of machines that are in one
    std::vector<OptionLayer> subnet_layers;                                // one for each subnet
  };
  struct Shelf {
    std::vector<Image> images, damaged;
  };

  Plan(std::shared_ptr<const Site> site, std::shared_ptr<const Shelf> shelf,
       std::shared_ptr<const Assignments> assignments);

  std::shared_ptr<const Site> site_;
  std::shared_ptr<const Shelf> shelf_;
  std::shared_ptr<const Assignments> assignments_;  // never null
};

}  // namespace slipway::model
