// SPDX-License-Identifier: MPL-2.0
#include "cli/shelf.h"

#include <fmt/format.h>

#include "api/views.h"
#include "cli/api_call.h"
#include "store/assignment_store.h"

namespace slipway::cli {

api::ImageView Shelf::view(const model::Image& image, bool with_files) const {
  return api::view(image, *plan, assign::usage_of(assigned, *plan), with_files);
}

Result<Shelf, Fault> look(const Context& context) {
  auto plan = context.plan();
  if (!plan) return plan.error();
  Shelf shelf;
  shelf.stored = image::Store((*plan)->server().state).list();
  auto assigned = store::read_assignments((*plan)->server().state);
  if (assigned) {
    shelf.assigned = std::move(*assigned);
  } else {
    shelf.unknown = assigned.error();
  }
  shelf.plan = (*plan)
                   ->with_images(shelf.stored.images, shelf.stored.damaged)
                   ->with_assignments(std::make_shared<const model::Assignments>(shelf.assigned.assignments));
  return shelf;
}

void note_what_is_unknown(const Shelf& shelf) {
  if (shelf.unknown) fmt::print(stderr, "note: without what is assigned: {}\n", shelf.unknown->sentence());
}

void tell_daemon(const Context& context) {
  auto told = call(context, http::Method::post, "/api/v1/images/refresh");
  if (!told) fmt::print(stderr, "note: {}\n", told.error().sentence());
}

}  // namespace slipway::cli
