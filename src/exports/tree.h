// SPDX-License-Identifier: MPL-2.0
// Everything that an existing TFTP or HTTP server needs in its folder, so that the machines of a plan boot
// from there as they would from slipwayd: loaders, scripts, menus, and the files of the images they start.
// The same names that slipwayd serves. Pure, any thread; what is not rendered is named, and the caller copies
// it.
#pragma once

#include <variant>

#include "boot/finding.h"
#include "exports/site.h"

namespace slipway::exports {

struct FromImage {
  const model::Image* image = nullptr;  ///< of the plan
  std::string file;                     ///< in the image
};
struct FromLoaders {
  std::string file;
};

struct TreeFile {
  std::string path;  ///< relative: "pxelinux.cfg/default"
  std::variant<std::string, FromImage, FromLoaders> content;
};

/// A machine that will be shown why it does not boot.
struct Refused {
  std::string machine;  ///< its name; "machines that are not named" for all others
  std::string sentence, remedy;
};

/// What lint says of a file as it was rendered.
struct Flaw {
  std::string path;  ///< of the first file it was found in
  std::size_t files = 0;
  boot::Finding finding;
};

struct Tree {
  std::vector<TreeFile> files;  ///< by path; each once
  std::vector<Refused> refused;
  std::vector<Flaw> flaws;  ///< each sentence once
  std::size_t boot_modules =
      0;  ///< with their hashes twice as many files: whoever reaches the server has them
};
Tree tree(const model::Plan& plan, const Site& site);

}  // namespace slipway::exports
