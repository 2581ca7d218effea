// SPDX-License-Identifier: MPL-2.0
// slipway image remove, gc: what nothing needs goes; what a machine runs, will run or would fall back to
// stays.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/image_name.h"
#include "assign/usage.h"
#include "base/quantity.h"
#include "cli/api_call.h"
#include "cli/shelf.h"
#include "cli/verbs.h"

namespace slipway::cli {
namespace {

/// A rack may run it: some are named, the rest is counted.
std::string reasons(const std::vector<assign::Use>& uses) {
  constexpr std::size_t most = 4;
  std::vector<std::string> said;
  for (const assign::Use& use : uses) {
    if (said.size() == most) break;
    said.push_back(assign::sentence(use));
  }
  std::string text = fmt::format("{}", fmt::join(said, ", "));
  return uses.size() > most ? fmt::format("{}, and {} reasons more", text, uses.size() - most) : text;
}

struct Removal {
  std::string id, title;
  const model::Image* image;  ///< null: it is broken, and more is not known of it
};

Result<Removal, Fault> to_remove(const std::string& named, const Shelf& shelf) {
  constexpr std::size_t fewest_digits = 6;
  for (const std::string& id : shelf.stored.broken) {
    if (named.size() >= fewest_digits && id.starts_with(named))
      return Removal{id, "the broken image " + id.substr(0, 12), nullptr};
  }
  auto image = api::image_meant(named, shelf.stored.images);
  auto damaged = api::image_meant(named, shelf.stored.damaged);
  if (!image && damaged)
    return Removal{(*damaged)->id, "the damaged image " + api::title_of(**damaged), nullptr};
  if (!image) return image.error();
  return Removal{(*image)->id, api::title_of(**image), *image};
}

}  // namespace

int image_remove(const Context& context, const std::string& named) {
  auto shelf = look(context);
  if (!shelf) return fail(shelf.error());
  if (shelf->unknown) return fail(*shelf->unknown);
  auto gone = to_remove(named, *shelf);
  if (!gone) return fail(gone.error());
  auto usage = assign::usage_of(shelf->assigned, *shelf->plan);
  if (auto uses = usage.find(gone->id); uses != usage.end()) {
    return fail({fmt::format("{} stays: {}", gone->title, reasons(uses->second)),
                 gone->image ? "assign another image, or boot the machines with another, and then remove it"
                             : "import it again, which replaces it"});
  }
  image::Store store(shelf->plan->server().state);
  if (auto removed = store.remove(gone->id); !removed) return fail({removed.error().sentence(), ""});
  tell_daemon(context);
  if (!context.json) return print_line("removed " + gone->title);
  api::ImageList list;
  if (gone->image) list.images.push_back(shelf->view(*gone->image, false));
  return print_line(api::to_json(list));
}

int image_gc(const Context& context, bool dry_run) {
  auto shelf = look(context);
  if (!shelf) return fail(shelf.error());
  if (shelf->unknown) return fail(*shelf->unknown);
  auto usage = assign::usage_of(shelf->assigned, *shelf->plan);
  image::Store store(shelf->plan->server().state);
  api::ImageList gone;
  std::uint64_t bytes = 0;
  for (const model::Image* image : assign::needless(usage, *shelf->plan)) {
    if (!dry_run) {
      if (auto removed = store.remove(image->id); !removed) return fail({removed.error().sentence(), ""});
    }
    gone.images.push_back(shelf->view(*image, false));
    bytes += image->size();
    if (!context.json)
      print_line(fmt::format("{} {}", dry_run ? "would remove" : "removed", api::title_of(*image)));
  }
  if (!dry_run && !gone.images.empty()) tell_daemon(context);
  if (context.json) return print_line(api::to_json(gone));
  if (gone.images.empty())
    return print_line("every image is needed, or the latest of its kind: `slipway image list` shows by whom");
  return print_line(fmt::format("{}: {}", dry_run ? "it would free" : "freed", human_bytes(bytes)));
}

}  // namespace slipway::cli
