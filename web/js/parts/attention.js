// SPDX-License-Identifier: MPL-2.0
// What stopped, by cause: many machines often have one. Each with the server's sentence, of the newest of them.
import { h, prose, replace } from "../dom.js";
import { count, relative } from "../format.js";
import { hrefOf, machines, titleOf } from "../world.js";

const NAMED = 4; // machines of one cause
const CAUSES = 4;

/** How many are shown until the others are asked for; one alone is not worth a click. */
export const shownOf = (causes, whole) => (whole || causes <= CAUSES + 1 ? causes : CAUSES);

function causes() {
  const found = new Map();
  for (const record of machines.values()) {
    const { diagnosis, verdict, sentence } = record.view;
    if (record.state !== "failed" || !sentence) continue;
    const id = diagnosis ?? verdict;
    if (!found.has(id)) found.set(id, []);
    found.get(id).push(record);
  }
  const sorted = [...found.values()].sort((a, b) => b.length - a.length);
  for (const list of sorted) list.sort((a, b) => Date.parse(b.view.last_seen) - Date.parse(a.view.last_seen));
  return sorted;
}

function cause(list) {
  const { view } = list[0];
  const many = list.length > 1 && h("b", {}, `${count(list.length)} machines: `);
  const named = list
    .slice(0, NAMED)
    .map((each, at) => [at ? ", " : "", h("a", { href: hrefOf(each.view) }, titleOf(each))]);
  const phrase = [view.stands, h("time", { datetime: view.last_seen }, relative(view.last_seen))];
  return h(
    "li",
    {},
    h("p", { class: "phrase" }, phrase),
    h("p", { class: "sentence-small", title: view.sentence }, prose(view.sentence)),
    h("p", { class: "who" }, many, named, list.length > NAMED ? " …" : ""),
  );
}

export function attention() {
  const element = h("section", { class: "attention", "aria-label": "What stopped", hidden: true });
  let drawn = "";
  let whole = false;

  /** Leaves it alone where nothing changed: somebody may be reading. */
  function show() {
    const list = causes();
    const sign = `${whole} ${list.map((each) => `${each.length} ${each[0].id} ${each[0].view.sentence}`).join("\n")}`;
    element.hidden = !list.length;
    if (sign === drawn) return;
    drawn = sign;
    const shown = shownOf(list.length, whole);
    const rest = list.length - shownOf(list.length, false);
    const toggle = () => {
      whole = !whole;
      show();
      element.querySelector(":scope > button")?.focus(); // who came by keyboard goes on from here
    };
    replace(
      element,
      h("h2", {}, "What stopped, and why"),
      h("ul", {}, list.slice(0, shown).map(cause)),
      rest > 0 &&
        h("button", { type: "button", class: "quiet", onclick: toggle }, whole ? "fewer" : `and ${count(rest)} more`),
    );
  }
  return { element, show };
}
