// SPDX-License-Identifier: MPL-2.0
// Elements from plain values. Text stays text: nothing here, or anywhere in the console, parses markup, so that what
// strangers put into a hostname or vendor class is read and never run.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.setAttribute("class", value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "vars")
      for (const [key, each] of Object.entries(value)) element.style.setProperty(`--${key}`, each);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false),
  );
  return element;
}

/** h("p", {class: "x", onclick: f}, "text", element, [more]) */
export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
/** The same for SVG. */
export const s = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

export function replace(element, ...children) {
  element.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false),
  );
  return element;
}

/** A sentence of the server: what it has in `backticks` is set as code. */
export const prose = (text) => (text ?? "").split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));

/** Sets text only where it differs: what did not change is not announced or drawn anew. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** One call of `work` at the next frame however often it is asked for. Returns the asking function. */
export function perFrame(work) {
  let asked = 0;
  const ask = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      work();
    });
  };
  ask.cancel = () => {
    cancelAnimationFrame(asked);
    asked = 0;
  };
  return ask;
}
