// SPDX-License-Identifier: MPL-2.0
#include "net/interface_monitor.h"

#include <cerrno>
#include <cstring>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "base/result.h"
#include "base/unique_fd.h"

namespace slipway::net {
namespace {

UniqueFd open_news() {
  UniqueFd news(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (!news || ::bind(news.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw StartupError(std::string("cannot watch the network interfaces: ") + std::strerror(errno));
  return news;
}

/// Reads the news away; true when there were any.
bool drain(int news) {
  char bytes[8192];
  bool changed = false;
  // An overflow (ENOBUFS) means that news were lost: that is news as well.
  while (::recv(news, bytes, sizeof bytes, 0) > 0 || errno == ENOBUFS || errno == EINTR) changed = true;
  return changed;
}

}  // namespace

struct InterfaceMonitor::Body {
  Body(Reactor& reactor, std::function<void()> told)
      : look(std::move(told)), watch(reactor, news.get(), [this] {
          if (drain(news.get())) look();
        }) {}

  UniqueFd news = open_news();
  std::function<void()> look;
  Watch watch;
};

InterfaceMonitor::InterfaceMonitor(Reactor& reactor, std::function<void()> look)
    : body_(std::make_unique<Body>(reactor, std::move(look))) {}

InterfaceMonitor::~InterfaceMonitor() = default;

}  // namespace slipway::net
