// SPDX-License-Identifier: MPL-2.0
#include "storm/crowd.h"

#include <fmt/format.h>

#include "base/random.h"
#include "base/result.h"

namespace slipway::storm {
namespace {

constexpr std::uint32_t number_mask = most_machines - 1;

/// As the real ones say (reference: captures of both).
std::string agent_of(const walk::Route& route, bool loader) {
  return loader && route.rom && route.rom->head_first ? "UefiHttpBoot/1.0" : "iPXE/1.0.0+";
}

/// What a machine at that stage still has no answer to.
std::string waited_for(walk::Stage stage) {
  switch (stage) {
    case walk::Stage::offer:
      return "without an offer of an address";
    case walk::Stage::ack:
    case walk::Stage::ipxe_ack:
      return "without an ACK of the lease";
    default:
      return fmt::format("before the {} had come", to_string(stage));
  }
}

}  // namespace

Crowd::Crowd(net::Reactor& reactor, const Order& order)
    : reactor_(reactor),
      order_(order),
      turn_(static_cast<std::uint32_t>(SystemRandom().next())),
      wire_(reactor, order.place, troubles_, [this](const wire::DhcpMessage& message) { hear(message); }) {
  if (!order_.one_address) addresses_ = std::make_unique<OwnAddresses>();
  bool relayed = !order_.place.relay.is_any();
  seats_.reserve(order_.machines);
  for (std::uint32_t i = 0; i < order_.machines; ++i) {
    walk::Identity who{i, walk::mac_of(order_.first + i), order_.place.relay, !relayed};
    seats_.push_back(
        std::make_unique<Seat>(reactor_, route(i), who, turn_, order_.eager, [this, i] { tick(i); }));
  }
}

const walk::Route& Crowd::route(std::uint32_t number) const {
  return *order_.routes[number % order_.routes.size()];
}

void Crowd::begin(std::function<void()> over) {
  over_ = std::move(over);
  begun_ = reactor_.now().tick;
  for (std::uint32_t i = 0; i < size(); ++i) {
    Duration after = order_.within * i / std::max<std::uint32_t>(1, size());
    if (after > Duration(0)) {
      seats_[i]->timer.at(begun_ + after);
    } else {
      tick(i);
    }
  }
}

void Crowd::tick(std::uint32_t number) {
  Seat& seat = *seats_[number];
  // Not the reactor's: it stands still while the first machines speak.
  Tick now = std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
  if (!seat.on) {
    seat.on = true;
    seat.machine.power_on(now);
  } else {
    seat.machine.tick(now);
  }
  serve(number);
}

void Crowd::hear(const wire::DhcpMessage& message) {
  std::uint32_t number = message.xid & number_mask;
  if (number >= size()) return;
  seats_[number]->machine.receive(message, reactor_.now().tick);
  serve(number);
}

void Crowd::serve(std::uint32_t number) {
  Seat& seat = *seats_[number];
  for (const walk::Order& order : seat.machine.take_orders()) {
    if (auto* message = std::get_if<wire::DhcpMessage>(&order)) wire_.send(*message);
    if (auto* wanted = std::get_if<walk::Fetch>(&order)) fetch(number, *wanted);
  }
  if (seat.over) return;
  if (seat.machine.over()) return leave(seat);
  auto deadline = seat.machine.deadline();
  deadline ? seat.timer.at(*deadline) : seat.timer.cancel();
}

void Crowd::leave(Seat& seat) {
  seat.over = true;
  seat.timer.cancel();
  if (seat.http) seat.http->close();
  if (++over_count_ == size() && over_) over_();
}

/// The machine's own, which this host takes on; false where it cannot.
bool Crowd::take_address(Seat& seat, Ipv4& source) {
  if (!addresses_) {
    source = order_.place.relay;
    return true;
  }
  source = seat.machine.agreed()->address;
  auto failed = addresses_->add(source);
  if (!failed) return true;
  seat.machine.fail(
      fmt::format("this host cannot take the address {}: {}", source.to_string(), failed.message()),
      reactor_.now().tick);
  return false;
}

void Crowd::fetch(std::uint32_t number, const walk::Fetch& wanted) {
  Seat& seat = *seats_[number];
  Ipv4 source;
  if (!take_address(seat, source)) return;
  auto on_end = [this, number](const walk::FetchEnd& end) { fetched(number, end); };
  if (wanted.url.scheme == walk::Url::Scheme::tftp) {
    try {
      seat.tftp = std::make_unique<TftpFetch>(reactor_, buffer_, wanted, source, bytes_, troubles_, on_end);
    } catch (const StartupError& error) {  // out of descriptors
      seat.machine.fail(error.what(), reactor_.now().tick);
    }
    return;
  }
  bool loader = seat.machine.record().stage == walk::Stage::loader;
  if (!seat.http)
    seat.http = std::make_unique<HttpChannel>(reactor_, agent_of(route(number), loader), source, bytes_);
  seat.http->fetch(wanted, on_end);
}

void Crowd::fetched(std::uint32_t number, const walk::FetchEnd& end) {
  Seat& seat = *seats_[number];
  // The fetch that calls us must outlive the call; its successor comes in a turn of its own.
  std::shared_ptr<TftpFetch> ended = std::move(seat.tftp);
  bool loaded = seat.machine.record().stage == walk::Stage::loader;
  if (seat.over) return;
  seat.machine.fetched(end, reactor_.now().tick);
  reactor_.post([this, number, ended, loaded] {
    if (loaded) seats_[number]->http.reset();  // the next program has a client of its own
    serve(number);
  });
}

void Crowd::stop(const std::string& why) {
  Tick now = reactor_.now().tick;
  for (std::uint32_t i = 0; i < size(); ++i) {
    Seat& seat = *seats_[i];
    if (seat.over) continue;
    std::string stood = seat.on ? waited_for(seat.machine.record().stage) : "before it was switched on";
    if (!seat.on) seat.machine.power_on(now);
    seat.machine.fail(why + " " + stood, now);
    serve(i);
  }
}

void Crowd::release() {
  for (auto& seat : seats_) {
    const auto& agreed = seat->machine.agreed();
    if (!agreed) continue;
    walk::Identity who = seat->machine.who();
    who.giaddr = {};
    auto message = walk::message_of(route(0).ipxe, who, wire::MessageType::release, turn_);
    message.flags = 0;
    message.ciaddr = agreed->address;
    message.options.set<wire::opt::ServerId>(agreed->server);
    wire_.send_from(message, agreed->server);
  }
}

}  // namespace slipway::storm
