// SPDX-License-Identifier: MPL-2.0
// Why nothing can be booted from an image: it is not in the store, or lacks what booting needs. Pure, any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "boot/decide.h"

namespace slipway::boot {

/// What the profile names, or was assigned in its place by `by`, is not there, or damaged.
Refusal refuse_desired(const model::Plan& plan, const model::Profile& profile, const model::Assignment* by);
/// What `who` was assigned is not there any more, or damaged.
Refusal refuse_assigned(const model::Plan& plan, const std::string& who, const std::string& wanted,
                        std::string_view image_id);
/// "smartos@latest" is an older image because the latest is damaged.
std::optional<Finding> passed_over(const model::Plan& plan, const model::ImageRef& wanted,
                                   const model::Image& image);
std::optional<Refusal> lacks(const model::Image& image, std::string_view file);

}  // namespace slipway::boot
