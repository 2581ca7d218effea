// SPDX-License-Identifier: MPL-2.0
#include "boot/budget.h"

#include <fmt/format.h>

namespace slipway::boot {

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

std::vector<Handover> handovers(const Entry& entry, const Base& base, const MacAddress& mac, NameForm form) {
  std::vector<Handover> lines;
  if (!entry.image) return lines;
  lines.push_back({file_url(base, image_path(*entry.image, entry.kernel, form)), arguments_of(entry, base)});
  for (const Module& module : entry.modules)
    lines.push_back({file_url(base, path_of(module, *entry.image, mac, form)), arguments_of(module)});
  return lines;
}

Fit fit(const Entry& entry, const Base& base, const MacAddress& mac, const Limits& limits) {
  Fit result;
  for (NameForm form : {NameForm::readable, NameForm::brief}) {
    result.form = form;
    result.bytes = bytes_needed(handovers(entry, base, mac, form));
    result.fits = result.bytes <= limits.line_bytes || !needs_multiboot(entry.start);
    if (result.fits) break;
  }
  return result;
}

}  // namespace slipway::boot
