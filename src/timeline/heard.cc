// SPDX-License-Identifier: MPL-2.0
#include "timeline/heard.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/printable.h"
#include "base/quantity.h"
#include "timeline/remedy.h"

namespace slipway::timeline {
namespace {

using namespace std::chrono_literals;

// As long as a boot client is waited for (verdict.cc).
constexpr Duration patience_of_server = 5s, patience_of_client = 10s;

bool is_question(Kind kind) {
  switch (kind) {
    case Kind::dhcp_discover:
    case Kind::dhcp_request:
    case Kind::dhcp_inform:
    case Kind::dhcp_unknown:
    case Kind::proxy_request:
    case Kind::bootp_request:
      return true;
    default:
      return false;
  }
}

/// Everything a host does about IPv6 routers is beside the point, and says nothing where DHCP said something.
bool tells(const Event& event) {
  return event.kind != Kind::router_solicited;
}

class Listener {
 public:
  Listener(std::span<const Event> events, std::span<const Event>::reverse_iterator newest, Instant now)
      : event_(*newest),
        since_(human_duration(now - newest->at)),
        age_(now - newest->at),
        address_(event_.address.is_any() ? "an address" : event_.address.to_string()) {
    auto question =
        std::find_if(newest, events.rend(), [](const Event& event) { return is_question(event.kind); });
    if (question == events.rend()) return;
    asked_ = question->kind;
    if (question->stage == model::Stage::unknown) guess_ = question->detail;
  }

  Heard heard() const {
    Heard heard{event_.at, {}, "", ""};
    bool given = event_.kind == Kind::dhcp_ack || event_.kind == Kind::bootp_reply;
    if (given) heard.address = event_.address;
    auto [stands, sentence] = words();
    heard.stands = stands;
    heard.sentence = sentence + besides() + " No boot of it was seen since this server started.";
    return heard;
  }

 private:
  struct Words {
    std::string_view stands;
    std::string sentence;
  };

  Words words() const {
    switch (event_.kind) {
      case Kind::dhcp_dropped:
        return {"not answered", fmt::format("Its {} {} ago was not answered: {}.", what_it_sent(), since_,
                                            remedy_of(event_.detail))};
      case Kind::dhcp_nak:
        return {"address refused",
                fmt::format("It asked for {} {} ago and was refused (DHCPNAK): {}. It should begin anew.",
                            address_, since_, printable(event_.detail))};
      case Kind::dhcp_offer:
        return offered();
      case Kind::dhcp_ack:
      case Kind::bootp_reply:
        if (asked_ == Kind::dhcp_inform)
          return {"answered", fmt::format("It asked for options {} ago and was answered.", since_)};
        return {"has its address", fmt::format("It was given {} {} ago.", address_, since_)};
      case Kind::dhcp_decline:
        return {"address in use elsewhere",
                fmt::format("It gave {} back {} ago (DHCPDECLINE) because something else uses that address. "
                            "Find it with `arping {}`, or take the address out of the range.",
                            address_, since_, event_.address.to_string())};
      case Kind::dhcp_release:
        return {"gave its address back",
                fmt::format("It gave {} back {} ago (DHCPRELEASE).", address_, since_)};
      default:
        if (is_question(event_.kind)) return asked();
        return {"heard of", fmt::format("Heard of it {} ago: {}.", since_, describe(event_))};
    }
  }

  std::string besides() const {
    std::string text;
    bool given = event_.kind == Kind::dhcp_ack || event_.kind == Kind::dhcp_offer;
    if (given && !event_.detail.empty() && event_.detail != event_.name)
      text += fmt::format(" Of the answer {}.", printable(event_.detail));
    if (!guess_.empty()) text += fmt::format(" It did not name itself ({}).", printable(guess_));
    return text;
  }

  Words offered() const {
    if (age_ <= patience_of_client)
      return {"waiting: offered",
              fmt::format("It was offered {} {} ago and should now ask for it.", address_, since_)};
    return {
        "offer not taken",
        fmt::format("It was offered {} {} ago and never asked for it. Either another DHCP server was faster, "
                    "or our offers do not reach it: check VLAN, relay and firewall.",
                    address_, since_)};
  }

  Words asked() const {
    std::string_view packet = line_of(event_.kind);
    if (age_ <= patience_of_server)
      return {"waiting: asked",
              fmt::format("Its {} came {} ago and is about to be answered.", packet, since_)};
    return {"not answered",
            fmt::format("Its {} {} ago was not answered: {}.", packet, since_, remedy_of(""))};
  }

  std::string what_it_sent() const { return event_.name.empty() ? "DHCP packet" : printable(event_.name); }

  const Event& event_;
  std::string since_;
  Duration age_;
  std::string address_;
  std::string guess_;          ///< of who that is who did not say it
  std::optional<Kind> asked_;  ///< its newest question
};

}  // namespace

std::optional<Heard> heard_of(std::span<const Event> events, Instant now) {
  if (events.empty()) return std::nullopt;
  auto newest = std::find_if(events.rbegin(), events.rend(), tells);
  if (newest == events.rend()) newest = events.rbegin();
  return Listener(events, newest, now).heard();
}

}  // namespace slipway::timeline
