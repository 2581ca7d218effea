// SPDX-License-Identifier: MPL-2.0
// What the timeline learns of a request: its end, and before it its start where it takes more than one turn.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "http/message.h"

namespace slipway::http {

enum class Outcome {
  complete,     ///< every byte was handed to the kernel
  client_gone,  ///< closed or reset in the middle
  timed_out,    ///< took too little for too long
  stopped,      ///< the server was stopped
  failed,       ///< the file could not be read
};
std::string_view to_string(Outcome outcome);

struct RequestEvent {
  enum class Kind { started, ended };
  Kind kind = Kind::started;
  const Request& request;  ///< valid during the call
  int status = 0;
  std::uint64_t file_size = 0;   ///< of the whole file; 0: the body is none
  std::uint64_t offset = 0;      ///< first byte of a range
  std::uint64_t body_bytes = 0;  ///< what the response promised; 0 for HEAD, 304 and streams
  std::uint64_t bytes_sent = 0;  ///< of the body
  Duration duration{};           ///< from the request's last byte
  bool at_once = false;          ///< ended: its start was not told
  Outcome outcome = Outcome::complete;
};

}  // namespace slipway::http
