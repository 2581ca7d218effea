// SPDX-License-Identifier: MPL-2.0
// The web console's own files: the page at "/", what it is made of below "/console/RELEASE/". Nothing here is
// secret or knows of a machine: the page asks the API for everything, with the token of whoever looks at it.
// Served by the API's listener, never to booting machines. Each answer forbids scripts, styles and
// connections from elsewhere, and what is written inline (Content Security Policy 3). Any thread.
#pragma once

#include <optional>

#include "http/message.h"

namespace slipway::console {

/// Nothing when the request is for somebody else: the API.
std::optional<http::Response> answer(const http::Request& request);

}  // namespace slipway::console
