// SPDX-License-Identifier: MPL-2.0
// What happens, as it happens, newest first; held still by a key.
import { h, perFrame, replace, say } from "../dom.js";
import { clock, count, exactly } from "../format.js";
import { bindPage } from "../keys.js";
import { isBad, whoOf } from "../stages.js";
import { calledOf, hrefOf, recent, subscribe } from "../world.js";
import { empty } from "../parts/states.js";
import { table } from "../parts/table.js";

export const title = () => "Events";
const KINDS = [
  ["", "everything", () => true],
  ["bad", "trouble", (e) => isBad(e.kind)],
  ["dhcp", "DHCP", (e) => /^(dhcp|proxy|bootp|lease|address)/.test(e.kind)],
  ["files", "files and scripts", (e) => /^(tftp|http|.*script)/.test(e.kind)],
  ["server", "the server itself", (e) => !e.machine && !e.meant && !e.address],
];
const remembered = { filter: "", kind: "" };

export function open(main) {
  let held = null; // while it is held still: what is shown
  const lead = h("p", { class: "lead" });
  const filter = h("input", {
    type: "search",
    class: "grow",
    placeholder: "Filter: machine, address, words …",
    "aria-label": "Filter events",
    value: remembered.filter,
  });
  const kind = h(
    "select",
    { "aria-label": "Kind" },
    KINDS.map(([value, words]) => h("option", { value, selected: value === remembered.kind }, words)),
  );
  const hold = h("button", { type: "button", "aria-pressed": "false", onclick: () => toggle() }, "Pause");
  const place = h("div", {});
  const who = (event) => whoOf(event, calledOf);
  const grid = table({
    label: "Events",
    key: (event) => event.sequence,
    open: (event) => {
      const about = event.machine || event.meant;
      if (about) location.hash = hrefOf({ name: event.machine_name, machine: about });
    },
    columns: [
      {
        title: "Clock",
        width: "7.2rem",
        narrow: "6.4rem",
        cell: (e) => h("span", { class: "mono dim", title: exactly(e.at) }, clock(e.at)),
      },
      {
        title: "Machine",
        width: "11rem",
        wide: true,
        cell: (e) => h("span", { class: e.machine_name || e.meant ? "" : "mono", title: who(e) }, who(e)),
      },
      { title: "Address", width: "8rem", wide: true, cell: (e) => h("span", { class: "num" }, e.address ?? "") },
      {
        title: "What happened",
        width: "minmax(10rem,3fr)",
        narrow: "1fr",
        cell: (e) => h("span", { class: isBad(e.kind) ? "bad" : "", title: e.text }, e.text),
      },
    ],
  });

  const draw = perFrame(() => {
    const words = remembered.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const [, , fits] = KINDS.find(([id]) => id === remembered.kind);
    const source = held ?? recent;
    const shown = [];
    for (let at = source.length - 1; at >= 0; at--) {
      const event = source[at];
      if (
        fits(event) &&
        words.every((word) =>
          `${event.machine ?? ""} ${who(event)} ${event.meant ?? ""} ${event.address ?? ""} ${event.kind} ${event.text}`
            .toLowerCase()
            .includes(word),
        )
      )
        shown.push(event);
    }
    const missed = held ? recent.filter((event) => event.sequence > (held.at(-1)?.sequence ?? 0)).length : 0;
    say(lead, held ? `held still; ${count(missed)} more since` : `the last ${count(shown.length)}`);
    if (!recent.length)
      return replace(
        place,
        empty(
          "Nothing happened yet",
          "The first packet of any machine shows up here. The terminal tells the same:",
          "slipway events --follow",
        ),
      );
    if (!grid.element.isConnected) replace(place, grid.element);
    grid.show(shown);
  });

  function toggle() {
    held = held ? null : [...recent];
    hold.setAttribute("aria-pressed", String(Boolean(held)));
    say(hold, held ? "Go on" : "Pause");
    draw();
  }
  filter.addEventListener("input", () => {
    remembered.filter = filter.value;
    draw();
  });
  kind.addEventListener("change", () => {
    remembered.kind = kind.value;
    draw();
  });
  bindPage([{ keys: "p", words: "hold the events still, or go on", act: toggle }]);
  replace(
    main,
    h("div", { class: "head" }, h("h1", {}, "Events"), lead),
    h("div", { class: "bar" }, filter, kind, hold),
    place,
  );
  const unsubscribe = subscribe(({ events }) => events && draw());
  draw();
  return {
    close() {
      draw.cancel();
      unsubscribe();
    },
  };
}
