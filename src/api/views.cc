// SPDX-License-Identifier: MPL-2.0
#include "api/views.h"

#include <algorithm>

#include "base/hex.h"

namespace slipway::api {
namespace {

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::optional<std::string> known(Ipv4 address) {
  return address.is_any() ? std::nullopt : std::optional(address.to_string());
}

std::optional<std::string> known(const std::optional<model::Arch>& arch) {
  return arch ? std::optional(to_string(*arch)) : std::nullopt;
}

std::optional<std::string> name_of(const model::Machine* machine) {
  return machine && !machine->name.empty() ? std::optional(machine->name) : std::nullopt;
}

std::vector<std::string> texts(const std::vector<Ipv4>& addresses) {
  std::vector<std::string> out;
  for (Ipv4 address : addresses) out.push_back(address.to_string());
  return out;
}

std::string text(model::SubnetMode mode) {
  switch (mode) {
    case model::SubnetMode::dhcp:
      return "dhcp";
    case model::SubnetMode::proxy:
      return "proxy";
    case model::SubnetMode::off:
      return "off";
  }
  return "off";
}

/// What ClientKey::to_string gave.
std::optional<lease::ClientKey> key_named(std::string_view text) {
  constexpr std::string_view by_mac = "mac ", by_id = "client id ";
  if (text == "nobody") return lease::ClientKey();
  if (text.starts_with(by_mac)) {
    auto mac = MacAddress::parse(text.substr(by_mac.size()));
    return mac ? std::optional(lease::ClientKey::of_mac(*mac)) : std::nullopt;
  }
  auto id = text.starts_with(by_id) ? from_hex(text.substr(by_id.size())) : std::nullopt;
  return id ? std::optional(lease::ClientKey::of_client_id(*id)) : std::nullopt;
}

StageView view(const timeline::Stage& stage) {
  using timeline::StageState;
  bool reached = stage.state != StageState::waiting && stage.state != StageState::skipped;
  StageView out;
  out.name = to_string(stage.name);
  out.state = to_string(stage.state);
  if (reached) out.at = stage.at;
  out.took_seconds = seconds(stage.took);
  out.bytes = stage.bytes;
  out.total = stage.total;
  out.rate = stage.rate;
  out.count = stage.count;
  out.detail = stage.detail;
  return out;
}

DiagnosisView view(const timeline::Diagnosis& diagnosis) {
  DiagnosisView out{diagnosis.id, diagnosis.cause, {}, diagnosis.remedy};
  for (const timeline::Evidence& evidence : diagnosis.evidence)
    out.evidence.push_back({evidence.text, evidence.count, evidence.first, evidence.last});
  return out;
}

}  // namespace

EventView view(const timeline::Event& event, const Names& names) {
  EventView out;
  out.sequence = event.sequence;
  out.boot = event.boot;
  out.at = event.at;
  out.kind = to_string(event.kind);
  if (event.machine) {
    out.machine = event.machine->to_string();
    out.machine_name = name_of(names.machine(*event.machine));
  }
  if (event.meant) out.meant = event.meant->to_string();
  out.address = known(event.address);
  out.relay = known(event.relay);
  out.server = known(event.server);
  if (event.waited != 0) out.secs = event.waited;
  out.stage = model::to_string(event.stage);
  out.arch = known(event.arch);
  out.name = event.name;
  out.detail = event.detail;
  out.role = to_string(event.role);
  out.offset = event.offset;
  out.bytes = event.bytes;
  out.total = event.total;
  if (event.block != 0) out.block_size = event.block;
  out.took_seconds = seconds(event.took);
  out.text = describe(event);
  return out;
}

BootView view(const timeline::Boot& boot) {
  BootView out;
  out.id = boot.id;
  out.machine = boot.machine.to_string();
  out.started = boot.started;
  out.last = boot.last;
  out.address = known(boot.address);
  out.arch = known(boot.arch);
  for (const timeline::Stage& stage : boot.stages) out.stages.push_back(view(stage));
  out.verdict = to_string(boot.verdict.code);
  out.failed = is_failure(boot.verdict.code);
  out.sentence = boot.verdict.sentence;
  for (const timeline::Diagnosis& diagnosis : boot.diagnoses) out.diagnoses.push_back(view(diagnosis));
  return out;
}

LeaseView view(const lease::Lease& lease, const Names& names, Instant now) {
  LeaseView out;
  out.address = lease.address.to_string();
  out.mac = lease.mac.to_string();
  out.client = lease.client.to_string();
  out.client_id = to_hex(lease.client_id);
  out.hostname = lease.hostname;
  out.subnet = lease.subnet.to_string();
  bool ran_out = lease.state == lease::State::active && !lease.runs(now);
  out.state = ran_out ? "expired" : std::string(to_string(lease.state));
  out.granted = lease.granted;
  out.expires = lease.expires;
  out.machine_name = name_of(names.holder(lease));
  return out;
}

std::optional<lease::Lease> lease_of(const LeaseView& view) {
  auto address = Ipv4::parse(view.address);
  auto mac = MacAddress::parse(view.mac);
  auto client = key_named(view.client);
  auto client_id = from_hex(view.client_id);
  auto subnet = Prefix::parse(view.subnet);
  // One that ran out is kept as what it was; its end tells.
  auto state = lease::state_from(view.state == "expired" ? "active" : view.state);
  if (!address || !mac || !client || !client_id || !subnet || !state) return std::nullopt;
  lease::Lease lease;
  lease.address = *address;
  lease.client = *client;
  lease.mac = *mac;
  lease.client_id = *client_id;
  lease.hostname = view.hostname;
  lease.subnet = *subnet;
  lease.granted = view.granted;
  lease.expires = view.expires;
  lease.state = *state;
  return lease;
}

ForeignLeaseView view(const migrate::ForeignLease& lease) {
  ForeignLeaseView out;
  out.address = lease.address.to_string();
  if (lease.mac) out.mac = lease.mac->to_string();
  out.client_id = to_hex(lease.client_id);
  out.hostname = lease.hostname;
  out.standing = to_string(lease.standing);
  out.since = lease.since;
  out.until = lease.until;
  return out;
}

std::optional<migrate::ForeignLease> foreign_lease_of(const ForeignLeaseView& view) {
  auto address = Ipv4::parse(view.address);
  auto mac = view.mac ? MacAddress::parse(*view.mac) : std::nullopt;
  auto client_id = from_hex(view.client_id);
  auto standing = migrate::standing_named(view.standing);
  if (!address || (view.mac && !mac) || !client_id || !standing) return std::nullopt;
  migrate::ForeignLease lease;
  lease.address = *address;
  lease.mac = mac;
  lease.client_id = std::move(*client_id);
  lease.hostname = view.hostname;
  lease.since = view.since;
  lease.until = view.until;
  lease.standing = *standing;
  return lease;
}

BootOnceView view(const model::BootOnce& once) {
  auto known = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  BootOnceView out;
  out.machine = once.machine;
  out.profile = known(once.profile);
  out.version = known(once.image_version);
  out.image = known(once.image);
  out.variant = to_string(once.variant);
  out.since = once.since;
  out.served = once.served;
  return out;
}

ImageView view(const model::Image& image, const model::Plan& plan, const assign::Usage& usage,
               bool with_files) {
  ImageView out;
  out.id = image.id;
  out.short_id = image.short_id();
  out.kind = to_string(image.kind);
  out.version = image.version;
  out.size = image.size();
  out.imported = image.imported;
  for (const model::Profile& profile : plan.profiles()) {
    const model::Image* boots = plan.image(profile.image);
    if (boots && boots->id == image.id) out.used_by.push_back(profile.name);
  }
  if (auto uses = usage.find(image.id); uses != usage.end()) {
    for (const assign::Use& use : uses->second)
      out.uses.push_back({std::string(assign::to_string(use.why)), use.who});
  }
  if (with_files) {
    for (const model::ImageFile& file : image.files)
      out.files.push_back({file.path, file.size, file.sha256, file.sha1});
  }
  return out;
}

SubnetView view(const model::Subnet& subnet, std::span<const lease::Lease> leases, Instant now) {
  SubnetView out;
  out.network = subnet.network.to_string();
  out.mode = text(subnet.mode);
  for (const model::Pool& pool : subnet.pools) {
    auto held = std::count_if(leases.begin(), leases.end(), [&](const lease::Lease& lease) {
      return pool.range.contains(lease.address) && lease.holds(now);
    });
    out.pools.push_back({pool.range.first.to_string(), pool.range.last.to_string(), pool.range.size(),
                         static_cast<std::uint64_t>(held), pool.only_class});
  }
  out.routers = texts(subnet.routers);
  out.dns = texts(subnet.dns);
  out.domain = subnet.domain;
  out.lease_seconds = subnet.lease_time.count();
  return out;
}

}  // namespace slipway::api
