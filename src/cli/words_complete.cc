// SPDX-License-Identifier: MPL-2.0
// slipway complete LINE: what may stand where the line ends, one to a line. A shell's completion asks it, so
// that the words are those of this program and the names those of this configuration and store.
#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "boot/kernel_properties.h"
#include "boot/loaders.h"
#include "cli/shelf.h"
#include "cli/words.h"

namespace slipway::cli {
namespace {

using Candidates = std::vector<std::string>;

bool takes_a_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

/// "{ipxe,pxelinux}" of an option that takes one of these alone.
Candidates members_of(const CLI::Option& option) {
  std::string type = option.get_type_name();
  auto open = type.find('{'), close = type.rfind('}');
  if (open == type.npos || close == type.npos) return {};
  Candidates members;
  std::istringstream list(type.substr(open + 1, close - open - 1));
  for (std::string one; std::getline(list, one, ',');) members.push_back(one);
  return members;
}

void add_images(const Shelf& shelf, Candidates& out) {
  for (const model::Image& image : shelf.stored.images)
    out.push_back(fmt::format("{}@{}", to_string(image.kind), image.version));
}

template <typename Nouns>
void add_names(const Nouns& nouns, Candidates& out) {
  for (const auto& noun : nouns) out.push_back(noun.name);
}

template <typename Names>
Candidates texts_of(const Names& names) {
  return Candidates(names.begin(), names.end());
}

/// What is the same in every configuration.
Candidates fixed_for(std::string_view name) {
  if (name == "variant") return texts_of(model::variant_names());
  if (name == "kind") return texts_of(model::image_kind_names());
  if (name == "arch") return {"bios", "uefi", "arm64"};
  Candidates found;
  if (name == "property") {
    for (const boot::KernelProperty& property : boot::kernel_properties()) found.emplace_back(property.name);
  } else if (name == "loader" || name == "as") {
    for (const boot::Loader& loader : boot::known_loaders()) found.emplace_back(loader.file);
  }
  return found;
}

/// Names of what there is, by what the option or argument is called. None where nothing can be read: whoever
/// completes wants no errors.
Candidates names_for(const CLI::Option& option, const Context& context) {
  std::string name = option.get_single_name();
  bool image = name == "image" || name == "what", machine = name == "machine" || name == "mac";
  if (!image && !machine && name != "group") return {};
  Candidates out;
  auto shelf = look(context);
  if (!shelf) return out;
  if (image) add_images(*shelf, out);
  if (name == "what") add_names(shelf->plan->profiles(), out);
  if (machine) add_names(shelf->plan->machines(), out);
  if (name == "group") add_names(shelf->plan->groups(), out);
  return out;
}

/// Walks the words as the parser would, and stops before the last one.
class Walk {
 public:
  Walk(CLI::App& app, Context context) : path_{&app}, context_(std::move(context)) {}

  void take(const std::string& word) {
    if (wants_) {
      if (wants_->get_single_name() == "config") context_.config = word;
      wants_ = nullptr;
    } else if (word.starts_with('-')) {
      const CLI::Option* option = find_option(word);
      if (option && takes_a_value(*option) && word.find('=') == word.npos) wants_ = option;
    } else if (CLI::App* sub = find_verb(word)) {
      path_.push_back(sub);
      arguments_ = 0;
    } else {
      ++arguments_;
    }
  }

  Candidates what_follows(const std::string& begun) const {
    if (wants_) return values_of(*wants_);
    if (begun.starts_with('-')) return option_names();
    Candidates words;
    for (const CLI::App* verb : verbs()) words.push_back(verb->get_name());
    if (!words.empty()) return words;
    std::size_t at = 0;
    for (const CLI::Option* option : path_.back()->get_options()) {
      if (option->nonpositional()) continue;
      if (at++ == arguments_ || option->get_items_expected_max() > 1) return values_of(*option);
    }
    return {};
  }

 private:
  Candidates values_of(const CLI::Option& option) const {
    Candidates members = members_of(option);
    if (members.empty()) members = fixed_for(option.get_single_name());
    return members.empty() ? names_for(option, context_) : members;
  }

  std::vector<CLI::App*> verbs() const {
    return path_.back()->get_subcommands([](const CLI::App* verb) { return !verb->get_group().empty(); });
  }

  CLI::App* find_verb(const std::string& word) const {
    auto all = verbs();
    auto found = std::find_if(all.begin(), all.end(), [&](auto* verb) { return verb->get_name() == word; });
    return found == all.end() ? nullptr : *found;
  }

  /// Those of the nouns before it, too.
  std::vector<const CLI::Option*> options() const {
    std::vector<const CLI::Option*> all;
    for (const CLI::App* app : path_) {
      for (const CLI::Option* option : app->get_options()) {
        if (option->nonpositional()) all.push_back(option);
      }
    }
    return all;
  }

  const CLI::Option* find_option(const std::string& word) const {
    std::string name = word.substr(0, word.find('='));
    for (const CLI::Option* option : options()) {
      if (option->check_name(name)) return option;
    }
    return nullptr;
  }

  Candidates option_names() const {
    Candidates names;
    for (const CLI::Option* option : options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
  }

  std::vector<CLI::App*> path_;
  Context context_;
  const CLI::Option* wants_ = nullptr;
  std::size_t arguments_ = 0;
};

}  // namespace

int complete(CLI::App& app, const Context& context, const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> words{std::istream_iterator<std::string>(text), {}};
  std::string begun;
  if (!line.empty() && line.back() != ' ' && !words.empty()) {
    begun = words.back();
    words.pop_back();
  }
  Walk walk(app, context);
  for (std::size_t i = 1; i < words.size(); ++i) walk.take(words[i]);  // the first is the program
  Candidates found = walk.what_follows(begun);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (const std::string& one : found) {
    if (one.starts_with(begun)) fmt::print("{}\n", one);
  }
  return exit_ok;
}

}  // namespace slipway::cli
