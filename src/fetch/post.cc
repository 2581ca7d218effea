// SPDX-License-Identifier: MPL-2.0
#include "fetch/post.h"

#include "base/version.h"
#include "fetch/easy.h"

namespace slipway::fetch {
namespace {

constexpr long connect_limit_ms = 5'000, answer_limit_ms = 15'000;

std::size_t ignore_body(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

int stop_when_asked(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

}  // namespace

Result<int, Fault> send(const Post& post, const std::atomic<bool>& stop) {
  Easy curl(curl_easy_init());
  if (!curl) return Fault{"libcurl gives no handle", ""};
  Headers headers;
  for (const std::string& header : post.headers) add(headers, header);
  auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  set(CURLOPT_URL, post.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_USERAGENT, (std::string("slipway/") + version).c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_POSTFIELDSIZE, static_cast<long>(post.body.size()));
  set(CURLOPT_POSTFIELDS, post.body.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, connect_limit_ms);
  set(CURLOPT_TIMEOUT_MS, answer_limit_ms);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, stop_when_asked);
  set(CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stop));
  set(CURLOPT_WRITEFUNCTION, ignore_body);
  if (!post.authority.empty()) set(CURLOPT_CAINFO, post.authority.c_str());
  CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK)
    return Fault{curl_easy_strerror(code), "see that the receiver runs and its certificate is good"};
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

}  // namespace slipway::fetch
