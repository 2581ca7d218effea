// SPDX-License-Identifier: MPL-2.0
#include "server/boot_files.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/open_beneath.h"
#include "base/random.h"
#include "boot/grub_cfg.h"
#include "boot/ipxe_script.h"
#include "boot/loaders.h"
#include "boot/menu_lst.h"
#include "boot/pxelinux.h"

namespace slipway::server {
namespace {

using Why = NotServed::Why;

NotServed not_opened(int code, const std::string& path) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return {Why::absent, "no file " + path};
    case EISDIR:
      return {Why::forbidden, path + " is a folder, and folders are not listed"};
    case EXDEV:
    case ELOOP:
      return {Why::forbidden, path + " is a link that leads out of the folder it is in"};
    case EACCES:
    case EPERM:
      return {Why::forbidden, path + " may not be read: its mode forbids it, or it is no regular file"};
    default:
      return {Why::failed, fmt::format("{} cannot be read: {}", path, std::strerror(code))};
  }
}

/// What the decision comes down to, for the timeline.
timeline::Event script_event(const boot::Decision& decision, const boot::ScriptContext& context,
                             Ipv4 client) {
  timeline::Event event;
  event.machine = context.mac;
  event.address = client;
  event.kind = timeline::Kind::script_served;
  if (auto* refusal = std::get_if<boot::Refusal>(&decision)) {
    event.kind = timeline::Kind::refusal_script_served;
    event.detail = fmt::format("{} (request {}): {}; {}", boot::to_string(refusal->why), context.request_id,
                               refusal->sentence, refusal->remedy);
  } else if (auto* entry = std::get_if<boot::Boot>(&decision)) {
    event.detail = entry->entries.front().title;
    // An operator who looks at the script on this machine is no machine that boots.
    if (client != context.base.address) event.once = entry->once;
  } else {
    event.kind = timeline::Kind::local_script_served;
    event.detail = std::holds_alternative<boot::LocalDisk>(decision) ? "local disk" : "policy ignore";
  }
  return event;
}

}  // namespace

BootFiles::BootFiles(const image::Store& images, const KnownClients& clients, std::string state)
    : images_(images),
      clients_(clients),
      state_(std::move(state)),
      run_id_(static_cast<std::uint16_t>(SystemRandom().next())) {}

Result<Served, NotServed> BootFiles::get(const Asked& asked) {
  auto name = boot::parse(asked.path);
  if (!name) {
    Why why = name.error().kind == boot::NameError::Kind::absent ? Why::absent : Why::forbidden;
    return NotServed{why, name.error().sentence};
  }
  return std::visit([&](const auto& typed) { return serve(typed, asked); }, *name);
}

