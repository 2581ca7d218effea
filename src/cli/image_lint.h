// SPDX-License-Identifier: MPL-2.0
// What lint says of an image that was just imported: for the machines that would boot it, and where there are
// none, for one that a plain profile starts with it.
#pragma once

#include <vector>

#include "boot/preview.h"
#include "model/plan.h"

namespace slipway::cli {

/// `plan`: with the image and what is assigned. Each sentence once, with the machine that it was found for.
std::vector<boot::Remark> lint_image(const model::Plan& plan, const model::Image& image);

}  // namespace slipway::cli
