// SPDX-License-Identifier: MPL-2.0
#include "boot/decide.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace slipway::boot {
namespace {

using model::Arch;
using model::Image;
using model::ImageKind;
using model::Machine;
using model::Plan;
using model::Profile;
using model::Variant;
using Why = Refusal::Why;

constexpr std::string_view unix_path = "platform/i86pc/kernel/amd64/unix";
constexpr std::string_view archive_path = "platform/i86pc/amd64/boot_archive";
constexpr std::string_view hash_path = "platform/i86pc/amd64/boot_archive.hash";

bool is_bios(Arch arch) {
  return arch == Arch::bios || arch == Arch::http_bios;
}

bool runs_illumos(Arch arch) {
  switch (arch) {
    case Arch::bios:
    case Arch::http_bios:
    case Arch::uefi_x64:
    case Arch::uefi_x64_bc:
    case Arch::http_x64:
      return true;
    default:
      return false;
  }
}

Refusal refuse_architecture(Arch arch) {
  return {Why::architecture,
          fmt::format("SmartOS runs on 64-bit x86 only; this machine is {}", to_string(arch)),
          "give the machine a profile with an image for its architecture"};
}

Refusal refuse_uefi() {
  return {Why::uefi,
          "this machine starts by UEFI, and this iPXE cannot start SmartOS from there (it lacks multiboot2)",
          "switch the firmware to BIOS (legacy, CSM) boot, or give the server an iPXE with multiboot2"};
}

/// What the asking program can never start, whatever the profile says.
std::optional<Refusal> incapable(const model::Client& client) {
  if (client.arch && !runs_illumos(*client.arch)) return refuse_architecture(*client.arch);
  if (client.stage != model::Stage::ipxe) return std::nullopt;  // firmware: its loader is still to come
  bool uefi = client.arch ? !is_bios(*client.arch) : client.features.efi;
  if (uefi && !client.features.multiboot2) return refuse_uefi();
  if (client.features.reported && !client.features.multiboot && !client.features.multiboot2)
    return Refusal{Why::no_multiboot, "this iPXE was built without multiboot, which SmartOS needs",
                   "let the machine start undionly.kpxe of the Debian package ipxe instead"};
  return std::nullopt;
}

std::string versions_in_store(const Plan& plan, ImageKind kind) {
  std::string out;
  for (const Image& image : plan.images()) {
    if (image.kind != kind) continue;
    if (!out.empty()) out += ", ";
    out += image.version;
  }
  return out;
}

Refusal refuse_image(const Plan& plan, const Profile& profile) {
  std::string wanted = profile.image.to_string();
  ImageKind kind = profile.image.kind.value_or(ImageKind::smartos);
  if (profile.image.version == "latest")
    return {Why::no_image, fmt::format("there is no {} image in the store", to_string(kind)),
            "import one on the server: slipway image import FILE"};
  std::string there = versions_in_store(plan, kind);
  return {Why::image_missing,
          fmt::format("profile {} wants image {}, which is not in the store", profile.name, wanted),
          fmt::format("import it, or let the profile name one that is there: {}",
                      there.empty() ? "none is" : there)};
}

std::optional<Refusal> unbootable(const Image& image) {
  if (image.kind != ImageKind::smartos)
    return Refusal{Why::kind, fmt::format("images of kind {} cannot be booted yet", to_string(image.kind)),
                   "give the machine a profile with a SmartOS image"};
  for (std::string_view needed : {unix_path, archive_path}) {
    if (!image.file(needed))
      return Refusal{Why::image_broken, fmt::format("image {} has no {}", image.version, needed),
                     "remove the image and import it again"};
  }
  return std::nullopt;
}

std::vector<Module> modules_of(const Image& image) {
  std::vector<Module> modules{
      {Module::Type::rootfs, "ramdisk", std::string(archive_path), Module::Origin::image}};
  if (image.file(hash_path))
    modules.push_back({Module::Type::hash, "ramdisk", std::string(hash_path), Module::Origin::image});
  return modules;
}

std::string_view described(Variant variant) {
  switch (variant) {
    case Variant::normal:
      return "";
    case Variant::serial:
      return ", serial console";
    case Variant::rescue:
      return ", rescue: no pool imported";
    case Variant::kmdb:
      return ", kernel debugger";
    case Variant::single_user:
      return ", single user";
    case Variant::debug:
      return ", verbose, kernel debugger";
  }
  return "";
}

/// Labels are words of iPXE scripts and PXELINUX files.
std::string label_of(const Profile& profile, Variant variant) {
  std::string label = fmt::format("{}-{}", profile.name, to_string(variant));
  for (char& c : label) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') c = '-';
  }
  return label;
}

std::string first_error(const Findings& findings) {
  for (const Finding& finding : findings) {
    if (finding.severity() == Severity::error) return finding.sentence;
  }
  return {};
}

Entry entry_of(const Profile& profile, const Machine* machine, const Image& image, Variant variant) {
  Entry entry;
  entry.label = label_of(profile, variant);
  entry.title = fmt::format("{} {}{}", to_string(image.kind), image.version, described(variant));
  entry.profile = profile.name;
  entry.variant = variant;
  entry.image = &image;
  entry.kernel = unix_path;
  entry.args = kernel_args(profile, machine, variant);
  entry.modules = modules_of(image);
  entry.fault = first_error(check(entry.args));
  return entry;
}

