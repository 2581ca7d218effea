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
#include "boot/illumos_loader.h"
#include "boot/ipxe_entry.h"
#include "boot/ipxe_script.h"
#include "boot/loaders.h"
#include "boot/menu_lst.h"
#include "boot/pixiecore.h"
#include "boot/pxelinux.h"
#include "server/console_page.h"
#include "server/script_event.h"
#include "timeline/diagnose.h"

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

/// Whatever is loaded last is the archive, whichever its name: behind it nothing is waited for.
timeline::Role role_in(const model::Image& image, std::string_view path) {
  const model::BootPart* last = nullptr;
  const model::BootPart* found = nullptr;
  for (const model::BootPart& part : image.parts) {
    bool beside = part.use == model::BootPart::Use::initrd || part.use == model::BootPart::Use::module;
    if (!last || beside) last = &part;
    if (part.path == path) found = &part;
  }
  if (!found) return timeline::Role::unknown;
  using Use = model::BootPart::Use;
  if (found == last || found->use == Use::program || found->use == Use::disk) return timeline::Role::archive;
  return found->use == Use::kernel ? timeline::Role::kernel : timeline::Role::module;
}

/// The machine that a name names.
struct MachineNamed {
  template <typename Name>
  std::optional<MacAddress> operator()(const Name& name) const {
    if constexpr (requires { name.mac; }) return name.mac;
    return std::nullopt;
  }
  std::optional<MacAddress> operator()(const boot::PxelinuxConfig& name) const {
    auto* mac = std::get_if<MacAddress>(&name.key);
    return mac ? std::optional(*mac) : std::nullopt;
  }
};

/// It is told of the machine itself, or of whoever asks for what is the machine's.
void tell_whose(timeline::Event& event, const MacAddress& mac, bool own) {
  (own ? event.machine : event.meant) = mac;
  (own ? event.meant : event.machine).reset();
}

boot::Orders orders_for(bool own) {
  return own ? boot::Orders::heeded : boot::Orders::left_alone;
}

}  // namespace

BootFiles::BootFiles(const image::Store& images, const KnownClients& clients, std::string state)
    : images_(images),
      clients_(clients),
      owners_(clients),
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

timeline::Role BootFiles::role_of(std::string_view path) const {
  auto name = boot::parse(path);
  if (!name) return timeline::Role::unknown;
  if (auto* own = std::get_if<boot::IllumosFile>(&*name); own && own->path == "boot/loader.conf")
    return timeline::Role::script;
  auto* file = std::get_if<boot::ImageFile>(&*name);
  const model::Image* image = file ? boot::image_of(*file, plan_->images()) : nullptr;
  return image ? role_in(*image, file->path) : timeline::Role::unknown;
}

BootFiles::Whose BootFiles::whose(std::string_view path, Ipv4 client) const {
  auto name = boot::parse(path);
  auto mac = name ? std::visit(MachineNamed(), *name) : std::nullopt;
  if (!mac || mac->is_zero()) return {owners_.owner_of(client), {}};
  bool asked_for = std::holds_alternative<boot::PixiecoreQuestion>(*name);
  model::Client known = clients_.get(*mac);
  bool own = asked_for ? owners_.may_ask_for(known, client) : owners_.speaks_for(known, client);
  return own ? Whose{mac, {}} : Whose{{}, mac};
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
          : fmt::format("loader {0} is not here: slipway loader add FILE --as {0}", name.name)};
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

