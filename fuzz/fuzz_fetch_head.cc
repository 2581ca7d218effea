// SPDX-License-Identifier: MPL-2.0
// Any head of a response and any URL are read to an end; what is kept of them comes back from the disk, and
// no name of a file leads anywhere.
#include <cstdlib>

#include "base/bytes.h"
#include "fetch/origin.h"
#include "fetch/url.h"

using namespace slipway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text({data, size});
  fetch::Origin origin;
  for (std::size_t at = 0; at < text.size();) {
    std::string_view line = text.substr(at, text.find('\n', at) - at);
    fetch::note_header(origin, line);
    fetch::parse_content_range(line);
    at += line.size() + 1;
  }
  if (fetch::parse_origin(fetch::to_text(origin)) != origin) std::abort();
  fetch::parse_origin(text);
  auto url = fetch::Url::parse(text);
  if (url && (url->file_name().find('/') != std::string::npos || url->file_name().front() == '.'))
    std::abort();
  if (url) url->beside("md5sums.txt");
  return 0;
}
