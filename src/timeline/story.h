// SPDX-License-Identifier: MPL-2.0
// For tests: tells a Timeline what a machine does, step by step, with a clock that is moved by hand.
#pragma once

#include <string>

#include "timeline/timeline.h"

namespace slipway::timeline {

using namespace std::chrono_literals;

class Story {
 public:
  static constexpr std::uint64_t kernel_size = 2'000'000, archive_size = 358'400'000;

  explicit Story(std::string_view mac = "0c:c4:7a:ab:cd:ef") : machine(*MacAddress::parse(mac)) {}

  Story& wait(Duration time) {
    now += time;
    return *this;
  }

  /// A DHCP event of the machine.
  Event dhcp(Kind kind, model::Stage stage, std::string detail = {}) {
    Event event;
    event.kind = kind;
    event.machine = machine;
    event.stage = stage;
    event.arch = arch;
    event.relay = relay;
    event.server = server;
    event.link = link;
    event.waited = waited;
    bool has_address = kind != Kind::dhcp_discover && kind != Kind::dhcp_dropped;
    if (has_address) event.address = address;
    bool answers = kind == Kind::dhcp_offer || kind == Kind::dhcp_ack;
    if (answers) event.name = stage == model::Stage::ipxe ? "http://10.99.99.250/boot.ipxe" : "undionly.kpxe";
    event.detail = std::move(detail);
    return record(std::move(event));
  }
  /// A transfer, known by its address alone.
  Event file(Kind kind, std::string name, std::uint64_t bytes = 0, std::uint64_t total = 0,
             std::string detail = {}, std::uint64_t offset = 0) {
    Event event;
    event.kind = kind;
    event.address = address;
    event.name = std::move(name);
    event.bytes = bytes;
    event.total = total;
    event.offset = offset;
    event.detail = std::move(detail);
    return record(std::move(event));
  }
  Event script(Kind kind = Kind::script_served, std::string detail = "smartos") {
    Event event;
    event.kind = kind;
    event.machine = machine;
    event.address = address;
    event.detail = std::move(detail);
    return record(std::move(event));
  }
  Event record(Event event) {
    event.at = now;
    return timeline.record(std::move(event));
  }

  void exchange(model::Stage stage) {
    dhcp(Kind::dhcp_discover, stage);
    dhcp(Kind::dhcp_offer, stage);
    wait(1s);
    dhcp(Kind::dhcp_request, stage);
    dhcp(Kind::dhcp_ack, stage);
    wait(100ms);
  }
  void fetch_loader() {
    file(Kind::tftp_started, "undionly.kpxe", 0, 70'000);
    wait(50ms);
    file(Kind::tftp_finished, "undionly.kpxe", 70'000, 70'000);
    wait(2s);
  }
  void fetch_script() {
    file(Kind::http_started, "/boot/0c-c4-7a-ab-cd-ef.ipxe");
    script();
    file(Kind::http_finished, "/boot/0c-c4-7a-ab-cd-ef.ipxe", 900, 900);
    wait(1s);
  }
  void fetch_kernel() {
    file(Kind::http_started, kernel, 0, kernel_size);
    wait(100ms);
    file(Kind::http_finished, kernel, kernel_size, kernel_size);
  }
  void start_archive() { file(Kind::http_started, archive, 0, archive_size); }
  void fetch_archive() {
    start_archive();
    wait(3100ms);
    file(Kind::http_finished, archive, archive_size, archive_size);
  }
  void reach_script() {
    exchange(model::Stage::pxe_rom);
    fetch_loader();
    exchange(model::Stage::ipxe);
    fetch_script();
  }
  void boot() {
    reach_script();
    fetch_kernel();
    fetch_archive();
  }

  Boot told() const { return *timeline.explain(machine, now); }
  Verdict verdict() const { return told().verdict; }

  const std::string kernel = "/os/20240102T030405Z/platform/i86pc/kernel/amd64/unix";
  const std::string archive = "/os/20240102T030405Z/platform/i86pc/amd64/boot_archive";
  MacAddress machine;
  Ipv4 address = *Ipv4::parse("10.99.99.210");
  model::Arch arch = model::Arch::bios;
  Ipv4 relay, server;
  std::uint32_t link = 2;
  std::uint16_t waited = 0;
  Instant now{1'700'000'000s};
  Timeline timeline;
};

}  // namespace slipway::timeline
