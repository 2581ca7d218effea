// SPDX-License-Identifier: MPL-2.0
// What the publication point of SmartOS says, as its files are: `latest` (a path whose last part is the
// newest STAMP), the listing of its folders (JSON lines of Manta, the page of a web server: the STAMPs in it
// count), and of each STAMP the md5sums.txt, which names the platform's archive. All of it is a stranger's
// text. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/sums.h"

namespace slipway::image {

inline constexpr std::size_t most_latest_bytes = 4096, most_listing_bytes = 4 << 20;

/// "/Joyent_Dev/public/SmartOS/20240102T030405Z" and a line's end; nothing for anything else.
std::optional<std::string> latest_stamp(std::string_view text);

/// Every STAMP that is named, newest first, each once.
std::vector<std::string> published_stamps(std::string_view listing);

/// platform-STAMP.tgz, or with a word in between; a release comes before a debug build. Null: none is there.
const Sum* platform_archive(const std::vector<Sum>& sums, std::string_view stamp);

}  // namespace slipway::image
