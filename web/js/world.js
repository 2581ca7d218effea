// SPDX-License-Identifier: MPL-2.0
// Every machine as the console knows it: what the server judged last, carried on by the events since. Pages subscribe
// and hear which machines changed, once a frame.
import { all, get, name, Trouble } from "./api.js";
import { setServerTime } from "./format.js";
import { judged, stageAt, stageOf } from "./stages.js";
import { follow } from "./stream.js";

const KEPT = 3000; // events
const FEW = 6; // machines that are asked for one by one

export const machines = new Map(); // by MAC address, or by name where there is none yet
export const recent = []; // events, oldest first
export const world = { status: null, state: "off", trouble: null, loaded: false };

const byMac = new Map();
const listeners = new Set();
const stale = new Map(); // machine to when it was heard last
let end = () => {};
let asking = false;
let tookToList = 0;
let listedAt = 0;

/** `tell({machines: Set | null, events, state})`; null: all may have changed. Returns the way out. */
export function subscribe(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
const tellAll = (what) => listeners.forEach((tell) => tell(what));

export const titleOf = (record) => record.view.name || record.view.machine;
/** The page of a machine. */
export const hrefOf = (view) => `#/machine/${encodeURIComponent(view.name || view.machine)}`;
/** What the machine of this MAC address is called. */
export const calledOf = (mac) => byMac.get(mac)?.view.name || mac;
export const idOf = (view) => view.machine || view.name;

function take(view) {
  const id = idOf(view);
  let record = byMac.get(view.machine) ?? machines.get(id) ?? machines.get(view.name);
  if (!record) {
    record = { id, at: -1, boot: 0, changed: 0 };
    machines.set(id, record);
  }
  record.view = view;
  record.state = judged(view);
  record.at = view.stage ? stageAt(view.stage) : -1;
  record.boot = view.boot ?? 0;
  record.text = [
    view.name,
    view.machine,
    view.address,
    view.uuid,
    view.stands,
    view.desired,
    view.running,
    ...(view.groups ?? []),
    ...view.macs,
  ]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
  for (const mac of view.macs) byMac.set(mac, record);
  return record;
}

function stranger(event) {
  return take({
    machine: event.machine,
    macs: [event.machine],
    name: event.machine_name,
    address: event.address,
    groups: [],
    stands: "",
    sentence: "",
    last_seen: event.at,
  });
}

/** What this one event changes; the server's judgement follows. */
function apply(event) {
  const record = byMac.get(event.machine) ?? stranger(event);
  const view = record.view;
  view.last_seen = event.at;
  if (event.address) view.address = event.address;
  const heard = Date.now();
  if (event.boot && event.boot !== record.boot) {
    record.at = -1;
    record.boot = event.boot;
  }
  const at = event.boot ? stageOf(event, record.at) : -1;
  if (at >= 0) {
    record.at = Math.max(record.at, at);
    record.state = /_(failed|refused)$/.test(event.kind) ? "failed" : "booting";
    view.stands = event.text;
  }
  if (event.kind === "refusal_script_served") record.state = "failed";
  if (event.kind === "local_script_served") record.state = "disk";
  if (event.role === "archive" && event.kind.endsWith("_finished")) record.state = "delivered";
  if (event.kind === "machine_up") record.state = "up";
  record.changed = heard;
  stale.set(record, heard);
  return record;
}

function hear(events) {
  const changed = new Set();
  for (const event of events) {
    recent.push(event);
    if (event.machine) changed.add(apply(event));
  }
  if (recent.length > KEPT * 1.2) recent.splice(0, recent.length - KEPT);
  tellAll({ machines: changed, events });
}

export async function list() {
  const began = performance.now();
  const views = await all("/machines", "machines");
  tookToList = performance.now() - began;
  listedAt = Date.now();
  const there = new Set();
  for (const view of views) there.add(take(view));
  for (const [id, record] of machines) if (!there.has(record) && !stale.has(record)) machines.delete(id);
  for (const [record, heard] of stale) if (heard < listedAt - 2000) stale.delete(record);
  world.loaded = true;
  tellAll({ machines: null });
}

async function askOne(record) {
  stale.delete(record);
  try {
    const view = await get(`/machines/${name(record.view.machine || record.view.name)}`);
    take(view);
    tellAll({ machines: new Set([record]) });
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
  }
}

/** Once a second: judgements of those that fell silent. A few are asked for, of many the whole list is. */
async function refresh() {
  if (asking || world.state !== "on" || document.hidden) return;
  const heard = Date.now();
  const wanted = [...stale].filter(([, at]) => heard - at > 900).map(([record]) => record);
  for (const record of machines.values())
    if (record.state === "booting" && heard - record.changed > 8000 && !stale.has(record)) wanted.push(record);
  if (!wanted.length) return;
  asking = true;
  try {
    if (wanted.length <= FEW) {
      for (const record of wanted) {
        record.changed = Math.max(record.changed, heard - 4000);
        await askOne(record);
      }
    } else if (heard - listedAt > Math.max(8000, 30 * tookToList)) {
      await list();
    }
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
  } finally {
    asking = false;
  }
}
setInterval(refresh, 1000);

export async function loadStatus() {
  const before = world.status?.started;
  world.status = await get("/status");
  setServerTime(world.status.now);
  return before !== undefined && before !== world.status.started;
}

function setState(state, trouble) {
  const again = state === "on" && world.state === "lost";
  world.state = state;
  world.trouble = trouble;
  tellAll({ state });
  if (again) comeBack();
}

/** The server may be another one by now, with other machines. */
async function comeBack() {
  try {
    if (await loadStatus()) {
      recent.length = 0;
      machines.clear();
      byMac.clear();
      stale.clear();
      end();
      return void (await begin());
    }
    await list();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
  }
}

/** Status, then the stream from there on, then the list: nothing falls between. */
export async function begin() {
  end();
  await loadStatus();
  const since = world.status.events;
  const past = await get("/events?limit=600");
  recent.length = 0;
  recent.push(...past.events.filter((event) => event.sequence <= since));
  end = follow(since, hear, setState);
  await list();
}

export function stop() {
  end();
  world.state = "off";
  world.loaded = false;
  machines.clear();
  byMac.clear();
  recent.length = 0;
}
