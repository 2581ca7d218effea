// SPDX-License-Identifier: MPL-2.0
// The plan that runs: the configuration file and the images in the store, built into one world. A bad file
// or a broken image never replaces what runs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/problem.h"
#include "image/store.h"
#include "model/plan.h"

namespace slipway::server {

class PlanSource {
 public:
  /// Throws StartupError with every error of the file.
  explicit PlanSource(std::string config_path);

  const std::shared_ptr<const model::Plan>& plan() const { return plan_; }
  image::Store& images() { return *images_; }
  const Problems& image_problems() const { return image_problems_; }

  /// Reads the file again. Empty: the new plan is in force. Otherwise every error, and nothing changed.
  /// `also` judges what a file alone cannot tell: whether its interfaces exist.
  Problems reload(const std::function<Problems(const model::Plan&)>& also);
  /// Looks at the image store again.
  void refresh_images();
  /// From here on, whatever the file and the store come to.
  void use(std::shared_ptr<const model::Assignments> assignments);

 private:
  image::Store::Listing list_images();

  std::string config_path_;
  std::unique_ptr<image::Store> images_;
  Problems image_problems_;
  std::shared_ptr<const model::Plan> plan_;
  std::shared_ptr<const model::Assignments> assignments_ = std::make_shared<const model::Assignments>();
};

/// What needs a restart, because ports and directories are bound at the start: sentences, or none.
Problems needs_restart(const model::Plan& now, const model::Plan& then);

}  // namespace slipway::server
