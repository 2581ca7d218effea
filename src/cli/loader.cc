// SPDX-License-Identifier: MPL-2.0
// slipway loader add, list, remove: the boot loaders of an operator's own, in <state>/loaders, where they
// come before those of packages. What comes in is staged, synced and renamed: a machine is served the old one
// or the new one.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/heir.h"
#include "base/nearest.h"
#include "base/quantity.h"
#include "base/small_file.h"
#include "base/table.h"
#include "boot/loaders.h"
#include "cli/loaders_here.h"
#include "cli/shelf.h"
#include "cli/verbs.h"
#include "image/announced.h"
#include "image/text.h"

namespace slipway::cli {
namespace {

namespace fs = std::filesystem;
using boot::LoaderTraits;

constexpr std::string_view staging = ".new";

bool is_bios(model::Arch arch) {
  return arch == model::Arch::bios;
}

/// A program for UEFI goes to machines of its own architecture; what is for none of them is for BIOS
/// machines.
bool suits(const LoaderTraits& traits, std::string_view name) {
  auto names = boot::loaders_for(traits.arch);
  if (!is_bios(traits.arch)) return std::find(names.begin(), names.end(), name) != names.end();
  return !name.ends_with(".efi");
}

/// Why a file of unknown make cannot be what its name says. BIOS loaders are raw code: of them little can be
/// told.
std::optional<Fault> unlike(const std::string& file, ByteView bytes, std::string_view name) {
  constexpr std::size_t looked_at = 512;
  std::string_view remedy = "give the boot loader itself: a download may have brought a page in its place";
  if (bytes.empty()) return Fault{fmt::format("{} is empty", file), std::string(remedy)};
  if (image::is_text(bytes, looked_at))
    return Fault{fmt::format("{} is text, and no boot loader", file), std::string(remedy)};
  if (bytes.size() < looked_at)
    return Fault{fmt::format("{} has {} bytes, and no boot loader is so short", file, bytes.size()),
                 std::string(remedy)};
  if (name.ends_with(".efi"))
    return Fault{fmt::format("{} is no EFI program, and {} is one", file, name), std::string(remedy)};
  return std::nullopt;
}

/// What the operator says, what the file is called already, or what its architecture leaves no doubt about.
Result<std::string, Fault> name_for(const std::string& file, const std::string& as,
                                    const std::optional<LoaderTraits>& traits) {
  std::string own = as.empty() ? fs::path(file).filename().string() : as;
  if (!as.empty() && !boot::find_loader(as)) {
    std::vector<std::string_view> names;
    for (const boot::Loader& loader : boot::known_loaders()) names.push_back(loader.file);
    return Fault{fmt::format("no loader is served as {}", as),
                 fmt::format("one of {}", fmt::join(names, ", "))};
  }
  if (boot::find_loader(own) && (!traits || suits(*traits, own))) return own;
  if (!traits)
    return Fault{fmt::format("{} has the head of no EFI program and of no BIOS boot program", file),
                 "if it is a loader all the same, say what it is served as: --as pxegrub, for example"};
  auto names = boot::loaders_for(traits->arch);
  if (as.empty() && !is_bios(traits->arch) && !names.empty()) return std::string(names.front());
  return Fault{fmt::format("{} is for {}{}", file, model::to_string(traits->arch),
                           as.empty() ? "" : fmt::format(", and {} is not", as)),
               fmt::format("say what it is served as: --as {}", fmt::join(names, " or --as "))};
}

bool write_durably(int folder, const std::string& name, ByteView bytes, const std::optional<Heir>& heir) {
  std::string beside = fmt::format(".{}{}", name, staging);
  ::unlinkat(folder, beside.c_str(), 0);  // of a command that was killed
  UniqueFd fd(::openat(folder, beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) return false;
  give_empty_file(fd.get(), heir);
  bool written = ::fchmod(fd.get(), 0644) == 0;
  for (ByteView rest = bytes; written && !rest.empty();) {
    ssize_t done = ::write(fd.get(), rest.data(), rest.size());
    written = done > 0 || (done < 0 && errno == EINTR);
    if (done > 0) rest = rest.subspan(static_cast<std::size_t>(done));
  }
  written = written && ::fsync(fd.get()) == 0 &&
            ::renameat(folder, beside.c_str(), folder, name.c_str()) == 0 && ::fsync(folder) == 0;
  int error = errno;
  if (!written) ::unlinkat(folder, beside.c_str(), 0);
  errno = error;
  return written;
}

Fault cannot(std::string_view doing, const std::string& path) {
  std::string_view remedy =
      errno == ENOSPC || errno == EDQUOT ? "make room and try again" : "run the command as root";
  return {fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)), std::string(remedy)};
}

/// What it means to machines, in a few words.
std::string starts_of(const LoaderTraits& traits) {
  if (traits.starts_multiboot_from_uefi()) return "SmartOS starts from UEFI with it";
  if (traits.ipxe && !is_bios(traits.arch) && traits.features.reported)
    return "SmartOS does not start from UEFI with it: it lacks multiboot2";
  return "";
}

Fault no_own_loader(const model::ServerSettings& server, const std::string& name) {
  std::string packaged = boot::find_loader(name) ? loader_path(server, name) : std::string();
  std::string what = fmt::format("there is no loader {} of your own", name);
  if (!packaged.empty()) return {what, packaged + " is a package's, which is removed with the package"};
  std::vector<std::string_view> names;
  for (const boot::Loader& loader : boot::known_loaders()) names.push_back(loader.file);
  auto near = nearest(name, names);
  return {what, near && *near != name ? fmt::format("did you mean {}? see `slipway loader list`", *near)
                                      : std::string("see `slipway loader list`")};
}

}  // namespace

