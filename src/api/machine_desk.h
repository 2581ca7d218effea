// SPDX-License-Identifier: MPL-2.0
// The endpoints about machines and their boots. Keeps nothing. Thread: control.
#pragma once

#include "api/machines.h"
#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

class MachineDesk {
 public:
  explicit MachineDesk(const World& world) : world_(world) {}

  http::Response list(const http::Request& request, const http::Captures&) const;
  http::Response show(const http::Request&, const http::Captures& captures) const;
  http::Response explain(const http::Request& request, const http::Captures& captures) const;
  /// Exactly what it would be served, and everything lint says of it.
  http::Response preview(const http::Request& request, const http::Captures& captures) const;
  http::Response boots_of(const http::Request& request, const http::Captures& captures) const;
  http::Response boots(const http::Request& request, const http::Captures&) const;
  http::Response boot(const http::Request&, const http::Captures& captures) const;

 private:
  const World& world_;
};

/// The machines of the daemon as they are now.
Machines machines_of(const World& world, const model::Plan& plan);
http::Response not_found(const Fault& fault);
/// Events of a machine with a sequence above `since`, or of all where `whose` is null: the newest `most`.
std::vector<timeline::Event> past_events(const World& world, std::uint64_t since, std::uint64_t most,
                                         const FoundMachine* whose);

}  // namespace slipway::api
