// SPDX-License-Identifier: MPL-2.0
// A connection that ends with an answer to what was no request, or to one that is not waited for.
#include <fmt/format.h>

#include "http/connection.h"
#include "http/server_core.h"

namespace slipway::http {

/// What is not a request has no place in the timeline; it is answered, counted, and the connection ends.
void Connection::refuse(ParseFault fault) {
  core_->count_refusal(fmt::format("status_{}", fault.status));
  end_with(core_->refuse(fault.status, fault.reason));
}

/// Whoever may not ask is told before the body comes.
bool Connection::turned_away_at_head() {
  Request* head = parser_->head_of_body();
  if (!head) return false;
  head->peer = peer_;
  head->secure = secure_;
  auto answer = core_->look_at_head(*head);
  if (answer) end_with(std::move(*answer));
  return answer.has_value();
}

/// The connection's last answer.
void Connection::end_with(Response response) {
  parser_.reset();
  request_ = Request{};
  keep_alive_ = false;
  std::string head = response_head(response, Framing::length, false, core_->date());
  status_ = response.status;
  state_ = State::sending;
  watch_.want_read(false);
  set_deadline(core_->limits().progress_deadline);
  taken_at_mark_ = 0;
  output_.start(std::move(head), std::move(response), true);
  pump(first_budget);
}

}  // namespace slipway::http
