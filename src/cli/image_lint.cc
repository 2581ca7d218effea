// SPDX-License-Identifier: MPL-2.0
#include "cli/image_lint.h"

#include <algorithm>

#include <fmt/format.h>

#include "boot/desired.h"
#include "cli/script_context.h"

namespace slipway::cli {
namespace {

using boot::Remark;

class Linter {
 public:
  Linter(const model::Plan& plan, const model::Image& image) : plan_(plan), image_(image) {}

  /// False where it boots something else.
  bool look_at(const model::Machine* machine, const std::string& who) {
    const model::Profile* profile = boot::profile_of(plan_, machine);
    if (!profile || profile->san) return false;
    model::Client client = machine ? model::client_of(*machine) : model::Client{};
    auto desired = boot::desired_of(plan_, *profile, machine, model::machine_key(machine, client.mac));
    if (!desired.image || desired.image->id != image_.id) return false;
    bool only_uefi = !image_.parts.empty() && image_.parts.front().use == model::BootPart::Use::program;
    client.arch = only_uefi ? model::Arch::uefi_x64 : model::Arch::bios;
    auto language = boot::language_of(plan_, machine);
    for (Remark& remark :
         boot::remarks_on(language, boot::decide(plan_, client), client, script_context(plan_, client)))
      add(std::move(remark), who);
    return true;
  }

  std::vector<Remark> remarks;

 private:
  void add(Remark remark, const std::string& who) {
    for (const Remark& known : remarks) {
      if (known.id == remark.id && known.sentence.ends_with(": " + remark.sentence)) return;
    }
    remark.sentence = fmt::format("{}: {}", who, remark.sentence);
    remarks.push_back(std::move(remark));
  }

  const model::Plan& plan_;
  const model::Image& image_;
};

/// The site's network, and nothing said about what is booted but the image.
std::shared_ptr<const model::Plan> plain_plan(const model::Plan& plan, const model::Image& image) {
  model::Draft draft;
  draft.server = plan.server();
  draft.subnets = {plan.subnets().begin(), plan.subnets().end()};
  model::Profile profile;
  profile.name = "plain";
  profile.image = {std::nullopt, image.id};
  draft.profiles = {profile};
  auto built = model::Plan::build(std::move(draft), {image});
  return built ? *built : nullptr;
}

}  // namespace

std::vector<Remark> lint_image(const model::Plan& plan, const model::Image& image) {
  Linter site(plan, image);
  bool booted = plan.boot().unknown == model::UnknownPolicy::boot_default &&
                site.look_at(nullptr, "a machine that the file does not name");
  for (const model::Machine& machine : plan.machines()) booted |= site.look_at(&machine, machine.name);
  auto plain = booted ? nullptr : plain_plan(plan, image);
  if (!plain) return std::move(site.remarks);
  Linter alone(*plain, image);
  alone.look_at(nullptr, "a machine with a plain profile");
  return std::move(alone.remarks);
}

}  // namespace slipway::cli
