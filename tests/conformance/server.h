// SPDX-License-Identifier: MPL-2.0
// A server with a lease store on a disk, which can be started anew; clients that are told apart by client id.
#pragma once

#include "dhcp/test_rig.h"
#include "store/sqlite_store.h"
#include "store/test_leases.h"

namespace slipway::conformance {

using namespace dhcp::test;
using dhcp::Answer;
using dhcp::Arrival;
using dhcp::Drop;
using dhcp::Settled;
using std::chrono::seconds;

/// As the cases have it: whoever has another client id is another client.
inline model::Draft by_client_id(model::Draft draft = site()) {
  for (model::Subnet& net : draft.subnets) net.identify = model::Identify::client_id;
  return draft;
}
inline model::Draft with_pool(std::string_view first, std::string_view last) {
  model::Draft draft = by_client_id();
  draft.subnets[0].pools = {pool(first, last)};
  return draft;
}
inline DhcpMessage called(DhcpMessage message, std::uint8_t id) {
  message.options.set<opt::ClientId>({0xff, id});
  return message;
}
inline DhcpMessage asking(DhcpMessage message, std::initializer_list<std::uint8_t> codes) {
  message.options.set<opt::ParameterList>(codes);
  return message;
}

/// Nothing is said, and what was asked for is done.
inline auto IsDoneInSilence() {
  return testing::VariantWith<std::monostate>(testing::_);
}

class Server {
 public:
  explicit Server(model::Draft draft = by_client_id()) : plan_(plan_of(std::move(draft))) { start(); }

  Settled send(const DhcpMessage& message, const Arrival& arrival = broadcast_on()) {
    return send_bytes(wire::serialize(message, 1472).bytes, arrival);
  }
  Settled send_bytes(const Bytes& bytes, const Arrival& arrival = broadcast_on()) {
    auto message = wire::parse_dhcp(bytes);
    if (!message) return dhcp::Ignore{dhcp::drop_of(message.error()), {}};
    dhcp::Verdict verdict = life_->responder.handle(*message, arrival, now).verdict;
    if (auto* answer = std::get_if<Answer>(&verdict)) return std::move(*answer);
    if (auto* ignore = std::get_if<dhcp::Ignore>(&verdict)) return std::move(*ignore);
    auto& claim = std::get<dhcp::Claim>(verdict);
    auto outcomes = life_->store.commit({&claim.change, 1}).value();
    life_->book.settle(claim.change, outcomes[0], now);
    return dhcp::settle(std::move(claim), outcomes[0]);
  }
  void lease_to(int client, std::string_view address) {
    ASSERT_THAT(send(selecting(address, client)), Acks(address));
  }

  void restart() {
    life_.reset();
    start();
  }
  /// The operator changed the file.
  void reload(model::Draft draft) {
    plan_ = plan_of(std::move(draft));
    life_->book.set_rules(rules(), now);
    life_->responder.publish(plan_, {});
  }
  std::vector<lease::Lease> stored() { return life_->store.load().value(); }
  const lease::Book& book() const { return life_->book; }

  Instant now = dhcp::test::start;

 private:
  struct Life {
    Life(const std::string& folder, const Server& server)
        : store(folder), book(server.rules()), responder(server.plan_, {}, book) {
      book.load(store.load().value(), server.now);
    }
    store::SqliteStore store;
    lease::Book book;
    dhcp::Responder responder;
  };
  lease::Rules rules() const { return lease::Rules::from(*plan_, {&server_address, 1}); }
  void start() { life_ = std::make_unique<Life>(folder_.path(), *this); }

  store::TestFolder folder_;
  std::shared_ptr<const model::Plan> plan_;
  std::unique_ptr<Life> life_;
};

}  // namespace slipway::conformance
