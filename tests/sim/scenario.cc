// SPDX-License-Identifier: MPL-2.0
#include "sim/scenario.h"

#include <fmt/format.h>

namespace slipway::sim {

using std::chrono::microseconds;
using std::chrono::seconds;

Scenario Scenario::drawn_from(std::uint64_t seed) {
  SeededRandom random(~seed);
  auto up_to = [&](std::uint64_t most) { return static_cast<unsigned>(random.below(most + 1)); };
  // Half of the runs are without this.
  auto maybe = [&](unsigned value) { return random.below(2) ? value : 0u; };
  Scenario drawn;
  drawn.clients = 100 + up_to(500);
  drawn.addresses = drawn.clients / 2 * (50 + up_to(100)) / 100 + 10;
  drawn.squatters = maybe(3 + up_to(20));
  drawn.relays = 1 + up_to(1);
  drawn.boots_within = seconds{up_to(30)};
  drawn.lasts = seconds{200};
  drawn.reloads_every = seconds{maybe(5 + up_to(40))};
  drawn.jumps_every = seconds{maybe(5 + up_to(60))};
  drawn.longest_jump = seconds{1 + up_to(7200)};
  drawn.hostile = maybe(1 + up_to(50));
  drawn.weather = {up_to(20), up_to(20), up_to(20), up_to(3)};
  drawn.troubles.dies_in_commit = maybe(20 + up_to(500));
  drawn.troubles.dies_at_step = maybe(200 + up_to(5000));
  drawn.troubles.fails_to_write = maybe(3 + up_to(30));
  drawn.troubles.queue = random.below(4) ? 10'000 : 5 + up_to(50);
  drawn.troubles.answer_takes = microseconds{maybe(up_to(2000))};
  drawn.troubles.intake = {.packets = random.below(4) ? 16384 : 20 + up_to(400), .per_client = 2 + up_to(62)};
  return drawn;
}

std::string Scenario::to_string() const {
  return fmt::format(
      "clients {}, addresses {}, squatters 1/{}, relays {}, reload every {} s, jump every {} s by up to {} "
      "s, "
      "hostile {}/s, loss {} copies {} late {} cut {} %, dies 1/{} commits 1/{} steps, fails 1/{}, queue {}, "
      "answer {} us, intake {} by {}",
      clients, addresses, squatters, relays, reloads_every.count(), jumps_every.count(), longest_jump.count(),
      hostile, weather.loss, weather.copies, weather.late, weather.cut, troubles.dies_in_commit,
      troubles.dies_at_step, troubles.fails_to_write, troubles.queue, troubles.answer_takes.count(),
      troubles.intake.packets, troubles.intake.per_client);
}

}  // namespace slipway::sim
