// SPDX-License-Identifier: MPL-2.0
// slipway image assign, rollback, unassign, assigned, history, pin, unpin and slipway boot once: all of it is
// the daemon's to decide and to write down; the file is never changed.
#include <fmt/format.h>

#include "api/rfc3339.h"
#include "base/table.h"
#include "cli/api_call.h"
#include "cli/verbs.h"

namespace slipway::cli {
namespace {

/// Exactly one of --machine, --group, --default; nothing and an exit code otherwise.
std::optional<api::AssignmentOrder> order_for(const Whom& whom) {
  int named = !whom.machine.empty() + !whom.group.empty() + whom.everyone;
  if (named != 1) {
    fail({named == 0 ? "nobody is named" : "it is for one machine, one group or everyone",
          "say one of --machine NAME, --group NAME, --default"});
    return std::nullopt;
  }
  api::AssignmentOrder order;
  order.to = whom.everyone ? "everyone" : whom.machine.empty() ? "group" : "machine";
  if (!whom.everyone) order.name = whom.machine + whom.group;
  if (!whom.kind.empty()) order.kind = whom.kind;
  return order;
}

int tell(const Context& context, const Result<std::string, Fault>& body) {
  if (!body) return fail(body.error());
  if (context.json) return print_line(*body);
  auto done = api::from_json<api::Assigned>(*body);
  if (!done) return fail(done.error());
  for (const std::string& warning : done->warnings) fmt::print(stderr, "warning: {}\n", warning);
  return print_line(done->sentence);
}

int send(const Context& context, const std::string& target, const Whom& whom, const std::string& image) {
  auto order = order_for(whom);
  if (!order) return exit_usage;
  if (!image.empty()) order->image = image;
  return tell(context, call(context, http::Method::post, target, api::to_json(*order)));
}

std::string whose(const std::string& to, const std::string& name) {
  return name.empty() ? to : to + " " + name;
}

std::string day_and_time(Instant at) {
  return api::rfc3339(at).substr(0, 16);
}

std::string meant_by(const api::BootOnceView& once) {
  std::string what = once.version.value_or(once.profile ? "profile " + *once.profile : "its own profile");
  if (once.variant != "normal") what += ", " + once.variant;
  return what + (once.served ? " (its boot has begun)" : "");
}

}  // namespace

int image_assign(const Context& context, const std::string& image, const Whom& whom) {
  return send(context, "/api/v1/assignments", whom, image);
}

int image_rollback(const Context& context, const Whom& whom) {
  return send(context, "/api/v1/assignments/rollback", whom, "");
}

int image_unassign(const Context& context, const Whom& whom) {
  return send(context, "/api/v1/assignments/remove", whom, "");
}

int image_assigned(const Context& context) {
  return show<api::AssignmentList>(context, "/api/v1/assignments", [](const api::AssignmentList& list) {
    if (list.assignments.empty() && list.once.empty())
      return print_line("nothing is assigned: machines boot what the file says");
    Table table({"FOR", "BOOTS", "SINCE (UTC)", "BEFORE"});
    for (const api::AssignmentView& made : list.assignments) {
      table.row({whose(made.to, made.name),
                 fmt::format("{}@{}{}", made.kind, made.version,
                             made.in_store  ? ""
                             : made.damaged ? " (damaged)"
                                            : " (not in the store)"),
                 day_and_time(made.since), made.before.value_or("what the file says")});
    }
    for (const api::BootOnceView& once : list.once)
      table.row({"machine " + once.machine + ", once", meant_by(once), day_and_time(once.since), ""});
    fmt::print("{}", table.to_string());
    return exit_ok;
  });
}

int image_history(const Context& context, const Whom& whom) {
  std::string target = "/api/v1/assignments/history";
  if (!whom.machine.empty()) target += "?to=machine&name=" + url_part(whom.machine);
  if (!whom.group.empty()) target += "?to=group&name=" + url_part(whom.group);
  if (whom.everyone) target += "?to=everyone";
  return show<api::AssignmentHistory>(context, target, [](const api::AssignmentHistory& told) {
    if (told.history.empty()) return print_line("nothing was ever assigned");
    Table table({"WHEN (UTC)", "FOR", "WHAT", "FROM THEN ON"});
    for (const api::AssignmentEvent& event : told.history) {
      std::string what = event.action == "assigned"      ? "assigned"
                         : event.action == "rolled_back" ? "rolled back"
                                                         : "taken back";
      table.row({day_and_time(event.at), whose(event.to, event.name), what,
                 event.version ? event.kind + "@" + *event.version : "what the file says"});
    }
    fmt::print("{}", table.to_string());
    return exit_ok;
  });
}

int image_pin(const Context& context, const std::string& image, bool pinned) {
  auto method = pinned ? http::Method::post : http::Method::delete_;
  return tell(context, call(context, method, fmt::format("/api/v1/images/{}/pin", url_part(image))));
}

int boot_once(const Context& context, const OnceOptions& options) {
  std::string target = fmt::format("/api/v1/machines/{}/boot-once", url_part(options.machine));
  if (options.cancel) return tell(context, call(context, http::Method::delete_, target));
  api::BootOnceOrder order;
  if (!options.what.empty()) order.what = options.what;
  if (!options.variant.empty()) order.variant = options.variant;
  if (!order.what && !order.variant) {
    fail({"nothing is named that it should boot", "name a profile or an image, or a --variant"});
    return exit_usage;
  }
  return tell(context, call(context, http::Method::post, target, api::to_json(order)));
}

}  // namespace slipway::cli