/// The profile's entries, normal first; or why it cannot boot.
Result<std::vector<Entry>, Refusal> entries_of(const Plan& plan, const Profile& profile,
                                               const Machine* machine) {
  const Image* image = plan.image(profile.image);
  if (!image) return refuse_image(plan, profile);
  if (auto refusal = unbootable(*image)) return *refusal;
  std::vector<Entry> entries{entry_of(profile, machine, *image, Variant::normal)};
  for (Variant variant : profile.variants) {
    if (variant != Variant::normal) entries.push_back(entry_of(profile, machine, *image, variant));
  }
  if (!entries.front().fault.empty())
    return Refusal{Why::arguments, entries.front().fault,
                   fmt::format("correct profile {}{}; slipway check shows every fault", profile.name,
                               machine ? " or machine " + machine->name : "")};
  return entries;
}

void make_labels_unique(std::vector<Entry>& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    bool taken = std::any_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(i),
                             [&](const Entry& before) { return before.label == entries[i].label; });
    if (taken) entries[i].label += fmt::format(".{}", i + 1);
  }
}

/// What the menu of an unknown machine offers: every profile that can boot, the default one first.
Result<std::vector<Entry>, Refusal> entries_of_all(const Plan& plan) {
  std::vector<const Profile*> order{&plan.default_profile()};
  for (const Profile& profile : plan.profiles()) {
    if (profile.name != order.front()->name) order.push_back(&profile);
  }
  std::vector<Entry> all;
  std::optional<Refusal> first;
  for (const Profile* profile : order) {
    auto entries = entries_of(plan, *profile, nullptr);
    if (entries) {
      all.insert(all.end(), entries->begin(), entries->end());
    } else if (!first) {
      first = entries.error();
    }
  }
  if (all.empty()) return *first;
  make_labels_unique(all);
  return all;
}

Decision boot_with(std::vector<Entry> entries, bool menu, const Plan& plan, const model::Client& client) {
  Boot boot;
  // A menu that waits no time is no menu, and some builds of iPXE cannot show one.
  bool can_show = !client.features.reported || client.features.menu;
  boot.menu = menu && can_show && plan.boot().timeout.count() > 0;
  boot.timeout = plan.boot().timeout;
  boot.limits = limits_of(client);
  boot.entries = std::move(entries);
  return boot;
}

}  // namespace

std::string_view to_string(Module::Type type) {
  switch (type) {
    case Module::Type::rootfs:
      return "rootfs";
    case Module::Type::hash:
      return "hash";
    case Module::Type::file:
      return "file";
  }
  return "file";
}

std::string_view to_string(Why why) {
  switch (why) {
    case Why::no_image:
      return "no-image";
    case Why::image_missing:
      return "image-missing";
    case Why::image_broken:
      return "image-broken";
    case Why::profile_missing:
      return "profile-missing";
    case Why::architecture:
      return "architecture";
    case Why::uefi:
      return "uefi";
    case Why::no_multiboot:
      return "no-multiboot";
    case Why::kind:
      return "kind";
    case Why::arguments:
      return "arguments";
  }
  return "refused";
}

Limits limits_of(const model::Client& client) {
  const model::IpxeFeatures& features = client.features;
  Limits limits;
  limits.http = !features.reported || features.http;
  limits.known_multiboot = features.reported && (features.multiboot || features.multiboot2);
  // Builds with multiboot2 come from Triton's fork, which raised the limits, too.
  if (features.reported && features.multiboot2) {
    limits.line_bytes = 4096;
    limits.modules = 16;
  }
  return limits;
}

const Machine* machine_of(const Plan& plan, const model::Client& client) {
  model::MachineMatch match = plan.match(client);
  const model::Subnet* subnet =
      match.empty() || client.address.is_any() ? nullptr : plan.subnet_of(client.address);
  const Machine* here = subnet ? match.in(subnet->network) : nullptr;
  return here ? here : match.first();
}

Course course_of(const Plan& plan, const model::Client& client) {
  if (machine_of(plan, client)) return Course::boot;
  switch (plan.boot().unknown) {
    case model::UnknownPolicy::boot_default:
    case model::UnknownPolicy::menu:
      return Course::boot;
    case model::UnknownPolicy::local:
      return Course::local_disk;
    case model::UnknownPolicy::ignore:
      return Course::silent;
  }
  return Course::silent;
}

Decision decide(const Plan& plan, const model::Client& client) {
  switch (course_of(plan, client)) {
    case Course::boot:
      break;
    case Course::local_disk:
      return LocalDisk{};
    case Course::silent:
      return Silent{};
  }
  if (auto refusal = incapable(client)) return *refusal;

  const Machine* machine = machine_of(plan, client);
  if (!machine && plan.boot().unknown == model::UnknownPolicy::menu) {
    auto entries = entries_of_all(plan);
    if (!entries) return entries.error();
    return boot_with(std::move(*entries), true, plan, client);
  }
  bool named = machine && !machine->profile.empty();
  const Profile* profile = named ? plan.profile(machine->profile) : &plan.default_profile();
  if (!profile)
    return Refusal{Why::profile_missing, fmt::format("there is no profile {}", machine->profile),
                   fmt::format("add it, or give machine {} another one", machine->name)};
  auto entries = entries_of(plan, *profile, machine);
  if (!entries) return entries.error();
  bool menu = entries->size() > 1;
  return boot_with(std::move(*entries), menu, plan, client);
}

}  // namespace slipway::boot
