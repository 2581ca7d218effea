// SPDX-License-Identifier: MPL-2.0
#include "model/san.h"

namespace slipway::model {

San merged(San base, const San& over) {
  if (!over.target.empty()) base.target = over.target;
  if (over.portal) base.portal = over.portal;
  if (over.port) base.port = over.port;
  if (over.lun) base.lun = over.lun;
  if (!over.initiator.empty()) base.initiator = over.initiator;
  if (!over.credentials.path.empty()) base.credentials = over.credentials;
  return base;
}

}  // namespace slipway::model
