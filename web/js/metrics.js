// SPDX-License-Identifier: MPL-2.0
// The Prometheus text format, as far as it is needed: samples with labels.

/** [{name, labels, value}] */
export function parse(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (!match) continue;
    const labels = {};
    for (const [, name, value] of (match[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      labels[name] = value.replace(/\\(.)/g, "$1");
    found.push({ name: match[1], labels, value: Number(match[3]) });
  }
  return found;
}

/** Samples of this name summed by a label: Map of label to sum. */
export function by(samples, name, label) {
  const sums = new Map();
  for (const each of samples)
    if (each.name === name) sums.set(each.labels[label], (sums.get(each.labels[label]) ?? 0) + each.value);
  return sums;
}
/** Of this name, and where `server` is given of this HTTP server alone. */
export const sum = (samples, name, server) =>
  samples.reduce(
    (total, each) => total + (each.name === name && (!server || each.labels.server === server) ? each.value : 0),
    0,
  );
