// SPDX-License-Identifier: MPL-2.0
// The stages of a boot, the states of a machine, and what an event says of both between two judgements of the server.

export const STAGES = ["discover", "offer", "request", "ack", "loader", "ipxe", "script", "kernel", "archive"];
const AT = Object.fromEntries(STAGES.map((stage, at) => [stage, at]));
export const stageAt = (stage) => AT[stage] ?? -1;

/** In the order in which they want to be looked at. */
export const STATES = [
  { id: "failed", word: "stopped", tone: "bad", says: "its boot stopped" },
  { id: "unanswered", word: "unanswered", tone: "warn", says: "it asks and gets no answer" },
  { id: "booting", word: "booting", tone: "busy", says: "on its way" },
  { id: "delivered", word: "delivered", tone: "ok", says: "has kernel and archive in full; the rest is the machine's" },
  { id: "up", word: "up", tone: "ok", says: "its operating system asked for an address" },
  { id: "disk", word: "own disk", tone: "", says: "was sent to its own disk" },
  { id: "quiet", word: "quiet", tone: "", says: "holds an address; no boot of it was seen" },
  { id: "unseen", word: "not seen", tone: "", says: "configured, and not seen since the server started" },
];
export const stateOf = (id) => STATES.find((state) => state.id === id);

/** Whose event it is. Whoever asks for another's files is known by the address alone. */
export const whoOf = (event, calledOf) =>
  event.meant && !event.machine
    ? `${event.address ?? "somebody"} for ${calledOf(event.meant)}`
    : event.machine_name || event.machine || event.address || "slipway";

const BY_VERDICT = { in_progress: "booting", handed_over: "delivered", running: "up", up: "up", sent_to_disk: "disk" };

/** From what the server judged. */
export function judged(view) {
  if (view.failed) return "failed";
  if (view.verdict) return BY_VERDICT[view.verdict] ?? "booting";
  if (!view.last_seen && !view.address) return "unseen";
  return view.address ? "quiet" : "unanswered";
}

const LOADERS = new Set(["iPXE", "illumos loader", "GRUB"]);
const FIRMWARE = new Set(["PXE firmware", "UEFI HTTP Boot firmware"]);
const BY_ROLE = { loader: AT.loader, script: AT.script, kernel: AT.kernel, archive: AT.archive };
const BY_DHCP = {
  dhcp_discover: AT.discover,
  bootp_request: AT.discover,
  dhcp_offer: AT.offer,
  proxy_offer: AT.offer,
  dhcp_request: AT.request,
  proxy_request: AT.request,
  dhcp_ack: AT.ack,
  proxy_ack: AT.ack,
  bootp_reply: AT.ack,
};

/** How far along an event shows a machine to be that had come as far as `at`; -1: it says nothing of that. */
export function stageOf(event, at) {
  const dhcp = BY_DHCP[event.kind];
  if (dhcp !== undefined) {
    if (LOADERS.has(event.stage)) return at >= AT.loader ? AT.ipxe : dhcp;
    return FIRMWARE.has(event.stage) || (event.boot && at < AT.kernel) ? dhcp : -1;
  }
  if (event.kind === "script_served" || event.kind === "refusal_script_served") return AT.script;
  if (event.kind.startsWith("tftp_") || event.kind.startsWith("http_")) return BY_ROLE[event.role] ?? -1;
  return -1;
}

/** The row of a boot's timeline an event is drawn in: as stageOf, but each packet on its own. */
export function rowOf(event, chained) {
  const at = stageOf(event, chained ? AT.loader : 0);
  if (at >= 0) return at;
  if (event.kind === "dhcp_nak" || event.kind === "dhcp_decline") return AT.request;
  if (event.kind === "dhcp_dropped") return event.name === "DHCPREQUEST" ? AT.request : AT.discover;
  if (event.kind === "lease_granted") return LOADERS.has(event.stage) && chained ? AT.ipxe : AT.ack;
  return -1;
}

export const isBad = (kind) =>
  /_(failed|refused|dropped|nak|decline)$|^dhcp_(nak|decline)|^refusal_|^address_in_use|^foreign_server$|^dhcp_unknown/.test(
    kind,
  );
export const isGood = (kind) => /_(finished|ack|granted|published)$/.test(kind);
