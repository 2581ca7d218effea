// SPDX-License-Identifier: MPL-2.0
// Whether the server can boot machines, who disturbs it, and what it did not answer, for which reason.
import { get, open as ask, Trouble } from "../api.js";
import { h, prose, replace } from "../dom.js";
import { bytes, count, duration, time } from "../format.js";
import { by, parse, sum } from "../metrics.js";
import { chip, fact, troubleOf } from "../parts/states.js";

export const title = () => "Health";

export function open(main) {
  let closed = false;
  const place = h("div", { class: "panels" });
  replace(main, h("div", { class: "head" }, h("h1", {}, "Health")), place);

  function readiness(status) {
    return h(
      "section",
      { class: "panel verdict", data: { tone: status.ready ? "ok" : "bad" } },
      h(
        "p",
        { class: "sentence", role: "status" },
        status.ready ? "Machines can boot." : ["Machines cannot boot: ", prose(status.reason)],
      ),
      h(
        "dl",
        { class: "facts" },
        fact("Version", status.version),
        fact(
          "Started",
          time(status.started),
          `runs ${duration((Date.parse(status.now) - Date.parse(status.started)) / 1000)}`,
        ),
        fact("Machines", count(status.machines), "in the configuration"),
        fact("Leases", count(status.leases), `${count(status.offers)} offers out`),
        fact("Images", count(status.images)),
        fact("Subnets", count(status.subnets)),
        fact("Events", count(status.events), `${count(status.followers)} watching`),
      ),
    );
  }

  function others(servers) {
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, "Other DHCP servers"),
      servers.length
        ? h(
            "ul",
            { class: "others" },
            servers.map((each) =>
              h(
                "li",
                {},
                h(
                  "p",
                  {},
                  chip(each.yielded_to ? "we keep back" : "heard", each.gives_addresses ? "warn" : ""),
                  " ",
                  h("b", { class: "num" }, each.address),
                  h("span", { class: "dim" }, ` on ${each.interface}, ${each.mac}, heard `),
                  time(each.last_seen),
                ),
                h("p", {}, prose(each.sentence)),
              ),
            ),
          )
        : h("p", { class: "dim" }, "None is heard on the links served."),
    );
  }

  function loaders(missing) {
    const none = h("p", { class: "dim" }, "Every boot loader that machines are sent after is there.");
    const list = h(
      "ul",
      { class: "others" },
      missing.map((each) => h("li", {}, prose(each))),
    );
    return h("section", { class: "panel" }, h("h2", {}, "Boot loaders"), missing.length ? list : none);
  }

  function drops(samples) {
    const found = [...by(samples, "slipway_dhcp_drops_total", "reason")]
      .filter(([, n]) => n > 0)
      .sort((a, b) => b[1] - a[1]);
    const most = found[0]?.[1] ?? 1;
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, "DHCP packets not answered"),
      found.length
        ? h(
            "table",
            { class: "plain bars" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                h("th", {}, "Reason"),
                h("th", { class: "num" }, "Packets"),
                h("th", {}, h("span", { class: "unseen" }, "As a bar")),
              ),
            ),
            h(
              "tbody",
              {},
              found.map(([reason, n]) =>
                h(
                  "tr",
                  {},
                  h("td", {}, reason.replaceAll("_", " ")),
                  h("td", { class: "num" }, count(n)),
                  h("td", {}, h("i", { class: "bar-fill", vars: { part: n / most } })),
                ),
              ),
            ),
          )
        : h(
            "p",
            { class: "dim" },
            "Every packet so far was answered. What each reason means stands in ",
            h("code", {}, "docs/reference/drops.md"),
            ".",
          ),
    );
  }

  function traffic(samples) {
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, "Since the start"),
      h(
        "dl",
        { class: "facts" },
        fact(
          "Sent by HTTP",
          bytes(sum(samples, "slipway_http_sent_bytes_total", "boot")),
          `${count(sum(samples, "slipway_http_requests_total", "boot"))} requests of machines`,
        ),
        fact(
          "Sent by TFTP",
          bytes(sum(samples, "slipway_tftp_bytes_total")),
          `${count(sum(samples, "slipway_tftp_transfers_total"))} transfers`,
        ),
      ),
    );
  }

  function changes(audit) {
    return h(
      "section",
      { class: "panel" },
      h("h2", {}, "What was changed through the API, by whom"),
      audit.length
        ? h(
            "ul",
            { class: "history" },
            audit.map((each) =>
              h(
                "li",
                {},
                time(each.at),
                h(
                  "span",
                  {},
                  h("b", {}, each.who),
                  h("span", { class: "dim" }, ` from ${each.from} `),
                  h("span", { class: each.status < 400 ? "" : "bad" }, prose(each.outcome)),
                ),
              ),
            ),
          )
        : h("p", { class: "dim" }, "Nothing so far."),
    );
  }

  async function load() {
    try {
      const [status, answer, { audit }] = await Promise.all([get("/status"), ask("/metrics"), get("/audit?limit=12")]);
      const samples = parse(await answer.text());
      if (!closed)
        replace(
          place,
          readiness(status),
          others(status.foreign_servers),
          loaders(status.missing_loaders),
          drops(samples),
          traffic(samples),
          changes(audit),
        );
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (!closed) replace(place, troubleOf(error));
    }
  }
  const timer = setInterval(() => document.hidden || load(), 5000);
  load();
  return {
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}
