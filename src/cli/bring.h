// SPDX-License-Identifier: MPL-2.0
// From what an operator names as the source of an import to a file or folder that lies here: a URL is
// fetched into <state>/downloads first, "smartos@STAMP" from the publication point of SmartOS, and where
// there is a digest, it is checked before anything reads the file. Blocks its thread.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "cli/progress.h"
#include "fetch/download.h"
#include "fetch/partial.h"
#include "image/finding.h"
#include "image/sums.h"

namespace slipway::cli {

struct BringOptions {
  std::string sha256;       ///< that the file must have
  std::string sums;         ///< the publisher's list of digests: a URL or a file
  std::string authorities;  ///< PEM file of those whose certificates are trusted
  std::string from;         ///< publication point of SmartOS; empty: its publisher's
};

/// A file that its publisher lists.
struct Published {
  fetch::Url archive;
  image::Expected expected;
};

class Brought {
 public:
  explicit Brought(std::string path) : path_(std::move(path)) {}
  explicit Brought(std::unique_ptr<fetch::Partial> partial)
      : path_(partial->path()), partial_(std::move(partial)) {}

  const std::string& path() const { return path_; }
  /// After the import: what was fetched goes, unless trying again needs no other file.
  void done(std::optional<image::Rule> refused);

 private:
  std::string path_;
  std::unique_ptr<fetch::Partial> partial_;  ///< null: it lay here
};

/// `source`: path or URL; where it is a name that its publisher lists, what that is.
Result<Brought, Fault> bring(const std::string& source, const BringOptions& options, const std::string& state,
                             const std::atomic<bool>& stop, ProgressBar& bar,
                             const std::optional<Published>& published = std::nullopt);

fetch::Options fetching(const BringOptions& options, const std::atomic<bool>& stop);

}  // namespace slipway::cli
