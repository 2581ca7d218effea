// SPDX-License-Identifier: MPL-2.0
#include "api/image_name.h"

#include <fmt/format.h>

#include "base/nearest.h"

namespace slipway::api {
namespace {

bool is_hex(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool means(const std::string& named, const std::optional<model::ImageRef>& ref, const model::Image& image) {
  if (image.version == named) return true;
  if (!ref) return false;
  return ref->kind ? image.kind == *ref->kind && image.version == ref->version
                   : image.id.starts_with(ref->version);
}

}  // namespace

Result<ImagesMeant, Fault> images_meant(const std::string& named, const std::vector<model::Image>& images) {
  auto ref = model::ImageRef::parse(named);
  ImagesMeant meant;
  if (ref && ref->version == "latest") {
    if (const model::Image* latest = model::resolve(*ref, images)) meant.push_back(latest);
  } else {
    for (const model::Image& image : images) {
      if (means(named, ref, image)) meant.push_back(&image);
    }
  }
  if (!meant.empty()) return meant;
  std::string what = fmt::format("there is no image '{}'", named);
  if (!ref && is_hex(named)) return Fault{what, "of an id, give at least its first 6 digits"};
  std::vector<std::string> names;
  for (const model::Image& image : images) {
    names.push_back(image.version);
    names.push_back(fmt::format("{}@{}", model::to_string(image.kind), image.version));
  }
  auto near = nearest(named, std::vector<std::string_view>(names.begin(), names.end()));
  return Fault{what, near ? fmt::format("did you mean {}? `slipway image list` shows what there is", *near)
                          : std::string("`slipway image list` shows what there is")};
}

Result<const model::Image*, Fault> image_meant(const std::string& named,
                                               const std::vector<model::Image>& images) {
  auto meant = images_meant(named, images);
  if (!meant) return meant.error();
  if (meant->size() == 1) return meant->front();
  std::string list;
  for (const model::Image* image : *meant) list += (list.empty() ? "" : ", ") + title_of(*image);
  return Fault{fmt::format("'{}' may be any of {} images: {}", named, meant->size(), list),
               "give the id of the one you mean"};
}

std::optional<Fault> damage_of(const std::string& named, const model::Plan& plan) {
  auto damaged = image_meant(named, plan.damaged());
  if (!damaged) return std::nullopt;
  return Fault{title_of(**damaged) + " is damaged", "import it again: what is damaged is replaced"};
}

Result<const model::Image*, Fault> image_meant(const std::string& named, const model::Plan& plan) {
  auto image = image_meant(named, plan.images());
  if (image) return image;
  if (auto damage = damage_of(named, plan)) return *damage;
  return image;
}

std::string title_of(const model::Image& image) {
  return fmt::format("{}@{} ({})", model::to_string(image.kind), image.version, image.short_id());
}

}  // namespace slipway::api
