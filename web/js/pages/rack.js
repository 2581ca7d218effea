// SPDX-License-Identifier: MPL-2.0
// Every machine and how far it is, live. What stopped comes first, with the sentence that says why.
import { h, perFrame, replace, say } from "../dom.js";
import { count, plural, time } from "../format.js";
import { get } from "../api.js";
import { bindPage } from "../keys.js";
import { subnetOf } from "../networks.js";
import { STATES, stateOf } from "../stages.js";
import { hrefOf, machines, subscribe, titleOf, world } from "../world.js";
import { attention } from "../parts/attention.js";
import { cells } from "../parts/cells.js";
import { chip, empty, troubleOf, waiting } from "../parts/states.js";
import { steps, tiles } from "../parts/tiles.js";
import { table } from "../parts/table.js";

export const title = () => "Rack";
const FEW = 160; // machines that get a tile each
const SUMMARY = 250; // ms
const remembered = { filter: "", group: "", view: "", states: new Set() };
const open = (record) => (location.hash = hrefOf(record.view));

const columns = () => [
  {
    title: "Machine",
    width: "minmax(9rem,1.1fr)",
    narrow: "1fr",
    cell: (r) => h("b", { class: r.view.name ? "" : "mono" }, titleOf(r)),
    sort: (r) => titleOf(r),
  },
  {
    title: "State",
    width: "8rem",
    narrow: "7rem",
    cell: (r) => chip(stateOf(r.state).word, stateOf(r.state).tone),
    sort: (r) => STATES.findIndex((s) => s.id === r.state),
  },
  { title: "How far", width: "8rem", wide: true, cell: steps, sort: (r) => r.at },
  { title: "Where it stands", width: "minmax(10rem,1.4fr)", wide: true, cell: (r) => r.view.stands },
  {
    title: "Address",
    width: "8rem",
    wide: true,
    cell: (r) => r.view.address ?? "",
    sort: (r) => (r.view.address ?? "").split(".").reduce((sum, each) => sum * 256 + Number(each), 0),
  },
  {
    title: "Runs",
    width: "minmax(9rem,1fr)",
    wide: true,
    cell: (r) => r.view.running ?? "",
    sort: (r) => r.view.running ?? "",
  },
  {
    title: "Seen",
    width: "6rem",
    num: true,
    cell: (r) => time(r.view.last_seen),
    sort: (r) => -Date.parse(r.view.last_seen ?? 0),
  },
];

