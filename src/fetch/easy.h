// SPDX-License-Identifier: MPL-2.0
// libcurl's handles with an owner. Private to fetch/.
#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

namespace slipway::fetch {

struct Cleanup {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, Cleanup>;
using Headers = std::unique_ptr<curl_slist, Cleanup>;

inline void add(Headers& list, const std::string& line) {
  list.reset(curl_slist_append(list.release(), line.c_str()));
}

}  // namespace slipway::fetch
