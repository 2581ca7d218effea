// SPDX-License-Identifier: MPL-2.0
// Times, sizes and counts as people read them. Relative times are kept true by one clock for the whole page.
import { h, say } from "./dom.js";

const thousands = new Intl.NumberFormat("en");
const exact = new Intl.DateTimeFormat("en-GB", {
  year: "numeric",
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

let skew = 0; // what the server's clock is ahead of ours, in ms
export const setServerTime = (text) => (skew = Date.parse(text) - Date.now());
export const now = () => Date.now() + skew;

export const count = (n) => thousands.format(n);
export const plural = (n, one, many = one + "s") => `${count(n)} ${n === 1 ? one : many}`;

export function bytes(n) {
  if (n < 1000) return `${n} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let at = -1;
  do {
    n /= 1000;
    at++;
  } while (n >= 999.5 && at < units.length - 1);
  return `${n < 10 ? n.toFixed(2) : n < 100 ? n.toFixed(1) : n.toFixed(0)} ${units[at]}`;
}

/** "0.42 s", "3 min 20 s", "2 d 4 h" */
export function duration(seconds) {
  if (seconds < 0.0005) return "0 s";
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ms`;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const steps = [
    ["d", 86400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ];
  const first = steps.findIndex(([, size]) => whole >= size);
  const [unit, size] = steps[first];
  const rest = steps[first + 1] ? Math.floor((whole % size) / steps[first + 1][1]) : 0;
  return `${Math.floor(whole / size)} ${unit}${rest ? ` ${rest} ${steps[first + 1][0]}` : ""}`;
}

export function relative(text) {
  const seconds = (now() - Date.parse(text)) / 1000;
  const away = Math.abs(seconds);
  if (away < 1.5) return "now";
  const words =
    away < 60
      ? `${Math.floor(away)} s`
      : away < 3600
        ? `${Math.floor(away / 60)} min`
        : away < 172800
          ? `${Math.floor(away / 3600)} h`
          : `${Math.floor(away / 86400)} d`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

export const exactly = (text) => exact.format(new Date(text));
export const clock = (text) => {
  const at = new Date(text);
  const two = (n) => String(n).padStart(2, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, "0")}`;
};

/** Relative, exact on hover, and kept true while it stands on the page. */
export function time(text) {
  if (!text) return h("span", { class: "dim" }, "–");
  return h("time", { datetime: text, title: exactly(text) }, relative(text));
}

setInterval(() => {
  if (document.hidden) return;
  for (const each of document.querySelectorAll("time[datetime]")) say(each, relative(each.dateTime));
}, 1000);
