// SPDX-License-Identifier: MPL-2.0
// One boot against time: a row for each stage, a bar where it took time, a mark for each packet.
import { h, replace, s } from "../dom.js";
import { bytes, duration } from "../format.js";
import { isBad, isGood, rowOf, STAGES } from "../stages.js";

const ROW = 30;
const TOP = 26;
const LEFT = 76;
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400];
const WORDS = {
  discover: "discover",
  offer: "offer",
  request: "request",
  ack: "ack",
  loader: "loader",
  ipxe: "iPXE",
  script: "script",
  kernel: "kernel",
  archive: "archive",
};

const seconds = (from, to) => (Date.parse(to) - from) / 1000;
const stepWords = (value) =>
  value === 0
    ? "0"
    : value < 1
      ? `${+value.toFixed(2)} s`
      : value < 120
        ? `${value} s`
        : value < 7200
          ? `${value / 60} min`
          : `${value / 3600} h`;

function said(stage) {
  if (stage.state === "skipped") return stage.detail || "not needed";
  if (stage.state === "waiting") return "";
  const parts = [];
  if (stage.total || stage.bytes) {
    parts.push(stage.bytes < stage.total ? `${bytes(stage.bytes)} of ${bytes(stage.total)}` : bytes(stage.bytes));
    if (stage.rate) parts.push(`${bytes(stage.rate)}/s`);
    if (stage.took_seconds) parts.push(duration(stage.took_seconds));
  } else if (stage.detail) parts.push(stage.detail);
  if (stage.count > 1) parts.push(`${stage.count} times`);
  return parts.join(" · ");
}

/** Where a loader was fetched, the DHCP of a loader is that loader's; otherwise the firmware is one. */
const isChained = (boot) => boot.stages.some((stage) => stage.name === "loader" && stage.state !== "skipped");

function draw(width, boot, events) {
  const from = Date.parse(boot.started);
  const ends = [
    seconds(from, boot.last),
    ...boot.stages.filter((each) => each.at).map((each) => seconds(from, each.at) + each.took_seconds),
    ...events.map((each) => seconds(from, each.at)),
  ];
  const span = Math.max(0.05, ...ends) * 1.02;
  const right = width > 620 ? 270 : 12;
  const x = (at) => LEFT + (at / span) * (width - LEFT - right);
  const height = TOP + STAGES.length * ROW + 6;
  const step = STEPS.find((each) => (each / span) * (width - LEFT - right) > 62) ?? 86400;

  const svg = s("svg", {
    class: "timeline",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": "The boot against time; the list of packets below says the same",
  });
  for (let at = 0; at <= span; at += step)
    svg.append(
      s("line", { class: "tick", x1: x(at), x2: x(at), y1: TOP - 6, y2: height }),
      s(
        "text",
        { class: "tick-word", x: x(at), y: 12, "text-anchor": at ? "middle" : "start" },
        stepWords(+at.toFixed(3)),
      ),
    );

  boot.stages.forEach((stage, index) => {
    const y = TOP + index * ROW;
    const middle = y + ROW / 2;
    const quiet = stage.state === "waiting" || stage.state === "skipped";
    svg.append(
      s("line", { class: "rule", x1: 0, x2: width, y1: y + ROW, y2: y + ROW }),
      s("text", { class: quiet ? "stage quiet" : "stage", x: 0, y: middle + 4.5 }, WORDS[stage.name] ?? stage.name),
    );
    if (!quiet && stage.at) {
      const begins = x(seconds(from, stage.at));
      const wide = Math.max(4, x(seconds(from, stage.at) + stage.took_seconds) - begins);
      svg.append(
        s(
          "rect",
          { class: `span ${stage.state}`, x: begins - 2, y: y + 8, width: wide, height: ROW - 16, rx: 4 },
          s("title", {}, `${stage.name}: ${stage.state}, ${duration(stage.took_seconds)}`),
        ),
      );
    }
    if (width > 620)
      svg.append(
        s(
          "text",
          {
            class: stage.state === "failed" ? "said bad" : quiet ? "said quiet" : "said",
            x: width - right + 14,
            y: middle + 4.5,
          },
          clip(said(stage), 40),
        ),
      );
  });

  const chained = isChained(boot);
  const rows = events.map((event) => rowOf(event, chained));
  events.forEach((event, index) => {
    if (rows[index] < 0) return;
    const cy = TOP + rows[index] * ROW + ROW / 2;
    const kind = isBad(event.kind)
      ? "bad"
      : isGood(event.kind)
        ? "good"
        : /offer|reply|script/.test(event.kind)
          ? "ours"
          : "theirs";
    svg.append(
      s(
        "circle",
        { class: `mark ${kind}`, cx: x(seconds(from, event.at)), cy, r: 4, "data-sequence": event.sequence },
        s("title", {}, `+${duration(seconds(from, event.at))}  ${event.text}`),
      ),
    );
  });
  return svg;
}

const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** `show(boot, events)`; keeps to the width there is. */
export function timeline() {
  const element = h("figure", { class: "timeline-place" });
  let last = null;
  const redraw = () => last && replace(element, draw(Math.max(300, element.clientWidth), ...last));
  const resized = new ResizeObserver(redraw);
  resized.observe(element);
  return {
    element,
    show(boot, events) {
      last = [boot, events];
      redraw();
    },
    point(sequence) {
      for (const mark of element.querySelectorAll(".mark"))
        mark.classList.toggle("pointed", mark.dataset.sequence === String(sequence));
    },
    close: () => resized.disconnect(),
  };
}
