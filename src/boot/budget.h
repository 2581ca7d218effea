// SPDX-License-Identifier: MPL-2.0
// How iPXE hands a kernel and its modules over: every URL with its arguments and a NUL into one small
// buffer (512 bytes in stock BIOS builds), cut without a word when it is full. Here the bytes are counted
// before. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "boot/decide.h"
#include "boot/names.h"

namespace slipway::boot {

/// One kernel or module line, as it will be said: an absolute URL and the words behind it.
struct Handover {
  std::string url;
  std::string arguments;
};

/// The bytes iPXE's multiboot buffer needs for these.
std::size_t bytes_needed(const std::vector<Handover>& lines);

/// What the kernel is told, with {image} and {server} filled in: the URLs this client reaches us by. They are
/// HTTP's even where files come by TFTP, as it is the started system that asks.
std::string arguments_of(const Entry& entry, const Base& base);

/// What the kernel is told of a module, and where the module is served.
std::string arguments_of(const Module& module);
std::string path_of(const Module& module, const model::Image& image, const MacAddress& mac,
                    NameForm form = NameForm::readable);

/// How much is said of an entry.
struct Wording {
  NameForm form = NameForm::readable;
  bool hashes_in_lines = false;  ///< hash=SHA1 behind what it proves, in place of a module: dboot takes both
};

/// The modules in their order, without those that a wording does not need.
std::vector<const Module*> modules_said(const Entry& entry, const Wording& wording);
/// The kernel line first, then the modules.
std::vector<Handover> handovers(const Entry& entry, const Base& base, const MacAddress& mac,
                                const Wording& wording);

struct Fit {
  Wording wording;
  std::size_t bytes = 0, modules = 0;
  bool fits = true;  ///< false: not even the briefest wording fits
};
/// Readable names when they fit, otherwise brief ones, otherwise these with hashes in their lines. What is no
/// multiboot kernel always fits.
Fit fit(const Entry& entry, const Base& base, const MacAddress& mac, const Limits& limits);

}  // namespace slipway::boot
