// SPDX-License-Identifier: MPL-2.0
// Who holds which address, and until when.
import { all, name, Trouble } from "../api.js";
import { h, replace, say } from "../dom.js";
import { count, plural, time } from "../format.js";
import { number } from "../networks.js";
import { rights } from "../session.js";
import { hrefOf, subscribe } from "../world.js";
import { done } from "../parts/actions.js";
import { dialog } from "../parts/dialog.js";
import { chip, empty, troubleOf } from "../parts/states.js";
import { table } from "../parts/table.js";

export const title = () => "Leases";
const TONES = { active: "ok", declined: "bad" };
const CHANGES = /^(lease_|dhcp_(ack|release|decline))/;
const remembered = { filter: "", state: "active" };

export function open(main) {
  let leases = [];
  let closed = false;
  let late = 0;
  const lead = h("p", { class: "lead" });
  const filter = h("input", {
    type: "search",
    class: "grow",
    placeholder: "Filter: address, MAC, hostname …",
    "aria-label": "Filter leases",
    value: remembered.filter,
  });
  const state = h(
    "select",
    { "aria-label": "State" },
    [
      ["active", "active"],
      ["", "all"],
      ["expired", "expired"],
      ["released", "released"],
      ["declined", "declined"],
    ].map(([value, words]) => h("option", { value, selected: value === remembered.state }, words)),
  );
  const grid = table({
    label: "Leases",
    key: (lease) => lease.address,
    open: (lease) => (location.hash = hrefOf({ name: lease.machine_name, machine: lease.mac })),
    columns: [
      {
        title: "Address",
        width: "9rem",
        narrow: "8.5rem",
        cell: (l) => h("b", { class: "num" }, l.address),
        sort: (l) => number(l.address),
      },
      {
        title: "Machine",
        width: "minmax(9rem,1fr)",
        narrow: "1fr",
        cell: (l) => l.machine_name || l.hostname || l.mac,
        sort: (l) => l.machine_name || l.hostname || l.mac,
      },
      {
        title: "MAC address",
        width: "11rem",
        wide: true,
        cell: (l) => h("span", { class: "mono" }, l.mac),
        sort: (l) => l.mac,
      },
      { title: "Hostname", width: "minmax(7rem,1fr)", wide: true, cell: (l) => l.hostname, sort: (l) => l.hostname },
      { title: "State", width: "7rem", wide: true, cell: (l) => chip(l.state, TONES[l.state]), sort: (l) => l.state },
      {
        title: "Granted",
        width: "6.5rem",
        wide: true,
        num: true,
        cell: (l) => time(l.granted),
        sort: (l) => l.granted,
      },
      { title: "Ends", width: "6.5rem", num: true, cell: (l) => time(l.expires), sort: (l) => l.expires },
      ...(rights.write
        ? [
            {
              title: "",
              width: "6rem",
              wide: true,
              num: true,
              cell: (l) =>
                l.state === "active" &&
                h("button", { type: "button", class: "quiet", onclick: () => release(l) }, "Release …"),
            },
          ]
        : []),
    ],
  });
  const place = h("div", {});

  async function release(lease) {
    const words = h(
      "p",
      {},
      `${lease.address} becomes free, and may be given to another while ${lease.machine_name || lease.hostname || lease.mac} still uses it.`,
    );
    if (
      await dialog(`Release ${lease.address}?`, words, {
        done: "Release",
        danger: true,
        act: () => done("DELETE", `/leases/${name(lease.address)}`),
      })
    )
      setTimeout(load, 300);
  }

  function draw() {
    const words = remembered.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = leases.filter(
      (l) =>
        (!remembered.state || l.state === remembered.state) &&
        words.every((word) =>
          `${l.address} ${l.mac} ${l.hostname} ${l.machine_name ?? ""} ${l.client_id} ${l.subnet}`
            .toLowerCase()
            .includes(word),
        ),
    );
    const active = leases.filter((l) => l.state === "active").length;
    say(
      lead,
      leases.length
        ? `${count(active)} active of ${plural(leases.length, "lease")}${shown.length === leases.length ? "" : `, ${count(shown.length)} shown`}`
        : "",
    );
    if (!leases.length)
      return replace(
        place,
        empty(
          "No lease yet",
          "Nobody asked for an address so far. Leases of another server can be taken over as they stand:",
          "slipway lease import --dry-run /var/lib/dhcp/dhcpd.leases",
        ),
      );
    if (!grid.element.isConnected) replace(place, grid.element);
    grid.show(shown);
  }

  async function load() {
    try {
      leases = await all("/leases", "leases");
      leases.sort((a, b) => number(a.address) - number(b.address));
      if (!closed) draw();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (!closed) replace(place, troubleOf(error));
    }
  }

  filter.addEventListener("input", () => {
    remembered.filter = filter.value;
    draw();
  });
  state.addEventListener("change", () => {
    remembered.state = state.value;
    draw();
  });
  replace(
    main,
    h("div", { class: "head" }, h("h1", {}, "Leases"), lead),
    h("div", { class: "bar" }, filter, state),
    place,
  );
  const unsubscribe = subscribe(({ events }) => {
    if (late || !events?.some((event) => CHANGES.test(event.kind))) return;
    late = setTimeout(
      () => {
        late = 0;
        load();
      },
      leases.length > 1000 ? 8000 : 1200,
    );
  });
  load();
  return {
    close() {
      closed = true;
      clearTimeout(late);
      unsubscribe();
    },
  };
}
