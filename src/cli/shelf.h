// SPDX-License-Identifier: MPL-2.0
// The image store, the configuration and what is assigned, looked at once; for verbs that work with the
// daemon and without one. What is assigned is read from the state store, where it is durable before it is in
// force.
#pragma once

#include <optional>

#include "api/schema.h"
#include "assign/state.h"
#include "cli/context.h"
#include "image/store.h"

namespace slipway::cli {

struct Shelf {
  image::Store::Listing stored;
  std::shared_ptr<const model::Plan> plan;  ///< with the images and what is assigned
  assign::State assigned;
  std::optional<Fault> unknown;  ///< why it is not known what is assigned: as if nothing were

  api::ImageView view(const model::Image& image, bool with_files) const;
};

Result<Shelf, Fault> look(const Context& context);
/// For showing: whoever may not read the state store is told so, and sees the rest.
void note_what_is_unknown(const Shelf& shelf);

/// The daemon, if one runs, serves what the store holds from now on.
void tell_daemon(const Context& context);

}  // namespace slipway::cli
