// SPDX-License-Identifier: MPL-2.0
// tftp_load: the command line of the load generator. One line of JSON comes out.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "load.h"

namespace {

using namespace slipway;
using namespace slipway::bench;

struct Words {
  std::string server, address, folder;
  std::vector<std::string> groups;
  double seconds = 3600;
  std::uint16_t port = 69;
  unsigned sources = 1, polls = 0;
  bool once = false, vanish = false;
};

/// Mapped for as long as we live.
ByteView content_of(const std::string& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (fd < 0 || ::fstat(fd, &status) != 0) throw std::runtime_error("cannot read " + path);
  auto size = static_cast<std::size_t>(status.st_size);
  void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (at == MAP_FAILED) throw std::runtime_error("cannot map " + path);
  return {static_cast<const std::uint8_t*>(at), size};
}

/// CLIENTS:NAME:BLOCK:WINDOW
Group group_of(const std::string& text, const Words& words) {
  std::vector<std::string> parts = CLI::detail::split(text, ':');
  if (parts.size() != 4) throw std::runtime_error("a group is CLIENTS:NAME:BLOCK:WINDOW, not " + text);
  Group group;
  group.clients = static_cast<unsigned>(std::stoul(parts[0]));
  group.wish = {parts[1], content_of(words.folder + "/" + parts[1]),
                static_cast<unsigned>(std::stoul(parts[2])), static_cast<unsigned>(std::stoul(parts[3]))};
  group.once = words.once;
  return group;
}

double milliseconds_at(std::vector<Nanoseconds>& sorted, double share) {
  if (sorted.empty()) return 0;
  return static_cast<double>(
             sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))]) /
         1e6;
}

std::string to_json(Tally tally) {
  std::sort(tally.took.begin(), tally.took.end());
  auto [least, most] = std::minmax_element(tally.of_client.begin(), tally.of_client.end());
  std::uint64_t failures = 0;
  std::string reasons;
  for (const auto& [why, count] : tally.failed) {
    failures += count;
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", why, count);
  }
  std::replace(reasons.begin(), reasons.end(), '"', '\'');
  return fmt::format(
      R"({{"bytes": {}, "files": {}, "timeouts": {}, "failed": {}, "reasons": "{}", "least": {}, "most": {}, )"
      R"("p50_ms": {:.3f}, "p99_ms": {:.3f}, "max_ms": {:.3f}}})",
      tally.bytes, tally.files, tally.timeouts, failures, reasons, *least, *most,
      milliseconds_at(tally.took, 0.5), milliseconds_at(tally.took, 0.99), milliseconds_at(tally.took, 1));
}

Ipv4 address_of(const std::string& text) {
  auto address = Ipv4::parse(text);
  if (!address) throw std::runtime_error("not an IPv4 address: " + text);
  return *address;
}

void run(const Words& words) {
  rlimit files{65536, 65536};
  ::setrlimit(RLIMIT_NOFILE, &files);
  std::vector<Group> groups;
  for (const std::string& text : words.groups) groups.push_back(group_of(text, words));
  Load load({{address_of(words.server), words.port},
             address_of(words.address),
             words.sources,
             Nanoseconds{words.polls} * 1'000},
            std::move(groups));
  double seconds = load.run(words.seconds, words.vanish);
  std::string all;
  for (const Tally& tally : load.tallies()) all += (all.empty() ? "" : ", ") + to_json(tally);
  std::cout << fmt::format(R"({{"seconds": {:.4f}, "groups": [{}]}})", seconds, all) << std::endl;
}

}  // namespace

int main(int count, char** arguments) {
  Words words;
  CLI::App app("Many TFTP clients at once, every byte compared; prints what came of it as JSON.",
               "tftp_load");
  app.add_option("groups", words.groups,
                 "CLIENTS:NAME:BLOCK:WINDOW; block 512 and window 1 are not asked for")
      ->required();
  app.add_option("--server", words.server, "the server's address")->required();
  app.add_option("--port", words.port, "the server's port")->capture_default_str();
  app.add_option("--address", words.address, "our address")->required();
  app.add_option("--sources", words.sources, "how many addresses there are, from ours on")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option(
         "--polls", words.polls,
         "for so many microseconds after an answer, look for the next without sleep, as firmware does")
      ->capture_default_str();
  app.add_option("--folder", words.folder, "where the files lie, to compare with")->required();
  app.add_option("--seconds", words.seconds, "end after so long")->capture_default_str();
  app.add_flag("--once", words.once, "each client fetches one file");
  app.add_flag("--vanish", words.vanish,
               "at the end, tell the server nothing, as a machine that loses power");
  CLI11_PARSE(app, count, arguments);
  try {
    run(words);
  } catch (const std::exception& error) {
    std::cerr << "tftp_load: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
