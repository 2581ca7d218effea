// SPDX-License-Identifier: MPL-2.0
// One request by libcurl and what came of it. Of this room only.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fetch/download.h"

namespace slipway::fetch {

/// Who takes the answer. A Fault ends the transfer.
struct Receiver {
  /// Before the first byte of a body that answers the request; 200 or 206.
  std::function<Result<void, Fault>(long status, const Origin&, const std::optional<ContentRange>&)> head;
  std::function<Result<void, Fault>(ByteView)> body;
};

struct Failure {
  Fault fault;
  bool may_pass = false;  ///< the network's or the server's trouble of the moment: worth another try
  long status = 0;        ///< that the server answered with, where that is the failure
};

/// `from`: with If-Range of `validator`. The head is given to the receiver once, also of an empty body.
Result<void, Failure> transfer(const Url& url, const Options& options, const Receiver& receiver,
                               std::uint64_t from = 0, const std::string& validator = {});

}  // namespace slipway::fetch
