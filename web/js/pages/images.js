// SPDX-License-Identifier: MPL-2.0
// The images in the store, who needs each, and which are assigned to whom.
import { all, get, Trouble } from "../api.js";
import { h, replace } from "../dom.js";
import { bytes, plural, time } from "../format.js";
import { rights } from "../session.js";
import { hrefOf, machines } from "../world.js";
import { assign, done, rollBack } from "../parts/actions.js";
import { choice, dialog, toast } from "../parts/dialog.js";
import { chip, empty, troubleOf } from "../parts/states.js";

export const title = () => "Images";

const WHY = {
  profile: "profile",
  assigned: "assigned to",
  fallback: "way back of",
  once: "next boot of",
  running: "runs on",
  last_good: "last good of",
  pinned: "pinned",
};
const whom = (to, name) => (to === "everyone" ? "everyone" : `${to} ${name}`);

/** "runs on node1, node2 and 38 more" */
function usesOf(image) {
  const by = new Map();
  for (const { why, who } of image.uses) by.set(why, [...(by.get(why) ?? []), who.replace(/^machine /, "")]);
  return [...by].map(([why, who]) => {
    const named = who.filter(Boolean).slice(0, 3).join(", ");
    const more = who.length > 3 ? ` and ${plural(who.length - 3, "more", "more")}` : "";
    return h("li", {}, h("span", { class: "dim" }, `${WHY[why] ?? why} `), named + more);
  });
}

