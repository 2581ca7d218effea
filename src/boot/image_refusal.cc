// SPDX-License-Identifier: MPL-2.0
#include "boot/image_refusal.h"

#include <fmt/format.h>

#include "boot/desired.h"

namespace slipway::boot {
namespace {

using model::Image;
using model::ImageKind;
using model::Plan;
using model::Profile;
using Why = Refusal::Why;

std::string versions_in_store(const Plan& plan, ImageKind kind) {
  std::string out;
  for (const Image& image : plan.images()) {
    if (image.kind != kind) continue;
    if (!out.empty()) out += ", ";
    out += image.version;
  }
  return out;
}

constexpr std::string_view again = "import it again: what is damaged is replaced";

Refusal refuse_image(const Plan& plan, const Profile& profile) {
  std::string wanted = profile.image.to_string();
  ImageKind kind = profile.image.kind.value_or(ImageKind::smartos);
  if (const Image* image = resolve(profile.image, plan.damaged()))
    return {Why::image_broken, fmt::format("image {} is damaged", title_of(*image)), std::string(again)};
  if (profile.image.version == "latest")
    return {Why::no_image, fmt::format("there is no {} image in the store", to_string(kind)),
            "import one on the server: slipway image import FILE"};
  std::string there = versions_in_store(plan, kind);
  return {Why::image_missing,
          fmt::format("profile {} wants image {}, which is not in the store", profile.name, wanted),
          fmt::format("import it, or let the profile name one that is there: {}",
                      there.empty() ? "none is" : there)};
}

}  // namespace

Refusal refuse_assigned(const Plan& plan, const std::string& who, const std::string& wanted,
                        std::string_view image_id) {
  if (plan.is_damaged(image_id))
    return {Why::image_broken, fmt::format("{} is to boot {}, which is damaged", who, wanted),
            std::string(again)};
  return {Why::image_missing,
          fmt::format("{} is to boot {}, which is not in the store any more", who, wanted),
          "import it again, or assign another image"};
}

Refusal refuse_desired(const Plan& plan, const Profile& profile, const model::Assignment* by) {
  return by ? refuse_assigned(plan, by->to.to_string(), title_of(*by), by->image)
            : refuse_image(plan, profile);
}

std::optional<Finding> passed_over(const Plan& plan, const model::ImageRef& wanted, const Image& image) {
  if (wanted.version != "latest") return std::nullopt;
  const Image* damaged = resolve(wanted, plan.damaged());
  if (!damaged || resolve(wanted, {image, *damaged})->id != damaged->id) return std::nullopt;
  return Finding{
      Rule::image_passed_over,
      fmt::format("{} is {}, because {} is damaged", wanted.to_string(), image.version, damaged->version),
      std::string(again)};
}

std::optional<Refusal> lacks(const Image& image, std::string_view file) {
  if (image.file(file)) return std::nullopt;
  return Refusal{Why::image_broken, fmt::format("image {} has no {}", image.version, file),
                 "remove the image and import it again"};
}

}  // namespace slipway::boot
