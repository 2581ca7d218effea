// SPDX-License-Identifier: MPL-2.0
#include "api/names.h"

namespace slipway::api {

const model::Machine* Names::machine(const MacAddress& mac) const {
  if (const model::Machine* known = plan_.machine(mac)) return known;
  std::string_view name = timeline_.name_of(mac);
  return name.empty() ? nullptr : plan_.find_machine(name);
}

const model::Machine* Names::holder(const lease::Lease& lease) const {
  if (const model::Machine* known = machine(lease.mac)) return known;
  model::Client client;
  client.mac = lease.mac;
  client.client_id = lease.client_id;
  if (const model::Machine* known = plan_.match(client).first()) return known;
  // What was heard of it before a restart is forgotten. A reserved address goes to nobody else.
  const model::Machine* owner = plan_.reserved_for(lease.address);
  return owner && owner->macs.empty() ? owner : nullptr;
}

}  // namespace slipway::api
