// SPDX-License-Identifier: MPL-2.0
// One regular file as a source of its own: a kernel, an EFI program, an ISO that is kept whole.
#pragma once

#include "image/source.h"

namespace slipway::image {

/// What a file is by its first bytes; nothing: an archive, or unknown. An ISO is an archive until the
/// operator says otherwise.
std::optional<model::ImageKind> kind_of_file(ByteView head, std::string_view name);

Result<std::unique_ptr<Source>, Refusal> open_file(const SourceName& name);

}  // namespace slipway::image
