// SPDX-License-Identifier: MPL-2.0
// What a machine would be served now, and every boot rule that breaks; asked for when it is opened.
import { get, name, Trouble } from "../api.js";
import { h, prose, replace } from "../dom.js";
import { troubleOf } from "./states.js";

const findingOf = (finding) =>
  h(
    "li",
    {},
    h("code", {}, finding.id),
    ` ${finding.severity}${finding.line ? `, line ${finding.line}` : ""}: `,
    prose([finding.sentence, finding.remedy].filter(Boolean).join("; ")),
  );

export function preview(id) {
  const body = h("div", {});
  async function ask() {
    if (!element.open) return;
    try {
      const told = await get(`/machines/${name(id)}/preview`);
      replace(
        body,
        h("p", { class: "dim" }, `For ${told.loader} on ${told.arch}.`),
        told.findings.length > 0 && h("ul", {}, told.findings.map(findingOf)),
        h("div", { class: "scroll" }, h("pre", { tabindex: "0", "aria-label": "Its boot script" }, told.text)),
      );
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      replace(body, troubleOf(error));
    }
  }
  const element = h("details", { ontoggle: ask }, h("summary", {}, "What it would be served"), body);
  return h("section", { class: "panel", "aria-label": "What it would be served" }, element);
}
