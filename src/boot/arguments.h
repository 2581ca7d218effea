// SPDX-License-Identifier: MPL-2.0
// The arguments of kernels that are none of illumos: words between blanks, as Linux' documentation has them
// (admin-guide/kernel-parameters). What an image always wants, where its console is, what a profile and a
// machine say, each laid over the one before. Pure, any thread; faults are Findings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/finding.h"
#include "model/plan.h"
#include "model/profile.h"

namespace slipway::boot {

using Words = std::vector<std::string>;

/// x86's COMMAND_LINE_SIZE: Linux drops what comes behind.
inline constexpr std::size_t linux_line_limit = 2048;

/// Words between blanks; a blank in double quotes is none.
Words words_of(std::string_view text);

/// `base` without the words whose names are in `over`, then `over`. A name is what stands before '='.
Words laid_over(Words base, const Words& over);

/// For Linux: `image_words` are what the image always wants. {mac} and {name} are filled in, {image} and
/// {server} stay until it is known where the client reaches us.
Words linux_words(std::string_view image_words, const model::Profile& profile, const model::Machine* machine,
                  model::Variant variant, const MacAddress& mac);
/// Modes of serial lines, and a profile that says two consoles.
Findings check_linux_console(const model::Profile& profile);
/// For kernels whose console we know nothing of.
Words plain_words(std::string_view image_words, const model::Profile& profile, const model::Machine* machine,
                  const MacAddress& mac);
/// Whether a variant means something to Linux: normal, serial, single_user, debug.
bool means_something(model::Variant variant);

std::string joined(const Words& words);

/// `with` in every place where `gap` stands.
void fill_in(std::string& text, std::string_view gap, std::string_view with);

/// Everything that would go wrong with these words, whatever loader carries them.
Findings check(const Words& words);

}  // namespace slipway::boot
