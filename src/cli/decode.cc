// SPDX-License-Identifier: MPL-2.0
// slipway decode FILE|-: the DHCP and TFTP packets of a capture as text.
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "cli/verbs.h"
#include "wire/dump.h"

namespace slipway::cli {

int decode(const Context&, const std::string& file) {
  std::string bytes;
  if (file == "-") {
    bytes.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream input(file, std::ios::binary);
    if (!input) return fail({fmt::format("cannot read {}: {}", file, std::strerror(errno)), ""});
    bytes.assign(std::istreambuf_iterator<char>(input), {});
  }
  if (auto capture = wire::read_pcap(as_bytes(bytes))) {
    fmt::print("{}", wire::dump_capture(*capture));
    return exit_ok;
  } else if (auto message = wire::parse_dhcp(as_bytes(bytes))) {
    fmt::print("{}", wire::dump_dhcp(*message));
    return exit_ok;
  } else {
    return fail({fmt::format("{}: {}", file, wire::to_string(capture.error())), ""});
  }
}

}  // namespace slipway::cli
