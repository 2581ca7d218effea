// SPDX-License-Identifier: MPL-2.0
// An iPXE script as a machine walks it: commands run until one needs the world (a file, a pause), and go on
// when told how that went. It knows the commands that boots are made of; prompts and menus are left to
// their time-outs, as in a rack that nobody looks at. Bounded. Pure; one thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "boot/ipxe_text.h"
#include "walk/settings.h"

namespace slipway::walk {

enum class Role { script, kernel, module };

/// A file is wanted; a script that arrives takes the place of this one.
struct Wanted {
  Role role;
  std::string url;  ///< may be relative to the script's own
};
struct Pause {
  Duration length;
  bool menu = false;  ///< somebody could choose
};
struct Boots {};  ///< what was loaded is started
struct Stopped {
  std::string why;
};
using Step = std::variant<Wanted, Pause, Boots, Stopped>;

bool is_script(std::string_view text);

class Script {
 public:
  /// `settings` must outlive it.
  Script(std::string_view text, Settings& settings);

  /// Runs on. `went_well` tells of the step before; at the start it says nothing.
  Step next(bool went_well);

 private:
  using Words = std::vector<std::string>;
  enum class Effect { ok, failed, jumped, step };

  bool run_line(Step& step);
  Effect run(const Words& words, Step& step);
  Effect jump(const std::string& label);
  Effect choose(const Words& words, Step& step);
  Effect want(Role role, const Words& words, Step& step);
  Effect pause(std::string_view text, Duration unit, bool menu, Step& step);
  std::string last_words() const;

  Settings& settings_;
  std::vector<boot::IpxeLine> lines_;
  std::size_t line_ = 0, command_ = 0;
  bool ok_ = true;          ///< how the last command went
  bool begun_ = false;      ///< a step is open: its end is the command's
  bool timed_out_ = false;  ///< the open step is a prompt's pause, which ends in failure
  std::string first_item_;
  std::vector<std::string> said_;  ///< by echo, the newest last
  unsigned commands_left_;
};

}  // namespace slipway::walk
