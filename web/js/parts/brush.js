// SPDX-License-Identifier: MPL-2.0
// How a machine looks as a cell. Not by colour alone: a fill that rises, a ring, a cross, a bar.
import { STAGES } from "../stages.js";
import { colour } from "../theme.js";

const FLASH = 700; // ms a change is to be seen
const SOLID = { up: "up-cell", disk: "disk-fill", quiet: "calm-fill", failed: "bad-fill", unanswered: "warn-fill" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Draws with `pen`, in the colours of base.css as they were at the last `recolour()`. */
export function brush(pen) {
  let colours = {};
  let font = "sans-serif";
  let size = 15;
  const of = (name) => (colours[name] ??= colour(name));

  function box(x, y, inset) {
    pen.beginPath();
    pen.roundRect(x + inset, y + inset, size - 2 * inset, size - 2 * inset, Math.max(1.5, size / 6 - inset));
  }
  function fill(name) {
    pen.fillStyle = of(name);
    pen.fill();
  }
  function stroke(name, width) {
    pen.strokeStyle = of(name);
    pen.lineWidth = width;
    pen.stroke();
  }

  function rising(x, y, part) {
    box(x, y, 0);
    fill("busy-soft");
    pen.save();
    pen.clip();
    pen.fillStyle = of("busy-fill");
    pen.fillRect(x, y + size * (1 - part), size, size * part);
    pen.restore();
  }

  function mar(x, y, cross) {
    const [a, b] = [size * 0.3, size * 0.7];
    pen.beginPath();
    if (cross) {
      pen.moveTo(x + a, y + a);
      pen.lineTo(x + b, y + b);
      pen.moveTo(x + b, y + a);
      pen.lineTo(x + a, y + b);
    } else {
      pen.moveTo(x + a, y + size / 2);
      pen.lineTo(x + b, y + size / 2);
    }
    stroke("panel", Math.max(1.4, size / 9));
  }

  return {
    recolour() {
      colours = {};
      font = getComputedStyle(document.body).fontFamily;
    },

    /** Everything in view is about to be drawn anew. */
    begin({ width, height, from, edge, ratio, cell }) {
      size = cell;
      pen.setTransform(ratio, 0, 0, ratio, 0, -from * ratio);
      pen.clearRect(0, from, width, height);
      pen.translate(edge, edge);
      pen.font = `600 13px ${font}`;
    },

    heading(text, count, y) {
      pen.fillStyle = of("ink");
      pen.fillText(text, 0, y + 17);
      pen.fillStyle = of("dim");
      pen.fillText(String(count), pen.measureText(text).width + 8, y + 17);
    },

    wipe: (x, y) => pen.clearRect(x - 2, y - 2, size + 4, size + 4),

    /** True while its last change still shows: draw it again. */
    cell({ record, x, y }, now) {
      const { state } = record;
      if (state === "booting") {
        rising(x, y, Math.max(0.12, (record.at + 1) / STAGES.length));
      } else if (state === "unseen") {
        box(x, y, 0.75);
        stroke("line-strong", 1);
      } else if (state === "delivered") {
        box(x, y, size / 8);
        stroke("up-cell", size / 4);
      } else {
        box(x, y, 0);
        fill(SOLID[state]);
      }
      if (state === "failed" || state === "unanswered") mar(x, y, state === "failed");
      const left = 1 - (now - record.changed) / FLASH;
      if (left <= 0 || calm.matches) return false;
      pen.globalAlpha = left;
      box(x, y, -1);
      stroke("accent", 2);
      pen.globalAlpha = 1;
      return true;
    },

    ring(cell, name) {
      if (!cell) return;
      box(cell.x, cell.y, -2.5);
      stroke(name, 2);
    },
  };
}
