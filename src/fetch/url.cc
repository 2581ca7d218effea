// SPDX-License-Identifier: MPL-2.0
#include "fetch/url.h"

#include <algorithm>
#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/printable.h"

namespace slipway::fetch {
namespace {

constexpr std::size_t longest = 2048, longest_name = 160;

struct Cleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Parsed = std::unique_ptr<CURLU, Cleanup>;

std::string part(const Parsed& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  std::string value = curl_url_get(url.get(), which, &text, flags) == CURLUE_OK && text ? text : "";
  curl_free(text);
  return value;
}

void drop(const Parsed& url, CURLUPart which) {
  curl_url_set(url.get(), which, nullptr, 0);
}

/// It becomes the name of a file, and a part of what is served.
std::string plain_name(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1).substr(0, longest_name));
  for (char& c : name) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                 c == '-' || c == '_' || c == '+' || c == '~';
    if (!plain) c = '-';
  }
  return name.empty() || name.front() == '.' ? "download" : name;
}

}  // namespace

bool Url::is_url(std::string_view text) {
  std::size_t end = text.find("://");
  return end != std::string_view::npos && end > 0 &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                     [](unsigned char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
}

Result<Url, Fault> Url::parse(std::string_view text) {
  constexpr std::string_view remedy = "give a whole one: https://host/path/file";
  auto refused = [&](std::string_view why) {
    // What may hold a password is not repeated.
    return Fault{fmt::format("that URL {}", why), std::string(remedy)};
  };
  if (text.size() > longest) return refused(fmt::format("is longer than {} bytes", longest));
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7f; }))
    return refused("holds blanks or letters beyond ASCII");
  Parsed url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK)
    return refused("cannot be read");
  std::string scheme = part(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https")
    return refused(fmt::format("is of the kind {}, and only http and https are fetched", printable(scheme)));
  Url made;
  made.secure_ = scheme == "https";
  made.host_ = part(url, CURLUPART_HOST);
  made.user_ = part(url, CURLUPART_USER, CURLU_URLDECODE);
  made.password_ = part(url, CURLUPART_PASSWORD, CURLU_URLDECODE);
  made.file_name_ = plain_name(part(url, CURLUPART_PATH, CURLU_URLDECODE));
  for (CURLUPart secret : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_FRAGMENT})
    drop(url, secret);
  made.address_ = part(url, CURLUPART_URL);
  drop(url, CURLUPART_QUERY);
  made.shown_ = printable(part(url, CURLUPART_URL));
  return made;
}

Result<Url, Fault> Url::beside(std::string_view reference) const {
  Parsed url(curl_url());
  bool read = url && reference.size() <= longest &&
              curl_url_set(url.get(), CURLUPART_URL, address_.c_str(), 0) == CURLUE_OK &&
              curl_url_set(url.get(), CURLUPART_URL, std::string(reference).c_str(), 0) == CURLUE_OK;
  if (!read) return Fault{fmt::format("beside {} there can be no such name", shown_), "check the URL"};
  auto made = parse(part(url, CURLUPART_URL));
  if (made && made->host_ == host_ && made->secure_ == secure_) {
    made->user_ = user_;
    made->password_ = password_;
  }
  return made;
}

}  // namespace slipway::fetch
