// SPDX-License-Identifier: MPL-2.0
#include "server/transfer_loop.h"

#include <algorithm>

#include <fmt/format.h>

#include "http/files.h"

namespace slipway::server {
namespace {

constexpr std::size_t events_at_once = 256;
constexpr std::size_t events_expected = 64;  // of a busy turn

int http_status(NotServed::Why why) {
  switch (why) {
    case NotServed::Why::absent:
      return 404;
    case NotServed::Why::forbidden:
      return 403;
    case NotServed::Why::failed:
      break;
  }
  return 500;
}

tftp::Refusal tftp_refusal(const NotServed& not_served) {
  bool absent = not_served.why == NotServed::Why::absent;
  bool forbidden = not_served.why == NotServed::Why::forbidden;
  auto code = absent      ? wire::TftpErrorCode::file_not_found
              : forbidden ? wire::TftpErrorCode::access_violation
                          : wire::TftpErrorCode::undefined;
  return {code, not_served.reason};
}

http::ServerOptions http_options(std::function<void(const http::RequestEvent&)> on_event, net::Pacer& pacer) {
  http::ServerOptions options;
  options.on_event = std::move(on_event);
  options.pacer = &pacer;
  return options;
}

TftpSettings tftp_settings(const model::ServerSettings& server) {
  TftpSettings settings;
  settings.listen.port = server.tftp_port;
  settings.single_port = server.tftp_single_port;
  // Behind NAT, a whole rack has one address.
  if (settings.single_port) settings.max_transfers_per_client = settings.max_transfers / 2;
  settings.max_window = server.tftp_window;
  settings.fragments = server.tftp_fragments;
  return settings;
}

timeline::Kind kind_of(const TftpEvent& event) {
  using timeline::Kind;
  if (event.kind == TftpEvent::Kind::started) return Kind::tftp_started;
  if (event.kind == TftpEvent::Kind::refused) return Kind::tftp_refused;
  if (event.outcome.ending == tftp::Ending::complete) return Kind::tftp_finished;
  return event.outcome.normal() ? Kind::tftp_probed : Kind::tftp_failed;
}

timeline::Kind kind_of(const http::RequestEvent& event) {
  using timeline::Kind;
  if (event.kind == http::RequestEvent::Kind::started) return Kind::http_started;
  if (event.status >= 400) return Kind::http_refused;
  return event.outcome == http::Outcome::complete ? Kind::http_finished : Kind::http_failed;
}

}  // namespace

TransferLoop::TransferLoop(Parts parts, Serving serving, const std::vector<net::Interface>& interfaces,
                           bool shared_ports)
    : parts_(parts),
      serving_(std::move(serving)),
      shared_ports_(shared_ports),
      lost_events_(
          parts.metrics.counter("slipway_events_lost_total", {}, "Events that found the mailbox full")),
      pacer_(reactor_, [this](Ipv4 client) { return serving_.bandwidths->of(client); }),
      files_(parts.images, parts.clients, serving_.plan->server().state),
      http_(
          reactor_, parts.metrics, [this](const http::Request& request) { return answer_http(request); },
          http_options([this](const http::RequestEvent& event) { note(event); }, pacer_)) {
  files_.publish(serving_.plan);
  http_.identify(serving_.tls);
  listen(interfaces);
}

TransferLoop::~TransferLoop() {
  stop();
}

void TransferLoop::start() {
  thread_ = std::thread([this] { reactor_.run(); });
}

void TransferLoop::publish(Serving serving) {
  reactor_.post([this, serving = std::move(serving)] {
    serving_ = serving;
    files_.publish(serving.plan);
    http_.identify(serving.tls);
  });
}

void TransferLoop::listen_on(std::vector<net::Interface> interfaces) {
  reactor_.post([this, interfaces = std::move(interfaces)] {
    if (draining_ > 0) return;
    try {
      listen(interfaces);
    } catch (const StartupError& error) {  // the others are served on
      post({.kind = timeline::Kind::note, .detail = error.what()});
    }
  });
}

/// Only on the interfaces the operator named, and there on every address.
void TransferLoop::listen(const std::vector<net::Interface>& interfaces) {
  const model::ServerSettings& server = serving_.plan->server();
  std::erase_if(tftp_, [&](const auto& known) { return !net::find_interface(interfaces, known.first); });
  for (const std::string& name : server.interfaces) {
    const net::Interface* interface = net::find_interface(interfaces, name);
    if (!interface) continue;
    if (!tftp_.contains(interface->index)) {
      TftpSettings settings = tftp_settings(server);
      settings.device = name;
      settings.uploads = parts_.uploads;
      settings.reuse_port = shared_ports_;
      settings.pacer = &pacer_;
      auto answer = [this](std::string_view file, Ipv4 client, Ipv4 local) {
        return answer_tftp(file, client, local);
      };
      auto hear = [this](const TftpEvent& event) { note(event); };
      tftp_.emplace(interface->index,
                    std::make_unique<TftpService>(reactor_, settings, answer, hear, parts_.metrics));
    }
    for (const net::InterfaceAddress& at : interface->ipv4) {
      listen_http({at.address, server.http_port}, false);
      if (serving_.tls) listen_http({at.address, server.https_port}, true);
    }
  }
}

void TransferLoop::listen_http(Endpoint endpoint, bool secure) {
  if (std::find(http_listening_.begin(), http_listening_.end(), endpoint) != http_listening_.end()) return;
  if (secure) {
    http_.listen_tls(endpoint, shared_ports_);
  } else {
    http_.listen(endpoint, shared_ports_);
  }
  http_listening_.push_back(endpoint);
}

void TransferLoop::drain(std::chrono::milliseconds grace, std::function<void()> done) {
  reactor_.post([this, grace, done = std::move(done)] {
    auto one_ended = [this, done] {
      if (--draining_ == 0) done();
    };
    draining_ = 1 + tftp_.size();
    http_.stop(grace, one_ended);
    for (auto& known : tftp_) known.second->stop(grace, one_ended);
  });
}

void TransferLoop::stop() {
  if (!thread_.joinable()) return;
  reactor_.stop();
  thread_.join();
  send_events();  // the last of them
}

boot::Base TransferLoop::base(Ipv4 local, bool secure) const {
  const model::ServerSettings& server = serving_.plan->server();
  boot::Base base{local, secure ? server.https_port : server.http_port, server.tftp_port};
  base.secure = secure;
  return base;
}

Result<TftpContent, tftp::Refusal> TransferLoop::answer_tftp(std::string_view filename, Ipv4 client,
                                                             Ipv4 local) {
  auto served = files_.get({filename, client, base(local)});
  if (!served) return tftp_refusal(served.error());
  if (served->script) post(std::move(*served->script));
  if (auto* text = std::get_if<std::shared_ptr<const std::string>>(&served->content)) {
    return TftpContent{as_bytes(**text), *text};
  }
  auto file = std::get<std::shared_ptr<const http::OpenFile>>(served->content);
  return TftpContent{{}, file, file->fd.get(), file->size, file->etag};
}

/// A machine says that it is up. Anybody can ask for this URL: it is believed from the machine's own address.
http::Response TransferLoop::hear_call(const http::Request& request) {
  auto refuse = [&](std::string why) {
    refused_[request.id] = why;
    return http::refusal(403, std::move(why));
  };
  auto named = MacAddress::parse(request.target.path.components().back());
  if (!named) return refuse("the name of this call is /up/ and a MAC address");
  Ipv4 from = request.client_address();
  if (!files_.owners().is_of(parts_.clients.get(*named), from))
    return refuse(
        fmt::format("only {0} itself says that it is up, and {1} is not known as its address: "
                    "reserve {1} for it, or let it ask this server for its address",
                    named->to_string(), from.to_string()));
  timeline::Event event;
  event.kind = timeline::Kind::machine_up;
  event.machine = named;
  event.address = from;
  event.detail = "it called back";
  if (request.method == http::Method::get) post(std::move(event));
  return http::text(200, "noted\n");
}

http::Response TransferLoop::answer_http(const http::Request& request) {
  if (request.method != http::Method::get && request.method != http::Method::head) {
    http::Response response = http::refusal(405, "boot files are fetched with GET or HEAD");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  if (request.target.raw == "/healthz") return http::text(200, "ok\n");
  const auto& parts = request.target.path.components();
  if (parts.size() == 2 && parts.front() == "up") return hear_call(request);
  auto served = files_.get({request.target.path.to_string(), request.client_address(),
                            base(request.local.address, request.secure)});
  if (!served) {
    refused_[request.id] = served.error().reason;
    return http::refusal(http_status(served.error().why), served.error().reason);
  }
  if (served->script && request.method == http::Method::get) post(std::move(*served->script));
  if (auto* text = std::get_if<std::shared_ptr<const std::string>>(&served->content)) {
    return http::shared_text(*text, std::string(served->type));
  }
  return http::serve_file(request, std::get<std::shared_ptr<const http::OpenFile>>(served->content));
}

/// What a machine writes is no stage of its boot, but worth a line.
void TransferLoop::note_write(const TftpEvent& event) {
  timeline::Event noted;
  noted.address = event.client.address;
  noted.name = event.filename;
  bool whole = event.outcome.ending == tftp::Ending::complete;
  std::string why =
      event.outcome.text.empty() ? std::string(tftp::to_string(event.outcome.ending)) : event.outcome.text;
  noted.detail =
      fmt::format("{} wrote {} over TFTP: {}", event.client.address.to_string(), event.filename,
                  whole ? fmt::format("{} bytes", event.outcome.bytes) : "nothing was kept, " + why);
  post(std::move(noted));
}

void TransferLoop::tell_whose(timeline::Event& event, std::string_view path) const {
  auto whose = files_.whose(path, event.address);
  event.machine = whose.machine;
  event.meant = whose.meant;
}

void TransferLoop::note(const TftpEvent& event) {
  if (event.write && event.kind == TftpEvent::Kind::started) return;
  if (event.write && event.kind == TftpEvent::Kind::ended) return note_write(event);
  timeline::Event noted;
  noted.kind = kind_of(event);
  noted.address = event.client.address;
  noted.name = event.filename;
  tell_whose(noted, event.filename);
  noted.role = files_.role_of(event.filename);
  noted.total = event.size;
  noted.bytes = event.outcome.bytes;
  noted.took = event.outcome.duration;
  noted.block = static_cast<std::uint16_t>(event.block_size);
  noted.unheard = event.kind == TftpEvent::Kind::ended && !event.outcome.heard;
  noted.detail = event.kind == TftpEvent::Kind::refused ? event.refusal.reason : event.outcome.text;
  if (noted.kind == timeline::Kind::tftp_failed && noted.detail.empty())
    noted.detail = tftp::to_string(event.outcome.ending);
  post(std::move(noted));
}

void TransferLoop::note(const http::RequestEvent& event) {
  timeline::Event noted;
  noted.kind = kind_of(event);
  noted.address = event.request.client_address();
  noted.name = event.request.target.raw;
  std::string path = event.request.target.path.to_string();
  tell_whose(noted, path);
  noted.role = files_.role_of(path);
  noted.total = event.file_size != 0 ? event.file_size : event.body_bytes;
  noted.offset = event.offset;
  noted.bytes = event.bytes_sent;
  noted.took = event.duration;
  noted.at_once = event.at_once;
  if (event.request.method == http::Method::head) noted.detail = "HEAD";
  if (event.kind == http::RequestEvent::Kind::ended && event.status >= 400) noted.detail = refusal_of(event);
  if (event.outcome != http::Outcome::complete) noted.detail = http::to_string(event.outcome);
  post(std::move(noted));
}

/// The same words that the client was sent.
std::string TransferLoop::refusal_of(const http::RequestEvent& event) {
  auto reason = refused_.extract(event.request.id);
  return reason ? std::move(reason.mapped())
                : fmt::format("{} {}", event.status, http::reason_phrase(event.status));
}

void TransferLoop::post(timeline::Event event) {
  event.at = reactor_.now().wall;
  if (waiting_events_.empty()) waiting_events_.reserve(events_expected);
  waiting_events_.push_back(std::move(event));
  if (waiting_events_.size() == 1) reactor_.post([this] { send_events(); });
  if (waiting_events_.size() >= events_at_once) send_events();
}

void TransferLoop::send_events() {
  std::size_t count = waiting_events_.size();
  if (!parts_.events.post_all(std::exchange(waiting_events_, {}))) lost_events_.add(count);
}

}  // namespace slipway::server
