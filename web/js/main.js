// SPDX-License-Identifier: MPL-2.0
// The shell: which page is open, who looks at it, whether the server is heard.
import { open, Trouble, unname, whenDenied } from "./api.js";
import { h, replace, say } from "./dom.js";
import { plural } from "./format.js";
import { bind, bindPage, showKeys } from "./keys.js";
import { login } from "./parts/login.js";
import { troubleOf, waiting } from "./parts/states.js";
import { forget, rights, token } from "./session.js";
import { switchTheme, theme } from "./theme.js";
import { begin, machines, stop, subscribe, world } from "./world.js";
import * as events from "./pages/events.js";
import * as health from "./pages/health.js";
import * as images from "./pages/images.js";
import * as leases from "./pages/leases.js";
import * as machine from "./pages/machine.js";
import * as rack from "./pages/rack.js";
import * as subnets from "./pages/subnets.js";

const PAGES = [
  { id: "rack", word: "Rack", key: "r", page: rack },
  { id: "images", word: "Images", key: "i", page: images },
  { id: "leases", word: "Leases", key: "l", page: leases },
  { id: "subnets", word: "Subnets", key: "s", page: subnets },
  { id: "events", word: "Events", key: "e", page: events },
  { id: "health", word: "Health", key: "h", page: health },
];
const main = document.getElementById("main");
const live = document.getElementById("live");
let openPage = null;
let ready = false;

function route() {
  const [id, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(unname);
  if (id === "machine" && rest[0]) return { id, page: machine, argument: rest[0], nav: "rack" };
  const found = PAGES.find((each) => each.id === id) ?? PAGES[0];
  return { ...found, nav: found.id };
}

function show(byHand) {
  if (!ready) return;
  openPage?.close?.();
  bindPage([]);
  const { page, argument, nav } = route();
  for (const link of document.querySelectorAll("#pages a")) {
    if (link.dataset.id === nav) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  replace(main, waiting());
  openPage = page.open(main, argument);
  document.title = `${page.title(argument)} · Slipway`;
  if (byHand) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
}

function drawNav() {
  const badge = h("span", { class: "badge", hidden: true });
  replace(
    document.getElementById("pages"),
    PAGES.map(({ id, word }) => h("li", {}, h("a", { href: `#/${id}`, data: { id } }, word, id === "rack" && badge))),
  );
  subscribe(() => {
    let bad = 0;
    for (const record of machines.values()) bad += record.state === "failed";
    badge.hidden = !bad;
    say(badge, String(bad));
    badge.setAttribute("aria-label", `${plural(bad, "machine")} stopped`);
  });
}

function drawTools() {
  const word = () => (theme() === "dark" ? "Light" : "Dark");
  const label = h("span", { class: "word" }, word());
  const toggle = () => {
    switchTheme();
    say(label, word());
  };
  replace(
    document.getElementById("tools"),
    h(
      "button",
      { class: "quiet", onclick: toggle, "aria-label": "Switch between light and dark", title: "Light or dark (t)" },
      "◐ ",
      label,
    ),
    h(
      "button",
      { class: "quiet", onclick: showKeys, "aria-label": "Keyboard shortcuts", title: "Keys (?)" },
      "? ",
      h("span", { class: "word" }, "Keys"),
    ),
    token() &&
      h(
        "button",
        { class: "quiet", onclick: leave, title: "Forget the token", "aria-label": "Leave: forget the token" },
        "⏻ ",
        h("span", { class: "word" }, "Leave"),
      ),
  );
  return toggle;
}

function leave() {
  stop();
  forget();
  ready = false;
  openPage?.close?.();
  location.reload();
}

function drawLive() {
  live.dataset.state = world.state;
  say(live, world.state === "on" ? "live" : world.state === "lost" ? "no connection, trying" : "not connected");
  live.title = world.trouble?.message ?? "";
}

/** What this token may do: the server says it with every answer; over its own socket everything is allowed. */
async function learnRights() {
  const answer = await open("/api/v1/status");
  rights.write = (answer.headers.get("Slipway-Scope") ?? "write") === "write";
}

async function enter() {
  replace(main, waiting());
  try {
    await learnRights();
    await begin();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (error.status === 401) return;
    if (error.status === 429) return denied(error); // too many wrong ones: a pause, not another try
    replace(main, troubleOf(error));
    setTimeout(enter, 3000);
    return;
  }
  ready = true;
  drawTools();
  show(false);
}

function denied(trouble) {
  if (!ready && main.querySelector(".login")) return;
  ready = false;
  openPage?.close?.();
  openPage = null;
  stop();
  drawLive();
  for (const box of document.querySelectorAll("dialog[open]")) box.close("");
  login(main, trouble, enter);
  drawTools();
}

drawNav();
const toggle = drawTools();
subscribe((what) => what.state && drawLive());
for (const { id, word, key } of PAGES)
  bind(`g ${key}`, `go to ${word.toLowerCase()}`, () => (location.hash = `#/${id}`));
bind("/", "filter this page", () => main.querySelector("input[type=search]")?.focus());
bind("t", "light or dark", () => toggle());
bind("?", "these keys", showKeys);
whenDenied(denied);
addEventListener("hashchange", () => show(true));
enter();
