// SPDX-License-Identifier: MPL-2.0
// Every verb of the command line, as a function. `main_slipway.cc` knows words and options, these do the
// work; each returns the exit code.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/bring.h"
#include "cli/context.h"
#include "image/system.h"

namespace slipway::cli {

// check.cc
int check(const Context& context, const std::string& file);
// image.cc
int image_import(const Context& context, const std::string& source, const image::Wish& wish,
                 const BringOptions& how);
int image_list(const Context& context);
int image_available(const Context& context, const BringOptions& how);
int image_show(const Context& context, const std::string& image);
// assign.cc
struct Whom {
  std::string machine, group;
  bool everyone = false;
  std::string kind;  ///< of image, where several are assigned
};
int image_assign(const Context& context, const std::string& image, const Whom& whom);
int image_rollback(const Context& context, const Whom& whom);
int image_unassign(const Context& context, const Whom& whom);
int image_assigned(const Context& context);
int image_history(const Context& context, const Whom& whom);
int image_pin(const Context& context, const std::string& image, bool pinned);
struct OnceOptions {
  std::string machine, what, variant;
  bool cancel = false;
};
int boot_once(const Context& context, const OnceOptions& options);
// image_gc.cc
int image_remove(const Context& context, const std::string& image);
int image_gc(const Context& context, bool dry_run);
// image_inspect.cc
int image_inspect(const Context& context, const std::string& source, const image::Wish& wish);
/// Without a name: every image.
int image_verify(const Context& context, const std::optional<std::string>& image);
// explain.cc
int explain(const Context& context, const std::string& machine, unsigned boots);
// events.cc
int events(const Context& context, bool follow, const std::optional<std::string>& machine);
// top.cc
int top(const Context& context);
// machines.cc
int machine_list(const Context& context);
int machine_show(const Context& context, const std::string& machine);
int machine_forget(const Context& context, const std::string& machine);
// leases.cc
struct LeaseFilter {
  std::string subnet, mac, state;  ///< empty: all
};
int lease_list(const Context& context, const LeaseFilter& filter);
int lease_release(const Context& context, const std::string& named);
// lease_import.cc
struct LeaseImportOptions {
  std::vector<std::string> files;
  std::string from;  ///< "isc", "kea", "dnsmasq"; empty: each file tells by itself
  bool dry_run = false;
};
int lease_import(const Context& context, const LeaseImportOptions& options);
// server.cc
int status(const Context& context);
int reload(const Context& context);
// tokens.cc
struct TokenOptions {
  std::string name, scope;
  unsigned days = 0;  ///< 0: until it is revoked
};
int token_create(const Context& context, const TokenOptions& options);
int token_list(const Context& context);
int token_revoke(const Context& context, const std::string& name);
int audit(const Context& context, unsigned limit);
// preview.cc
struct PreviewOptions {
  std::string mac, arch = "bios", loader = "ipxe";
};
int boot_preview(const Context& context, const PreviewOptions& options);
// properties.cc
int boot_properties(const Context& context, const std::string& named);
// export.cc
struct ExportOptions {
  std::string what;    ///< "dhcpd", "kea", "dnsmasq"
  std::string folder;  ///< of the tree
  std::string server;  ///< address; empty: what machines are told now
  std::uint16_t http_port = 80;
  bool only_tftp = false, force = false;
};
int export_snippet(const Context& context, const ExportOptions& options);
int export_tftpboot(const Context& context, const ExportOptions& options);
// simulate.cc
struct SimulateOptions {
  std::string mac, arch, uuid, client_id, vendor_class, user_class;
  std::string as = "pxe", message = "exchange";
  std::string relay, circuit, remote, interface, address, pcap;
  std::vector<std::string> options;
};
int simulate(const Context& context, const SimulateOptions& options);
// loader.cc
int loader_add(const Context& context, const std::string& file, const std::string& as);
int loader_list(const Context& context);
int loader_remove(const Context& context, const std::string& name);
// decode.cc
int decode(const Context& context, const std::string& file);

}  // namespace slipway::cli
