// SPDX-License-Identifier: MPL-2.0
// For tests: a file of 32 MB that is served.
#pragma once

#include "http/files.h"
#include "http/test_loopback.h"

namespace slipway::http::testing {

struct BigFile {
  BigFile() {
    write_file(folder / "f", std::string(1 << 20, 'x'), 32);
    file = open_file(folder / "f");
  }
  Handler handler() {
    return [this](const Request& request) { return serve_file(request, file); };
  }
  TemporaryFolder folder;
  std::shared_ptr<OpenFile> file;
};

}  // namespace slipway::http::testing
