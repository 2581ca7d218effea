// SPDX-License-Identifier: MPL-2.0
// slipway decode FILE|-: DHCP and TFTP packets as text, or with --json an object a line: of a capture as it
// comes, of hexadecimal text, or of one packet. Ctrl-C and a reader that left end it well.
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "cli/decode_json.h"
#include "cli/verbs.h"
#include "wire/dump.h"
#include "wire/hex_text.h"

namespace slipway::cli {
namespace {

// Written by the signal's handler: a read that waits comes back, and the loop looks here.
volatile std::sig_atomic_t interrupted = 0;

/// For the time of one decode: Ctrl-C ends the reading, a reader that left is an error of the write.
class Signals {
 public:
  Signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    ::sigaction(SIGINT, &action, &before_);
    pipe_before_ = std::signal(SIGPIPE, SIG_IGN);
  }
  ~Signals() {
    ::sigaction(SIGINT, &before_, nullptr);
    std::signal(SIGPIPE, pipe_before_);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct sigaction before_ {};
  void (*pipe_before_)(int) = SIG_DFL;
};

/// Bytes as they come; none at the end.
class Input {
 public:
  static Result<Input, Fault> open(const std::string& file) {
    if (file == "-") return Input(STDIN_FILENO, {});
    UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return Fault{fmt::format("cannot read {}: {}", file, std::strerror(errno)), ""};
    int number = fd.get();
    return Input(number, std::move(fd));
  }

  Result<Bytes, Fault> some() {
    constexpr std::size_t at_most = 1 << 16;
    Bytes bytes(at_most);
    while (!interrupted) {
      ssize_t got = ::read(fd_, bytes.data(), bytes.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Fault{fmt::format("reading failed: {}", std::strerror(errno)), ""};
      bytes.resize(static_cast<std::size_t>(got));
      return bytes;
    }
    return Bytes{};
  }

 private:
  Input(int fd, UniqueFd owned) : fd_(fd), owned_(std::move(owned)) {}

  int fd_;
  UniqueFd owned_;
};

/// Prints packets; says false once nobody reads any more.
class Printer {
 public:
  explicit Printer(bool json) : json_(json) {}

  bool packet(const wire::Packet& packet) {
    std::string text = json_ ? packet_json(packet, sieve_) : wire::dump_packet(packet, sieve_);
    return put(text);
  }
  bool put(const std::string& text) {
    if (!text.empty()) fmt::print("{}", text);
    return std::ferror(stdout) == 0;
  }
  static bool flush() { return std::fflush(stdout) == 0; }
  bool json() const { return json_; }

 private:
  bool json_;
  wire::CaptureSieve sieve_;
};

int decode_capture(Input& input, Bytes first, Printer& printer, const std::string& file) {
  wire::CaptureStream capture;
  for (Bytes bytes = std::move(first); !bytes.empty();) {
    capture.feed(bytes);
    while (auto packet = capture.next()) {
      if (!printer.packet(*packet)) return exit_ok;
    }
    if (!printer.flush()) return exit_ok;
    if (capture.error()) return fail({fmt::format("{}: {}", file, wire::to_string(*capture.error())), ""});
    auto more = input.some();
    if (!more) return fail(more.error());
    bytes = std::move(*more);
  }
  if (capture.is_inside_frame() && !interrupted)
    return fail({fmt::format("{} ends within a frame", file), ""});
  return exit_ok;
}

/// One packet without a capture around it: a frame, an IP packet, or what UDP carries.
bool decode_single(ByteView bytes, Printer& printer) {
  constexpr std::uint8_t ipv4_without_options = 0x45;
  for (wire::LinkType link : {wire::LinkType::raw, wire::LinkType::ethernet, wire::LinkType::linux_cooked}) {
    if (link == wire::LinkType::raw && (bytes.empty() || bytes[0] != ipv4_without_options)) continue;
    wire::Packet packet = wire::read_frame(link, bytes, Instant{});
    if (packet.datagram || packet.fragment) return printer.packet(packet), true;
  }
  if (auto message = wire::parse_dhcp(bytes)) {
    printer.put(printer.json() ? message_line(*message) : wire::dump_dhcp(*message));
    return true;
  }
  if (auto packet = wire::parse_tftp(bytes)) {
    printer.put(printer.json() ? tftp_line(*packet) : wire::dump_tftp(*packet) + "\n");
    return true;
  }
  return false;
}

int decode_whole(Input& input, Bytes all, Printer& printer, const std::string& file) {
  constexpr std::size_t most = 64 << 20;
  for (;;) {
    auto more = input.some();
    if (!more) return fail(more.error());
    if (more->empty()) break;
    if (all.size() > most)
      return fail({fmt::format("{} is no capture, and too long for anything else", file), ""});
    all.insert(all.end(), more->begin(), more->end());
  }
  std::vector<Bytes> packets =
      wire::is_text(all) ? wire::packets_in_hex(as_text(all)) : std::vector<Bytes>{all};
  std::size_t unknown = 0;
  for (const Bytes& packet : packets) unknown += decode_single(packet, printer) ? 0 : 1;
  if (!printer.flush() || (unknown == 0 && !packets.empty())) return exit_ok;
  if (packets.empty()) {
    return fail({fmt::format("{} is no capture and holds no packet in hexadecimal", file),
                 "`tcpdump -U -w -` writes a capture, `tcpdump -x` hexadecimal text"});
  }
  return fail(
      {fmt::format("{}: {} of {} packets are neither DHCP nor TFTP", file, unknown, packets.size()), ""});
}

bool is_capture(ByteView bytes) {
  wire::CaptureStream probe;
  probe.feed(bytes);
  probe.next();
  return probe.error() != wire::PcapError::not_pcap;
}

}  // namespace

int decode(const Context& context, const std::string& file) {
  constexpr std::size_t magic_size = 4;
  Signals signals;
  auto input = Input::open(file);
  if (!input) return fail(input.error());
  Bytes first;
  while (first.size() < magic_size) {
    auto more = input->some();
    if (!more) return fail(more.error());
    if (more->empty()) break;
    first.insert(first.end(), more->begin(), more->end());
  }
  if (first.empty()) return interrupted ? exit_ok : fail({fmt::format("{} is empty", file), ""});
  Printer printer(context.json);
  bool capture = first.size() >= magic_size && is_capture(first);
  return capture ? decode_capture(*input, std::move(first), printer, file)
                 : decode_whole(*input, std::move(first), printer, file);
}

}  // namespace slipway::cli
