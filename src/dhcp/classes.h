// SPDX-License-Identifier: MPL-2.0
// Which of the operator's classes and groups a packet belongs to. Conditions look at the whole value, joined
// from its pieces (RFC 3396), never at its beginning; `*` stands for any text. Pure.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "dhcp/relay_agent.h"
#include "model/client.h"
#include "model/plan.h"
#include "wire/dhcp_message.h"

namespace slipway::dhcp {

/// What conditions look at.
struct Evidence {
  const wire::DhcpMessage& message;
  const model::Client& client;
  const RelayAgent& relay;
  std::string_view interface;     ///< that it came in by
  const model::Machine* machine;  ///< null: not in the plan
};

class Classes {
 public:
  Classes() = default;
  Classes(const model::Plan& plan, const Evidence& seen);

  /// All it belongs to, of the plan and in its order: for each thing that can be said the first counts.
  std::span<const model::BootClass* const> members() const { return members_; }
  std::span<const model::Group* const> groups() const { return groups_; }
  bool has(std::string_view name) const;  ///< is a member of this class
  /// The first class with `answer = false`; null: none.
  const model::BootClass* unanswered() const;

 private:
  std::vector<const model::BootClass*> members_;
  std::vector<const model::Group*> groups_;
};

}  // namespace slipway::dhcp
