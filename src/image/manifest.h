// SPDX-License-Identifier: MPL-2.0
// manifest.json: what is in an image, and the id that follows from it. Text in, a value or the reason
// out; strict, because a manifest decides what is served: an id that does not follow from the files, an
// unsafe path, an unknown kind or a file twice make the whole manifest void. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/image.h"

namespace slipway::image {

/// 64 lower-case digits: the form of an id.
bool is_image_id(std::string_view text);

/// SHA-256 over the files' "path NUL size NUL sha256 LF" lines, sorted by path, and, where there are parts,
/// their "use NUL path NUL words LF" lines behind them, in their order.
std::string image_id(std::vector<model::ImageFile> files, const std::vector<model::BootPart>& parts = {});

std::string to_manifest(const model::Image& image);

Result<model::Image, Fault> parse_manifest(std::string_view text);

/// Whether loaders take the words behind a module for nothing but words: they go into scripts as they are.
bool are_plain_words(std::string_view words);

}  // namespace slipway::image
