// SPDX-License-Identifier: MPL-2.0
// From root to an ordinary account. What is kept, where the system has rights to keep: binding low ports and
// sending frames, which a reload that adds an interface needs. Where it has only user ids, root stays in the
// background until `settle`, and such a reload needs a restart. Called once, by the main thread, before any
// other thread exists.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace slipway::server {

/// Makes the directories where they are missing and hands them, and the files named, to `user`. Does
/// nothing but making them when this process is not root. Throws StartupError.
void give_to(const std::string& user, const std::vector<std::string>& directories,
             const std::vector<std::string>& files);

/// Becomes `user`, with no more rights than binding ports and large socket buffers need. Nothing happens
/// when this process is not root, or when `user` is "root". Throws StartupError, for example when
/// there is no such account.
void become(const std::string& user);

/// Throws StartupError unless whoever we are by now may read and write in `directory`.
void require_access(const std::string& directory);

/// While it lives, sockets may be opened that only root may open. Throws StartupError.
class PortRights {
 public:
  PortRights();
  ~PortRights();
  PortRights(const PortRights&) = delete;
  PortRights& operator=(const PortRights&) = delete;

 private:
  [[maybe_unused]] uid_t later_ = 0;  ///< whom we are to be again; 0: nothing changed
};

/// Gives up what only the opening of the sockets needed, once they are open.
void settle();

}  // namespace slipway::server
