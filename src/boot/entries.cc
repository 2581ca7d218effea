// SPDX-License-Identifier: MPL-2.0
#include "boot/entries.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

#include <fmt/format.h>

#include "boot/boot_files.h"
#include "boot/capability.h"
#include "boot/desired.h"
#include "boot/image_refusal.h"
#include "boot/own_address.h"

namespace slipway::boot {
namespace {

using model::Image;
using model::ImageKind;
using model::Machine;
using model::Plan;
using model::Profile;
using model::Variant;
using Use = model::BootPart::Use;
using Why = Refusal::Why;

constexpr std::string_view unix_path = "platform/i86pc/kernel/amd64/unix";
constexpr std::string_view archive_path = "platform/i86pc/amd64/boot_archive";
constexpr std::string_view hash_path = "platform/i86pc/amd64/boot_archive.hash";

std::vector<Module> modules_of(const Image& image) {
  std::vector<Module> modules{
      {Module::Type::rootfs, "ramdisk", std::string(archive_path), Module::Origin::image, {}}};
  if (image.file(hash_path))
    modules.push_back({Module::Type::hash, "ramdisk", std::string(hash_path), Module::Origin::image, {}});
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

std::string_view last_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

bool is_mode(const model::Property& property) {
  return property.name.starts_with("tty") && property.name.ends_with("-mode");
}

bool says_something(const model::BootFiles& files) {
  return !files.modules.empty() || files.networking.value_or(false) || files.answers;
}

/// Modes of serial lines are told to every kernel.
bool has_illumos_settings(const Profile& profile, const Machine* machine) {
  auto any = [](auto& noun) {
    return says_something(noun.boot_files) || !noun.flags.empty() ||
           !std::all_of(noun.properties.begin(), noun.properties.end(), is_mode);
  };
  return any(profile) || (machine && any(*machine));
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

/// Who asks for what: all that an entry is made from.
struct Asked {
  const Plan& plan;
  const Profile& profile;
  const Machine* machine;
  const Image& image;
  const model::Client& client;
};

/// Each with its hash, typed, as the kernel wants them as soon as there is more than one module.
void add_boot_files(Entry& entry, const std::vector<BootFile>& files) {
  for (const BootFile& file : files) {
    if (!file.content) continue;
    auto hash = std::make_shared<const std::string>(file.sha1);
    entry.modules.push_back(
        {Module::Type::file, file.name, file.name, Module::Origin::machine, file.content});
    entry.modules.push_back(
        {Module::Type::hash, file.name, file.name + ".hash", Module::Origin::machine, std::move(hash)});
  }
}

void add_illumos(Entry& entry, const Asked& asked) {
  entry.start = Start::illumos;
  entry.kernel = unix_path;
  entry.args = kernel_args(asked.profile, asked.machine, entry.variant);
  entry.modules = modules_of(asked.image);
  auto files = boot_files_of(asked.plan, asked.profile, asked.machine, asked.client.mac, entry.args);
  add_boot_files(entry, files);
  entry.file_findings = check(files, entry.args);
  std::ranges::move(check_console_choice(asked.profile), std::back_inserter(entry.file_findings));
  if (!files.empty())
    std::ranges::move(check_own_address(asked.plan, asked.machine, asked.client, "its boot modules"),
                      std::back_inserter(entry.file_findings));
  entry.fault = first_error(check(entry.args));
  if (entry.fault.empty()) entry.fault = first_error(entry.file_findings);
  bool words = !asked.profile.arguments.empty() || (asked.machine && !asked.machine->arguments.empty());
  if (words) entry.ignored = "arguments";
}

void add_linux(Entry& entry, const Asked& asked, const model::BootPart& kernel) {
  entry.start = Start::linux_;
  entry.kernel = kernel.path;
  entry.words = linux_words(kernel.words, asked.profile, asked.machine, entry.variant, asked.client.mac);
  entry.file_findings = check_linux_console(asked.profile);
  for (const model::BootPart& part : asked.image.parts) {
    if (part.use != Use::initrd) continue;
    std::string name(last_name(part.path));
    auto same = [&](const Module& module) { return module.name == name; };
    if (std::any_of(entry.modules.begin(), entry.modules.end(), same))
      name = fmt::format("{}-{}", entry.modules.size() + 1, name);
    entry.modules.push_back({Module::Type::initrd, std::move(name), part.path, {}, {}});
  }
}

void add_multiboot(Entry& entry, const Asked& asked, const model::BootPart& kernel) {
  entry.start = Start::multiboot;
  entry.kernel = kernel.path;
  entry.words = plain_words(kernel.words, asked.profile, asked.machine, asked.client.mac);
  for (const model::BootPart& part : asked.image.parts) {
    if (part.use == Use::module)
      entry.modules.push_back({Module::Type::plain, part.words, part.path, {}, {}});
  }
}

void add_file(Entry& entry, const Asked& asked, Start start, const model::BootPart& part) {
  entry.start = start;
  entry.kernel = part.path;
  if (start == Start::program)
    entry.words = plain_words(part.words, asked.profile, asked.machine, asked.client.mac);
}

/// A kernel for BIOS machines, a program for UEFI: whichever the client can start.
std::optional<Refusal> add_program(Entry& entry, const Asked& asked) {
  const model::BootPart* kernel = asked.image.part(Use::kernel);
  const model::BootPart* program = asked.image.part(Use::program);
  bool uefi = starts_by_uefi(asked.client).value_or(!kernel);
  if (uefi && program) {
    add_file(entry, asked, Start::program, *program);
  } else if (!uefi && kernel) {
    add_linux(entry, asked, *kernel);
  } else {
    return Refusal{
        Why::firmware,
        fmt::format("image {} is for {} machines, and this one starts by {}", asked.image.version,
                    uefi ? "BIOS" : "UEFI", uefi ? "UEFI" : "BIOS"),
        uefi ? "import it together with its EFI program (--efi), or switch the firmware to BIOS boot"
             : "switch the firmware to UEFI boot"};
  }
  return std::nullopt;
}

std::optional<Refusal> add_by_parts(Entry& entry, const Asked& asked) {
  ImageKind kind = asked.image.kind;
  if (kind == ImageKind::efi) return add_program(entry, asked);
  bool whole = kind == ImageKind::iso || kind == ImageKind::disk;
  const model::BootPart* first = asked.image.part(whole ? Use::disk : Use::kernel);
  if (!first)
    return Refusal{Why::image_broken,
                   fmt::format("image {} does not say what its kernel is", asked.image.version),
                   "remove the image and import it again"};
  if (whole) {
    add_file(entry, asked, kind == ImageKind::iso ? Start::disk : Start::drive, *first);
  } else if (kind == ImageKind::multiboot) {
    add_multiboot(entry, asked, *first);
  } else {
    add_linux(entry, asked, *first);
    if (kind == ImageKind::wimboot) entry.start = Start::wimboot;
  }
  return std::nullopt;
}

/// How this image is started on this client; or why it cannot be.
std::optional<Refusal> complete(Entry& entry, const Asked& asked) {
  if (asked.image.kind == ImageKind::smartos || asked.image.kind == ImageKind::illumos) {
    for (std::string_view needed : {unix_path, archive_path}) {
      if (auto refusal = lacks(asked.image, needed)) return refusal;
    }
    add_illumos(entry, asked);
    return std::nullopt;
  }
  if (auto refusal = add_by_parts(entry, asked)) return refusal;
  entry.fault = first_error(check(entry.words));
  if (has_illumos_settings(asked.profile, asked.machine))
    entry.ignored = "properties, flags and boot modules";
  return std::nullopt;
}

Result<Entry, Refusal> entry_of(const Asked& asked, Variant variant) {
  Entry entry;
  entry.label = label_of(asked.profile, variant);
  entry.title = fmt::format("{} {}{}", to_string(asked.image.kind), asked.image.version, described(variant));
  entry.profile = asked.profile.name;
  entry.variant = variant;
  entry.image = &asked.image;
  if (auto refusal = complete(entry, asked)) return *refusal;
  if (asked.machine && asked.machine->san)
    entry.file_findings.push_back({Rule::settings_ignored,
                                   "its `san` means nothing to a profile with an image",
                                   "write `san` in its profile, too, or drop it"});
  return entry;
}

/// The variants that mean something to this kind of image.
bool has_variant(const Image& image, Variant variant) {
  switch (image.kind) {
    case ImageKind::smartos:
    case ImageKind::illumos:
      return true;
    case ImageKind::linux_kernel:
      return means_something(variant);
    default:
      return variant == Variant::normal;
  }
}

/// No image is asked for: the disk is elsewhere, and any iPXE with iSCSI starts it.
Result<Entry, Refusal> san_entry(const Plan& plan, const Profile& profile, const Machine* machine,
                                 const model::Client& client) {
  if (client.features.reported && !client.features.iscsi)
    return Refusal{Why::no_iscsi, "this iPXE was built without iSCSI",
                   "let the machine start an iPXE of the Debian package ipxe instead"};
  Entry entry;
  entry.san = san_of(profile, machine, client.mac);
  entry.start = Start::san;
  entry.label = label_of(profile, Variant::normal);
  entry.title = "disk " + entry.san->target;
  entry.profile = profile.name;
  entry.fault = first_error(entry.san->findings);
  if (entry.san->credentials)
    std::ranges::move(check_own_address(plan, machine, client, "the script with its credentials"),
                      std::back_inserter(entry.san->findings));
  if (has_illumos_settings(profile, machine)) entry.ignored = "properties, flags and boot modules";
  if (!entry.fault.empty())
    return Refusal{Why::arguments, entry.fault, fmt::format("correct `san` of profile {}", profile.name)};
  return entry;
}

}  // namespace

Result<std::vector<Entry>, Refusal> entries_of(const Plan& plan, const Profile& profile,
                                               const Machine* machine, const model::Client& client) {
  if (profile.san) {
    auto entry = san_entry(plan, profile, machine, client);
    if (!entry) return entry.error();
    return std::vector<Entry>{std::move(*entry)};
  }
  auto [image, by] = desired_of(plan, profile, machine, model::machine_key(machine, client.mac));
  if (auto refusal = incapable(client, image ? std::optional(image->kind) : profile.image.kind))
    return *refusal;
  if (!image) return refuse_desired(plan, profile, by);
  Asked asked{plan, profile, machine, *image, client};
  auto first = entry_of(asked, Variant::normal);
  if (!first) return first.error();
  if (auto older = by ? std::nullopt : passed_over(plan, profile.image, *image))
    first->file_findings.push_back(std::move(*older));
  if (!first->fault.empty())
    return Refusal{Why::arguments, first->fault,
                   fmt::format("correct profile {}{}; slipway check shows every fault", profile.name,
                               machine ? " or machine " + machine->name : "")};
  std::vector<Entry> entries{std::move(*first)};
  for (Variant variant : profile.variants) {
    if (variant == Variant::normal || !has_variant(*image, variant)) continue;
    if (auto entry = entry_of(asked, variant)) entries.push_back(std::move(*entry));
  }
  return entries;
}

Result<Entry, Refusal> entry_once(const Plan& plan, const model::BootOnce& once, const Machine* machine,
                                  const model::Client& client) {
  const Profile* profile = once.profile.empty() ? profile_of(plan, machine) : plan.profile(once.profile);
  if (!profile)
    return Refusal{Why::profile_missing, fmt::format("there is no profile {}", once.profile),
                   fmt::format("take the order back: slipway boot once {} --cancel", once.machine)};
  if (profile->san && once.image.empty()) return san_entry(plan, *profile, machine, client);
  Desired desired = desired_of(plan, *profile, machine, once.machine);
  const Image* image = once.image.empty() ? desired.image : plan.image({std::nullopt, once.image});
  if (auto refusal = incapable(client, image ? std::optional(image->kind) : profile->image.kind))
    return *refusal;
  if (!image && !once.image.empty())
    return refuse_assigned(plan, "machine " + once.machine, once.image_version, once.image);
  if (!image) return refuse_desired(plan, *profile, desired.by);
  auto entry = entry_of({plan, *profile, machine, *image, client}, once.variant);
  if (!entry || entry->fault.empty()) return entry;
  return Refusal{Why::arguments, entry->fault, fmt::format("correct profile {}", profile->name)};
}

}  // namespace slipway::boot
