// SPDX-License-Identifier: MPL-2.0
// The API described in OpenAPI 3.1, made from the endpoint table and the structs themselves, so that it
// cannot say anything else than the code. docs/openapi.json is this text; a test holds the two together.
#pragma once

#include <string>
#include <vector>

#include "api/endpoints.h"

namespace slipway::api {

std::string openapi(const std::vector<EndpointDoc>& table);

}  // namespace slipway::api
