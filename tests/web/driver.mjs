// SPDX-License-Identifier: MPL-2.0
// One Chromium that does what its standard input says, for tests/system/browser.py: a JSON object a line,
// {"id": 1, "do": "goto", "with": ["/#/rack"]}, and an answer of the same id a line. What the page complains of, on its
// console, in an exception or against its Content-Security-Policy, is kept for "complaints".
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [base, options] = [process.argv[2], JSON.parse(process.argv[3] ?? "{}")];
const profile = mkdtempSync(join(tmpdir(), "slipway-chromium-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
  ignoreHTTPSErrors: true,
  baseURL: base,
  viewport: { width: 1280, height: 800 },
  ...options,
});
const complaints = [];
const page = context.pages()[0] ?? (await context.newPage());
page.setDefaultTimeout(15000);
page.on(
  "console",
  (message) =>
    ["error", "warning"].includes(message.type()) && complaints.push(`${message.text()} (${message.location().url})`),
);
page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
page.on("dialog", (dialog) => {
  complaints.push(`a dialog: ${dialog.message()}`);
  dialog.dismiss();
});
await page.addInitScript(() => {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((each) => each.duration))).observe({
    type: "longtask",
    buffered: true,
  });
  document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
  );
});

const acts = {
  goto: (path) => page.goto(path).then(() => null),
  reload: () => page.reload().then(() => null),
  wait: (selector, state) => page.waitForSelector(selector, { state }).then(() => null),
  text: (selector) => page.locator(selector).first().innerText(),
  texts: (selector) => page.locator(selector).allInnerTexts(),
  count: (selector) => page.locator(selector).count(),
  attribute: (selector, name) => page.locator(selector).first().getAttribute(name),
  click: (selector) => page.locator(selector).first().click(),
  fill: (selector, text) => page.locator(selector).first().fill(text),
  choose: (selector, value) =>
    page
      .locator(selector)
      .first()
      .selectOption(value)
      .then(() => null),
  press: (keys) => page.keyboard.press(keys),
  viewport: (width, height) => page.setViewportSize({ width, height }),
  scheme: (colorScheme) => page.emulateMedia({ colorScheme }),
  evaluate: (script) => page.evaluate(script.startsWith("()") ? `(${script})()` : script),
  screenshot: (path) => page.screenshot({ path }).then(() => null),
  complaints: () => complaints.splice(0),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: act, with: words = [] } = JSON.parse(line);
  let answer;
  try {
    answer = { id, value: await acts[act](...words) };
  } catch (error) {
    answer = { id, error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await context.close();
rmSync(profile, { recursive: true, force: true });
