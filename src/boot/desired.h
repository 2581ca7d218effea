// SPDX-License-Identifier: MPL-2.0
// Which image a machine is to boot, and who said so: the machine's own assignment, that of the first of its
// groups that has one, everyone's, or the file. A profile that names its image exactly is the file's last
// word: assignments fill in what "KIND@latest" leaves open. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "model/plan.h"

namespace slipway::boot {

struct Desired {
  const model::Image* image = nullptr;    ///< of the plan; null: it is not in the store
  const model::Assignment* by = nullptr;  ///< of the plan; null: the profile
};

/// `machine`: as the file names it, or null; `key`: model::machine_key, empty: nobody in particular.
Desired desired_of(const model::Plan& plan, const model::Profile& profile, const model::Machine* machine,
                   std::string_view key);

/// The profile of a machine of the file, or of one it does not name (null). Null: there is no such profile.
const model::Profile* profile_of(const model::Plan& plan, const model::Machine* machine);

/// An assignment may say which image: the file leaves it open.
bool is_open(const model::Profile& profile);

/// By its whole id. Null: it is not in the store (any more).
const model::Image* stored_image(const model::Plan& plan, std::string_view id);

/// "smartos@20240102T030405Z"
std::string title_of(const model::Image& image);
std::string title_of(const model::Assignment& assignment);

}  // namespace slipway::boot
