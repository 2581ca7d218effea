// SPDX-License-Identifier: MPL-2.0
// The one table of settings: name, type, default and meaning of every key, and how it is read. The
// reader, `slipway check`, the manual and the reference page are all made from it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "config/tree.h"
#include "model/plan.h"

namespace slipway::config {

/// One key of a section that fills a T.
template <typename T>
struct Setting {
  std::string_view name, type, fallback, doc;
  void (*read)(const Value&, T&, Problems&);
  bool required = false;
};

std::span<const Setting<model::ServerSettings>> server_settings();
std::span<const Setting<model::BootSettings>> boot_settings();
std::span<const Setting<model::ImportSettings>> import_settings();
std::span<const Setting<model::ApiSettings>> api_settings();
std::span<const Setting<model::Webhook>> webhook_settings();
std::span<const Setting<model::Subnet>> subnet_settings();
std::span<const Setting<model::Profile>> profile_settings();
std::span<const Setting<model::San>> san_settings();
std::span<const Setting<model::Machine>> machine_settings();
std::span<const Setting<model::BootClass>> class_settings();
std::span<const Setting<model::Group>> group_settings();
std::span<const Setting<model::ClassCondition>> condition_settings();

/// The same rows for a reader of the manual.
struct SettingDoc {
  std::string_view name, type, fallback, doc;
  bool required;
};
struct SectionDoc {
  std::string_view head, doc;
  std::vector<SettingDoc> settings;
};
std::vector<SectionDoc> settings_reference();

}  // namespace slipway::config
