// SPDX-License-Identifier: MPL-2.0
// The rack of few: a tile for each machine, with its name, how far it came and where it stands.
import { h, replace } from "../dom.js";
import { relative } from "../format.js";
import { STAGES, stateOf } from "../stages.js";
import { hrefOf, titleOf } from "../world.js";
import { chip } from "./states.js";

function tone(record, index) {
  if (record.at < 0 || index > record.at) return "";
  if (record.state === "failed" && index === record.at) return "bad";
  return record.state === "booting" ? "busy" : record.state === "failed" ? "was" : "ok";
}

/** How far a machine came, stage by stage. */
export const steps = (record) =>
  h(
    "span",
    { class: "steps", "aria-hidden": "true" },
    STAGES.map((stage, index) => h("i", { data: { tone: tone(record, index) }, title: stage })),
  );

function tile(record) {
  const { view } = record;
  const state = stateOf(record.state);
  return h(
    "a",
    {
      class: "tile",
      href: hrefOf(view),
      data: { state: record.state, id: record.id },
    },
    h(
      "span",
      { class: "tile-head" },
      h("b", { class: view.name ? "" : "mono" }, titleOf(record)),
      chip(state.word, state.tone),
    ),
    steps(record),
    h(
      "span",
      { class: "tile-foot" },
      h("span", {}, view.stands || state.says),
      view.last_seen && h("time", { datetime: view.last_seen, class: "dim" }, relative(view.last_seen)),
    ),
  );
}

export function tiles() {
  const element = h("div", { class: "tile-groups" });
  const drawn = new Map();
  return {
    element,
    show(groups) {
      drawn.clear();
      replace(
        element,
        groups.map(({ title, records }) =>
          h(
            "section",
            {},
            title && h("h2", { class: "group-title" }, title, h("span", { class: "dim" }, ` ${records.length}`)),
            h(
              "div",
              { class: "tiles" },
              records.map((record) => {
                const one = tile(record);
                drawn.set(record, one);
                return one;
              }),
            ),
          ),
        ),
      );
    },
    touch(records) {
      for (const record of records ?? drawn.keys()) {
        const old = drawn.get(record);
        if (!old) continue;
        const fresh = tile(record);
        const changed = old.textContent !== fresh.textContent || old.dataset.state !== fresh.dataset.state || records;
        if (!changed) continue;
        old.dataset.state = fresh.dataset.state;
        replace(old, ...fresh.childNodes);
        old.classList.remove("fresh");
        void old.offsetWidth;
        old.classList.add("fresh");
      }
    },
    close() {},
  };
}