/// Loaders have fixed names and come from packages or the operator. Links are followed wherever they lead: a
/// package may keep the file elsewhere (Debian's ipxe.efi lies in /boot).
BootFiles::Answer BootFiles::serve(const boot::LoaderFile& name, const Asked&) {
  for (const std::string& folder : boot::loader_folders(plan_->server())) {
    UniqueFd fd(::open(fmt::format("{}/{}", folder, name.name).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd && errno == ENOENT) continue;
    return opened_file(std::move(fd), name.name);
  }
  const boot::Loader* known = boot::find_loader(name.name);
  return NotServed{
      Why::absent,
      known && !known->package.empty()
          ? fmt::format("loader {} is not installed here: install package {}", name.name, known->package)
          : fmt::format("loader {} is not here: put it into {}/loaders", name.name, state_)};
}

BootFiles::Answer BootFiles::serve(const boot::BootScript& name, const Asked& asked) {
  if (!name.mac) {
    auto& start = start_scripts_[{asked.base.address, asked.base.secure}];
    if (!start) start = std::make_shared<const std::string>(boot::ipxe_start_script(asked.base));
    return Served{start, std::nullopt};
  }
  return script(clients_.get(*name.mac), asked, boot::ipxe_script);
}

BootFiles::Answer BootFiles::serve(const boot::PlatformFile& name, const Asked&) {
  return image_file(boot::image_of(name, plan_->images()), name.image, name.path);
}

BootFiles::Answer BootFiles::serve(const boot::ImageFile& name, const Asked&) {
  return image_file(boot::image_of(name, plan_->images()), name.image, name.path);
}

BootFiles::Answer BootFiles::serve(const boot::BootModule& name, const Asked&) {
  return NotServed{Why::absent,
                   fmt::format("machine {} has no boot module {}", name.mac.to_string(), name.path)};
}

/// The machine at the address the request comes from, where one is known there.
model::Client BootFiles::whoever_asks(const Asked& asked) const {
  return clients_.at(asked.client).value_or(model::Client{});
}

/// PXELINUX probes from the most to the least special name; what is not there must say so at once.
BootFiles::Answer BootFiles::serve(const boot::PxelinuxConfig& name, const Asked& asked) {
  std::optional<model::Client> client;
  if (auto* mac = std::get_if<MacAddress>(&name.key)) {
    client = clients_.get(*mac);
  } else if (std::holds_alternative<boot::PxelinuxConfig::Default>(name.key)) {
    client = whoever_asks(asked);
  }
  if (!client) return NotServed{Why::absent, "no configuration under this name"};
  return script(*client, asked, boot::pxelinux_config);
}

BootFiles::Answer BootFiles::serve(const boot::MenuLst& name, const Asked& asked) {
  return script(name.mac ? clients_.get(*name.mac) : whoever_asks(asked), asked, boot::menu_lst);
}

BootFiles::Answer BootFiles::serve(const boot::GrubConfig& name, const Asked& asked) {
  return script(name.mac ? clients_.get(*name.mac) : whoever_asks(asked), asked, boot::grub_cfg);
}

BootFiles::Answer BootFiles::serve(const boot::OperatorFile& name, const Asked&) {
  return folder_file(state_ + "/files", name.path);
}

BootFiles::Answer BootFiles::image_file(const model::Image* image, std::string_view wanted,
                                        std::string_view path) {
  if (!image)
    return NotServed{Why::absent, fmt::format("no image {} here: see `slipway image list`", wanted)};
  const model::ImageFile* file = image->file(path);
  if (!file) return NotServed{Why::absent, fmt::format("image {} has no file {}", wanted, path)};
  Served served;
  auto& cached = open_images_[image->id + "/" + file->path];
  auto open = cached.lock();
  if (!open) {
    auto stored = images_.open_file(image->id, file->path);
    if (!stored) return NotServed{Why::failed, stored.error().sentence()};
    auto fresh = std::make_shared<http::OpenFile>();
    fresh->fd.reset(::fcntl((*stored)->fd.get(), F_DUPFD_CLOEXEC, 0));
    if (!fresh->fd) return NotServed{Why::failed, "too many open files"};
    fresh->size = (*stored)->size;
    fresh->etag = file->sha256;
    open = fresh;
    cached = open;
  }
  served.content = std::move(open);
  return served;
}

BootFiles::Answer BootFiles::folder_file(const std::string& folder, const SafePath& path) {
  UniqueFd root = open_folder(folder);
  if (!root || path.empty()) return not_opened(ENOENT, path.to_string());
  return opened_file(open_beneath(root.get(), path, Links::within), path.to_string());
}

/// `fd` as open left it, errno included.
BootFiles::Answer BootFiles::opened_file(UniqueFd fd, const std::string& name) {
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return not_opened(errno, name);
  if (!S_ISREG(status.st_mode)) return not_opened(S_ISDIR(status.st_mode) ? EISDIR : EACCES, name);
  auto file = std::make_shared<http::OpenFile>();
  file->fd = std::move(fd);
  file->size = static_cast<std::uint64_t>(status.st_size);
  // The inode besides: packages and archives give many files one time, and some have one size.
  file->etag = fmt::format("{:x}-{:x}-{:x}-{:x}.{:x}", status.st_dev, status.st_ino, file->size,
                           status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
  Served served;
  served.content = std::move(file);
  return served;
}

boot::ScriptContext BootFiles::context(const model::Client& client, const Asked& asked) {
  const model::Machine* machine = boot::machine_of(*plan_, client);
  boot::ScriptContext context;
  context.base = asked.base;
  context.base.by_tftp = client.features.reported && !client.features.http;
  context.mac = client.mac;
  context.machine = machine ? machine->name : client.mac.to_string();
  context.request_id = fmt::format("{:04x}-{}", run_id_, ++requests_);
  return context;
}

Served BootFiles::script(const model::Client& client, const Asked& asked, ScriptCache::Renderer render) {
  Served served;
  ScriptCache::Asked wanted{client, asked.base, render};
  if (const ScriptCache::Script* known = scripts_.find(wanted)) {
    served.content = known->text;
    if (!client.mac.is_zero()) served.script = known->event;
    if (served.script) served.script->address = asked.client;
    return served;
  }
  boot::Decision decision = boot::decide(*plan_, client);
  boot::ScriptContext about = context(client, asked);
  auto text = std::make_shared<const std::string>(render(decision, about));
  timeline::Event event = script_event(decision, about, asked.client);
  // A refusal has a number of its own each time, by which people find it again; an order is for one boot.
  auto* boot = std::get_if<boot::Boot>(&decision);
  bool lasts = boot ? boot->once == 0 : !std::holds_alternative<boot::Refusal>(decision);
  if (lasts) scripts_.keep(wanted, {client, text, event});
  served.content = std::move(text);
  if (!client.mac.is_zero()) served.script = std::move(event);
  return served;
}

}  // namespace slipway::server
