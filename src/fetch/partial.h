// SPDX-License-Identifier: MPL-2.0
// A file on its way here: <downloads>/<key of the URL>/{<its name>,.origin}, held by one process at a time
// and there again after whatever ended it. Without .origin the bytes count for nothing: it goes before the
// first of them changes and comes back, durable, before the first new one is written. Owned by the owner of
// the folder. Blocks its thread; failures are values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "fetch/origin.h"
#include "fetch/url.h"

namespace slipway::fetch {

class Partial {
 public:
  /// Makes `downloads` where it is missing, and removes what nobody came back for in a week.
  static Result<std::unique_ptr<Partial>, Fault> open(const std::string& downloads, const Url& url);

  const std::string& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  /// Of the bytes that are here; nothing when there are none to go on from.
  const std::optional<Origin>& origin() const { return origin_; }

  /// What is here is of another file.
  void forget();
  /// Nothing has come yet, of a file of this origin.
  Result<void, Fault> begin(const Origin& origin);
  /// What comes next comes at this place, which is not behind the end.
  void go_on_at(std::uint64_t offset) { at_ = offset; }
  Result<void, Fault> write(ByteView bytes);
  /// Durable from now on.
  Result<void, Fault> sync();
  /// Refuses what will not fit on the disk.
  Result<void, Fault> require_space(std::uint64_t more) const;
  /// Leaves nothing.
  void remove();

 private:
  Partial(std::string downloads, std::string key, std::string name, UniqueFd folder);
  Result<void, Fault> look();
  Fault failed(std::string_view doing) const;

  std::string downloads_, key_, name_, path_;
  UniqueFd folder_;  ///< locked
  UniqueFd file_;
  std::optional<Origin> origin_;
  std::uint64_t size_ = 0, at_ = 0;
};

}  // namespace slipway::fetch
