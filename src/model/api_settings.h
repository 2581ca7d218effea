// SPDX-License-Identifier: MPL-2.0
// How the management API is reached from other machines, and who is told how boots ended.
#pragma once

#include <string>
#include <vector>

#include "base/address.h"
#include "base/problem.h"

namespace slipway::model {

struct ApiSettings {
  std::vector<Endpoint> listen;  ///< empty: only the unix socket
  std::string certificate, key;  ///< PEM files
  bool open_metrics = false;     ///< /metrics asks for no token
  Place place;                   ///< where its table begins
  Places places;                 ///< and each key's value
  UnreadKeys unread;
};

/// Who is sent the verdicts of boots.
struct Webhook {
  std::string url;
  std::string secret_file;  ///< what the bodies are signed with
  std::string authority;    ///< PEM file that vouches for the receiver; empty: the system's
  bool failed = true;       ///< tell of boots that failed
  bool booted = true;       ///< tell of boots that came up
  Place place;
  Places places;
  UnreadKeys unread;
};

}  // namespace slipway::model
