// SPDX-License-Identifier: MPL-2.0
#include "api/lease_desk.h"

#include <fmt/format.h>

#include "api/answer.h"
#include "api/page.h"
#include "api/query.h"
#include "api/views.h"

namespace slipway::api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

std::string key_of(const LeaseView& lease) {
  return fmt::format("{:08x}", Ipv4::parse(lease.address).value_or(Ipv4::any()).value);
}

}  // namespace

Response LeaseDesk::list(const Request& request, const Captures&) const {
  auto page = page_of(request);
  if (!page) return page.error();
  auto plan = world_.plan();
  Instant now = world_.now();
  Names names(*plan, world_.timeline);
  auto mac = request.target.parameter("mac");
  LeaseList list;
  for (const lease::Lease& lease : world_.book.list()) {
    if (mac && MacAddress::parse(*mac) != lease.mac) continue;
    LeaseView one = view(lease, names, now);
    if (fits(request, "subnet", one.subnet) && fits(request, "state", one.state) &&
        fits(request, "machine", one.machine_name.value_or("")))
      list.leases.push_back(std::move(one));
  }
  list.next = cut(list.leases, *page, [](const LeaseView& lease) { return key_of(lease); });
  return answer(list);
}

Result<const lease::Lease*, Response> LeaseDesk::find(std::string_view text) const {
  auto address = Ipv4::parse(text);
  if (!address) return problem(400, fmt::format("\"{}\" is no IPv4 address", text), "write it as 10.0.0.1");
  if (const lease::Lease* lease = world_.book.at(*address)) return lease;
  return problem(404, fmt::format("nobody holds {}", text), "`slipway lease list` shows who has what");
}

Response LeaseDesk::show(const Request&, const Captures& captures) const {
  auto lease = find(captures["address"]);
  if (!lease) return lease.error();
  return answer(view(**lease, Names(*world_.plan(), world_.timeline), world_.now()));
}

Response LeaseDesk::release(const Request&, const Captures& captures) const {
  auto lease = find(captures["address"]);
  if (!lease) return lease.error();
  Ipv4 address = (*lease)->address;
  if (!(*lease)->holds(world_.now()))
    return problem(404, fmt::format("nobody holds {}", address.to_string()),
                   "`slipway lease list` shows who has what");
  auto done = world_.release_lease(address);
  return done ? answer(Done{*done}, 202) : problem(409, done.error().what, done.error().remedy);
}

Response LeaseDesk::import(const Request& request, const Captures&) const {
  auto asked = order_of<LeaseImport>(request, "{\"leases\": [...]} as the description says");
  if (!asked) return asked.error();
  std::vector<migrate::ForeignLease> leases;
  for (const ForeignLeaseView& view : asked->leases) {
    auto lease = foreign_lease_of(view);
    if (!lease) return problem(400, fmt::format("the lease of \"{}\" cannot be read", view.address));
    leases.push_back(std::move(*lease));
  }
  auto writer = std::make_shared<http::StreamWriter>();
  Response response;
  response.content_type = "application/json";
  response.body = http::Stream{writer};
  world_.import_leases(std::move(leases), [writer](const LeaseImportResult& result) {
    writer->write(to_json(result) + "\n");
    writer->finish();
  });
  return response;
}

}  // namespace slipway::api
