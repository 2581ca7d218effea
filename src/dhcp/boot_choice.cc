// SPDX-License-Identifier: MPL-2.0
#include "dhcp/boot_choice.h"

#include <fmt/format.h>

#include "boot/decide.h"
#include "boot/loaders.h"
#include "boot/names.h"
#include "wire/pxe_options.h"

namespace slipway::dhcp {
namespace {

using model::Arch;
using model::Stage;

class Chooser {
 public:
  Chooser(const Inquiry& inquiry, const Loaders& loaders, bool may_chain)
      : inquiry_(inquiry), client_(inquiry.client()), loaders_(loaders), may_chain_(may_chain) {}

  BootChoice choose() const {
    if (auto own = by_operator()) {
      bool loops = client_.stage == Stage::ipxe && own->chains_ipxe && !may_chain_;
      if (!loops) return *std::move(own);
    }
    bool local = boot::course_of(inquiry_.plan, client_) == boot::Course::local_disk;
    switch (client_.stage) {
      case Stage::pxe_rom:
        if (client_.arch == Arch::raspberry_pi && !local) return pi_menu();
        [[fallthrough]];
      case Stage::http_rom:
        // A ROM without a file goes on to the next device; an iPXE gets a script that does.
        return local ? own_disk() : loader();
      case Stage::ipxe:
        return needs_capable_ipxe() ? chain() : script();
      case Stage::illumos_loader:
        return none("the illumos loader goes by its root path (option 17)");
      case Stage::grub:
        return none("GRUB has its files in its own configuration");
      case Stage::operating_system:
      case Stage::unknown:
        break;
    }
    return none("nothing says that it boots");
  }

 private:
  static BootChoice none(std::string note) { return {{}, {}, std::move(note)}; }

  static BootChoice own_disk() {
    BootChoice choice = none("it boots from its own disk");
    choice.own_disk = true;
    return choice;
  }

  static BootChoice pi_menu() {
    BootChoice choice = none("a Raspberry Pi fetches its own files over TFTP");
    choice.by_pi_menu = true;
    return choice;
  }

  boot::Base base() const {
    const auto& server = inquiry_.plan.server();
    return {inquiry_.arrival.local, server.http_port, server.tftp_port};
  }

  /// The first group, or else class, that names a file.
  std::optional<BootChoice> by_operator() const {
    for (const model::Group* group : inquiry_.classes.groups()) {
      if (!group->boot_file.empty()) return said_by("group", group->name, group->boot_file);
    }
    for (const model::BootClass* member : inquiry_.classes.members()) {
      if (!member->boot_file.empty()) return said_by("class", member->name, member->boot_file);
    }
    return std::nullopt;
  }

  static BootChoice said_by(std::string_view kind, const std::string& name, const std::string& file) {
    return {file, {}, fmt::format("{} {} says so", kind, name), is_ipxe(file)};
  }

  BootChoice loader() const {
    if (!client_.arch) return none("it names no architecture, so no loader is known to run there");
    std::string file(loaders_.best_for(*client_.arch));
    if (file.empty()) return none(fmt::format("no loader for {}", model::to_string(*client_.arch)));
    std::string note = fmt::format("the loader for {}{}", model::to_string(*client_.arch),
                                   loaders_.has(file) ? "" : ", which is not installed");
    // UEFI 2.10 §24.7.3.1: option 67 is an absolute URI; with an address in it no DNS is needed.
    if (client_.stage == Stage::http_rom) {
      file = boot::http_url(base(), boot::to_path(boot::LoaderFile{file}));
    }
    return {std::move(file), {}, std::move(note), true};
  }

  BootChoice script() const {
    const auto& features = client_.features;
    if (features.reported && !features.http) {
      return {boot::tftp_url(base(), boot::script_path(client_.mac)),
              {},
              "its script, over TFTP: this iPXE has no HTTP",
              false};
    }
    return {boot::script_url(base(), client_.mac), {}, "its script", false};
  }

  /// This iPXE says itself that it lacks what the machine's profile needs, and ours has it and runs there.
  bool needs_capable_ipxe() const {
    using Why = boot::Refusal::Why;
    const auto& features = client_.features;
    if (!may_chain_ || !features.reported || !client_.arch) return false;
    bool bios = client_.arch == Arch::bios && !features.multiboot;
    bool uefi = !features.multiboot2 && loaders_.multiboot_from_uefi(*client_.arch);
    if (!bios && !uefi) return false;
    auto decision = boot::decide(inquiry_.plan, client_);
    auto* refusal = std::get_if<boot::Refusal>(&decision);
    return refusal && refusal->why == (bios ? Why::no_multiboot : Why::uefi);
  }

  BootChoice chain() const {
    std::string file(loaders_.best_for(*client_.arch));
    return {std::move(file), {}, "an iPXE that can start multiboot kernels: the machine's own cannot", true};
  }

  const Inquiry& inquiry_;
  const model::Client& client_;
  const Loaders& loaders_;
  bool may_chain_;
};

std::optional<Ipv4> next_server_by_operator(const Classes& classes) {
  for (const model::Group* group : classes.groups()) {
    if (group->next_server) return group->next_server;
  }
  for (const model::BootClass* member : classes.members()) {
    if (member->next_server) return member->next_server;
  }
  return std::nullopt;
}

/// U-Boot names the file it wants and waits for the server that has it (RFC 951 §3, `file`).
bool names_its_file(const Inquiry& inquiry) {
  return inquiry.client().stage == Stage::pxe_rom && !inquiry.message.file.empty();
}

}  // namespace

Bytes raspberry_pi_menu() {
  // The boot ROM takes an answer for its own by this entry (Raspberry Pi, "Network boot flow"). No
  // discovery of boot servers, the first entry at once.
  wire::PxeOptions pxe;
  pxe.discovery_control =
      std::uint8_t{wire::PxeOptions::no_broadcast_discovery | wire::PxeOptions::no_multicast_discovery};
  pxe.menu_prompt = wire::PxeOptions::Prompt{0, "PXE"};
  pxe.boot_menu = {{0, "Raspberry Pi Boot"}};
  return wire::encode_pxe_options(pxe);
}

bool is_ipxe(std::string_view file) {
  std::string_view name = file.substr(file.rfind('/') + 1);
  return name.starts_with("undionly") || name.starts_with("ipxe") || name.starts_with("snponly");
}

BootChoice choose_boot(const Inquiry& inquiry, const model::Subnet& subnet, const Loaders& loaders,
                       bool may_chain) {
  BootChoice choice = Chooser(inquiry, loaders, may_chain).choose();
  if (auto own = next_server_by_operator(inquiry.classes)) {
    choice.next_server = *own;
  } else if (subnet.next_server) {
    choice.next_server = *subnet.next_server;
  } else if (choice.says_something() || inquiry.client().stage == Stage::illumos_loader ||
             names_its_file(inquiry)) {
    // RFC 2131 §2: siaddr is the "IP address of next server to use in bootstrap"; without a boot file
    // there is none.
    choice.next_server = inquiry.arrival.local;
  }
  return choice;
}

}  // namespace slipway::dhcp
