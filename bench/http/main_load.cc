// SPDX-License-Identifier: MPL-2.0
// http_load: the load of clients as a command; what it found goes to standard output as JSON.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include <fmt/format.h>
#include <getopt.h>

#include "load.h"

namespace {

constexpr const char* help = R"(http_load --server ADDRESS --from ADDRESS [options]

  --port N          of the server (80)
  --sources N       client addresses, from --from on (1)
  --connections N   (1)
  --path PATH       what each asks for again and again (/)
  --small PATH      what one more client asks for meanwhile; its times are told
  --seconds S       (5)
)";

slipway::Ipv4 address(const char* text) {
  auto parsed = slipway::Ipv4::parse(text);
  if (!parsed) {
    std::fprintf(stderr, "http_load: %s is no address\n", text);
    std::exit(2);
  }
  return *parsed;
}

double share(std::vector<double>& times, double part) {
  if (times.empty()) return 0;
  auto at = times.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(times.size() - 1) * part);
  std::nth_element(times.begin(), at, times.end());
  return *at;
}

}  // namespace

int main(int argc, char** argv) {
  slipway::bench::LoadPlan plan;
  plan.server.port = 80;
  const option options[] = {{"server", required_argument, nullptr, 's'},
                            {"port", required_argument, nullptr, 'p'},
                            {"from", required_argument, nullptr, 'f'},
                            {"sources", required_argument, nullptr, 'n'},
                            {"connections", required_argument, nullptr, 'c'},
                            {"path", required_argument, nullptr, 'u'},
                            {"small", required_argument, nullptr, 'm'},
                            {"seconds", required_argument, nullptr, 't'},
                            {"help", no_argument, nullptr, 'h'},
                            {}};
  for (int option = 0; (option = ::getopt_long(argc, argv, "h", options, nullptr)) != -1;) {
    switch (option) {
      case 's':
        plan.server.address = address(optarg);
        break;
      case 'p':
        plan.server.port = static_cast<std::uint16_t>(std::atoi(optarg));
        break;
      case 'f':
        plan.first_source = address(optarg);
        break;
      case 'n':
        plan.sources = static_cast<std::uint32_t>(std::max(1, std::atoi(optarg)));
        break;
      case 'c':
        plan.connections = static_cast<std::uint32_t>(std::max(1, std::atoi(optarg)));
        break;
      case 'u':
        plan.path = optarg;
        break;
      case 'm':
        plan.small_path = optarg;
        break;
      case 't':
        plan.length = std::chrono::duration<double>(std::atof(optarg));
        break;
      default:
        std::fputs(help, option == 'h' ? stdout : stderr);
        return option == 'h' ? 0 : 2;
    }
  }
  try {
    slipway::bench::Tally found = slipway::bench::run_load(plan);
    fmt::print(R"({{"seconds": {}, "bytes": {}, "answers": {}, "failed": {}, "least": {}, "most": {}, )"
               R"("small": {}, "small_p50_us": {}, "small_p99_us": {}}})"
               "\n",
               found.seconds, found.bytes, found.answers, found.failed, found.least, found.most,
               found.small_us.size(), share(found.small_us, 0.5), share(found.small_us, 0.99));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "http_load: %s\n", error.what());
    return 1;
  }
}
