// SPDX-License-Identifier: MPL-2.0
// Whatever a client sends, in whatever pieces: the parser gives one well-formed request or a fault.
#include <cstdint>
#include <cstdlib>

#include "http/request_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway::http;
  static const Limits limits;
  if (size == 0) return 0;
  std::size_t step = data[0] % 64 + 1;  // the network's choice
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  RequestParser parser(limits);
  std::string waiting;
  while (!rest.empty() && !parser.done() && !parser.fault()) {
    waiting += rest.substr(0, step);
    rest.remove_prefix(std::min(step, rest.size()));
    waiting.erase(0, parser.feed(waiting));
  }
  if (!parser.done()) return 0;
  Request request = parser.take();
  if (request.body.size() > limits.body_bytes || request.target.raw.size() > limits.target_bytes)
    std::abort();
  for (const std::string& part : request.target.path.components()) {
    if (part.empty() || part == "." || part == ".." || part.find('/') != part.npos) std::abort();
  }
  return 0;
}
