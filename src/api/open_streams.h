// SPDX-License-Identifier: MPL-2.0
// Who has streams of events open: so many for one holder of a token or one user of this machine, so many by
// tokens in all, so that an operator still gets in. Thread: control.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/door.h"
#include "http/stream_writer.h"

namespace slipway::api {

class OpenStreams {
 public:
  static constexpr std::size_t most_of_one = 32;
  static constexpr std::size_t most_by_tokens = 128;  ///< half of what the TLS listener holds

  explicit OpenStreams(const World& world);

  /// An answer 503 in place of a stream that is one too many; `writer` is then over.
  std::optional<http::Response> admit(const Visitor& visitor,
                                      const std::shared_ptr<http::StreamWriter>& writer);
  /// Ends those whose token is not good any more.
  void end_unless(const std::function<bool(const std::string& token)>& is_good);

 private:
  struct Open {
    std::string who, token;  ///< no token: over the unix socket
    std::weak_ptr<http::StreamWriter> writer;
  };

  void forget_closed();
  void say_refused(const Visitor& visitor);

  const World& world_;
  Counter& refused_;
  std::vector<Open> open_;
  Instant said_{};  ///< when the log was told last
};

}  // namespace slipway::api
