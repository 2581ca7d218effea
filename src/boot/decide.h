// SPDX-License-Identifier: MPL-2.0
// What should this machine run next? One pure question to one immutable plan. Any thread.
// It refuses nothing silently: what cannot boot is a Refusal with a sentence and a remedy, which the
// renderers turn into a script that says so on the machine's own console.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "boot/arguments.h"
#include "boot/kernel_args.h"
#include "boot/san.h"
#include "model/client.h"
#include "model/plan.h"

namespace slipway::boot {

/// What is loaded beside the kernel. illumos wants every one of its modules typed as soon as there are two.
struct Module {
  enum class Type {
    rootfs,
    hash,
    file,    // of illumos
    initrd,  ///< of Linux
    plain,   ///< of another multiboot kernel; its name is its command line
  };
  enum class Origin { image, machine };  ///< a file of the image, or one made for this machine (/bootfs)
  Type type = Type::rootfs;
  std::string name;  ///< what the kernel calls it: "ramdisk", "networking.json", "initrd.gz"
  std::string file;  ///< within its origin: "platform/i86pc/amd64/boot_archive"
  Origin origin = Origin::image;
  std::shared_ptr<const std::string> content;  ///< of one made for the machine
};
std::string_view to_string(Module::Type type);

/// What the asking iPXE can carry.
struct Limits {
  std::size_t line_bytes = 512;  ///< all URLs and arguments together, each with its NUL
  std::size_t modules = 8;
  bool http = true;
  bool known_multiboot = false;  ///< it said so itself; otherwise the script asks ${platform} first
};
Limits limits_of(const model::Client& client);

/// How a loader starts an entry.
enum class Start {
  illumos,    ///< a multiboot kernel with typed modules
  linux_,     ///< a Linux kernel; `linux` is a macro of some compilers
  multiboot,  ///< any other multiboot kernel
  wimboot,    ///< Windows: files beside the kernel, each by its name
  program,    ///< an EFI program
  disk,       ///< an ISO as a CD
  drive,      ///< a disk image as the first drive
  san,        ///< a disk on an iSCSI target
};
bool needs_multiboot(Start start);
/// What loaders before iPXE can start: a kernel with its modules or initrds.
bool loads_a_kernel(Start start);

/// One thing to start.
struct Entry {
  std::string label;  ///< a word: "smartos-normal"
  std::string title;  ///< "smartos@20240102T030405Z, kernel debugger"
  std::string profile;
  model::Variant variant = model::Variant::normal;
  const model::Image* image = nullptr;  ///< of the plan: valid as long as the plan is held; null: `san`
  std::optional<SanDisk> san;
  Start start = Start::illumos;
  std::string kernel;  ///< within the image: "platform/i86pc/kernel/amd64/unix"
  KernelArgs args;     ///< of illumos
  Words words;         ///< of any other
  std::vector<Module> modules;
  Findings file_findings;  ///< of its boot modules, its console and what else belongs to the machine
  std::string fault;       ///< not empty: what would go wrong; it is shown in place of starting this
  std::string_view kind() const { return image ? to_string(image->kind) : "iscsi"; }
  std::string ignored;  ///< settings of its profile or machine that mean nothing to it: "properties, flags"
};

/// Start the default entry, after a menu when `menu` is set.
struct Boot {
  std::vector<Entry> entries;  ///< never empty; the first is the default
  bool menu = false;
  std::chrono::seconds timeout{0};
  Limits limits;
  std::uint64_t once = 0;  ///< number of the order (model::BootOnce) that this carries out; 0: none
};

struct LocalDisk {};

/// Answer nothing at all: policy `ignore`.
struct Silent {};

struct Refusal {
  enum class Why {
    no_image,       ///< the store is empty of that kind
    image_missing,  ///< the named image is not there
    image_broken,   ///< it lacks a file that booting needs
    profile_missing,
    architecture,  ///< no kernel of ours runs there
    uefi,          ///< this iPXE cannot start multiboot kernels from UEFI
    no_multiboot,  ///< this iPXE was built without multiboot
    firmware,      ///< the image is for machines with another firmware
    no_iscsi,      ///< this iPXE was built without iSCSI
    arguments,     ///< the kernel could not take these arguments
    secrets,       ///< there is nobody here who would tell them to the machine alone
  };
  Why why = Why::no_image;
  std::string sentence;
  std::string remedy;
};
std::string_view to_string(Refusal::Why why);  ///< "no-image"

using Decision = std::variant<Boot, LocalDisk, Silent, Refusal>;

/// An order for one boot is the machine's alone: for whoever asks in its place it is left alone.
enum class Orders { heeded, left_alone };
Decision decide(const model::Plan& plan, const model::Client& client, Orders orders = Orders::heeded);

/// What is ordered for its next boot; null: nothing.
const model::BootOnce* order_for(const model::Plan& plan, const model::Client& client);

/// The file that a machine finds below /bootfs by this name; null when there is none.
const Module* boot_module(const Decision& decision, std::string_view file);

/// What is told to nobody but the machine.
bool has_secrets(const Decision& decision);

/// The cheap half of `decide`, for every DHCP packet: may this machine boot from us at all?
/// A machine that would get a Refusal is told to boot, too: its console shows why.
enum class Course { boot, local_disk, silent };
Course course_of(const model::Plan& plan, const model::Client& client);

/// The machine of the plan that is asking, by MAC address or else by UUID, client id or port of its relay;
/// of several entries for it the one with an address where the client is. Null when the plan knows none.
const model::Machine* machine_of(const model::Plan& plan, const model::Client& client);

}  // namespace slipway::boot
