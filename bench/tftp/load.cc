// SPDX-License-Identifier: MPL-2.0
#include "load.h"

#include <array>
#include <chrono>

#include "wire/tftp_packet.h"

namespace slipway::bench {
namespace {

constexpr Nanoseconds look_every = 50'000'000;

Nanoseconds clock_now() {
  return static_cast<Nanoseconds>(std::chrono::steady_clock::now().time_since_epoch().count());
}

}  // namespace

struct Load::Client {
  std::size_t group = 0, number = 0;
  std::unique_ptr<GroSocket> socket;
  std::unique_ptr<Fetch> fetch;
  Endpoint peer{};  ///< who sent last
  Fetch::Say say = [this](Endpoint to, ByteView packet) { socket->send(to, packet); };
};

Load::Load(Place place, std::vector<Group> groups)
    : place_(place),
      groups_(std::move(groups)),
      tallies_(groups_.size()),
      poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    tallies_[group].of_client.resize(groups_[group].clients);
    for (std::size_t number = 0; number < groups_[group].clients; ++number) {
      clients_.push_back(std::make_unique<Client>());
      clients_.back()->group = group;
      clients_.back()->number = number;
    }
  }
}

Load::~Load() = default;

double Load::run(double seconds, bool vanish) {
  Nanoseconds begun = now_ = clock_now();
  stop_ = begun + static_cast<Nanoseconds>(seconds * 1e9);
  for (auto& client : clients_) start(*client);
  std::array<epoll_event, 256> events;
  while (running_ > 0 && now_ < stop_) {
    int count = wait(events);
    for (int i = 0; i < count; ++i)
      listen(*static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr));
    look_at_clocks();
  }
  double took = static_cast<double>(now_ - begun) / 1e9;
  if (!vanish) leave_all();
  return took;
}

/// After a while without an answer it sleeps: the kernel's own work on this core may be what it waits for.
int Load::wait(std::span<epoll_event> events) {
  int longest = now_ - heard_ < place_.polls ? 0 : 10;
  int count = ::epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()), longest);
  now_ = clock_now();
  if (count > 0) heard_ = now_;
  return count;
}

void Load::start(Client& client) {
  client.fetch = std::make_unique<Fetch>(groups_[client.group].wish, place_.server, now_);
  client.socket = std::make_unique<GroSocket>(
      Ipv4{place_.address.value + static_cast<std::uint32_t>(client.number % place_.sources)});
  epoll_event event{EPOLLIN, {.ptr = &client}};
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, client.socket->fd(), &event);
  ++running_;
  client.fetch->ask(client.say, now_);
}

void Load::listen(Client& client) {
  if (!client.fetch) return;
  std::uint64_t before = client.fetch->bytes();
  client.socket->receive([&](ByteView packet, Endpoint from) {
    client.peer = from;
    client.fetch->take(packet, from, client.say, now_);
  });
  std::uint64_t got = client.fetch->bytes() - before;
  tallies_[client.group].bytes += got;
  tallies_[client.group].of_client[client.number] += got;
  if (client.fetch->state() != Fetch::State::running) end(client);
}

void Load::end(Client& client) {
  Tally& tally = tallies_[client.group];
  bool whole = client.fetch->state() == Fetch::State::complete;
  if (whole) {
    ++tally.files;
    tally.took.push_back(now_ - client.fetch->began());
  } else {
    ++tally.failed[client.fetch->why()];
  }
  client.fetch.reset();
  client.socket.reset();
  --running_;
  // Who was refused at once would ask at once, for ever.
  if (whole && !groups_[client.group].once && now_ < stop_) start(client);
}

void Load::look_at_clocks() {
  if (now_ - looked_ < look_every) return;
  looked_ = now_;
  for (auto& client : clients_) {
    if (!client->fetch) continue;
    if (client->fetch->look_at_clock(client->say, now_)) ++tallies_[client->group].timeouts;
    if (client->fetch->state() == Fetch::State::failed) end(*client);
  }
}

/// As a client that needs no more: the server shall not go on sending into the next load.
void Load::leave_all() {
  Bytes enough = serialize(wire::TftpError{0, "enough"});
  for (auto& client : clients_)
    if (client->fetch && client->peer != Endpoint{}) client->say(client->peer, enough);
}

}  // namespace slipway::bench
