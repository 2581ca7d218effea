// SPDX-License-Identifier: MPL-2.0
// The STAMP of a SmartOS platform, 20YYMMDDThhmmssZ, and the names that are made from it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace slipway::image {

/// Exactly a STAMP: "20240102T030405Z".
bool is_stamp(std::string_view text);

/// The first STAMP in `text`: of "platform-release-20240101T000000Z.tgz" the last but four characters.
std::optional<std::string> stamp_in(std::string_view text);

/// The publisher's name for the folder: "platform-20240102T030405Z", "platform-release-20240102T030405Z",
/// and the spelling of old instructions with an underscore.
bool is_publisher_folder(std::string_view name);

}  // namespace slipway::image
