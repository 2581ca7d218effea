// SPDX-License-Identifier: MPL-2.0
#include "api/assignments.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/answer.h"
#include "api/image_name.h"
#include "api/machines.h"
#include "api/page.h"
#include "api/query.h"
#include "api/views.h"
#include "assign/decisions.h"
#include "assign/succession.h"
#include "base/nearest.h"
#include "boot/desired.h"
#include "boot/image_refusal.h"

namespace slipway::api {
namespace {

using http::Request;
using http::Response;
using model::Assignee;

Response refused(int status, const Fault& fault) {
  return problem(status, fault.what, fault.remedy);
}

std::optional<std::string> known(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

AssignmentView view(const model::Assignment& made, const assign::State& state, const model::Plan& plan) {
  AssignmentView out;
  out.to = to_string(made.to.kind);
  out.name = made.to.name;
  out.kind = to_string(made.kind);
  out.version = made.version;
  out.image = made.image;
  out.since = made.since;
  out.in_store = boot::stored_image(plan, made.image) != nullptr;
  out.damaged = plan.is_damaged(made.image);
  if (const assign::HistoryEntry* before = state.before(made)) out.before = known(before->version);
  return out;
}

AssignmentEvent view(const assign::HistoryEntry& entry) {
  AssignmentEvent out;
  out.number = entry.number;
  out.at = entry.at;
  out.action = to_string(entry.action);
  out.to = to_string(entry.to.kind);
  out.name = entry.to.name;
  out.kind = to_string(entry.kind);
  out.version = known(entry.version);
  out.image = known(entry.image);
  return out;
}

/// An order as it was sent, with its names looked up; or the answer that refuses it.
struct Read {
  AssignmentOrder order;
  Assignee to;
  std::optional<model::ImageKind> kind;
};
enum class Whom {
  named,
  or_gone
};  ///< whom the file names; or named once, so that what stands for it can be taken back
Result<Read, Response> read(const World& world, const model::Plan& plan, const Request& request, Whom whom) {
  auto order = order_of<AssignmentOrder>(request, "{\"to\": \"everyone\", \"image\": ...}");
  if (!order) return order.error();
  auto kind = model::parse_assignee_kind(order->to);
  if (!kind) return problem(400, "\"to\" is none of machine, group, everyone");
  Read read{std::move(*order), {}, std::nullopt};
  std::string name = read.order.name.value_or("");
  if (*kind == Assignee::Kind::machine) {
    // One that holds a lease or was seen is known by its address, too.
    Machines machines(plan, world.book, world.timeline, world.now());
    if (auto found = machines.find(name); found && !found->macs.empty())
      name = model::machine_key(found->named, found->macs.front());
  }
  auto to = assign::assignee_of(plan, *kind, name);
  Assignee gone{*kind, name};
  if (!to && (whom == Whom::named || !assign::stands_for(world.assignments, gone)))
    return refused(404, to.error());
  read.to = to ? std::move(*to) : std::move(gone);
  if (read.order.kind) {
    read.kind = model::parse_image_kind(*read.order.kind);
    if (!read.kind) return problem(400, fmt::format("\"{}\" is no kind of image", *read.order.kind));
  }
  return read;
}

/// The plan as it would be.
std::shared_ptr<const model::Plan> with(const model::Plan& plan, const assign::State& state,
                                        const assign::Changes& changes) {
  assign::State trial;
  trial.assignments = state.assignments;
  for (const assign::Change& change : changes) assign::apply(trial, change);
  return plan.with_assignments(std::make_shared<const model::Assignments>(std::move(trial.assignments)));
}

Response failed(const assign::Trial& trial, std::string_view what) {
  ProblemDetails details;
  details.status = 422;
  details.detail = fmt::format("{} would not boot; nothing was changed", what);
  details.remedy = "correct what is said above, or choose another image";
  details.problems = trial.errors;
  return problem(std::move(details));
}

Response settle(const World& world, const assign::Decided& decided, std::vector<std::string> warnings) {
  if (!decided.changes.empty()) {
    auto done = world.commit_assignments(decided.changes, decided.sentence);
    if (!done) return refused(500, done.error());
  }
  return answer(Assigned{decided.sentence, std::move(warnings)});
}

/// What a profile or image of this name is; neither: a Fault with the nearest name.
Result<assign::OnceOrder, Fault> order_named(const model::Plan& plan, const std::string& what) {
  assign::OnceOrder order;
  if (what.empty()) return order;
  if (plan.profile(what)) {
    order.profile = what;
    return order;
  }
  auto image = image_meant(what, plan);
  if (image) {
    order.image = *image;
    return order;
  }
  if (auto damage = damage_of(what, plan)) return *damage;
  std::vector<std::string_view> profiles;
  for (const model::Profile& profile : plan.profiles()) profiles.push_back(profile.name);
  auto near = nearest(what, profiles);
  return Fault{fmt::format("there is no profile and no image \"{}\"", what),
               near ? fmt::format("did you mean {}?", *near) : image.error().remedy};
}

/// Whoever names the latest image, and gets an older one.
void tell_passed_over(const model::Plan& plan, const std::string& named, const model::Image& meant,
                      std::vector<std::string>& warnings) {
  auto ref = model::ImageRef::parse(named);
  if (auto older = ref ? boot::passed_over(plan, *ref, meant) : std::nullopt)
    warnings.push_back(older->sentence);
}

Fault no_variant(const std::string& named) {
  auto names = model::variant_names();
  auto near = nearest(named, names);
  return {fmt::format("there is no variant \"{}\"", named),
          near ? fmt::format("did you mean {}?", *near) : fmt::format("one of {}", fmt::join(names, ", "))};
}

/// Whose history is asked for, where a kind and a name are given: who is in the file, or was when there was
/// history to write.
Result<std::optional<std::string>, Fault> asked_for(const Request& request, const model::Plan& plan,
                                                    const assign::State& state) {
  using Asked = std::optional<std::string>;
  auto to = request.target.parameter("to"), name = request.target.parameter("name");
  if (!to || !name) return Asked();
  auto kind = *to == "group" ? Assignee::Kind::group : Assignee::Kind::machine;
  if (*to == "everyone") return Asked();
  auto assignee = assign::assignee_of(plan, kind, *name);
  if (assignee) return Asked(assignee->name);
  bool was = std::any_of(state.history.begin(), state.history.end(), [&](const auto& entry) {
    return entry.second.to == Assignee{kind, std::string(*name)};
  });
  if (was) return Asked(*name);
  return assignee.error();
}

}  // namespace

Response AssignmentDesk::list(const Request&, const Captures&) const {
  auto plan = world_.plan();
  AssignmentList list;
  for (const model::Assignment* made : world_.assignments.assignments.all())
    list.assignments.push_back(view(*made, world_.assignments, *plan));
  for (auto& [machine, once] : world_.assignments.assignments.onces()) list.once.push_back(api::view(once));
  list.pinned.assign(world_.assignments.pins.begin(), world_.assignments.pins.end());
  return answer(list);
}

Response AssignmentDesk::history(const Request& request, const Captures&) const {
  auto page = page_of(request);
  if (!page) return page.error();
  auto plan = world_.plan();
  auto asked = asked_for(request, *plan, world_.assignments);
  if (!asked) return refused(404, asked.error());
  AssignmentHistory history;
  for (auto entry = world_.assignments.history.rbegin(); entry != world_.assignments.history.rend();
       ++entry) {
    const Assignee& whose = entry->second.to;
    bool named = !*asked ? fits(request, "name", whose.name) : whose.name == **asked;
    if (fits(request, "to", to_string(whose.kind)) && named) history.history.push_back(view(entry->second));
  }
  history.next = cut(history.history, *page, [](const AssignmentEvent& event) {
    return fmt::format("{:016x}", ~event.number);  // newest first
  });
  return answer(history);
}

Response AssignmentDesk::assign(const Request& request, const Captures&) const {
  auto plan = world_.plan();
  auto asked = read(world_, *plan, request, Whom::named);
  if (!asked) return asked.error();
  if (!asked->order.image) return problem(400, "no image is named", "say which: \"image\"");
  auto image = image_meant(*asked->order.image, *plan);
  if (!image) return refused(404, image.error());
  auto decided = assign::assign_image(world_.assignments, *plan, asked->to, **image, world_.now());
  if (!decided) return refused(409, decided.error());
  if (decided->changes.empty()) return settle(world_, *decided, {});
  auto trial = assign::try_out(*with(*plan, world_.assignments, decided->changes), asked->to, (*image)->kind,
                               world_.base_of);
  if (!trial.errors.empty()) return failed(trial, boot::title_of(**image));
  tell_passed_over(*plan, *asked->order.image, **image, trial.warnings);
  return settle(world_, *decided, std::move(trial.warnings));
}

/// Not held up by lint: it was in force before, and whoever goes back is in a hurry.
Response AssignmentDesk::roll_back(const Request& request, const Captures&) const {
  auto plan = world_.plan();
  auto asked = read(world_, *plan, request, Whom::or_gone);
  if (!asked) return asked.error();
  auto decided = assign::roll_back(world_.assignments, *plan, asked->to, asked->kind, world_.now());
  if (!decided) return refused(409, decided.error());
  return settle(world_, *decided, {});
}

Response AssignmentDesk::take_back(const Request& request, const Captures&) const {
  auto plan = world_.plan();
  auto asked = read(world_, *plan, request, Whom::or_gone);
  if (!asked) return asked.error();
  auto decided = assign::take_back(world_.assignments, asked->to, asked->kind, world_.now());
  if (!decided) return refused(409, decided.error());
  return settle(world_, *decided, {});
}

namespace {

/// A machine of the file, one that was seen, or any MAC address.
Result<std::string, Fault> key_of(const World& world, const model::Plan& plan, std::string_view text) {
  Machines machines(plan, world.book, world.timeline, world.now());
  auto found = machines.find(text);
  if (found) {
    MacAddress mac = found->macs.empty() ? MacAddress{} : found->macs.front();
    return {boost::system::in_place_value, model::machine_key(found->named, mac)};
  }
  if (auto mac = MacAddress::parse(text)) return {boost::system::in_place_value, mac->to_string()};
  return machines.unknown(text);
}

}  // namespace

Response AssignmentDesk::boot_once(const Request& request, const Captures& captures) const {
  auto plan = world_.plan();
  auto asked = order_of<BootOnceOrder>(request, "{\"what\": \"smartos@20240102T030405Z\"}");
  if (!asked) return asked.error();
  auto key = key_of(world_, *plan, captures["machine"]);
  if (!key) return refused(404, key.error());
  auto order = order_named(*plan, asked->what.value_or(""));
  if (!order) return refused(404, order.error());
  auto variant = model::parse_variant(asked->variant.value_or("normal"));
  if (!variant) return refused(400, no_variant(*asked->variant));
  order->machine = *key;
  order->variant = *variant;
  auto decided = assign::order_once(world_.assignments, *plan, *order, world_.now());
  if (!decided) return refused(409, decided.error());
  auto trial = assign::try_once(*with(*plan, world_.assignments, decided->changes), *key, world_.base_of);
  if (!trial.errors.empty()) return failed(trial, "it");
  if (order->image) tell_passed_over(*plan, *asked->what, *order->image, trial.warnings);
  return settle(world_, *decided, std::move(trial.warnings));
}

Response AssignmentDesk::cancel_once(const Request&, const Captures& captures) const {
  auto plan = world_.plan();
  auto key = key_of(world_, *plan, captures["machine"]);
  if (!key) return refused(404, key.error());
  auto decided = assign::cancel_once(world_.assignments, *key);
  if (!decided) return refused(409, decided.error());
  return settle(world_, *decided, {});
}

/// What the server remembers of a machine that is gone for good: then nothing is kept for its sake.
Response AssignmentDesk::forget(const Request&, const Captures& captures) const {
  auto plan = world_.plan();
  auto known = key_of(world_, *plan, captures["machine"]);
  // One of which only our memory is left goes by the name it had.
  std::string key = known ? *known : std::string(captures["machine"]);
  const assign::State& state = world_.assignments;
  assign::Decided decided;
  decided.sentence = fmt::format("nothing is remembered of machine {} any more", key);
  if (state.machine(key)) decided.changes.push_back(assign::Forget{key});
  for (const model::Assignment* made : state.assignments.all()) {
    if (made->to == Assignee{Assignee::Kind::machine, key})
      decided.changes.push_back(assign::TakeBack{made->to, made->kind});
  }
  if (auto* once = state.assignments.once(key))
    decided.changes.push_back(assign::OnceDone{key, once->number});
  if (decided.changes.empty())
    return problem(404, fmt::format("nothing is remembered of machine {}", key),
                   "`slipway machine list` shows what is known");
  return settle(world_, decided, {});
}

Response AssignmentDesk::set_pin(std::string_view named, bool pinned) const {
  auto plan = world_.plan();
  auto image = image_meant(std::string(named), *plan);
  if (auto damaged = image_meant(std::string(named), plan->damaged()); !image && !pinned && damaged)
    image = damaged;
  if (!image) return refused(404, image.error());
  const std::string& id = (*image)->id;
  assign::Decided decided;
  decided.sentence = fmt::format("{} {}", boot::title_of(**image),
                                 pinned ? "stays until it is unpinned" : "may go when nothing needs it");
  if (pinned != world_.assignments.pins.contains(id))
    decided.changes.push_back(pinned ? assign::Change(assign::Pin{id}) : assign::Change(assign::Unpin{id}));
  return settle(world_, decided, {});
}

}  // namespace slipway::api