/// Made for one machine, and perhaps secret: whoever asks from another machine's address gets nothing.
BootFiles::Answer BootFiles::serve(const boot::BootModule& name, const Asked& asked) {
  model::Client client = clients_.get(name.mac);
  if (!owners_.is_of(client, asked.client))
    return NotServed{
        Why::forbidden,
        fmt::format("boot modules of {} are for that machine alone, and {} is not known as its address",
                    name.mac.to_string(), asked.client.to_string())};
  boot::Decision decision = boot::decide(*plan_, client);
  if (const boot::Module* module = boot::boot_module(decision, name.path)) return Served{module->content, {}};
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
  } else if (auto* uuid = std::get_if<Uuid>(&name.key)) {
    const model::Machine* machine = plan_->find_machine(uuid->to_string());
    if (machine && !machine->macs.empty()) client = clients_.get(machine->macs.front());
    if (machine && machine->macs.empty()) {
      client = whoever_asks(asked);
      client->uuid = machine->uuid;  // nobody else asks under this name
    }
  } else if (auto& prefix = std::get<Prefix>(name.key); prefix.length == 32) {
    if (auto owner = owners_.owner_of(prefix.network)) client = clients_.get(*owner);
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

/// Who asks is pixiecore, which boots many: its address is no machine's.
BootFiles::Answer BootFiles::serve(const boot::PixiecoreQuestion& name, const Asked& asked) {
  model::Client client = clients_.get(name.mac);
  bool asked_for = owners_.may_ask_for(client, asked.client);
  boot::Decision decision = boot::decide(*plan_, client, orders_for(asked_for));
  boot::ScriptContext about = context(client, asked);
  auto text = boot::pixiecore_answer(decision, about);
  if (!text) return NotServed{Why::absent, "this machine is not to boot from the network"};
  Served served;
  served.content = std::make_shared<const std::string>(std::move(*text));
  served.script = script_event(decision, about, *plan_, nullptr);
  tell_whose(*served.script, client.mac, asked_for);
  if (!asked_for) served.script->address = asked.client;
  served.type = "application/json";
  return served;
}

/// loader.conf is made, kernel and archive are the image's, and the loader's own files of /boot the
/// operator's.
BootFiles::Answer BootFiles::serve(const boot::IllumosFile& name, const Asked& asked) {
  model::Client client = clients_.get(name.mac);
  if (name.path == "boot/loader.conf") return script(client, asked, boot::loader_conf);
  boot::Decision decision =
      boot::decide(*plan_, client, orders_for(owners_.speaks_for(client, asked.client)));
  boot::LoaderAsks found = boot::illumos_file(decision, name.path);
  if (found.module) return serve(boot::BootModule{name.mac, found.module->file}, asked);
  if (found.entry) return image_file(found.entry->image, found.entry->image->version, found.file);
  auto path = SafePath::parse(name.path);
  return folder_file(state_ + "/files", path.value_or(*SafePath::parse("boot")));
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
    if ((*stored)->size != file->size)
      return NotServed{Why::failed,
                       fmt::format("{} of image {} is damaged, {} of {} bytes are there: see `slipway "
                                   "image verify`",
                                   path, wanted, (*stored)->size, file->size)};
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
  context.explains = machine || !client.mac.is_zero();  // of nobody there is no story
  if (context.explains) context.page = console_page(*plan_, context);
  context.request_id = fmt::format("{:04x}-{}", run_id_, ++requests_);
  return context;
}

BootFiles::Answer BootFiles::script(const model::Client& client, const Asked& asked,
                                    ScriptCache::Renderer render) {
  bool own = owners_.speaks_for(client, asked.client);
  auto answer = [&](std::shared_ptr<const std::string> text, timeline::Event event) {
    Served served{std::move(text), std::nullopt};
    event.address = asked.client;
    tell_whose(event, client.mac, own);
    if (!client.mac.is_zero()) served.script = std::move(event);
    return served;
  };
  ScriptCache::Asked wanted{client, asked.base, render};
  if (const ScriptCache::Script* known = scripts_.find(wanted)) return answer(known->text, known->event);
  boot::Decision decision = boot::decide(*plan_, client, orders_for(own));
  boot::ScriptContext about = context(client, asked);
  if (auto* refusal = std::get_if<boot::Refusal>(&decision))
    about.diagnosis = info(timeline::cause_of_refusal(boot::to_string(refusal->why))).id;
  bool secret = boot::has_secrets(decision);
  if (secret && !owners_.is_of(client, asked.client))
    return NotServed{
        Why::forbidden,
        fmt::format("the script of {} holds credentials and is for that machine alone, and {} is not "
                    "known as its address",
                    about.machine, asked.client.to_string())};
  about.secrets = secret;
  auto text = std::make_shared<const std::string>(render(decision, about));
  timeline::Event event = script_event(decision, about, *plan_, render);
  // A refusal has a number of its own each time, by which people find it again; an order is for one boot, and
  // what others are told meanwhile is not what the machine gets.
  bool ordered = boot::order_for(*plan_, client) != nullptr;
  bool lasts = !secret && !ordered && !std::holds_alternative<boot::Refusal>(decision);
  if (lasts) scripts_.keep(wanted, {client, text, event});
  return answer(std::move(text), std::move(event));
}

}  // namespace slipway::server
