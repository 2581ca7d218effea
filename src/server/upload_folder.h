// SPDX-License-Identifier: MPL-2.0
// Where write requests go: one folder of the operator's, with a limit for each file and for all. A file is
// there whole and on the disk or not at all; until then it has a name that begins with a dot. Names are
// plain: one component of letters, digits, '.', '-' and '_'. Any thread; what is refused has a sentence.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "tftp/negotiation.h"

namespace slipway::server {

struct UploadLimits {
  std::uint64_t file = 64 << 20;   ///< bytes of one
  std::uint64_t all = 1ull << 30;  ///< bytes of all that lie in the folder
  std::size_t files = 4096;        ///< that lie in the folder
  bool overwrite = false;          ///< a file of the same name is replaced
};

class UploadFolder {
 public:
  /// Throws StartupError when nothing can be written there. Removes what an earlier run left unfinished.
  UploadFolder(const std::string& path, const UploadLimits& limits);

  /// A file on its way in; gone when this goes, unless it was kept. One thread at a time.
  class Staged {
   public:
    Staged(UploadFolder& folder, std::string name, std::string staged_as, UniqueFd fd, std::uint64_t most);
    ~Staged();
    Staged(const Staged&) = delete;
    Staged& operator=(const Staged&) = delete;

    std::uint64_t most() const { return most_; }  ///< bytes it may have
    [[nodiscard]] bool append(ByteView bytes);    ///< false: the disk says no
    /// Waits for the disk. What was in the way, or nothing.
    std::optional<tftp::Refusal> keep();

   private:
    void settle();

    UploadFolder& folder_;
    std::string name_, staged_as_;
    UniqueFd fd_;
    std::uint64_t most_, promised_;
    bool kept_ = false;
  };

  const UploadLimits& limits() const { return limits_; }

  /// `size` is what the client says it will send; 0: it does not say.
  Result<std::unique_ptr<Staged>, tftp::Refusal> open(std::string_view filename, std::uint64_t size);

 private:
  struct Held {
    std::uint64_t bytes = 0;
    std::size_t files = 0;
  };
  Held held() const;
  void remove_unfinished();

  std::string path_;
  UploadLimits limits_;
  UniqueFd folder_;
  std::mutex mutex_;
  std::uint64_t promised_ = 0;  ///< bytes that files on their way in may have
  std::uint64_t number_ = 0;
};

}  // namespace slipway::server
