// SPDX-License-Identifier: MPL-2.0
// From root to an ordinary account. What is kept: binding low ports and sending frames, which a reload
// that adds an interface needs. Called once, by the main thread, before any other thread exists.
#pragma once

#include <string>
#include <vector>

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

/// Gives up the right to large socket buffers, once the sockets have them.
void settle();

}  // namespace slipway::server
