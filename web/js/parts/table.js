// SPDX-License-Identifier: MPL-2.0
// A table of any length: rows of one height, and only those in view are elements. Arrows move, Enter opens.
import { h, perFrame, replace } from "../dom.js";

const ROW = 36;
const MARGIN = 8; // rows above and below what is seen

/**
 * columns: [{title, width, narrow, cell(row), sort(row), num, wide}]; wide: not on a phone.
 * `key(row)` names a row, `open(row)` is what Enter or a click does, `label` is what the table is called.
 */
export function table({ columns, key, open, label }) {
  const narrow = columns.filter((column) => !column.wide);
  const space = h("div", { class: "space", role: "rowgroup" });
  const body = h("div", {
    class: "body",
    tabindex: 0,
    role: "group",
    "aria-label": `${label}, rows`,
    onscroll: () => draw(),
    onkeydown: move,
  });
  const titles = h("div", { class: "row titles", role: "row" });
  const element = h(
    "div",
    {
      class: "table",
      role: "table",
      "aria-label": label,
      vars: {
        columns: columns.map((c) => c.width ?? "1fr").join(" "),
        "columns-narrow": narrow.map((c) => c.narrow ?? c.width ?? "1fr").join(" "),
      },
    },
    h("div", { role: "rowgroup" }, titles),
    body,
  );
  body.append(space);

  let rows = [];
  let shown = [];
  let sortBy = null;
  let down = false;
  let active = -1;

  function drawTitles() {
    replace(
      titles,
      columns.map((column) => {
        const order = sortBy === column ? (down ? "descending" : "ascending") : column.sort ? "none" : null;
        return h(
          "span",
          { role: "columnheader", class: classOf(column), "aria-sort": order },
          column.sort ? h("button", { type: "button", onclick: () => sort(column) }, column.title) : column.title,
        );
      }),
    );
  }
  const classOf = (column) => `${column.num ? "num " : ""}${column.wide ? "wide" : ""}`;

  function sort(column) {
    down = sortBy === column ? !down : false;
    sortBy = column;
    drawTitles();
    arrange();
  }

  function arrange() {
    shown = rows;
    if (sortBy) {
      const value = new Map(rows.map((row) => [row, sortBy.sort(row)]));
      const sign = down ? -1 : 1;
      shown = [...rows].sort((a, b) => {
        const [x, y] = [value.get(a), value.get(b)];
        return (
          sign *
          (typeof x === "string" && typeof y === "string"
            ? x.localeCompare(y, "en", { numeric: true })
            : x < y
              ? -1
              : x > y
                ? 1
                : 0)
        );
      });
    }
    element.setAttribute("aria-rowcount", shown.length + 1);
    space.style.height = `${shown.length * ROW}px`;
    draw();
  }

  function drawRow(row, at) {
    const one = h(
      "div",
      {
        class: `row${at === active ? " active" : ""}`,
        role: "row",
        "aria-rowindex": at + 2,
        id: `${label}-${at}`.replace(/\W/g, "-"),
        onclick: (event) => open && !event.target.closest("button, a") && open(row),
      },
      columns.map((column) => h("span", { role: "cell", class: classOf(column) }, column.cell(row))),
    );
    one.style.transform = `translateY(${at * ROW}px)`;
    one.dataset.key = key(row);
    return one;
  }

  const draw = perFrame(() => {
    const from = Math.max(0, Math.floor(body.scrollTop / ROW) - MARGIN);
    const to = Math.min(shown.length, Math.ceil((body.scrollTop + body.clientHeight) / ROW) + MARGIN);
    replace(
      space,
      shown.slice(from, to).map((row, index) => drawRow(row, from + index)),
    );
    if (active >= from && active < to)
      body.setAttribute("aria-activedescendant", `${label}-${active}`.replace(/\W/g, "-"));
    else body.removeAttribute("aria-activedescendant");
  });

  function move(event) {
    const page = Math.max(1, Math.floor(body.clientHeight / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -shown.length, End: shown.length };
    if (event.target !== body) return;
    if (event.key === "Enter" && shown[active] && open) return open(shown[active]);
    if (!(event.key in steps)) return;
    event.preventDefault();
    active = Math.min(shown.length - 1, Math.max(0, active + steps[event.key]));
    const top = active * ROW;
    if (top < body.scrollTop) body.scrollTop = top;
    if (top + ROW > body.scrollTop + body.clientHeight) body.scrollTop = top + ROW - body.clientHeight;
    draw();
  }

  drawTitles();
  return {
    element,
    show(list) {
      rows = list;
      active = Math.min(active, list.length - 1);
      arrange();
    },
    /** What stands in the rows changed, not which there are. */
    refresh: draw,
    /** Whether the reader is at the top. */
    atTop: () => body.scrollTop < ROW,
    keepPlace(added) {
      body.scrollTop += added * ROW;
    },
    sortBy: (column, downwards) => {
      sortBy = column;
      down = downwards;
      drawTitles();
    },
  };
}
