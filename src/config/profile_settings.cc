// SPDX-License-Identifier: MPL-2.0
// The keys of [profile.NAME].
#include "config/boot_files.h"
#include "config/settings.h"
#include "config/values.h"

namespace slipway::config {
namespace {

using model::Profile;

void image_ref(const Value& value, Profile& profile, Problems& problems) {
  std::string text;
  read(value, text, problems);
  if (auto ref = model::ImageRef::parse(text)) {
    profile.image = *ref;
  } else if (value.text()) {
    report(problems, value.place, "'" + text + "' names no image",
           "write smartos@latest, smartos@20240102T030405Z or at least the first 6 digits of an id from "
           "`slipway image "
           "list`");
  }
}

void variants(const Value& value, Profile& profile, Problems& problems) {
  using enum model::Variant;
  static constexpr Word<model::Variant> words[] = {{"normal", normal},           {"serial", serial},
                                                   {"rescue", rescue},           {"kmdb", kmdb},
                                                   {"single-user", single_user}, {"debug", debug}};
  if (!value.array())
    return report(problems, value.place, "variants wants a list", "variants = [\"rescue\"]");
  for (const Value& item : *value.array()) {
    model::Variant variant = normal;
    std::size_t before = problems.size();
    read_word<model::Variant>(item, words, variant, problems);
    if (problems.size() == before) profile.variants.push_back(variant);
  }
}

void up_rule(const Value& value, Profile& profile, Problems& problems) {
  std::string text;
  read(value, text, problems);
  if (auto rule = model::parse_up_rule(text)) {
    profile.up.sign = rule->sign;
    profile.up.port = rule->port;
    profile.up.said = true;
  } else if (value.text()) {
    report(problems, value.place, "'" + text + "' is nothing that shows that a machine is up",
           "write dhcp, call, stay, or tcp: and a port, for example tcp:22");
  }
}

void up_within(const Value& value, Profile& profile, Problems& problems) {
  std::size_t before = problems.size();
  read(value, profile.up.within, problems);
  bool sensible = profile.up.within >= std::chrono::seconds(1) && profile.up.within <= std::chrono::hours(24);
  if (problems.size() == before && !sensible)
    report(problems, value.place, "no machine takes that long to come up, or that short", "write 1s to 24h");
}

}  // namespace

std::span<const Setting<Profile>> profile_settings() {
  static constexpr Setting<Profile> keys[] = {
      {"image", "image", "",
       "what to boot: \"smartos@latest\", \"smartos@STAMP\" or an id; needed where `san` is not said",
       image_ref},
      {"console", "text | graphics | ttya | ttyb | ttyc | ttyd", "the kernel's choice",
       "where the kernel talks", into<&Profile::console, Profile>},
      {"properties", "table", "none", "kernel properties (-B name=value)",
       into<&Profile::properties, Profile>},
      {"flags", "list of strings", "none", "kernel flags before -B, for example [\"-v\"]",
       into<&Profile::flags, Profile>},
      {"arguments", "list of strings", "none",
       "what a kernel that is none of illumos is told, for example [\"quiet\", \"ip=dhcp\"]; {image}, "
       "{server}, {mac} and {name} stand for the URL of the image's files, that of this server, the "
       "machine's "
       "MAC address and its name",
       into<&Profile::arguments, Profile>},
      {"confirm", "list of destroy_zpools, default-password", "none",
       "dangerous settings that are meant: without it no machine starts with them",
       [](const Value& v, Profile& profile, Problems& found) {
         read_confirmed(v, profile.confirmed, found);
       }},
      {"modules", "table of files", "none",
       "what an illumos kernel finds below /system/boot, for example { \"etc/system\" = "
       "\"/etc/slipway/system\" }; "
       "read together with this file, served to the machine alone",
       [](const Value& v, Profile& profile, Problems& found) { read_modules(v, profile.boot_files, found); }},
      {"networking", "boolean", "false",
       "networking.json is made for every machine, from what this file says of it",
       [](const Value& v, Profile& profile, Problems& found) {
         read_networking(v, profile.boot_files, found);
       }},
      {"answers", "table", "none",
       "answers.json is made, with these in it, for SmartOS to install itself without questions",
       [](const Value& v, Profile& profile, Problems& found) { read_answers(v, profile.boot_files, found); }},
      {"san", "table", "none", "a disk to boot from, in place of an image",
       [](const Value& v, Profile& profile, Problems& found) { read_san(v, profile.san, found); }},
      {"variants", "list of normal, serial, rescue, kmdb, single-user, debug", "none",
       "further entries of the boot menu; with none there is no menu", variants},
      {"probe", "dhcp | tcp:PORT | call | stay", "dhcp for illumos, otherwise stay",
       "what shows that a machine is up: its operating system asks for an address, a port of it answers, it "
       "fetches /up/MAC from this server, or nothing but that it does not come back to boot",
       up_rule},
      {"up-within", "time", "10m",
       "how long that may take after the last file was delivered; coming back to boot sooner is a failure",
       up_within},
  };
  return keys;
}

}  // namespace slipway::config
