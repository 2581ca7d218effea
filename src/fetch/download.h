// SPDX-License-Identifier: MPL-2.0
// Fetches from http and https servers, with everything bounded: bytes, redirects, silence, the whole time.
// Certificates are verified, always; https never goes on as http; credentials (of the URL, or of ~/.netrc)
// go to the host they are for and into no sentence. A file that is cut goes on where it was, now and in the
// next process, as long as the server says that it is still the same, and anew otherwise.
// Blocks its thread. Failures are values.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "fetch/partial.h"
#include "fetch/url.h"

namespace slipway::fetch {

struct Options {
  std::uint64_t most_bytes = std::uint64_t{16} << 30;
  long most_redirects = 5;
  std::chrono::seconds connect{20};
  std::chrono::seconds silence{30};  ///< with less than a kilobyte a second
  std::chrono::seconds whole = std::chrono::hours{12};
  int tries = 4;            ///< in a row that bring nothing
  std::string authorities;  ///< PEM file of those whose certificates are trusted; empty: the system's
  const std::atomic<bool>* stop = nullptr;  ///< set, from a signal handler for example: give up
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  ///< bytes; total 0: not known
};

/// A small document.
Result<std::string, Fault> fetch_text(const Url& url, std::size_t most, const Options& options = {});

/// The rest of what `partial` has of it, or all; durable when it is done.
Result<void, Fault> download(const Url& url, Partial& partial, const Options& options = {});

}  // namespace slipway::fetch