export function open(main) {
  let closed = false;
  const lead = h("p", { class: "lead" });
  const images = h("section", { class: "panel" });
  const assignments = h("section", { class: "panel" });
  const history = h("section", { class: "panel" });

  async function load() {
    try {
      const [list, given, past] = await Promise.all([
        all("/images", "images"),
        get("/assignments"),
        get("/assignments/history?limit=30"),
      ]);
      if (closed) return;
      replace(
        main,
        h("div", { class: "head" }, h("h1", {}, "Images"), lead),
        h("div", { class: "panels" }, images, assignments, history),
      );
      drawImages(list, given.pinned);
      drawAssignments(given);
      drawHistory(past.history);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (!closed) replace(main, h("h1", {}, "Images"), troubleOf(error));
    }
  }

  /** Does it at once; what the server says is news in the corner. */
  async function now(method, path) {
    try {
      await done(method, path);
    } catch (error) {
      toast(error.message, error.remedy);
    }
    load();
  }

  function drawImages(list, pinned) {
    replace(
      lead,
      list.length ? `${plural(list.length, "image")}, ${bytes(list.reduce((sum, each) => sum + each.size, 0))}` : "",
    );
    images.classList.toggle("panel", list.length > 0);
    if (!list.length)
      return replace(
        images,
        empty(
          "No image yet",
          "Machines have nothing to boot. Bring a SmartOS platform, a Linux or an ISO image in:",
          "slipway image import platform-20240102T030405Z.tgz",
        ),
      );
    replace(
      images,
      h("h2", {}, "In the store"),
      h(
        "div",
        { class: "scroll" },
        h(
          "table",
          { class: "plain" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", {}, "Version"),
              h("th", {}, "Kind"),
              h("th", { class: "num" }, "Size"),
              h("th", {}, "Imported"),
              h("th", {}, "Needed by"),
              rights.write && h("th", {}, h("span", { class: "unseen" }, "Actions")),
            ),
          ),
          h(
            "tbody",
            {},
            list
              .sort((a, b) => b.version.localeCompare(a.version))
              .map((image) =>
                h(
                  "tr",
                  {},
                  h(
                    "td",
                    {},
                    h("b", { class: "mono" }, image.version),
                    h("small", { class: "dim mono", title: image.id }, ` ${image.short_id}`),
                  ),
                  h("td", {}, image.kind),
                  h("td", { class: "num nowrap" }, bytes(image.size)),
                  h("td", { class: "nowrap" }, time(image.imported)),
                  h(
                    "td",
                    {},
                    image.uses.length
                      ? h("ul", {}, usesOf(image))
                      : h("span", { class: "dim" }, "nobody; gc may take it away"),
                  ),
                  rights.write &&
                    h(
                      "td",
                      { class: "num" },
                      h(
                        "button",
                        {
                          type: "button",
                          onclick: () => now(pinned.includes(image.id) ? "DELETE" : "POST", `/images/${image.id}/pin`),
                        },
                        pinned.includes(image.id) ? "Unpin" : "Pin",
                      ),
                    ),
                ),
              ),
          ),
        ),
      ),
    );
  }

  function drawAssignments({ assignments: given, once }) {
    const rows = given.map((each) =>
      h(
        "tr",
        {},
        h("td", {}, h("b", {}, whom(each.to, each.name))),
        h(
          "td",
          { class: "mono" },
          `${each.kind}@${each.version}`,
          !each.in_store && [" ", chip(each.damaged ? "damaged" : "not in the store", "bad")],
        ),
        h("td", { class: "nowrap" }, time(each.since)),
        h("td", { class: "dim" }, each.before ?? "what the file says"),
        rights.write &&
          h(
            "td",
            { class: "num" },
            h(
              "div",
              { class: "actions" },
              h(
                "button",
                {
                  type: "button",
                  onclick: () =>
                    rollBack({ to: each.to, name: each.name || undefined }, whom(each.to, each.name), load, each.kind),
                },
                "Roll back …",
              ),
              h("button", { type: "button", onclick: () => takeBack(each) }, "Unassign …"),
            ),
          ),
      ),
    );
    replace(
      assignments,
      h("h2", {}, "Assigned"),
      given.length
        ? h(
            "div",
            { class: "scroll" },
            h(
              "table",
              { class: "plain" },
              h(
                "thead",
                {},
                h(
                  "tr",
                  {},
                  h("th", {}, "To"),
                  h("th", {}, "Boots"),
                  h("th", {}, "Since"),
                  h("th", {}, "A rollback brings"),
                  rights.write && h("th", {}, h("span", { class: "unseen" }, "Actions")),
                ),
              ),
              h("tbody", {}, rows),
            ),
          )
        : h(
            "p",
            { class: "dim" },
            "Nothing is assigned: each machine boots what the file says. ",
            h("code", {}, "slipway image assign VERSION --default"),
            " changes that for everyone.",
          ),
      rights.write &&
        h(
          "div",
          { class: "actions" },
          h("button", { type: "button", class: "main", onclick: choose }, "Assign an image …"),
        ),
      once.length > 0 && [
        h("h2", { class: "group-title" }, "For one boot"),
        h(
          "ul",
          {},
          once.map((each) =>
            h(
              "li",
              {},
              h("a", { href: hrefOf(each) }, each.machine),
              ` boots ${each.version ?? each.profile ?? "what it boots anyway"}, ${each.variant}`,
              each.served ? ", begun " : ", ordered ",
              time(each.since),
            ),
          ),
        ),
      ],
    );
  }

  function drawHistory(past) {
    history.hidden = !past.length;
    const words = {
      assigned: "was assigned",
      rolled_back: "was rolled back to",
      taken_back: "was given back to the file",
    };
    replace(
      history,
      h("h2", {}, "What was decided"),
      h(
        "ul",
        { class: "history" },
        past.map((each) =>
          h(
            "li",
            {},
            time(each.at),
            h(
              "span",
              {},
              h("b", {}, whom(each.to, each.name)),
              ` ${words[each.action] ?? each.action} `,
              h("span", { class: "mono" }, each.version ?? ""),
            ),
          ),
        ),
      ),
    );
  }

  async function takeBack(each) {
    const order = { to: each.to, name: each.name || undefined, kind: each.kind };
    if (
      await dialog(
        `Unassign ${whom(each.to, each.name)}?`,
        h("p", {}, "From the next boot on the file says what it boots."),
        { done: "Unassign", danger: true, act: () => done("POST", "/assignments/remove", order) },
      )
    )
      load();
  }

  async function choose() {
    const { groups } = await get("/groups");
    const named = [...machines.values()]
      .filter((record) => record.view.name)
      .map((record) => `machine ${record.view.name}`);
    const who = choice(
      "To",
      ["everyone", ...groups.map((each) => `group ${each.name}`), ...named].map((each) => [each, each]),
    );
    let chosen = "";
    if (!(await dialog("Assign an image", [who.label], { done: "Next", act: async () => (chosen = who.value) })))
      return;
    const [to, ...name] = chosen.split(" ");
    assign({ to, name: name.join(" ") || undefined }, chosen, load);
  }

  load();
  return { close: () => (closed = true) };
}