export function page(main) {
  const lead = h("p", { class: "lead" });
  const stopped = attention();
  const chips = h("div", { class: "states", role: "group", "aria-label": "Show only these states" });
  const filter = h("input", {
    type: "search",
    class: "grow",
    placeholder: "Filter: name, address, image, group …",
    "aria-label": "Filter machines",
    value: remembered.filter,
  });
  const grouping = h(
    "select",
    { "aria-label": "Group by" },
    [
      ["", "no groups"],
      ["group", "by group"],
      ["subnet", "by subnet"],
      ["state", "by state"],
      ["profile", "by profile"],
    ].map(([value, words]) => h("option", { value, selected: value === remembered.group }, words)),
  );
  const asTable = h("button", { type: "button", "aria-pressed": "false" }, "Table");
  const place = h("div", { class: "rack" });
  replace(
    main,
    h("div", { class: "head" }, h("h1", {}, "Rack"), lead),
    stopped.element,
    chips,
    h("div", { class: "bar" }, filter, grouping, asTable),
    place,
  );

  let subnets = [];
  let drawn = null;
  let kind = "";
  let shownNow = [];
  let touched = new Set();
  let all = true;
  let summary = 0;

  const fits = (record, words) =>
    (!remembered.states.size || remembered.states.has(record.state)) &&
    words.every((word) => record.text.includes(word));

  function groupsOf(records) {
    const by = remembered.group;
    if (!by) return [{ title: "", records }];
    const key = {
      group: (r) => r.view.groups?.[0] ?? "in no group",
      subnet: (r) => subnetOf(r.view.address, subnets) ?? "no address",
      state: (r) => stateOf(r.state).word,
      profile: (r) => r.view.profile ?? "no profile",
    }[by];
    const groups = new Map();
    for (const record of records) {
      const one = key(record);
      if (!groups.has(one)) groups.set(one, []);
      groups.get(one).push(record);
    }
    return [...groups]
      .map(([title, list]) => ({ title, records: list }))
      .sort((a, b) => a.title.localeCompare(b.title, "en", { numeric: true }));
  }

  function arrange() {
    const words = remembered.filter.toLowerCase().split(/\s+/).filter(Boolean);
    shownNow = [...machines.values()].filter((record) => fits(record, words));
    const wanted = remembered.view === "table" ? "table" : shownNow.length <= FEW ? "tiles" : "cells";
    if (wanted !== kind) {
      drawn?.close?.();
      drawn =
        wanted === "table"
          ? table({ columns: columns(), key: (r) => r.id, open, label: "Machines" })
          : wanted === "tiles"
            ? tiles()
            : cells({ open });
      kind = wanted;
      place.dataset.kind = kind;
      replace(place, drawn.element);
    }
    asTable.setAttribute("aria-pressed", String(kind === "table"));
    if (!machines.size && world.loaded) return nothing();
    if (!shownNow.length && world.loaded) return noneFits();
    if (!drawn.element.isConnected) replace(place, drawn.element);
    drawn.show(kind === "table" ? shownNow : groupsOf(shownNow));
  }

  const nothing = () =>
    replace(
      place,
      empty(
        "No machine yet",
        "Switch one on that boots from the network: it shows up here with its first packet. Or see what one would be told:",
        "slipway simulate --mac 52:54:00:00:00:01 --as pxe --arch bios",
      ),
    );
  const noneFits = () =>
    replace(
      place,
      h(
        "div",
        { class: "panel empty" },
        h("b", {}, "No machine fits"),
        h("p", {}, `${plural(machines.size, "machine")} are here; none of them fits the filter.`),
        h("button", { onclick: clear }, "Show all"),
      ),
    );

  function clear() {
    remembered.filter = filter.value = "";
    remembered.states.clear();
    whole();
  }

  function drawCounts() {
    const counts = {};
    for (const record of machines.values()) counts[record.state] = (counts[record.state] ?? 0) + 1;
    const tell = [
      ["up", "up"],
      ["delivered", "delivered"],
      ["booting", "booting"],
      ["failed", "stopped"],
      ["unanswered", "unanswered"],
    ].filter(([id]) => counts[id]);
    replace(
      lead,
      h("b", {}, plural(machines.size, "machine")),
      tell.length ? ": " : "",
      tell.map(([id, word]) => `${count(counts[id])} ${word}`).join(", "),
    );
    for (const { id, word, says } of STATES) {
      let button = chips.querySelector(`[data-id="${id}"]`);
      if (!button) {
        button = h(
          "button",
          { type: "button", class: "state", data: { id, state: id }, title: says, onclick: () => toggle(id) },
          h("i", {}),
          h("span", {}, word),
          h("b", { class: "num" }),
        );
        chips.append(button);
      }
      say(button.querySelector("b"), count(counts[id] ?? 0));
      button.hidden = !counts[id] && !remembered.states.has(id);
      button.setAttribute("aria-pressed", String(remembered.states.has(id)));
    }
  }

  /** What is said in words need not follow each frame. */
  function drawWords() {
    clearTimeout(summary);
    summary = 0;
    drawCounts();
    stopped.show();
    if (kind === "table") drawn.refresh();
  }

  const draw = perFrame(() => {
    if (!world.loaded) return;
    const known = shownNow.length;
    const moves =
      remembered.states.size ||
      remembered.group === "state" ||
      (touched.size && [...touched].some((record) => !machines.has(record.id)));
    const fresh = !remembered.filter && !remembered.states.size && machines.size !== known;
    if (all) drawWords();
    else summary ||= setTimeout(drawWords, SUMMARY);
    if (all || moves || fresh) arrange();
    else if (kind !== "table") drawn.touch(touched);
    touched = new Set();
    all = false;
  });
  const whole = () => {
    all = true;
    draw();
  };

  function toggle(id) {
    if (!remembered.states.delete(id)) remembered.states.add(id);
    whole();
  }
  filter.addEventListener("input", () => {
    remembered.filter = filter.value;
    whole();
  });
  grouping.addEventListener("change", () => {
    remembered.group = grouping.value;
    whole();
  });
  const switchView = () => {
    remembered.view = remembered.view === "table" ? "" : "table";
    whole();
  };
  asTable.addEventListener("click", switchView);
  bindPage([
    { keys: "v", words: "rack as cells or as a table", act: switchView },
    { keys: "f", words: "only what stopped", act: () => toggle("failed") },
    { keys: "c", words: "show all machines again", act: clear },
  ]);

  replace(place, waiting());
  const unsubscribe = subscribe(({ machines: changed }) => {
    if (changed === null) all = true;
    if (changed?.size) for (const record of changed) touched.add(record);
    if (changed !== undefined) draw();
  });
  get("/subnets").then(
    (list) => {
      subnets = list.subnets;
      if (remembered.group === "subnet") whole();
    },
    (error) => replace(place, troubleOf(error)),
  );
  draw();
  return {
    close() {
      unsubscribe();
      clearTimeout(summary);
      draw.cancel();
      drawn?.close?.();
    },
  };
}
export { page as open };
