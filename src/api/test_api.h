// SPDX-License-Identifier: MPL-2.0
// For tests: the endpoints over a small daemon, asked as a client asks.
#pragma once

#include "api/json.h"
#include "api/test_world.h"
#include "http/target.h"

namespace slipway::api::testing {

struct Api : Daemon {
  http::Response ask(http::Method method, const std::string& target, const std::string& last_event_id = "",
                     const std::string& body = "") {
    http::Request request;
    request.body = body;
    request.method = method;
    request.peer = peer;
    request.target = http::parse_target(target).value();
    request.fields = fields;
    request.fields.last_event_id = last_event_id;
    return endpoints.handle(request);
  }
  http::Response get(const std::string& target) { return ask(http::Method::get, target); }
  http::Response post(const std::string& target, const std::string& body = "") {
    return ask(http::Method::post, target, "", body);
  }

  http::Peer peer = http::UnixPeer{1, 0, 0, {}};
  http::Fields fields;
  Endpoints endpoints{world()};
};

inline std::string body(const http::Response& response) {
  return std::get<std::string>(response.body);
}
inline std::string header(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers) {
    if (header.name == name) return header.value;
  }
  return {};
}
template <class T>
T read(const http::Response& response) {
  EXPECT_EQ(response.content_type, "application/json");
  auto view = from_json<T>(body(response));
  EXPECT_TRUE(view) << view.error().sentence();
  return *view;
}
inline ProblemDetails problem_of(const http::Response& response) {
  EXPECT_EQ(response.content_type, "application/problem+json");
  auto details = from_json<ProblemDetails>(body(response));
  EXPECT_TRUE(details) << body(response);
  EXPECT_EQ(details->status, response.status);
  return *details;
}

inline std::shared_ptr<http::StreamWriter> stream(const http::Response& response) {
  EXPECT_EQ(response.content_type, "text/event-stream");
  return std::get<http::Stream>(response.body).writer;
}

}  // namespace slipway::api::testing
