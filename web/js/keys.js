// SPDX-License-Identifier: MPL-2.0
// Shortcuts: single keys, and "g r" for two in a row. Nothing fires while somebody types or with a modifier held.
import { h, replace } from "./dom.js";
import { dialog } from "./parts/dialog.js";

const global = [];
let page = [];
let first = "";
let forget = 0;

/** keys: "g r", "/", "?"; for everywhere. */
export const bind = (keys, words, act) => global.push({ keys, words, act });
/** Those of the page that is open now. */
export const bindPage = (list) => (page = list);

const isTyping = (target) => target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && isTyping(event.target) && !event.target.closest("dialog"))
    return void event.target.blur();
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const pressed = first ? `${first} ${event.key}` : event.key;
  first = "";
  const found = [...page, ...global].find((each) => each.keys === pressed);
  if (found) {
    event.preventDefault();
    return void found.act();
  }
  if ([...page, ...global].some((each) => each.keys.startsWith(`${event.key} `))) {
    first = event.key;
    clearTimeout(forget);
    forget = setTimeout(() => (first = ""), 1200);
  }
});

const rows = (list) =>
  list.map(({ keys, words }) => [
    h(
      "dt",
      {},
      keys.split(" ").map((key) => [h("kbd", {}, key), " "]),
    ),
    h("dd", {}, words),
  ]);

export function showKeys() {
  const own = h("dl", { class: "keys" });
  const moving = [
    { keys: "← ↑ → ↓", words: "move in the rack and in tables" },
    { keys: "Enter", words: "open what is marked" },
    { keys: "Esc", words: "leave a field or a dialog" },
  ];
  replace(own, rows([...page, ...moving, ...global]));
  dialog("Keys", own, { done: "Close" });
}
