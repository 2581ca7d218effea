// SPDX-License-Identifier: MPL-2.0
// For tests: a real server on the loopback with its reactor on a thread of its own, and a client that
// speaks raw bytes so that it can misbehave.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/metrics.h"
#include "base/unique_fd.h"
#include "http/files.h"
#include "http/server.h"
#include "net/pacer.h"
#include "net/reactor.h"

namespace slipway::http::testing {

using std::chrono::milliseconds;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/slipway-http-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~TemporaryFolder() { [[maybe_unused]] int status = std::system(("rm -rf '" + path_ + "'").c_str()); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline void write_file(const std::string& path, const std::string& content, std::size_t times = 1) {
  std::ofstream file(path, std::ios::binary);
  for (std::size_t i = 0; i < times; ++i) file << content;
}

inline std::shared_ptr<OpenFile> open_file(const std::string& path) {
  auto file = std::make_shared<OpenFile>();
  file->fd.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  file->size = static_cast<std::uint64_t>(::lseek(file->fd.get(), 0, SEEK_END));
  file->etag = "abc";
  return file;
}

struct ToldEvent {
  RequestEvent::Kind kind;
  std::string target;
  int status;
  std::uint64_t body_bytes, bytes_sent;
  Outcome outcome;
  bool at_once = false;
};

class Loopback {
 public:
  explicit Loopback(Handler handler, Limits limits = {}, std::shared_ptr<Bandwidth> bandwidth = {}) {
    ServerOptions options;
    pacer_.emplace(reactor, [bandwidth](Ipv4) { return bandwidth; });
    options.pacer = &*pacer_;
    options.limits = limits;
    options.on_event = [this](const RequestEvent& event) {
      std::lock_guard lock(mutex_);
      events_.push_back({event.kind, event.request.target.raw, event.status, event.body_bytes,
                         event.bytes_sent, event.outcome, event.at_once});
      changed_.notify_all();
    };
    server_ = std::make_unique<Server>(reactor, metrics, std::move(handler), std::move(options));
    port = server_->listen({{0x7f000001}, 0}).port;
  }
  ~Loopback() {
    reactor.stop();
    if (thread_.joinable()) thread_.join();
    server_.reset();
  }

  void run() {
    thread_ = std::thread([this] { reactor.run(); });
  }
  Server& server() { return *server_; }
  void on_reactor(std::function<void()> work) { reactor.post(std::move(work)); }

  /// Before `run`.
  std::uint16_t listen_tls(std::shared_ptr<const TlsContext> context) {
    server_->identify(std::move(context));
    return server_->listen_tls({{0x7f000001}, 0}).port;
  }

  std::uint64_t open() { return metrics.gauge("slipway_http_connections", "server=\"boot\"").value(); }
  bool wait_until(const std::function<bool()>& holds, milliseconds patience = milliseconds(10'000)) {
    auto end = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(milliseconds(2));
    }
    return true;
  }
  bool wait_until_idle() {
    return wait_until([this] { return open() == 0; });
  }
  std::vector<ToldEvent> events() {
    std::lock_guard lock(mutex_);
    return events_;
  }
  /// The next event of an ended request; a failed wait gives one with status -1.
  ToldEvent wait_ended(std::size_t index = 0) {
    std::unique_lock lock(mutex_);
    ToldEvent found{RequestEvent::Kind::ended, "", -1, 0, 0, Outcome::failed};
    changed_.wait_for(lock, std::chrono::seconds(20), [&] {
      std::size_t seen = 0;
      for (const ToldEvent& event : events_) {
        if (event.kind == RequestEvent::Kind::ended && seen++ == index) {
          found = event;
          return true;
        }
      }
      return false;
    });
    return found;
  }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port) + path; }

  net::Reactor reactor;
  Metrics metrics;
  std::uint16_t port = 0;

 private:
  std::optional<net::Pacer> pacer_;
  std::unique_ptr<Server> server_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ToldEvent> events_;
  std::thread thread_;
};

class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0)
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  explicit Client(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    connected_ = ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  bool connected() const { return connected_; }
  int descriptor() const { return socket_.get(); }
  void send(std::string_view text) { ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL); }
  void get(const std::string& path, const std::string& fields = "") {
    send("GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
  }
  void half_close() { ::shutdown(socket_.get(), SHUT_WR); }
  void reset() {
    struct linger hard {
      1, 0
    };
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    socket_.reset();
  }
  void close() { socket_.reset(); }

  /// Some bytes; empty at the end, on a reset, or when nothing came in time.
  std::string receive(std::size_t most = 65536, int patience_ms = 10'000) {
    pollfd poll{socket_.get(), POLLIN, 0};
    if (::poll(&poll, 1, patience_ms) <= 0) {
      timed_out_ = true;
      return "";
    }
    std::string bytes(most, '\0');
    ssize_t n = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    was_reset_ = n < 0;
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }
  /// What `receive_until` left over first.
  std::string receive_some() { return seen_.empty() ? receive(1 << 20) : std::exchange(seen_, {}); }
  std::string receive_until(std::string_view mark) {
    while (seen_.find(mark) == std::string::npos) {
      std::string more = receive();
      if (more.empty()) break;
      seen_ += more;
    }
    std::size_t end = std::min(seen_.find(mark), seen_.size());
    end = std::min(end + mark.size(), seen_.size());
    std::string text = seen_.substr(0, end);
    seen_.erase(0, end);
    return text;
  }
  std::string receive_all() {
    for (std::string more = receive(); !more.empty(); more = receive()) seen_ += more;
    return std::exchange(seen_, {});
  }
  bool was_reset() const { return was_reset_; }
  bool timed_out() const { return timed_out_; }

 private:
  UniqueFd socket_;
  std::string seen_;
  bool connected_ = false, was_reset_ = false, timed_out_ = false;
};

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

inline std::string shell(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string output;
  char buffer[4096];
  for (std::size_t n = 0; (n = ::fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, n);
  ::pclose(pipe);
  return output;
}

}  // namespace slipway::http::testing
