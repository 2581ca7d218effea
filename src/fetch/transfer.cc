// SPDX-License-Identifier: MPL-2.0
#include "fetch/transfer.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "base/version.h"
#include "fetch/easy.h"

namespace slipway::fetch {
namespace {

bool is_answer(long status) {
  return status == 200 || status == 206;
}

/// What libcurl's callbacks work on.
struct State {
  const Options& options;
  const Receiver& receiver;
  CURL* curl;
  Origin origin;
  std::optional<ContentRange> range;
  bool headed = false;
  std::optional<Fault> fault;

  long status() const {
    long code = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    return code;
  }
  bool stopped() const { return options.stop && options.stop->load(std::memory_order_relaxed); }
  bool take(Result<void, Fault> done) {
    if (!done) fault = done.error();
    return done.has_value();
  }
  bool head() {
    if (headed) return true;
    headed = true;
    return take(receiver.head(status(), origin, range));
  }
};

std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self) {
  State& state = *static_cast<State*>(self);
  std::string_view line(bytes, size);
  if (line.starts_with("HTTP/")) {  // of a redirect, too: each response begins afresh
    state.origin = {};
    state.range.reset();
  }
  note_header(state.origin, line);
  if (auto header = header_of(line); header && header->first == "content-range")
    state.range = parse_content_range(header->second);
  return size;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
  State& state = *static_cast<State*>(self);
  if (state.stopped()) return 0;
  if (!is_answer(state.status())) return size;  // the page of an error
  ByteView view{reinterpret_cast<const std::uint8_t*>(bytes), size};
  return state.head() && state.take(state.receiver.body(view)) ? size : 0;
}

int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<State*>(self)->stopped() ? 1 : 0;
}

Failure status_failure(const Url& url, long status) {
  std::string what = fmt::format("{} answers {} to {}", url.host(), status, url.shown());
  if (status == 401 || status == 403)
    return {{what, fmt::format("if it asks for credentials, put those of {} into ~/.netrc", url.host())},
            false,
            status};
  if (status == 404 || status == 410) return {{what, "there is no such file; check the URL"}, false, status};
  bool passes = status == 408 || status == 429 || status >= 500;
  return {{what, passes ? "try again later" : "check the URL"}, passes, status};
}

Failure curl_failure(const Url& url, CURLcode code, const char* said) {
  std::string why = printable(*said ? said : curl_easy_strerror(code));
  std::string what = fmt::format("{} cannot be fetched: {}", url.shown(), why);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {{what, "check the name and this machine's DNS"}};
    case CURLE_COULDNT_CONNECT:
      return {{what, "check the address, and whether a firewall or a proxy (https_proxy) is in between"},
              true};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return {{what,
               "name the authority that vouches for the server with --ca FILE, or correct its certificate"}};
    case CURLE_SSL_CACERT_BADFILE:
      return {{what, "give --ca a PEM file with certificates"}};
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {{what, "give the URL that it leads to in the end, if you trust that"}};
    default:
      return {{what, "give the command again: it goes on from what has come"}, true};
  }
}

void set_bounds(CURL* curl, const Url& url, const Options& options) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, url.secure() ? "https" : "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, options.most_redirects);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.connect.count()));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1000L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.silence.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(options.whole.count()));
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);  // the page of an error is not read
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 512L * 1024);
}

void set_identity(CURL* curl, const Url& url, const Options& options) {
  curl_easy_setopt(curl, CURLOPT_URL, url.address().c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, fmt::format("slipway/{}", version).c_str());
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
  if (!url.user().empty()) curl_easy_setopt(curl, CURLOPT_USERNAME, url.user().c_str());
  if (!url.password().empty()) curl_easy_setopt(curl, CURLOPT_PASSWORD, url.password().c_str());
  if (!options.authorities.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.authorities.c_str());
}

void set_callbacks(CURL* curl, State& state, char* said) {
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, said);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &state);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &state);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &state);
}

}  // namespace

Result<void, Failure> transfer(const Url& url, const Options& options, const Receiver& receiver,
                               std::uint64_t from, const std::string& validator) {
  Easy curl(curl_easy_init());
  if (!curl) return Failure{{"libcurl cannot start", "look at this machine's memory"}};
  State state{options, receiver, curl.get(), {}, {}, false, {}};
  char said[CURL_ERROR_SIZE] = "";
  Headers headers;
  if (!validator.empty()) {
    add(headers, fmt::format("Range: bytes={}-", from));
    add(headers, "If-Range: " + validator);
  }
  set_bounds(curl.get(), url, options);
  set_identity(curl.get(), url, options);
  set_callbacks(curl.get(), state, said);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());

  CURLcode code = curl_easy_perform(curl.get());
  if (state.stopped())
    return Failure{{"interrupted", "give the command again: it goes on from what has come"}};
  if (code == CURLE_OK && is_answer(state.status())) state.head();
  if (state.fault) return Failure{*state.fault};
  if (code == CURLE_HTTP_RETURNED_ERROR || (code == CURLE_OK && !is_answer(state.status())))
    return status_failure(url, state.status());
  if (code != CURLE_OK) return curl_failure(url, code, said);
  return {};
}

}  // namespace slipway::fetch
