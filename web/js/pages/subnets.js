// SPDX-License-Identifier: MPL-2.0
// The subnets with their pools drawn: what is held, what is free.
import { all, get, Trouble } from "../api.js";
import { h, replace, say } from "../dom.js";
import { count, duration, plural } from "../format.js";
import { contains, number } from "../networks.js";
import { machines, subscribe } from "../world.js";
import { poolMap } from "../parts/poolmap.js";
import { chip, empty, fact, troubleOf } from "../parts/states.js";

export const title = () => "Subnets";
const MODES = { dhcp: ["gives addresses", "ok"], proxy: ["beside another server", "busy"], off: ["off", ""] };

export function open(main) {
  let closed = false;
  let late = 0;
  let maps = [];
  const lead = h("p", { class: "lead" });
  const place = h("div", { class: "panels" });
  replace(main, h("div", { class: "head" }, h("h1", {}, "Subnets"), lead), place);

  function poolOf(pool, held, reserved) {
    const part = pool.size ? pool.leased / pool.size : 0;
    const map = poolMap(pool, held, reserved);
    maps.push(map);
    return h(
      "div",
      { class: "pool" },
      h(
        "p",
        { class: "pool-words" },
        h("b", { class: "num" }, `${pool.first} – ${pool.last}`),
        pool.only_class && chip(`class ${pool.only_class}`, ""),
        h(
          "span",
          { class: part > 0.9 ? "full" : "dim" },
          `${count(pool.leased)} of ${count(pool.size)} held, ${count(pool.size - pool.leased)} free`,
        ),
      ),
      h(
        "div",
        {
          class: "meter",
          role: "meter",
          "aria-valuenow": Math.round(part * 100),
          "aria-valuemin": 0,
          "aria-valuemax": 100,
          "aria-label": "per cent held",
        },
        h("i", { class: part > 0.9 ? "full" : "", vars: { part } }),
      ),
      map.element,
    );
  }

  function draw(subnets, leases) {
    for (const map of maps) map.close();
    maps = [];
    say(lead, subnets.length ? plural(subnets.length, "subnet") : "");
    if (!subnets.length)
      return replace(
        place,
        empty(
          "No subnet",
          "Say in the configuration which network machines boot in, and put it into force:",
          "slipway check && slipway reload",
        ),
      );
    const held = new Map(leases.map((lease) => [number(lease.address), lease]));
    const reserved = new Set(
      [...machines.values()]
        .filter((each) => each.view.reserved_address)
        .map((each) => number(each.view.reserved_address)),
    );
    replace(
      place,
      subnets.map((subnet) => {
        const [words, tone] = MODES[subnet.mode] ?? [subnet.mode, ""];
        const here = [...reserved].filter((address) =>
          contains(subnet.network, [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".")),
        ).length;
        return h(
          "section",
          { class: "panel" },
          h("div", { class: "subnet-head" }, h("h2", { class: "mono" }, subnet.network), chip(words, tone)),
          subnet.pools.length
            ? subnet.pools.map((pool) => poolOf(pool, held, reserved))
            : h(
                "p",
                { class: "dim pool" },
                subnet.mode === "dhcp"
                  ? "No pool: only reserved addresses are given here."
                  : "No pool: another server gives the addresses.",
              ),
          h(
            "dl",
            { class: "facts" },
            fact("Interface", subnet.interface || "behind a relay"),
            fact("Router", subnet.routers.join(", ") || null),
            fact("DNS", subnet.dns.join(", ") || null),
            fact("Domain", subnet.domain || null),
            fact("Lease", duration(subnet.lease_seconds)),
            fact("Reserved", count(here)),
          ),
        );
      }),
      subnets.some((each) => each.pools.length) &&
        h(
          "p",
          { class: "legend dim" },
          h("i", { data: { tone: "held" } }),
          "held ",
          h("i", { data: { tone: "was" } }),
          "held before ",
          h("i", { data: { tone: "bad" } }),
          "declined, in use elsewhere ",
          h("i", {}),
          "free ",
          h("i", { data: { tone: "reserved" } }),
          "reserved",
        ),
    );
  }

  async function load() {
    try {
      const [list, leases] = await Promise.all([get("/subnets"), all("/leases", "leases")]);
      if (!closed) draw(list.subnets, leases);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (!closed) replace(place, troubleOf(error));
    }
  }
  const unsubscribe = subscribe(({ events, machines: changed }) => {
    const moved =
      events?.some((event) => /^lease_|^dhcp_(release|decline)|^plan_published/.test(event.kind)) || changed === null;
    if (!late && moved)
      late = setTimeout(
        () => {
          late = 0;
          load();
        },
        machines.size > 500 ? 8000 : 1500,
      );
  });
  load();
  return {
    close() {
      closed = true;
      clearTimeout(late);
      for (const map of maps) map.close();
      unsubscribe();
    },
  };
}
