// SPDX-License-Identifier: MPL-2.0
// For tests of the TFTP service: one on a thread of its own, and a client that does nothing by itself.
#pragma once

#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <poll.h>

#include "base/random.h"
#include "net/pacer.h"
#include "net/udp_socket.h"
#include "server/tftp_service.h"
#include "wire/tftp_packet.h"

namespace slipway::server {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline const Ipv4 loopback{0x7f000001};
inline const Ipv4 second_loopback{0x7f000002};

/// A service on a thread of its own, with some files, that remembers what it told.
class Server {
 public:
  explicit Server(TftpSettings settings = {}, std::shared_ptr<Bandwidth> bandwidth = nullptr)
      : pacer_(reactor_, [bandwidth](Ipv4) { return bandwidth; }) {
    settings.listen = {Ipv4::any(), 0};
    settings.pacer = &pacer_;
    auto answer = [this](std::string_view name, Ipv4, Ipv4) { return find(name); };
    auto hear = [this](const TftpEvent& event) {
      std::lock_guard lock(mutex_);
      events_.push_back(event);
      names_.emplace_back(event.filename);
    };
    service_ = std::make_unique<TftpService>(reactor_, settings, answer, hear, metrics);
    port_ = service_->local().port;
    thread_ = std::thread([this] { reactor_.run(); });
  }
  ~Server() { stop(); }

  void stop() {
    if (!thread_.joinable()) return;
    reactor_.post([this] {
      service_.reset();
      reactor_.stop();
    });
    thread_.join();
  }

  /// Busy with other things for so long.
  void hold(milliseconds time) {
    std::promise<void> begun;
    reactor_.post([&, time] {
      begun.set_value();
      std::this_thread::sleep_for(time);
    });
    begun.get_future().wait();
  }

  void stop_gently(milliseconds grace, std::function<void()> done) {
    std::promise<void> begun;
    reactor_.post([&, done] {
      service_->stop(grace, done);
      begun.set_value();
    });
    begun.get_future().wait();
  }

  Endpoint at(Ipv4 address = loopback) const { return {address, port_}; }

  std::vector<TftpEvent> events() {
    std::lock_guard lock(mutex_);
    return events_;
  }
  std::vector<std::string> names() {
    std::lock_guard lock(mutex_);
    return names_;
  }
  std::vector<TftpEvent> wait_for_ends(std::size_t count) {
    std::size_t last = 0;
    for (int i = 0; i < 1000; ++i) {
      std::vector<TftpEvent> ends;
      for (const TftpEvent& event : events())
        if (event.kind == TftpEvent::Kind::ended) ends.push_back(event);
      if (ends.size() >= count) return ends;
      last = ends.size();
      std::this_thread::sleep_for(milliseconds(5));
    }
    ADD_FAILURE() << "only " << last << " of " << count << " transfers ended";
    return {};
  }
  void wait_for_count(std::string_view name, std::string_view labels, std::uint64_t count) {
    for (int i = 0; i < 1000 && counted(name, labels) < count; ++i)
      std::this_thread::sleep_for(milliseconds(5));
    EXPECT_EQ(counted(name, labels), count);
  }
  std::uint64_t counted(std::string_view name, std::string_view labels) {
    return metrics.counter(name, labels).value();
  }

  std::map<std::string, Bytes, std::less<>> files;
  std::map<std::string, TftpContent, std::less<>> on_disk;
  std::shared_ptr<const int> kept_alive = std::make_shared<const int>(0);  ///< by what is served
  Metrics metrics;

 private:
  Result<TftpContent, tftp::Refusal> find(std::string_view name) {
    if (auto place = on_disk.find(name); place != on_disk.end()) return place->second;
    auto place = files.find(name);
    if (place == files.end())
      return tftp::Refusal{wire::TftpErrorCode::file_not_found, "there is no such file"};
    return TftpContent{place->second, kept_alive};
  }

  net::Reactor reactor_;
  net::Pacer pacer_;
  std::mutex mutex_;
  std::vector<TftpEvent> events_;
  std::vector<std::string> names_;
  std::unique_ptr<TftpService> service_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

inline Bytes noise(std::size_t size) {
  SeededRandom random(size);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

/// An RFC 1350 and 7440 client that does nothing on its own.
class Client {
 public:
  Client() : socket_(net::UdpSocket::bind(options())) {}

  struct Heard {
    wire::TftpPacket packet;
    Endpoint from;
    Bytes bytes;  // what the packet's views point into
  };

  void say(Endpoint to, const Bytes& bytes) { ASSERT_FALSE(socket_.send({to, bytes})); }
  void ask(Endpoint server, const std::string& name, wire::TftpOptions options = {},
           const std::string& mode = "octet") {
    say(server, serialize(wire::TftpRequest{false, name, mode, std::move(options)}));
  }

  std::optional<Heard> hear(milliseconds patience = seconds(5)) {
    pollfd fd{socket_.fd(), POLLIN, 0};
    if (::poll(&fd, 1, static_cast<int>(patience.count())) != 1) return std::nullopt;
    net::DatagramBuffer one(1, 65536);
    auto batch = socket_.receive(one);
    if (batch.empty()) return std::nullopt;
    Heard heard{{}, batch[0].from, Bytes(batch[0].bytes.begin(), batch[0].bytes.end())};
    heard.packet = *wire::parse_tftp(heard.bytes);
    return heard;
  }
  template <typename T>
  T hear_a() {
    auto heard = hear();
    EXPECT_TRUE(heard && std::holds_alternative<T>(heard->packet));
    return heard && std::holds_alternative<T>(heard->packet) ? std::get<T>(heard->packet) : T{};
  }

  /// The whole file, or what came until an error.
  Bytes fetch(Endpoint server, const std::string& name, const wire::TftpOptions& asked = {}) {
    Bytes content;
    std::size_t block_size = 512, window = 1;
    std::uint16_t expected = 1, acked = 0;
    ask(server, name, asked);
    while (auto heard = hear()) {
      peer = heard->from;
      if (auto* oack = std::get_if<wire::TftpOack>(&heard->packet)) {
        if (auto* value = find_option(oack->options, "blksize")) block_size = std::stoul(*value);
        if (auto* value = find_option(oack->options, "windowsize")) window = std::stoul(*value);
        granted = oack->options;
        say(peer, serialize(wire::TftpAck{0}));
        continue;
      }
      auto* data = std::get_if<wire::TftpData>(&heard->packet);
      if (!data) return content;
      if (data->block != expected) continue;
      content.insert(content.end(), data->payload.begin(), data->payload.end());
      bool last = data->payload.size() < block_size;
      if (last || static_cast<std::uint16_t>(expected - acked) == window)
        say(peer, serialize(wire::TftpAck{acked = expected}));
      if (last) return content;
      ++expected;
    }
    return content;
  }

  Endpoint peer;
  wire::TftpOptions granted;

 private:
  static net::UdpOptions options() {
    net::UdpOptions options;
    options.local = {loopback, 0};
    return options;
  }
  net::UdpSocket socket_;
};

}  // namespace slipway::server
