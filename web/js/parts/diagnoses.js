// SPDX-License-Identifier: MPL-2.0
// The likely causes of a boot that stopped: each with what it rests on, and what to do.
import { h, prose } from "../dom.js";
import { clock, exactly } from "../format.js";

const moment = (at) => at && h("span", { class: "mono dim nowrap", title: exactly(at) }, ` ${clock(at)}`);

function evidence({ text, count, first, last }) {
  const span = last && last !== first && [" to", moment(last)];
  return h("li", {}, prose(text), count > 1 && h("span", { class: "dim" }, `, ${count} times`), moment(first), span);
}

const cause = (each) =>
  h(
    "li",
    {},
    h("p", {}, h("code", {}, each.id), " ", h("b", {}, prose(each.cause))),
    each.evidence.length > 0 && h("ul", { class: "evidence" }, each.evidence.map(evidence)),
    each.remedy && h("p", { class: "remedy" }, prose(each.remedy)),
  );

/** Of a boot; nothing where all is well. */
export const diagnoses = (boot) =>
  boot.diagnoses?.length > 0 && h("ul", { class: "diagnoses" }, boot.diagnoses.map(cause));
