// SPDX-License-Identifier: MPL-2.0
// How one helps oneself on this system, for the sentences that end with a remedy.
#pragma once

#include <string_view>

namespace slipway::net {

struct Remedies {
  std::string_view who_has_udp_ports;  ///< a command
  std::string_view who_has_tcp_ports;
  std::string_view addresses;
  std::string_view links;
  std::string_view right_to_ports;  ///< "start as root or ..."
  std::string_view right_to_raw;
  std::string_view larger_buffers;  ///< what allows for so many bytes: one {}
  std::string_view more_files;      ///< what allows for so many open files: one {}
};
const Remedies& remedies();

}  // namespace slipway::net
