// SPDX-License-Identifier: MPL-2.0
// Entries of a tar archive (gzip, bzip2, xz, zstd or plain), a zip archive or an ISO 9660 image, read by
// libarchive with every other format and all external programs off. Refuses a UDF-only ISO and files of 4 GiB
// and more inside one, which libarchive reads wrongly or not at all.
#pragma once

#include "image/source.h"

namespace slipway::image {

Result<std::unique_ptr<Source>, Refusal> open_archive(const SourceName& name);

}  // namespace slipway::image
