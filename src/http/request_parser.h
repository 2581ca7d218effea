// SPDX-License-Identifier: MPL-2.0
// Bytes to one Request (RFC 9112), over Beast's incremental parser. Private to http/.
// Bounded by Limits; ambiguous framing (two lengths, unknown codings, two Hosts or Authorizations) is
// refused, not guessed. One parser per request: after `done` or a fault it is thrown away.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/limits.h"
#include "http/message.h"

namespace slipway::http {

struct ParseFault {
  int status = 400;
  std::string reason;
};

class RequestParser {
 public:
  explicit RequestParser(const Limits& limits);
  ~RequestParser();

  /// Takes what it can use of `data` and says how much that was; the rest is to be given again with more
  /// behind it.
  std::size_t feed(std::string_view data);

  bool done() const;
  const std::optional<ParseFault>& fault() const;
  bool started() const;     ///< a byte of a request was seen
  bool keep_alive() const;  ///< of a done request
  /// Not null once, when all but the body is there.
  Request* head_of_body();
  /// True once, when the client waits for "100 Continue" before its body (RFC 9110 §10.1.1).
  bool wants_continue();
  /// The request, when done. Its peer, local endpoint and id are not the parser's to know.
  Request take();

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace slipway::http
