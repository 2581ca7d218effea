// SPDX-License-Identifier: MPL-2.0
// Groups of clients that fetch files at the same time, each from a port of its own, again and again until
// the time is over, and what came of it. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sys/epoll.h>

#include "fetch.h"
#include "gro_socket.h"

namespace slipway::bench {

struct Group {
  Wish wish;
  unsigned clients = 1;
  bool once = false;  ///< each client fetches one file
};

struct Tally {
  std::uint64_t bytes = 0;                      ///< compared and in order
  std::uint64_t files = 0;                      ///< whole
  std::uint64_t timeouts = 0;                   ///< a client waited a second in vain
  std::map<std::string, std::uint64_t> failed;  ///< by reason
  std::vector<std::uint64_t> of_client;         ///< bytes of each
  std::vector<Nanoseconds> took;                ///< of each whole file
};

struct Place {
  Endpoint server;
  Ipv4 address;           ///< ours, the first
  unsigned sources = 1;   ///< so many addresses from there on, as a rack has
  Nanoseconds polls = 0;  ///< so long it looks for answers without sleep, as firmware does
};

class Load {
 public:
  Load(Place place, std::vector<Group> groups);
  ~Load();

  /// Ends when the time is over or every client is done; `vanish`: without a word to the server. The seconds
  /// it took.
  double run(double seconds, bool vanish);
  const std::vector<Tally>& tallies() const { return tallies_; }

 private:
  struct Client;
  int wait(std::span<epoll_event> events);
  void start(Client& client);
  void listen(Client& client);
  void end(Client& client);
  void look_at_clocks();
  void leave_all();

  Place place_;
  std::vector<Group> groups_;
  std::vector<Tally> tallies_;
  std::vector<std::unique_ptr<Client>> clients_;
  UniqueFd poll_;
  std::size_t running_ = 0;
  Nanoseconds now_ = 0, heard_ = 0, looked_ = 0, stop_ = 0;
};

}  // namespace slipway::bench
