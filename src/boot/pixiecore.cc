// SPDX-License-Identifier: MPL-2.0
#include "boot/pixiecore.h"

#include <fmt/format.h>

#include "boot/budget.h"

namespace slipway::boot {
namespace {

/// A JSON string (RFC 8259 §7).
std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// Kernel and initrds say it all: one entry, of Linux, without a fault, and with nothing that pixiecore's
/// templates would take for a command of theirs.
bool is_plain(const Boot& boot, const ScriptContext& context) {
  const Entry& entry = boot.entries.front();
  return !boot.menu && entry.start == Start::linux_ && entry.fault.empty() &&
         arguments_of(entry, context.base).find("{{") == std::string::npos;
}

std::string plain(const Entry& entry, const ScriptContext& context) {
  auto url = [&](const std::string& path) { return json_text(http_url(context.base, path)); };
  std::string initrds;
  for (const Module& module : entry.modules)
    initrds += (initrds.empty() ? "" : ", ") + url(path_of(module, *entry.image, context.mac));
  return fmt::format("{{\"kernel\": {}, \"initrd\": [{}], \"cmdline\": {}, \"message\": {}}}\n",
                     url(image_path(*entry.image, entry.kernel)), initrds,
                     json_text(arguments_of(entry, context.base)),
                     json_text(fmt::format("Slipway: {} for {}", entry.title, context.machine)));
}

}  // namespace

std::optional<std::string> pixiecore_answer(const Decision& decision, const ScriptContext& context) {
  if (std::holds_alternative<LocalDisk>(decision) || std::holds_alternative<Silent>(decision))
    return std::nullopt;
  // pixiecore asks for the machine: secrets are told to the machine itself, when it asks for its script.
  if (has_secrets(decision))
    return fmt::format("{{\"ipxe-script\": {}}}\n", json_text(ipxe_start_script(context.base)));
  const Boot* boot = std::get_if<Boot>(&decision);
  if (boot && is_plain(*boot, context)) return plain(boot->entries.front(), context);
  return fmt::format("{{\"ipxe-script\": {}}}\n", json_text(ipxe_script(decision, context)));
}

}  // namespace slipway::boot
