// SPDX-License-Identifier: MPL-2.0
// One machine: where it stands and why, its boots against time with every packet, what it runs, and what can be done.
import { get, name, Trouble } from "../api.js";
import { h, perFrame, prose, replace } from "../dom.js";
import { clock, duration, exactly, relative, time } from "../format.js";
import { bindPage } from "../keys.js";
import { rights } from "../session.js";
import { isBad, judged, stateOf } from "../stages.js";
import { subscribe } from "../world.js";
import { actionsOf } from "../parts/actions.js";
import { diagnoses } from "../parts/diagnoses.js";
import { preview } from "../parts/preview.js";
import { chip, empty, fact, troubleOf } from "../parts/states.js";
import { timeline } from "../parts/timeline.js";

export const title = (id) => id;
const BOOTS = 8;
const after = (at, from) => {
  const s = (Date.parse(at) - from) / 1000;
  return s < 600 ? `${s.toFixed(2)} s` : duration(s);
};

/** What a packet or transfer says besides its line. */
function besides(event) {
  const said = [
    event.relay && `by relay ${event.relay}`,
    event.secs && `asking for ${event.secs} s`,
    event.block_size && `blocks of ${event.block_size} bytes`,
  ].filter(Boolean);
  return said.length > 0 && h("span", { class: "dim" }, ` · ${said.join(" · ")}`);
}

