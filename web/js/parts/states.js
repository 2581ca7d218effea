// SPDX-License-Identifier: MPL-2.0
// What stands in place of a page's content: nothing yet, nothing at all, or trouble.
import { h, prose } from "../dom.js";

/** `command`: what to type next. */
export const empty = (title, says, command) =>
  h("div", { class: "panel empty" }, h("b", {}, title), h("p", {}, says), command && h("code", {}, command));

export const waiting = () => h("div", { class: "panel empty", "aria-busy": "true" }, h("p", {}, "Asking the server …"));

export const troubleOf = (error) =>
  h(
    "div",
    { class: "panel trouble", role: "alert" },
    h("h2", {}, prose(error.message)),
    error.remedy && h("p", { class: "remedy" }, prose(error.remedy)),
    (error.problems ?? []).map((each) => h("p", { class: "mono" }, each)),
  );

export const chip = (words, tone) => h("span", { class: "chip", data: { tone: tone ?? "" } }, words);

export const fact = (words, value, small) => [
  h(
    "div",
    {},
    h("dt", {}, words),
    h("dd", {}, value ?? h("span", { class: "dim" }, "–"), small && h("small", {}, small)),
  ),
];
