// SPDX-License-Identifier: MPL-2.0
#include "boot/budget.h"

#include <algorithm>

#include <fmt/format.h>

namespace slipway::boot {
namespace {

/// What the module beside it would say; empty: nobody proves it.
std::string hash_of(const Module& module, const Entry& entry) {
  auto beside = std::find_if(entry.modules.begin(), entry.modules.end(), [&](const Module& other) {
    return other.type == Module::Type::hash && other.name == module.name;
  });
  if (beside == entry.modules.end()) return {};
  if (beside->content) return *beside->content;
  const model::ImageFile* file = entry.image->file(module.file);
  return file ? file->sha1 : std::string();
}

}  // namespace

std::string arguments_of(const Module& module) {
  if (module.type == Module::Type::initrd) return {};
  if (module.type == Module::Type::plain) return module.name;
  return fmt::format("type={} name={}", to_string(module.type), module.name);
}

std::string path_of(const Module& module, const model::Image& image, const MacAddress& mac, NameForm form) {
  return module.origin == Module::Origin::machine ? boot_module_path(mac, module.file)
                                                  : image_path(image, module.file, form);
}

std::string arguments_of(const Entry& entry, const Base& base) {
  if (!entry.image) return {};
  if (entry.start == Start::illumos) return to_line(entry.args);
  std::string line = joined(entry.words);
  std::string server = http_url(base, "");
  server.pop_back();  // the slash
  fill_in(line, "{image}", server + "/images/" + entry.image->short_id());
  fill_in(line, "{server}", server);
  return line;
}

std::size_t bytes_needed(const std::vector<Handover>& lines) {
  std::size_t total = 0;
  for (const Handover& line : lines) {
    total += line.url.size() + 1;  // NUL
    if (!line.arguments.empty()) total += 1 + line.arguments.size();
  }
  return total;
}

std::vector<const Module*> modules_said(const Entry& entry, const Wording& wording) {
  std::vector<const Module*> said;
  for (const Module& module : entry.modules) {
    if (!wording.hashes_in_lines || module.type != Module::Type::hash) said.push_back(&module);
  }
  return said;
}

std::vector<Handover> handovers(const Entry& entry, const Base& base, const MacAddress& mac,
                                const Wording& wording) {
  std::vector<Handover> lines;
  if (!entry.image) return lines;
  lines.push_back(
      {file_url(base, image_path(*entry.image, entry.kernel, wording.form)), arguments_of(entry, base)});
  for (const Module* module : modules_said(entry, wording)) {
    lines.push_back(
        {file_url(base, path_of(*module, *entry.image, mac, wording.form)), arguments_of(*module)});
    std::string hash = wording.hashes_in_lines ? hash_of(*module, entry) : std::string();
    if (!hash.empty()) lines.back().arguments += " hash=" + hash;
  }
  return lines;
}

Fit fit(const Entry& entry, const Base& base, const MacAddress& mac, const Limits& limits) {
  Fit result;
  for (Wording wording : {Wording{NameForm::readable, false}, Wording{NameForm::brief, false},
                          Wording{NameForm::brief, true}}) {
    auto lines = handovers(entry, base, mac, wording);
    result = {wording, bytes_needed(lines), lines.empty() ? 0 : lines.size() - 1, true};
    if (!needs_multiboot(entry.start)) break;
    result.fits = result.bytes <= limits.line_bytes && result.modules <= limits.modules;
    if (result.fits) break;
  }
  return result;
}

}  // namespace slipway::boot