export function open(main, id) {
  let closed = false;
  let told = null;
  let chosen = 0; // id of a boot; 0: the newest
  let asking = false;
  let again = 0;
  const line = timeline();
  const head = h("div", { class: "head machine-head" });
  const verdict = h("section", { class: "panel verdict", "aria-label": "Where it stands" });
  const boots = h("div", { class: "boots", role: "group", "aria-label": "Its boots" });
  const packets = h("table", { class: "plain packets" });
  const story = h("section", { class: "panel", "aria-label": "Its boot" }, boots, line.element);
  const list = h("section", { class: "panel", "aria-label": "Its packets" }, h("div", { class: "scroll" }, packets));
  const facts = h("section", { class: "panel", "aria-label": "Facts" });
  const page = h("div", { class: "panels" }, verdict, story, facts, list, preview(id));

  const mine = (event) =>
    told &&
    (told.machine.macs.includes(event.machine ?? event.meant) || (event.machine_name && event.machine_name === told.machine.name));

  async function load() {
    if (asking) return void (again = 1);
    asking = true;
    try {
      told = await get(`/machines/${name(id)}/explain?boots=${BOOTS}&events=1`);
      if (!closed) draw();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (!closed && !told)
        replace(
          main,
          h("div", { class: "head" }, h("h1", {}, id)),
          troubleOf(error),
          h("p", {}, h("a", { href: "#/rack" }, "All machines")),
        );
    } finally {
      asking = false;
      if (again && !closed) {
        again = 0;
        setTimeout(load, 300);
      }
    }
  }

  function draw() {
    if (!page.isConnected) replace(main, head, page);
    const { machine } = told;
    const state = stateOf(judged(machine));
    replace(
      head,
      h("h1", { class: machine.name ? "" : "mono" }, machine.name || machine.machine),
      chip(state.word, state.tone),
      h("span", { class: "dim mono" }, machine.name ? machine.macs.join(", ") : ""),
    );
    const boot = told.boots.find((each) => each.id === chosen) ?? told.boots[0];
    drawVerdict(machine, boot, state);
    drawStory(boot);
    drawFacts(machine, boot);
  }

  function drawVerdict(machine, boot, state) {
    const old = boot && boot !== told.boots[0];
    const failed = boot ? boot.failed : machine.failed;
    verdict.dataset.tone = old ? (failed ? "bad" : "ok") : state.tone;
    replace(
      verdict,
      h("p", { class: "sentence", role: "status" }, prose(boot ? boot.sentence : machine.sentence)),
      boot &&
        h(
          "p",
          { class: "dim" },
          h("span", {}, "Verdict "),
          h("code", {}, boot.verdict),
          ` · boot ${boot.id} · began `,
          time(boot.started),
          ` · last heard `,
          time(boot.last),
        ),
      boot && diagnoses(boot),
      rights.write && actionsOf(machine, load),
    );
  }

  function drawStory(boot) {
    story.hidden = list.hidden = !boot;
    if (!boot) return;
    replace(
      boots,
      told.boots.map((each) =>
        h(
          "button",
          {
            type: "button",
            "aria-pressed": String(each === boot),
            data: { tone: each.failed ? "bad" : "ok" },
            title: exactly(each.started),
            onclick: () => {
              chosen = each === told.boots[0] ? 0 : each.id;
              draw();
            },
          },
          h("i", {}),
          `Boot ${each.id}`,
          h("time", { datetime: each.started, class: "dim" }, relative(each.started)),
        ),
      ),
    );
    const newest = boot === told.boots[0];
    const own = told.events.filter((event) => event.boot === boot.id || (newest && event.meant));
    line.show(boot, own);
    const from = Date.parse(boot.started);
    replace(
      packets,
      h("caption", { class: "unseen" }, "Packets and transfers of this boot"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { class: "num" }, "After"),
          h("th", { class: "wide" }, "Clock"),
          h("th", { class: "wide" }, "Who asked"),
          h("th", {}, "What happened"),
        ),
      ),
      h(
        "tbody",
        {},
        own.map((event) =>
          h(
            "tr",
            {
              class: isBad(event.kind) ? "bad" : "",
              onpointerenter: () => line.point(event.sequence),
              onpointerleave: () => line.point(0),
            },
            h("td", { class: "num nowrap" }, `+${after(event.at, from)}`),
            h("td", { class: "mono dim nowrap wide", title: exactly(event.at) }, clock(event.at)),
            h("td", { class: "dim nowrap wide" }, event.stage === "unknown client" ? "" : event.stage),
            h("td", { class: "text" }, event.text, besides(event)),
          ),
        ),
      ),
    );
  }

  function drawFacts(machine, boot) {
    const same = machine.desired && machine.running && machine.desired.endsWith(machine.running);
    replace(
      facts,
      h("h2", {}, "What it is and runs"),
      h(
        "dl",
        { class: "facts" },
        fact("Address", machine.address, machine.reserved_address && `reserved: ${machine.reserved_address}`),
        fact("Is to boot", machine.desired, machine.desired_by && `so says ${machine.desired_by}`),
        fact(
          "Runs",
          machine.running,
          machine.running_since && [same ? "as wanted · " : "", "delivered ", time(machine.running_since)],
        ),
        fact("Last good", machine.last_good, machine.last_good_since && ["came up ", time(machine.last_good_since)]),
        machine.once &&
          fact(
            "Next boot only",
            machine.once.version ?? machine.once.profile ?? "as always",
            `${machine.once.variant}${machine.once.served ? ", begun" : ""}`,
          ),
        fact("Profile", machine.profile),
        machine.groups?.length ? fact("Groups", machine.groups.join(", ")) : [],
        fact("Architecture", boot?.arch),
        fact("UUID", machine.uuid && h("span", { class: "mono" }, machine.uuid)),
        fact("Seen", time(machine.last_seen)),
      ),
    );
    if (!boot && told.events.length === 0)
      facts.append(
        empty(
          "No boot of it was seen",
          "Set it to boot from the network and switch it on. What it would be told:",
          `slipway boot preview --mac ${machine.machine || "MAC"}`,
        ),
      );
  }

  const soon = perFrame(load);
  const unsubscribe = subscribe(({ events, machines: changed }) => {
    if (events?.some(mine) || changed === null) soon();
    else if (changed && told && [...changed].some((record) => record.view.machine === told.machine.machine)) soon();
  });
  bindPage([{ keys: "b", words: "back to the rack", act: () => (location.hash = "#/rack") }]);
  const judge = setInterval(() => told && judged(told.machine) === "booting" && load(), 3000);
  load();
  return {
    close() {
      closed = true;
      clearInterval(judge);
      soon.cancel();
      line.close();
      unsubscribe();
    },
  };
}
