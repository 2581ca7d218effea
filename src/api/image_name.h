// SPDX-License-Identifier: MPL-2.0
// Which image an operator means: "smartos@latest", "smartos@STAMP", a version, or at least the first six
// digits of an id. Two images may be of one version; whoever shows or removes one must know which. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/image.h"
#include "model/plan.h"

namespace slipway::api {

using ImagesMeant = std::vector<const model::Image*>;

/// Every image of that name, at least one; otherwise the Fault says what is wrong with the name. Of "latest"
/// there is one, that which boots.
Result<ImagesMeant, Fault> images_meant(const std::string& named, const std::vector<model::Image>& images);

/// The one image of that name; several are a Fault that lists them.
Result<const model::Image*, Fault> image_meant(const std::string& named,
                                               const std::vector<model::Image>& images);
/// Why the image of that name is not booted although it is here; nothing: that is not so.
std::optional<Fault> damage_of(const std::string& named, const model::Plan& plan);
/// The one image of that name which can be booted; of a damaged one the Fault says so.
Result<const model::Image*, Fault> image_meant(const std::string& named, const model::Plan& plan);

/// "smartos@20240102T030405Z (3f9a01b2c3d4)"
std::string title_of(const model::Image& image);

}  // namespace slipway::api
