// SPDX-License-Identifier: MPL-2.0
// The rack of many: a cell for each machine on one canvas as large as the window, drawn anew at most once a frame.
// For who does not see it, it is a list whose marked option is said in words.
import { h, perFrame, replace } from "../dom.js";
import { relative } from "../format.js";
import { stateOf } from "../stages.js";
import { whenThemeChanges } from "../theme.js";
import { titleOf } from "../world.js";
import { brush } from "./brush.js";
import { chip } from "./states.js";

const HEADING = 30;
const EDGE = 3; // for rings around the outermost cells
const sizeFor = (n) => (n <= 400 ? [26, 4] : n <= 1500 ? [20, 3] : n <= 6000 ? [15, 3] : [10, 2]);
export function cells({ open }) {
  const option = h("div", { role: "option", id: "cell-marked", class: "unseen", "aria-selected": "true" });
  const canvas = h("canvas", { "aria-hidden": "true" });
  const card = h("div", { class: "cell-card", hidden: true });
  const element = h(
    "div",
    {
      class: "cells",
      role: "listbox",
      tabindex: 0,
      "aria-label": "Machines; arrows move, Enter opens",
      "aria-activedescendant": "cell-marked",
      onkeydown: keys,
      onfocus: () => mark(Math.max(0, marked)),
      onblur: () => mark(-1, true),
      onpointermove: (event) => hover(cellAt(event)),
      onpointerleave: () => hover(-1),
      onclick: (event) => at[cellAt(event)] && open(at[cellAt(event)].record),
    },
    canvas,
    card,
    option,
  );
  const paint = brush(canvas.getContext("2d"));

  let groups = [];
  let at = []; // {record, x, y}, in order
  let headings = [];
  let total = 0;
  let size = 15;
  let gap = 3;
  let columns = 1;
  let marked = -1;
  let hovered = -1;
  let whole = true; // all that is in view is drawn anew, not only what changed
  let dirty = new Set(); // indexes of cells
  const indexOf = new Map();

  function recolour() {
    paint.recolour();
    drawAll();
  }

  function layout() {
    const width = element.clientWidth - 2 * EDGE;
    const n = groups.reduce((sum, group) => sum + group.records.length, 0);
    [size, gap] = sizeFor(n);
    const step = size + gap;
    columns = Math.max(1, Math.floor((width + gap) / step));
    at = [];
    headings = [];
    let y = 0;
    for (const group of groups) {
      if (group.title) {
        headings.push({ y, text: group.title, count: group.records.length });
        y += HEADING;
      }
      group.records.forEach((record, index) =>
        at.push({ record, x: (index % columns) * step, y: y + Math.floor(index / columns) * step }),
      );
      y += Math.ceil(group.records.length / columns) * step + (group.title ? 14 : 0);
    }
    total = y + 2 * EDGE;
    element.style.height = `${total}px`;
    indexOf.clear();
    at.forEach(({ record }, index) => indexOf.set(record, index));
    drawAll();
  }

  function view() {
    const top = element.getBoundingClientRect().top;
    const height = Math.min(total, innerHeight);
    return { height, from: Math.min(Math.max(0, -top), total - height) };
  }

  function drawAll() {
    whole = true;
    draw();
  }

  const draw = perFrame(() => {
    const { from, height } = view();
    const seen = ({ y }) => y + HEADING > from - EDGE && y < from + height;
    const changed = dirty;
    const now = Date.now();
    dirty = new Set();
    const paintCell = (index) => paint.cell(at[index], now) && dirty.add(index);
    if (whole) {
      fitCanvas(from, height);
      for (const each of headings) if (seen(each)) paint.heading(each.text, each.count, each.y);
      for (let index = firstFrom(from - size); index < at.length && at[index].y < from + height; index++)
        paintCell(index);
    } else {
      for (const index of changed) {
        if (!seen(at[index])) continue;
        paint.wipe(at[index].x, at[index].y);
        paintCell(index);
      }
    }
    whole = false;
    paint.ring(at[hovered], "dim");
    paint.ring(at[marked], "accent");
    if (dirty.size) draw();
  });

  function fitCanvas(from, height) {
    const ratio = devicePixelRatio;
    const width = element.clientWidth;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    paint.begin({ width, height, from, edge: EDGE, ratio, cell: size });
  }

  function firstFrom(y) {
    let low = 0;
    let high = at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[middle].y < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function cellAt(event) {
    const place = element.getBoundingClientRect();
    const x = event.clientX - place.left - EDGE;
    const y = event.clientY - place.top - EDGE;
    for (let index = firstFrom(y - size - gap); index < at.length && at[index].y <= y; index++)
      if (x >= at[index].x && x < at[index].x + size + gap && y < at[index].y + size + gap) return index;
    return -1;
  }

  function hover(index) {
    if (index === hovered) return;
    hovered = index;
    element.classList.toggle("over", index >= 0);
    tell(index >= 0 ? index : marked);
    drawAll();
  }

  function mark(index, keep = false) {
    if (!keep) marked = Math.min(index, at.length - 1);
    tell(keep ? hovered : marked);
    const cell = at[marked];
    if (cell && !keep) {
      const { view: shown, state } = cell.record;
      replace(option, `${titleOf(cell.record)}: ${stateOf(state).word}. ${shown.stands}`);
      option.setAttribute("aria-posinset", marked + 1);
      option.setAttribute("aria-setsize", at.length);
    }
    drawAll();
  }

  function tell(index) {
    const cell = at[index];
    card.hidden = !cell;
    if (!cell) return;
    const { view: shown, state } = cell.record;
    replace(
      card,
      h("b", {}, titleOf(cell.record)),
      chip(stateOf(state).word, stateOf(state).tone),
      h("p", {}, shown.stands),
      h(
        "p",
        { class: "dim" },
        [shown.address, shown.running, shown.last_seen && relative(shown.last_seen)].filter(Boolean).join(" · "),
      ),
    );
    const right = cell.x > element.clientWidth / 2;
    card.style.left = right ? "auto" : `${cell.x + size + 10}px`;
    card.style.right = right ? `${element.clientWidth - cell.x + 10}px` : "auto";
    card.style.top = `${Math.max(0, cell.y - 10)}px`;
  }

  function keys(event) {
    const { key } = event;
    if (key === "Enter" && at[marked]) return open(at[marked].record);
    let to = null;
    if (key === "ArrowRight") to = marked + 1;
    if (key === "ArrowLeft") to = marked - 1;
    if (key === "Home") to = 0;
    if (key === "End") to = at.length - 1;
    if (key === "ArrowDown" || key === "ArrowUp") to = neighbour(key === "ArrowDown" ? 1 : -1);
    if (to === null) return;
    event.preventDefault();
    mark(Math.max(0, Math.min(at.length - 1, to)));
    const cell = at[marked];
    const top = element.getBoundingClientRect().top + cell.y;
    if (top < 60) scrollBy(0, top - 120);
    if (top + size > innerHeight - 20) scrollBy(0, top + size - innerHeight + 120);
  }

  /** The nearest cell of the next row that has one. */
  function neighbour(direction) {
    const here = at[marked] ?? { x: 0, y: -1 };
    let best = marked;
    for (let index = marked + direction, row = null; at[index]; index += direction) {
      if (at[index].y === here.y) continue;
      row ??= at[index].y;
      if (at[index].y !== row) break;
      if (best === marked || Math.abs(at[index].x - here.x) < Math.abs(at[best].x - here.x)) best = index;
    }
    return best;
  }

  const resized = new ResizeObserver(() => layout());
  resized.observe(element);
  addEventListener("scroll", drawAll, { passive: true });
  const unsubscribe = whenThemeChanges(recolour);
  recolour();
  return {
    element,
    show(list) {
      groups = list;
      layout();
    },
    touch(records) {
      for (const record of records) if (indexOf.has(record)) dirty.add(indexOf.get(record));
      draw();
    },
    close() {
      resized.disconnect();
      removeEventListener("scroll", drawAll);
      draw.cancel();
      unsubscribe();
    },
  };
}
