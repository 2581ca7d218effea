// SPDX-License-Identifier: MPL-2.0
// slipwayd: one argument, one daemon. Failures to start end here, in one sentence.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <getopt.h>

#include "base/result.h"
#include "base/version.h"
#include "config/config.h"
#include "server/daemon.h"

namespace {

constexpr const char* help = R"(slipwayd boots machines over the network: DHCP, TFTP and HTTP in one daemon.

Usage: slipwayd [--config FILE]

  -c, --config FILE   configuration (default /etc/slipway/slipway.toml)
  -V, --version       print the version
  -h, --help          print this

It stays in the foreground and logs to standard error; systemd keeps it running.
SIGHUP reads the configuration again: the new one is used whole, or not at all.
Everything else is asked of it with the command `slipway`.

Examples:
  slipwayd --config ./slipway.toml
  slipway check ./slipway.toml && systemctl restart slipwayd
)";

}  // namespace

int main(int argc, char** argv) {
  std::string config(slipway::config::default_path);
  if (const char* named = std::getenv("SLIPWAY_CONFIG")) config = named;
  const option options[] = {{"config", required_argument, nullptr, 'c'},
                            {"version", no_argument, nullptr, 'V'},
                            {"help", no_argument, nullptr, 'h'},
                            {}};
  for (int option = 0; (option = ::getopt_long(argc, argv, "c:Vh", options, nullptr)) != -1;) {
    switch (option) {
      case 'c':
        config = optarg;
        break;
      case 'V':
        std::printf("slipwayd %s\n", slipway::version);
        return 0;
      case 'h':
        std::fputs(help, stdout);
        return 0;
      default:
        std::fputs("slipwayd: see `slipwayd --help`\n", stderr);
        return 2;
    }
  }
  if (optind != argc) {
    std::fprintf(stderr, "slipwayd: unexpected argument '%s'; see `slipwayd --help`\n", argv[optind]);
    return 2;
  }
  try {
    slipway::server::Daemon(config).run();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "slipwayd: %s\n", error.what());
    return 1;
  }
}
