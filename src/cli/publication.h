// SPDX-License-Identifier: MPL-2.0
// The publication point of SmartOS, asked over the network: what there is, and where an image of it lies.
// Blocks its thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/bring.h"
#include "fetch/download.h"
#include "model/image.h"

namespace slipway::cli {

/// What an import names that is neither a path nor a URL: "smartos@latest", "smartos@20240102T030405Z".
std::optional<model::ImageRef> published_ref(const std::string& source);

/// The publisher's own.
inline constexpr const char* smartos_publication =
    "https://us-central.manta.mnx.io/Joyent_Dev/public/SmartOS/";

class Publication {
 public:
  static Result<Publication, Fault> at(const std::string& url, fetch::Options options);

  const std::string& shown() const { return base_.shown(); }
  Result<std::string, Fault> latest() const;
  /// Newest first.
  Result<std::vector<std::string>, Fault> stamps() const;
  Result<Published, Fault> find(const std::string& stamp) const;

 private:
  Publication(fetch::Url base, fetch::Options options)
      : base_(std::move(base)), options_(std::move(options)) {}
  Result<std::string, Fault> text_of(const std::string& name, std::size_t most) const;

  fetch::Url base_;
  fetch::Options options_;
};

}  // namespace slipway::cli
