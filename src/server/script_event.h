// SPDX-License-Identifier: MPL-2.0
// What the decision for a machine comes down to, as the timeline is told. Whose it is, and from where it was
// asked for, is the caller's to say. Pure.
#pragma once

#include "boot/decide.h"
#include "model/plan.h"
#include "server/script_cache.h"
#include "timeline/event.h"

namespace slipway::server {

/// `render`: null where no loader reads it.
timeline::Event script_event(const boot::Decision& decision, const boot::ScriptContext& context,
                             const model::Plan& plan, ScriptCache::Renderer render);

}  // namespace slipway::server
