// SPDX-License-Identifier: MPL-2.0
#include "load.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "net/sockaddr.h"

namespace slipway::bench {
namespace {

constexpr std::size_t piece = 4 << 20;  // asked of the kernel at once; it never has so much

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// One client: a request, its answer, the next request.
class Client {
 public:
  Client(const LoadPlan& plan, Ipv4 source, const std::string& path, int epoll)
      : request_(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", path, plan.server.address.to_string())) {
    socket_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket_) fail("socket");
    int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in from = net::to_sockaddr({source, 0}), to = net::to_sockaddr(plan.server);
    if (::bind(socket_.get(), reinterpret_cast<sockaddr*>(&from), sizeof from) != 0) fail("bind");
    if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) fail("connect");
    epoll_event event{.events = EPOLLIN, .data = {.ptr = this}};
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, socket_.get(), &event) != 0) fail("epoll_ctl");
  }

  void ask() {
    begun_ = Clock::now();
    head_.clear();
    if (::send(socket_.get(), request_.data(), request_.size(), MSG_NOSIGNAL) < 0) end();
  }

  void readable(Tally& tally, std::vector<double>* times) {
    static std::array<char, 4096> buffer;
    bool in_body = left_ > 0;
    ssize_t n = in_body ? ::recv(socket_.get(), nullptr, std::min<std::uint64_t>(left_, piece),
                                 MSG_TRUNC | MSG_DONTWAIT)
                        : ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
      ++tally.failed;
      return end();
    }
    auto count = static_cast<std::uint64_t>(n);
    if (!in_body) {
      head_.append(buffer.data(), count);
      std::size_t end_of_head = head_.find("\r\n\r\n");
      if (end_of_head == head_.npos) return;
      if (!head_.starts_with("HTTP/1.1 200")) ++tally.failed;
      left_ = content_length();
      count = head_.size() - end_of_head - 4;
    }
    bytes += count;
    left_ -= count;
    if (left_ > 0) return;
    ++tally.answers;
    if (times) times->push_back(std::chrono::duration<double, std::micro>(Clock::now() - begun_).count());
    ask();
  }

  std::uint64_t bytes = 0;

 private:
  std::uint64_t content_length() const {
    constexpr std::string_view name = "content-length:";
    std::string lower(head_);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    std::size_t at = lower.find(name);
    std::uint64_t length = 0;
    if (at == lower.npos) return 0;
    at = lower.find_first_not_of(' ', at + name.size());
    std::from_chars(lower.data() + at, lower.data() + lower.size(), length);
    return length;
  }

  void end() { socket_.reset(); }

  std::string request_, head_;
  UniqueFd socket_;
  std::uint64_t left_ = 0;  ///< of the body; 0: the head is awaited
  Clock::time_point begun_{};
};

}  // namespace

Tally run_load(const LoadPlan& plan) {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) fail("epoll_create1");
  std::vector<std::unique_ptr<Client>> clients;
  for (std::uint32_t i = 0; i < plan.connections; ++i) {
    Ipv4 source{plan.first_source.value + i % plan.sources};
    clients.push_back(std::make_unique<Client>(plan, source, plan.path, epoll.get()));
  }
  std::unique_ptr<Client> small;
  if (!plan.small_path.empty())
    small = std::make_unique<Client>(plan, plan.first_source, plan.small_path, epoll.get());

  Tally tally;
  auto begun = Clock::now();
  for (auto& client : clients) client->ask();
  if (small) small->ask();
  std::array<epoll_event, 256> events;
  while (Clock::now() - begun < plan.length) {
    int count = ::epoll_wait(epoll.get(), events.data(), events.size(), 100);
    for (int i = 0; i < count; ++i) {
      auto* client = static_cast<Client*>(events[i].data.ptr);
      client->readable(tally, client == small.get() ? &tally.small_us : nullptr);
    }
  }
  tally.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  auto by_bytes = [](const auto& a, const auto& b) { return a->bytes < b->bytes; };
  auto [least, most] = std::minmax_element(clients.begin(), clients.end(), by_bytes);
  tally.least = (*least)->bytes;
  tally.most = (*most)->bytes;
  for (const auto& client : clients) tally.bytes += client->bytes;
  return tally;
}

}  // namespace slipway::bench
