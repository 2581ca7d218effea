// SPDX-License-Identifier: MPL-2.0
#include "api/image_desk.h"

#include <fmt/format.h>

#include "api/answer.h"
#include "api/image_name.h"
#include "api/page.h"
#include "api/query.h"
#include "api/views.h"
#include "base/nearest.h"

namespace slipway::api {

using http::Captures;
using http::Request;
using http::Response;

Response ImageDesk::list(const Request& request, const Captures&) const {
  auto page = page_of(request);
  if (!page) return page.error();
  auto plan = world_.plan();
  ImageList list;
  auto usage = assign::usage_of(world_.assignments, *plan);
  for (const model::Image& image : plan->images()) {
    if (fits(request, "kind", to_string(image.kind))) list.images.push_back(view(image, *plan, usage, false));
  }
  list.next = cut(list.images, *page, [](const ImageView& image) { return image.id; });
  return answer(list);
}

Response ImageDesk::show(const Request&, const Captures& captures) const {
  auto plan = world_.plan();
  if (const model::Image* image = plan->find_image(captures["image"]))
    return answer(view(*image, *plan, assign::usage_of(world_.assignments, *plan), true));
  if (auto damage = damage_of(std::string(captures["image"]), *plan))
    return problem(404, damage->what, damage->remedy);
  std::vector<std::string_view> versions;
  for (const model::Image& image : plan->images()) versions.push_back(image.version);
  auto meant = nearest(captures["image"], versions);
  return problem(404,
                 fmt::format("no image \"{}\" is in the store{}", captures["image"],
                             meant ? fmt::format("; did you mean {}?", *meant) : ""),
                 "`slipway image list` shows them, `slipway image import` adds one");
}

Response ImageDesk::refresh(const Request&, const Captures&) const {
  auto done = world_.refresh_images();
  return done ? answer(Done{*done}) : problem(500, done.error().what, done.error().remedy);
}

}  // namespace slipway::api
