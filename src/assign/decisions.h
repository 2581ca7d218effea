// SPDX-License-Identifier: MPL-2.0
// Assign an image, roll back, take back: what would change, or why it may not. Pure; nothing is in force
// before a store made the changes durable. The file has the last word: whoever boots a profile that names its
// image exactly keeps it, and an assignment that would reach nobody is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "assign/state.h"
#include "base/result.h"
#include "model/plan.h"

namespace slipway::assign {

struct Decided {
  Changes changes;  ///< empty: it is so already
  std::string sentence;
};

/// A machine of the file by whatever names it, any MAC address, or a group; with the nearest name where there
/// is none.
Result<model::Assignee, Fault> assignee_of(const model::Plan& plan, model::Assignee::Kind kind,
                                           std::string_view name);

Result<Decided, Fault> assign_image(const State& state, const model::Plan& plan, const model::Assignee& to,
                                    const model::Image& image, Instant now);

/// To what was assigned before, or to what the file says; once more goes back further. `kind`: which of
/// several assignments; may be left out where there is one.
Result<Decided, Fault> roll_back(const State& state, const model::Plan& plan, const model::Assignee& to,
                                 std::optional<model::ImageKind> kind, Instant now);

/// From then on the file says what is booted.
Result<Decided, Fault> take_back(const State& state, const model::Assignee& to,
                                 std::optional<model::ImageKind> kind, Instant now);

/// What a machine is to boot the next time, and never after.
struct OnceOrder {
  std::string machine;  ///< its key
  std::string profile;  ///< empty: its own
  const model::Image* image = nullptr;
  model::Variant variant = model::Variant::normal;
};
Result<Decided, Fault> order_once(const State& state, const model::Plan& plan, const OnceOrder& order,
                                  Instant now);
Result<Decided, Fault> cancel_once(const State& state, std::string_view machine);

}  // namespace slipway::assign
