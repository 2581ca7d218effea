// SPDX-License-Identifier: MPL-2.0
// Words of the command line and where their values go. Only files that begin with words_, and the main one,
// know CLI11: it is slow to compile.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/verbs.h"

namespace slipway::cli {

/// Words and where their values go. One object, alive while CLI11 parses.
struct Words {
  Context context;
  std::string name, file, property;
  std::optional<std::string> machine, image;
  bool follow = false, dry_run = false, available = false;
  unsigned boots = 1;
  Whom whom;
  OnceOptions once;
  PreviewOptions preview;
  SimulateOptions simulate;
  LeaseFilter lease_filter;
  LeaseImportOptions lease_import;
  ExportOptions exports;
  TokenOptions token;
  unsigned limit = 50;
  image::Wish wish;
  BringOptions bring;
  std::string kind;
  std::function<int()> verb;
};

CLI::App* add_verb(CLI::App& noun, Words& words, const std::string& name, const std::string& says,
                   std::function<int()> work, const std::string& examples = "");
/// Of a verb that works on the files of this machine: never for a server elsewhere.
CLI::App* add_verb_here(CLI::App& noun, Words& words, const std::string& name, const std::string& says,
                        std::function<int()> work, const std::string& examples = "");
CLI::App* add_noun(CLI::App& app, const std::string& name, const std::string& says);

/// words_complete.cc: of a command line that is being typed.
int complete(CLI::App& app, const Context& context, const std::string& line);

void add_images(CLI::App& app, Words& words);
void add_loaders(CLI::App& app, Words& words);

}  // namespace slipway::cli
