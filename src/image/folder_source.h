// SPDX-License-Identifier: MPL-2.0
// The files of a folder and of all folders in it, sorted by name. Symbolic links are reported as links and
// not followed: neither to a file nor into a folder.
#pragma once

#include "image/source.h"

namespace slipway::image {

Result<std::unique_ptr<Source>, Refusal> open_folder(const SourceName& name);

}  // namespace slipway::image
