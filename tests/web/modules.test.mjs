// SPDX-License-Identifier: MPL-2.0
// Modules of web/js that need no browser: node --test tests/web/modules.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = { hidden: true, querySelectorAll: () => [] };
globalThis.setInterval = () => 0;
globalThis.sessionStorage = { getItem: () => null };
const at = (name) => import(new URL(`../../web/js/${name}.js`, import.meta.url));
const { parser } = await at("stream");
const { bytes, duration } = await at("format");
const { judged, stageAt, stageOf, STAGES, whoOf } = await at("stages");
const { name, unname } = await at("api");
const { shownOf } = await at("parts/attention");
const { parse, by, sum } = await at("metrics");
const { contains, number, subnetOf, text } = await at("networks");

test("events are read whole however the stream is cut", () => {
  const stream =
    ': hello\n\nid: 7\ndata: {"sequence":7}\n\nid: 8\ndata: {"sequence":8,\ndata: "text":"a"}\n\n: still here\n\n';
  for (let size = 1; size < stream.length; size++) {
    const events = parser();
    const found = [];
    for (let from = 0; from < stream.length; from += size) found.push(...events.feed(stream.slice(from, from + size)));
    assert.deepEqual(found, [{ sequence: 7 }, { sequence: 8, text: "a" }]);
  }
});

test("sizes and times are said as people read them", () => {
  assert.deepEqual([0, 999, 1000, 70_000, 358_400_000, 999_700].map(bytes), [
    "0 B",
    "999 B",
    "1.00 kB",
    "70.0 kB",
    "358 MB",
    "1.00 MB",
  ]);
  assert.deepEqual([0, 0.004, 4.1, 42.25, 200, 3600, 90_061].map(duration), [
    "0 s",
    "4 ms",
    "4.10 s",
    "42.3 s",
    "3 min 20 s",
    "1 h",
    "1 d 1 h",
  ]);
});

test("a machine stands as it was judged, and where it was not, as it was heard", () => {
  assert.equal(judged({ failed: true, verdict: "archive_cut" }), "failed");
  assert.equal(judged({ verdict: "handed_over" }), "delivered");
  assert.equal(judged({ verdict: "running" }), "up");
  assert.equal(judged({ address: "10.0.0.1" }), "quiet");
  assert.equal(judged({ last_seen: "2024-01-02T12:00:00Z" }), "unanswered");
  assert.equal(judged({}), "unseen");
});

test("the stage of a packet depends on who sent it, and on what went before", () => {
  const stage = (event, before) => STAGES[stageOf({ boot: 1, ...event }, stageAt(before))];
  assert.equal(stage({ kind: "dhcp_discover", stage: "PXE firmware" }), "discover");
  assert.equal(stage({ kind: "dhcp_ack", stage: "iPXE" }), "ack");
  assert.equal(stage({ kind: "dhcp_ack", stage: "iPXE" }, "loader"), "ipxe");
  assert.equal(stage({ kind: "http_started", role: "archive", stage: "iPXE" }, "kernel"), "archive");
  assert.equal(stage({ kind: "dhcp_ack", stage: "operating system" }, "archive"), undefined);
  assert.equal(stage({ kind: "note", stage: "unknown client" }), undefined);
});

test("who asked for another's files is told by address, and for whom", () => {
  const calledOf = (mac) => ({ "52:54:00:00:00:01": "node1" })[mac] ?? mac;
  assert.equal(whoOf({ meant: "52:54:00:00:00:01", address: "10.0.0.9" }, calledOf), "10.0.0.9 for node1");
  assert.equal(whoOf({ machine: "52:54:00:00:00:02", address: "10.0.0.2" }, calledOf), "52:54:00:00:00:02");
  assert.equal(whoOf({ machine: "52:54:00:00:00:01", machine_name: "node1" }, calledOf), "node1");
  assert.equal(whoOf({ address: "10.0.0.9" }, calledOf), "10.0.0.9");
  assert.equal(whoOf({ server: "10.0.0.3" }, calledOf), "slipway");
});

test("an address of a page that nobody could have written is kept as it is", () => {
  assert.equal(unname(name("a/b %")), "a/b %");
  assert.equal(unname("%zz"), "%zz");
});

test("causes that are not shown are counted", () => {
  assert.deepEqual(
    [0, 4, 5, 6, 30].map((causes) => shownOf(causes, false)),
    [0, 4, 5, 4, 4],
  );
  assert.equal(shownOf(30, true), 30);
});

test("metrics are summed by label and by server", () => {
  const samples = parse('# HELP x y\nx{server="boot",reason="a \\"b\\""} 2\nx{server="api",reason="c"} 1e3\ny 4\n');
  assert.deepEqual(
    [...by(samples, "x", "reason")],
    [
      ['a "b"', 2],
      ["c", 1000],
    ],
  );
  assert.equal(sum(samples, "x", "boot"), 2);
  assert.equal(sum(samples, "y"), 4);
});

test("an address lies in the smallest network that has it", () => {
  assert.equal(text(number("10.77.255.1")), "10.77.255.1");
  assert.ok(
    contains("0.0.0.0/0", "255.255.255.255") &&
      contains("10.0.0.7/32", "10.0.0.7") &&
      !contains("10.0.0.0/25", "10.0.0.128"),
  );
  assert.equal(
    subnetOf("10.0.0.7", [{ network: "10.0.0.0/8" }, { network: "10.0.0.0/24" }, { network: "10.1.0.0/24" }]),
    "10.0.0.0/24",
  );
  assert.equal(subnetOf(undefined, []), undefined);
});
