// SPDX-License-Identifier: MPL-2.0
// The keys about files of /system/boot and about SAN disks, which profiles, groups and machines share; and
// the one place that reads such files. A file that cannot be read is noted in its LocalFile, never a fault of
// the configuration itself: whoever may not read it still may read the rest.
#pragma once

#include <string>

#include "config/tree.h"
#include "model/plan.h"

namespace slipway::config {

void read_modules(const Value& value, model::BootFiles& files, Problems& problems);
void read_networking(const Value& value, model::BootFiles& files, Problems& problems);
void read_answers(const Value& value, model::BootFiles& files, Problems& problems);
void read_confirmed(const Value& value, std::vector<std::string>& into, Problems& problems);
void read_san(const Value& value, std::optional<model::San>& san, Problems& problems);

/// A path of the configuration `file`: absolute, or beginning where that lies.
std::string beside(const std::string& file, std::string path);

/// Those that were not read, for whoever needs all of them.
Problems unread_files(const model::Plan& plan);

/// Every file whose content the draft wants. Relative paths, those of other files included, begin where the
/// configuration `file` lies.
void read_local_files(model::Draft& draft, const std::string& file);

}  // namespace slipway::config
