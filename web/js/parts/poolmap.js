// SPDX-License-Identifier: MPL-2.0
// A pool as a field of its addresses, one square each; in a large pool a square is several, filled as far as they are
// taken.
import { h, perFrame } from "../dom.js";
import { count } from "../format.js";
import { number, text } from "../networks.js";
import { colour, whenThemeChanges } from "../theme.js";

const SQUARES = 1536;
const SIZE = 11;
const GAP = 2;
const FILL = { active: "busy-fill", expired: "calm-fill", released: "calm-fill", declined: "bad-fill" };

/** `held`: {address as number: lease}; `reserved`: numbers that the file gives to somebody. */
export function poolMap(pool, held, reserved) {
  const first = number(pool.first);
  const size = number(pool.last) - first + 1;
  const each = Math.ceil(size / SQUARES);
  const squares = Math.ceil(size / each);
  const canvas = h("canvas", {
    role: "img",
    "aria-label": `${pool.first} to ${pool.last}: ${count(pool.leased)} of ${count(pool.size)} addresses are held`,
  });
  const under = h("p", { class: "dim pool-under", "aria-hidden": "true" });
  const element = h("div", { class: "pool-map" }, canvas, under);
  let columns = 1;

  const draw = perFrame(() => {
    columns = Math.max(1, Math.floor((element.clientWidth + GAP) / (SIZE + GAP)));
    const width = columns * (SIZE + GAP);
    const height = Math.ceil(squares / columns) * (SIZE + GAP);
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext("2d");
    pen.scale(devicePixelRatio, devicePixelRatio);
    for (let at = 0; at < squares; at++) square(pen, at);
  });

  function square(pen, at) {
    const x = (at % columns) * (SIZE + GAP);
    const y = Math.floor(at / columns) * (SIZE + GAP);
    const box = (top, high) => {
      pen.beginPath();
      pen.roundRect(x, y + top, SIZE, high, 2);
      pen.fill();
    };
    pen.fillStyle = colour("calm-soft");
    box(0, SIZE);
    if (each === 1) {
      const lease = held.get(first + at);
      if (lease) {
        pen.fillStyle = colour(FILL[lease.state]);
        if (lease.state === "active" || lease.state === "declined") box(0, SIZE);
        else pen.fillRect(x + 3, y + 3, SIZE - 6, SIZE - 6);
      }
      if (reserved.has(first + at)) {
        pen.strokeStyle = colour("ink");
        pen.strokeRect(x + 0.5, y + 0.5, SIZE - 1, SIZE - 1);
      }
      return;
    }
    let taken = 0;
    const last = Math.min(size, (at + 1) * each);
    for (let one = at * each; one < last; one++) taken += held.get(first + one)?.state === "active";
    if (!taken) return;
    const high = Math.max(2, (SIZE * taken) / (last - at * each));
    pen.fillStyle = colour("busy-fill");
    box(SIZE - high, high);
  }

  canvas.addEventListener("pointermove", (event) => {
    const at = Math.floor(event.offsetY / (SIZE + GAP)) * columns + Math.floor(event.offsetX / (SIZE + GAP));
    const from = first + at * each;
    if (at >= squares) return void (under.textContent = "");
    const lease = held.get(from);
    under.textContent =
      each > 1
        ? `${text(from)} to ${text(Math.min(from + each - 1, first + size - 1))}`
        : `${text(from)}: ${lease ? `${lease.state}, ${lease.machine_name || lease.hostname || lease.mac}` : reserved.has(from) ? "reserved" : "free"}`;
  });
  canvas.addEventListener("pointerleave", () => (under.textContent = ""));
  const resized = new ResizeObserver(draw);
  resized.observe(element);
  const off = whenThemeChanges(draw);
  return {
    element,
    close() {
      resized.disconnect();
      draw.cancel();
      off();
    },
  };
}
