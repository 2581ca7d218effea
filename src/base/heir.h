// SPDX-License-Identifier: MPL-2.0
// Gives what root makes in another account's folder to that account. It changes nothing but what is root's
// own, has no other name and was opened without following a link: the account that owns the folder must not
// come by anything else of root's. Without the right to give things away (CAP_CHOWN) they stay root's, which
// is no failure. Any thread; nothing to be done unless we are root.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace slipway {

struct Heir {
  uid_t user = 0;
  gid_t group = 0;
};

/// The owner of the folder, when we are root and it is another account's.
std::optional<Heir> heir_of(const std::string& folder);

/// A folder alone, without what is in it.
void give_folder(int folder, const std::optional<Heir>& heir);
/// A file, unless it holds something.
void give_empty_file(int file, const std::optional<Heir>& heir);
/// A folder with its files and folders, from the leaves up: what is given away is no longer looked into.
void give_tree(int folder, const std::optional<Heir>& heir);

}  // namespace slipway
