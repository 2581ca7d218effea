// SPDX-License-Identifier: MPL-2.0
#include "exports/tree.h"

#include <algorithm>
#include <map>

#include "boot/budget.h"
#include "boot/decide.h"
#include "boot/ipxe_script.h"
#include "boot/loader_lint.h"
#include "boot/menu_lst.h"

namespace slipway::exports {
namespace {

using boot::Language;
using boot::NameForm;

constexpr std::string_view default_script = "boot/default.ipxe";

std::string relative(std::string path) {
  path.erase(0, path.find_first_not_of('/'));
  return path;
}

class Builder {
 public:
  Builder(const model::Plan& plan, const Site& site) : plan_(plan), site_(site) {}

  Tree build() {
    for (const std::string& loader : site_.loaders) put(loader, FromLoaders{loader});
    put(boot::to_path(boot::BootScript{}),
        boot::ipxe_start_script(site_.base, boot::file_url(site_.base, "/" + std::string(default_script))));
    add_unnamed();
    for (const model::Machine& machine : plan_.machines()) {
      for (const MacAddress& mac : machine.macs) add(machine, mac);
    }
    for (auto& [path, content] : files_) {
      bool is_module = path.starts_with("bootfs/") && !path.ends_with(".hash");
      tree_.boot_modules += is_module;
    }
    for (auto& [path, content] : files_) tree_.files.push_back({path, std::move(content)});
    return std::move(tree_);
  }

 private:
  void put(std::string path, decltype(TreeFile::content) content) {
    files_.insert_or_assign(relative(std::move(path)), std::move(content));
  }

  /// As the loader of this language reads it, and as lint sees it.
  void put(const std::string& path, Language language, const boot::Decision& decision,
           const boot::ScriptContext& about) {
    put(path, boot::rendered(language, decision, about));
    for (const boot::Finding& finding : boot::lint(language, decision, about)) {
      auto known = std::find_if(tree_.flaws.begin(), tree_.flaws.end(),
                                [&](const Flaw& flaw) { return flaw.finding.sentence == finding.sentence; });
      if (known == tree_.flaws.end()) known = tree_.flaws.insert(known, {relative(path), 0, finding});
      ++known->files;
    }
  }

  /// Machines are taken for BIOS ones, and the scripts find out for themselves.
  boot::Decision decide(model::Client client, const std::string& who) {
    client.arch = model::Arch::bios;
    boot::Decision decision = boot::decide(plan_, client);
    // The files of a server of one's own are anybody's.
    if (boot::has_secrets(decision))
      decision = boot::Refusal{boot::Refusal::Why::secrets,
                               "its disk wants credentials, which only slipwayd tells to the machine alone",
                               "let slipwayd serve this machine, or let the target do without CHAP"};
    if (auto* refusal = std::get_if<boot::Refusal>(&decision))
      tree_.refused.push_back({who, refusal->sentence, refusal->remedy});
    return decision;
  }

  boot::ScriptContext context(const MacAddress& mac, std::string machine, std::string again) const {
    boot::ScriptContext about;
    about.base = site_.base;
    about.mac = mac;
    about.machine = std::move(machine);
    about.again = std::move(again);
    about.explains = false;
    return about;
  }

  void add_unnamed() {
    boot::Decision decision = decide({}, "machines that are not named");
    auto about = context({}, "this machine", boot::to_path(boot::BootScript{}));
    put(std::string(default_script), Language::ipxe, decision, about);
    put(boot::to_path(boot::PxelinuxConfig{boot::PxelinuxConfig::Default{}}), Language::pxelinux, decision,
        about);
    put(boot::to_path(boot::MenuLst{}), Language::menu_lst, decision, about);
    put("boot/grub/menu.lst", boot::menu_lst(decision, about));
    put(boot::to_path(boot::GrubConfig{}), Language::grub, decision, about);
    add_images(decision, about);
  }

  void add(const model::Machine& machine, const MacAddress& mac) {
    model::Client client = model::client_of(machine);
    client.mac = mac;
    boot::Decision decision = decide(client, machine.name);
    auto about = context(mac, machine.name, "");
    put(boot::to_path(boot::BootScript{mac}), Language::ipxe, decision, about);
    put(boot::to_path(boot::PxelinuxConfig{mac}), Language::pxelinux, decision, about);
    put(boot::to_path(boot::MenuLst{mac}), Language::menu_lst, decision, about);
    put(boot::to_path(boot::GrubConfig{mac}), Language::grub, decision, about);
    add_images(decision, about);
  }

  /// What the scripts name: iPXE's may use brief names, the others never do.
  void add_images(const boot::Decision& decision, const boot::ScriptContext& about) {
    const auto* boot = std::get_if<boot::Boot>(&decision);
    if (!boot) return;
    for (const boot::Entry& entry : boot->entries) {
      if (!entry.image) continue;  // a disk that is elsewhere
      NameForm form = boot::fit(entry, about.base, about.mac, boot->limits).wording.form;
      for (NameForm each : {NameForm::readable, form}) {
        add_image_file(*entry.image, entry.kernel, each);
        for (const boot::Module& module : entry.modules) {
          if (module.origin == boot::Module::Origin::image) {
            add_image_file(*entry.image, module.file, each);
          } else {
            put(boot::boot_module_path(about.mac, module.file), *module.content);
          }
        }
      }
      add_other_files(*entry.image);
    }
  }

  /// What a system fetches by itself, once it runs.
  void add_other_files(const model::Image& image) {
    if (image.parts.empty()) return;
    for (const model::ImageFile& file : image.files) add_image_file(image, file.path, NameForm::readable);
  }

  void add_image_file(const model::Image& image, const std::string& file, NameForm form) {
    put(boot::image_path(image, file, form), FromImage{&image, file});
  }

  const model::Plan& plan_;
  const Site& site_;
  std::map<std::string, decltype(TreeFile::content)> files_;
  Tree tree_;
};

}  // namespace

Tree tree(const model::Plan& plan, const Site& site) {
  return Builder(plan, site).build();
}

}  // namespace slipway::exports
