// SPDX-License-Identifier: MPL-2.0
// A disk on an iSCSI target that exists already, to boot from (RFC 7143; its URI is RFC 4173 §5). A profile
// says it, a machine lays its own over it. Values; what {name} and {mac} stand for is filled in by boot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/address.h"
#include "model/boot_files.h"

namespace slipway::model {

struct San {
  std::string target;  ///< "iqn.2024-01.example.rack:{name}"; empty: not said
  std::optional<Ipv4> portal;
  std::optional<std::uint16_t> port;
  std::optional<std::uint16_t> lun;
  std::string initiator;  ///< the name the machine goes by; empty: iPXE makes one
  LocalFile
      credentials;  ///< of CHAP: name and secret, a line each, then those of the target if it proves itself
  Place place;
  Places places;
};

/// `over` laid over `base`, key by key.
San merged(San base, const San& over);

}  // namespace slipway::model
