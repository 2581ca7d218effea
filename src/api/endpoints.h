// SPDX-License-Identifier: MPL-2.0
// The management API, /api/v1: one table of endpoints, each a question to the running daemon or an action,
// and what holds for all of them: who may, what is written down, entity tags. The work is in the desks, a
// file for each noun. Errors are Problem Details (RFC 9457) with a remedy. Thread: control, for everything
// here. Served over the unix socket and a TLS listener of its own.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "api/door.h"
#include "api/open_streams.h"
#include "api/world.h"
#include "http/router.h"

namespace slipway::api {

struct EndpointDoc {
  http::Method method;
  std::string_view path;      ///< "/api/v1/machines/{machine}/explain"
  std::string_view summary;   ///< one line
  std::string_view query;     ///< "since=integer: events after this number"; a line each, may be empty
  std::string_view answer;    ///< name of the struct, or the media type
  std::string_view body{};    ///< name of the struct that is sent; empty: none
  std::string_view errors{};  ///< statuses besides those every endpoint has: "404 409"
  std::string_view guard{};  ///< of a change: the GET whose entity tag If-Match is compared with; empty: none
  int status = 200;          ///< when all is well
};

struct Desks;

class Endpoints {
 public:
  explicit Endpoints(World world);
  ~Endpoints();
  Endpoints(const Endpoints&) = delete;
  Endpoints& operator=(const Endpoints&) = delete;

  /// Answers one request: what an http::Server is given as its handler.
  http::Response handle(const http::Request& request);
  /// Before the body of a request is waited for: whoever may not ask is told so.
  std::optional<http::Response> look_at_head(const http::Request& request);

  /// To everyone who follows; call it for each recorded event.
  void publish(const timeline::Event& event);
  /// Every 15 s: a comment line keeps idle streams open and finds followers that went.
  void keep_alive();
  std::size_t followers() const;

  static std::vector<EndpointDoc> table();

 private:
  http::Response answer(const Visitor& visitor, const http::Request& request);
  http::Response read(const Visitor& visitor, const http::Request& request);
  std::optional<http::Response> check_match(const EndpointDoc& doc, const http::Request& request,
                                            const http::Captures& captures);

  World world_;
  Door door_;
  OpenStreams streams_;
  std::unique_ptr<Desks> desks_;
  http::Router router_;
};

}  // namespace slipway::api
