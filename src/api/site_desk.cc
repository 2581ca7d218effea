// SPDX-License-Identifier: MPL-2.0
#include "api/site_desk.h"

#include <algorithm>

#include "api/answer.h"
#include "api/views.h"
#include "boot/desired.h"

namespace slipway::api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

ProfileView view(const model::Profile& profile, const model::Plan& plan) {
  ProfileView out;
  out.name = profile.name;
  out.image = profile.image.to_string();
  if (const model::Image* image = plan.image(profile.image)) out.boots = boot::title_of(*image);
  out.console = profile.console;
  out.flags = profile.flags;
  out.arguments = profile.arguments;
  for (const model::Property& property : profile.properties)
    out.properties.push_back({property.name, property.value});
  for (model::Variant variant : profile.variants) out.variants.emplace_back(to_string(variant));
  out.is_default = plan.default_profile().name == profile.name;
  out.machines = static_cast<std::uint64_t>(
      std::count_if(plan.machines().begin(), plan.machines().end(), [&](const model::Machine& machine) {
        const model::Profile* boots = boot::profile_of(plan, &machine);
        return boots && boots->name == profile.name;
      }));
  return out;
}

}  // namespace

Response SiteDesk::subnets(const Request&, const Captures&) const {
  auto plan = world_.plan();
  auto leases = world_.book.list();
  SubnetList list;
  for (const model::Subnet& subnet : plan->subnets()) {
    list.subnets.push_back(api::view(subnet, leases, world_.now()));
    list.subnets.back().interface = world_.interface_of(subnet);
  }
  return answer(list);
}

Response SiteDesk::profiles(const Request&, const Captures&) const {
  auto plan = world_.plan();
  ProfileList list;
  for (const model::Profile& profile : plan->profiles()) list.profiles.push_back(view(profile, *plan));
  return answer(list);
}

Response SiteDesk::groups(const Request&, const Captures&) const {
  GroupList list;
  for (const model::Group& group : world_.plan()->groups())
    list.groups.push_back({group.name, group.profile, group.machines});
  return answer(list);
}

}  // namespace slipway::api