std::string loader_path(const model::ServerSettings& server, std::string_view file) {
  for (const std::string& folder : boot::loader_folders(server)) {
    std::string path = fmt::format("{}/{}", folder, file);
    if (::access(path.c_str(), R_OK) == 0) return path;
  }
  return {};
}

boot::Loaders loaders_here(const model::ServerSettings& server) {
  return boot::installed_loaders(
      server, [](const std::string& path) { return read_small_file(path, boot::most_loader_bytes); });
}

int loader_add(const Context& context, const std::string& file, const std::string& as) {
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  auto bytes = read_small_file(file, boot::most_loader_bytes);
  if (!bytes) {
    return fail({fmt::format("cannot read {}: {}", file, std::strerror(errno)),
                 fmt::format("give a file of {} at most", human_bytes(boot::most_loader_bytes))});
  }
  auto traits = boot::recognise_loader(*bytes);
  auto name = name_for(file, as, traits);
  if (!name) return fail(name.error());
  if (auto fault = traits ? std::nullopt : unlike(file, *bytes, *name)) return fail(*fault);
  std::uint64_t announced = name->ends_with(".efi") ? image::announced_efi(*bytes) : 0;
  if (auto why = image::announces_more(file, bytes->size(), announced))
    return fail({*why, "get it again from where it came"});
  std::string folder = (*plan)->server().state + "/loaders";
  std::string path = folder + "/" + *name;
  if (!make_folder(folder)) return fail(cannot("make", folder));
  UniqueFd fd = open_folder(AT_FDCWD, folder);
  if (!fd || !write_durably(fd.get(), *name, *bytes, heir_of(folder))) return fail(cannot("write", path));
  tell_daemon(context);
  LoaderTraits known = traits.value_or(LoaderTraits{});
  if (context.json) {
    return print_line(
        boost::json::serialize(boost::json::object{{"loader", *name},
                                                   {"path", path},
                                                   {"recognised", traits.has_value()},
                                                   {"ipxe", known.ipxe},
                                                   {"arch", model::to_string(known.arch)},
                                                   {"features", boot::to_string(known.features)},
                                                   {"multiboot2", known.starts_multiboot_from_uefi()}}));
  }
  std::string starts = starts_of(known);
  return print_line(fmt::format("{} is served from now on: {}{}", *name,
                                traits ? model::to_string(known.arch) : std::string("not recognised"),
                                starts.empty() ? "" : "; " + starts));
}

int loader_list(const Context& context) {
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  const model::ServerSettings& server = (*plan)->server();
  boot::Loaders here = loaders_here(server);
  boost::json::array list;
  Table table({"LOADER", "FOR", "FEATURES", "FROM"});
  for (const boot::Loader& loader : boot::known_loaders()) {
    auto at = here.all.find(loader.file);
    if (at == here.all.end()) continue;
    const LoaderTraits& traits = at->second;
    std::string path = loader_path(server, loader.file);
    std::string features = traits.ipxe ? boot::to_string(traits.features) : "";
    bool known = traits != LoaderTraits();
    std::string arch = known ? model::to_string(traits.arch) : std::string(loader.purpose);
    list.push_back({{"loader", loader.file},
                    {"path", path},
                    {"arch", arch},
                    {"ipxe", traits.ipxe},
                    {"features", features},
                    {"multiboot2", traits.starts_multiboot_from_uefi()},
                    {"own", path.starts_with(server.state + "/loaders/")}});
    table.row({std::string(loader.file), arch, features, path});
  }
  if (context.json) return print_line(boost::json::serialize(boost::json::object{{"loaders", list}}));
  if (list.empty())
    return print_line("no loader yet; install the Debian package ipxe, or `slipway loader add FILE`");
  fmt::print("{}", table.to_string());
  if (!here.multiboot_from_uefi(model::Arch::uefi_x64))
    fmt::print(
        "\nno iPXE here starts SmartOS from UEFI: slipway loader add FILE brings one with multiboot2\n");
  return exit_ok;
}

int loader_remove(const Context& context, const std::string& name) {
  auto plan = context.plan();
  if (!plan) return fail(plan.error());
  std::string folder = (*plan)->server().state + "/loaders";
  UniqueFd fd = open_folder(AT_FDCWD, folder);
  bool known = boot::find_loader(name) != nullptr;
  bool there = known && fd && ::faccessat(fd.get(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
  if (!known || (!there && errno == ENOENT)) return fail(no_own_loader((*plan)->server(), name));
  if (!fd || ::unlinkat(fd.get(), name.c_str(), 0) != 0 || ::fsync(fd.get()) != 0)
    return fail(cannot("remove", folder + "/" + name));
  tell_daemon(context);
  std::string next = loader_path((*plan)->server(), name);
  return print_line(next.empty() ? fmt::format("{} is not served any more", name)
                                 : fmt::format("{} is served from {} again", name, next));
}

}  // namespace slipway::cli
