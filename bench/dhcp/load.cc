// SPDX-License-Identifier: MPL-2.0
#include "load.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace slipway::bench {
namespace {

constexpr Nanoseconds millisecond = 1'000'000;
constexpr Nanoseconds never = std::numeric_limits<Nanoseconds>::max();
constexpr Nanoseconds look_every = 2 * millisecond;
constexpr unsigned most_doublings = 4;
constexpr unsigned tries_of_an_offer = 3;

Nanoseconds read_clock() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Load::Load(const Order& order, Population& clients, const Messages& messages, WireEnd& wire)
    : order_(order), clients_(clients), messages_(messages), wire_(wire) {
  order_.window = std::min(order_.window, clients_.size());
  // Fewer exchanges than clients: from all over the population.
  if (order_.exchanges > 0) step_ = std::max<std::uint64_t>(1, clients_.size() / order_.exchanges);
  under_way_.reserve(order_.window);
  tally_.latencies.reserve(order_.exchanges);
}

Tally Load::run() {
  begun_ = last_word_ = last_ack_ = looked_ = now_ = read_clock();
  start_more();
  wire_.flush();
  tally_.volley = read_clock() - begun_;
  while (!over()) {
    listen();
    start_more();
    look_at_clock();
    wire_.flush();
  }
  tally_.open = under_way_.size();
  tally_.elapsed = last_ack_ - begun_;
  tally_.shared = clients_.count_shared();
  return std::move(tally_);
}

bool Load::over() const {
  if (under_way_.empty() && tally_.started == order_.exchanges) return true;
  return now_ - begun_ > order_.limit || now_ - last_word_ > order_.silence;
}

void Load::start_more() {
  while (under_way_.size() < order_.window && tally_.started < order_.exchanges) {
    auto number = static_cast<std::uint32_t>(tally_.started * step_ % clients_.size());
    Client& client = clients_[number];
    if (client.step != Step::idle) return;  // its turn comes when it has ended the one before
    ++tally_.started;
    ++client.turn;
    client.begun = now_;
    client.tries = 0;
    client.step = order_.renew ? Step::requesting : Step::discovering;
    client.place = static_cast<std::uint32_t>(under_way_.size());
    under_way_.push_back(number);
    say(number);
  }
}

void Load::say(std::uint32_t number) {
  Client& client = clients_[number];
  Say what = order_.renew ? Say::renew : client.step == Step::requesting ? Say::request : Say::discover;
  Details details{clients_.xid_of(number), Population::mac_of(number), client.address, client.server};
  messages_.write(what, details, wire_.next(order_.renew));
  client.due = order_.patience ? now_ + patience_of(client) : never;
  ++client.tries;
}

/// With back-off: doubled by every try, give or take a half, so that not all come again at once.
Nanoseconds Load::patience_of(const Client& client) {
  if (!order_.back_off) return order_.patience;
  Nanoseconds middle = order_.patience << std::min<unsigned>(client.tries, most_doublings);
  return middle / 2 + static_cast<Nanoseconds>(random_.below(static_cast<std::uint64_t>(middle)));
}

void Load::listen() {
  auto datagrams = wire_.receive();
  if (datagrams.empty() && !order_.busy) {
    wire_.wait(std::chrono::milliseconds{2});
    datagrams = wire_.receive();
  }
  now_ = read_clock();
  for (const net::Datagram& datagram : datagrams) {
    auto heard = read_answer(datagram.bytes);
    if (heard) take(*heard);
    if (!heard) ++tally_.foreign;
  }
  if (!datagrams.empty()) last_word_ = now_;
}

void Load::take(const Heard& heard) {
  std::uint32_t number = Population::number_of(heard.xid);
  if (number >= clients_.size()) {
    ++tally_.foreign;
    return;
  }
  Client& client = clients_[number];
  if (heard.xid != clients_.xid_of(number) || client.step == Step::idle) {
    ++tally_.late;
    return;
  }
  if (heard.mac != Population::mac_of(number)) {
    ++tally_.wrong;
    return;
  }
  if (heard.type == wire::MessageType::offer) return take_offer(client, number, heard);
  if (client.step != Step::requesting) return void(++tally_.late);
  if (heard.type == wire::MessageType::ack) return take_ack(client, number, heard);
  if (heard.type == wire::MessageType::nak) return take_nak(client, number);
  ++tally_.foreign;
}

void Load::take_offer(Client& client, std::uint32_t number, const Heard& heard) {
  if (client.step != Step::discovering) return void(++tally_.late);
  if (heard.address.is_any()) return void(++tally_.wrong);
  client.granted = false;
  client.address = heard.address;
  client.server = heard.server;
  client.step = Step::requesting;
  client.tries = 0;
  say(number);
}

void Load::take_ack(Client& client, std::uint32_t number, const Heard& heard) {
  if (heard.address != client.address) ++tally_.wrong;
  client.address = heard.address;
  client.granted = true;
  last_ack_ = now_;
  ++tally_.acked;
  tally_.latencies.push_back(static_cast<std::uint32_t>(std::min<Nanoseconds>(now_ - client.begun, ~0u)));
  end(number);
}

/// Without patience a NAK ends the exchange; otherwise the client asks anew (RFC 2131 §3.1 step 5).
void Load::take_nak(Client& client, std::uint32_t number) {
  ++tally_.naks;
  client.granted = false;
  if (order_.renew || !order_.patience) return end(number);
  client.step = Step::discovering;
  client.tries = 0;
  say(number);
}

void Load::look_at_clock() {
  if (!order_.patience || now_ - looked_ < look_every) return;
  looked_ = now_;
  for (std::size_t i = under_way_.size(); i-- > 0;) {
    if (clients_[under_way_[i]].due <= now_) lose_patience(under_way_[i]);
  }
}

void Load::lose_patience(std::uint32_t number) {
  Client& client = clients_[number];
  if (client.tries >= order_.tries) {
    ++tally_.lost;
    return end(number);
  }
  ++tally_.timeouts;
  // Three silent REQUESTs, and the offer is worth nothing any more: from the beginning, as clients do.
  if (!order_.renew && client.step == Step::requesting && client.tries >= tries_of_an_offer)
    client.step = Step::discovering;
  say(number);
}

void Load::end(std::uint32_t number) {
  Client& client = clients_[number];
  client.step = Step::idle;
  std::uint32_t last = under_way_.back();
  under_way_[client.place] = last;
  clients_[last].place = client.place;
  under_way_.pop_back();
}

}  // namespace slipway::bench
