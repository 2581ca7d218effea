// SPDX-License-Identifier: MPL-2.0
// What the API says of the daemon itself and who may use it. See schema.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "api/schema_network.h"
#include "base/time.h"

namespace slipway::api {

struct TokenView {
  std::string name;
  std::string scope;  ///< "read", "write"
  Instant created{};
  std::optional<Instant> expires;  ///< absent: never
  bool expired = false;
};
BOOST_DESCRIBE_STRUCT(TokenView, (), (name, scope, created, expires, expired))

struct TokenList {
  std::vector<TokenView> tokens;
};
BOOST_DESCRIBE_STRUCT(TokenList, (), (tokens))

struct TokenOrder {
  std::string name;
  std::string scope;
  std::optional<std::int64_t> good_for_seconds;  ///< absent: until it is revoked
};
BOOST_DESCRIBE_STRUCT(TokenOrder, (), (name, scope, good_for_seconds))

struct TokenCreated {
  TokenView token;
  std::string secret;  ///< told this once
  std::string sentence;
};
BOOST_DESCRIBE_STRUCT(TokenCreated, (), (token, secret, sentence))

/// One change that was asked for, and what came of it.
struct AuditView {
  std::uint64_t number = 0;
  Instant at{};
  std::string who;   ///< "token rack", "uid 0"
  std::string from;  ///< "192.0.2.7", "pid 4711"
  std::string what;  ///< "DELETE /api/v1/leases/10.0.0.20"
  int status = 0;    ///< of the answer
  std::string outcome;
};
BOOST_DESCRIBE_STRUCT(AuditView, (), (number, at, who, from, what, status, outcome))

struct AuditList {
  std::vector<AuditView> audit;  ///< newest first
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(AuditList, (), (audit, next))

struct StatusView {
  std::string version;
  Instant started{}, now{};
  bool ready = false;
  std::string reason;  ///< why it is not ready
  std::uint64_t subnets = 0, machines = 0, images = 0, leases = 0, offers = 0, events = 0, followers = 0;
  std::vector<ForeignServerView> foreign_servers;  ///< other DHCP servers on the links served
  std::vector<std::string> missing_loaders;  ///< a sentence for each: what lacks it, where it comes from
};
BOOST_DESCRIBE_STRUCT(StatusView, (),
                      (version, started, now, ready, reason, subnets, machines, images, leases, offers,
                       events, followers, foreign_servers, missing_loaders))

/// The answer to an action: what was done, in one sentence.
struct Done {
  std::string sentence;
};
BOOST_DESCRIBE_STRUCT(Done, (), (sentence))

/// RFC 9457, with two members of our own.
struct ProblemDetails {
  std::string type = "about:blank";
  std::string title;  ///< of the status: "Not Found"
  int status = 0;
  std::string detail;  ///< what is wrong
  std::optional<std::string> remedy;
  std::vector<std::string> problems;  ///< of a configuration: every error, "file:line:col: error: ..."
};
BOOST_DESCRIBE_STRUCT(ProblemDetails, (), (type, title, status, detail, remedy, problems))

}  // namespace slipway::api
