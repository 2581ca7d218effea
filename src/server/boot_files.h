// SPDX-License-Identifier: MPL-2.0
// From a served name to bytes: images, loaders, the operator's files, and scripts rendered for the machine
// that asks. The same answer over TFTP and HTTP. Each transfer loop has its own; nothing is shared but
// the image store and what DHCP learned of the clients. What is not served has a reason in words.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/address.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "boot/decide.h"
#include "boot/ipxe_script.h"
#include "boot/names.h"
#include "http/message.h"
#include "image/store.h"
#include "model/plan.h"
#include "server/address_owners.h"
#include "server/known_clients.h"
#include "server/script_cache.h"
#include "timeline/event.h"

namespace slipway::server {

struct Asked {
  std::string_view path;
  Ipv4 client;
  boot::Base base;  ///< where the client reached us: URLs in scripts lead back there
};

struct Served {
  std::variant<std::shared_ptr<const std::string>, std::shared_ptr<const http::OpenFile>> content;
  /// What the timeline notes besides the transfer, for scripts: which entry, or which refusal.
  std::optional<timeline::Event> script;
  std::string_view type = "text/plain; charset=utf-8";  ///< of a text, over HTTP
};

struct NotServed {
  enum class Why { absent, forbidden, failed };
  Why why = Why::absent;
  std::string reason;
};

class BootFiles {
 public:
  BootFiles(const image::Store& images, const KnownClients& clients, std::string state);

  void publish(std::shared_ptr<const model::Plan> plan) {
    plan_ = std::move(plan);
    owners_.publish(plan_);
    scripts_.clear();
    start_scripts_.clear();
  }
  Result<Served, NotServed> get(const Asked& asked);
  /// What a file is to a boot, where its image says so; otherwise unknown.
  timeline::Role role_of(std::string_view path) const;
  /// To whose story belongs what is asked for from there: as timeline::Event means it.
  struct Whose {
    std::optional<MacAddress> machine, meant;
  };
  Whose whose(std::string_view path, Ipv4 client) const;
  const AddressOwners& owners() const { return owners_; }

 private:
  using Answer = Result<Served, NotServed>;

  Answer serve(const boot::LoaderFile& name, const Asked& asked);
  Answer serve(const boot::BootScript& name, const Asked& asked);
  Answer serve(const boot::PlatformFile& name, const Asked& asked);
  Answer serve(const boot::ImageFile& name, const Asked& asked);
  Answer serve(const boot::BootModule& name, const Asked& asked);
  Answer serve(const boot::PxelinuxConfig& name, const Asked& asked);
  Answer serve(const boot::MenuLst& name, const Asked& asked);
  Answer serve(const boot::GrubConfig& name, const Asked& asked);
  Answer serve(const boot::PixiecoreQuestion& name, const Asked& asked);
  Answer serve(const boot::IllumosFile& name, const Asked& asked);
  model::Client whoever_asks(const Asked& asked) const;
  Answer serve(const boot::OperatorFile& name, const Asked& asked);
  Answer image_file(const model::Image* image, std::string_view wanted, std::string_view path);
  Answer folder_file(const std::string& folder, const SafePath& path);
  Answer opened_file(UniqueFd fd, const std::string& name);
  boot::ScriptContext context(const model::Client& client, const Asked& asked);
  /// What a loader reads, whatever its language: decided once, noted once.
  Answer script(const model::Client& client, const Asked& asked, ScriptCache::Renderer render);

  const image::Store& images_;
  const KnownClients& clients_;
  AddressOwners owners_;
  std::string state_;
  std::shared_ptr<const model::Plan> plan_;
  std::map<std::string, std::weak_ptr<const http::OpenFile>> open_images_;  // by image id and path
  ScriptCache scripts_;
  /// What every machine reads first, by the address of ours and whether through TLS.
  std::map<std::pair<Ipv4, bool>, std::shared_ptr<const std::string>> start_scripts_;
  std::uint16_t run_id_;  // request ids of different loops and runs do not meet
  std::uint64_t requests_ = 0;
};

}  // namespace slipway::server
