// SPDX-License-Identifier: MPL-2.0
// Which of the operator's classes a packet belongs to. Conditions look at the whole value, joined from
// its pieces (RFC 3396), never at its beginning; `*` stands for any text. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "dhcp/relay_agent.h"
#include "model/client.h"
#include "model/plan.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

class Classes {
 public:
  Classes() = default;
  Classes(const model::Plan& plan, const wire::DhcpMessage& message, const model::Client& client,
          const RelayAgent& relay);

  /// The first that fits: it alone sets boot file, next server and options. Null: none fits.
  const model::BootClass* first() const { return members_.empty() ? nullptr : members_.front(); }
  bool has(std::string_view name) const;  ///< membership, for pools: any that fits

 private:
  std::vector<const model::BootClass*> members_;  // of the plan, in its order
};

bool fits_pattern(std::string_view text, std::string_view pattern);

}  // namespace slipway::dhcp
