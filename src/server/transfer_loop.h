// SPDX-License-Identifier: MPL-2.0
// One thread that moves boot files: TFTP and HTTP on its own reactor, with an immutable plan. What happens
// is told to the control thread as events through a mailbox; a full mailbox loses events, counted,
// never bytes. Built on the main thread, where it binds its ports (StartupError); `start` runs it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/mailbox.h"
#include "base/metrics.h"
#include "http/server.h"
#include "model/plan.h"
#include "net/interfaces.h"
#include "net/pacer.h"
#include "net/reactor.h"
#include "server/bandwidths.h"
#include "server/boot_files.h"
#include "server/tftp_service.h"
#include "server/upload_folder.h"
#include "timeline/event.h"

namespace slipway::server {

using EventBox = Mailbox<timeline::Event>;

/// What transfers go by. Replaced whole: all of it is immutable.
struct Serving {
  std::shared_ptr<const model::Plan> plan;
  std::shared_ptr<const Bandwidths> bandwidths;
  std::shared_ptr<const http::TlsContext> tls;  ///< null: no HTTPS
};

class TransferLoop {
 public:
  struct Parts {
    const image::Store& images;
    const KnownClients& clients;
    EventBox& events;
    Metrics& metrics;
    UploadFolder* uploads = nullptr;  ///< shared by the loops; null: nothing is written
  };

  /// `shared_ports`: other loops of this process listen on the same ports.
  TransferLoop(Parts parts, Serving serving, const std::vector<net::Interface>& interfaces,
               bool shared_ports);
  ~TransferLoop();

  /// How many clients one loop takes at once; each holds a socket.
  static std::uint64_t most_clients() { return http::Limits{}.connections + TftpSettings{}.max_transfers; }

  void start();
  /// Any thread: what is asked from now on is answered by this.
  void publish(Serving serving);
  /// Any thread: addresses that were not there before are listened on, too.
  void listen_on(std::vector<net::Interface> interfaces);
  /// Any thread: accepts nothing new, gives what runs `grace` to end, and then calls `done` on its own
  /// thread.
  void drain(std::chrono::milliseconds grace, std::function<void()> done);
  /// Ends what still runs, and joins the thread.
  void stop();

 private:
  void listen(const std::vector<net::Interface>& interfaces);
  void listen_http(Endpoint endpoint, bool secure);
  Result<TftpContent, tftp::Refusal> answer_tftp(std::string_view filename, Ipv4 client, Ipv4 local);
  http::Response answer_http(const http::Request& request);
  http::Response hear_call(const http::Request& request);
  void tell_whose(timeline::Event& event, std::string_view path) const;
  void note(const TftpEvent& event);
  void note_write(const TftpEvent& event);
  void note(const http::RequestEvent& event);
  std::string refusal_of(const http::RequestEvent& event);
  void post(timeline::Event event);
  void send_events();
  boot::Base base(Ipv4 local, bool secure = false) const;

  Parts parts_;
  Serving serving_;
  bool shared_ports_;
  Counter& lost_events_;
  net::Reactor reactor_;
  net::Pacer pacer_;  // for HTTP and TFTP, which share what a subnet may have
  BootFiles files_;
  std::unordered_map<std::uint64_t, std::string> refused_;  // by request id, until the answer is out
  http::Server http_;
  std::vector<Endpoint> http_listening_;                   // HTTPS as well
  std::map<unsigned, std::unique_ptr<TftpService>> tftp_;  // by index: of a name made anew it is another
  std::vector<timeline::Event> waiting_events_;            // of this turn: one lock and one wake-up for all
  std::size_t draining_ = 0;  ///< services that have not ended; not 0: no interface is listened on anew
  std::thread thread_;
};

}  // namespace slipway::server
