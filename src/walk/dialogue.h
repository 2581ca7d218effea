// SPDX-License-Identifier: MPL-2.0
// One program's DHCP: DISCOVER to ACK as its real one does it (RFC 2131 §3.1), messages and ticks in,
// messages and the next tick out. It ends with what was agreed, or with a sentence. Pure; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "walk/program.h"

namespace slipway::walk {

/// What the ACK gave.
struct Agreed {
  Ipv4 address, server, next_server;
  std::string file;
};

class Dialogue {
 public:
  /// `eager`: without the waits in which firmware only listens.
  Dialogue(const Program& program, const Identity& who, std::uint32_t xid, bool eager, Tick now);

  void receive(const wire::DhcpMessage& message, Tick now);
  void tick(Tick now);

  std::vector<wire::DhcpMessage> take_messages() { return std::exchange(out_, {}); }
  Tick deadline() const { return deadline_; }
  std::uint64_t again() const { return again_; }
  std::optional<Tick> offered() const { return offered_; }  ///< when an offer with an address first came
  const std::optional<Agreed>& agreed() const { return agreed_; }
  const std::string& failed() const { return failed_; }
  bool over() const { return agreed_ || !failed_.empty(); }
  std::uint32_t xid() const { return xid_; }

 private:
  enum class State { discovering, listening, requesting };

  void discover(Tick now);
  void request(Tick now);
  void say(Tick now);
  Duration patience() const;
  void take_offer(const wire::DhcpMessage& message, Tick now);
  void take_ack(const wire::DhcpMessage& message);
  void take_nak(Tick now);

  const Program& program_;
  Identity who_;
  std::uint32_t xid_;
  bool eager_;
  State state_ = State::discovering;
  Tick begun_, deadline_;
  unsigned tries_ = 0, naks_ = 0;
  std::uint64_t again_ = 0;
  Agreed offer_;
  Agreed proxy_;  ///< a file that a server without addresses names
  std::optional<Tick> offered_;
  std::optional<Agreed> agreed_;
  std::string failed_;
  std::vector<wire::DhcpMessage> out_;
};

}  // namespace slipway::walk
