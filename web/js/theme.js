// SPDX-License-Identifier: MPL-2.0
// Light or dark: as the system says until somebody says otherwise, for this browser.
const KEY = "slipway-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const changed = new Set();

const wanted = () => localStorage.getItem(KEY) ?? (system.matches ? "dark" : "light");

function apply() {
  document.documentElement.dataset.theme = wanted();
  for (const tell of changed) tell(wanted());
}
export function whenThemeChanges(tell) {
  changed.add(tell);
  return () => changed.delete(tell);
}
export const theme = () => document.documentElement.dataset.theme;

export function switchTheme() {
  const next = wanted() === "dark" ? "light" : "dark";
  if (next === (system.matches ? "dark" : "light")) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  apply();
  return next;
}

/** A colour of base.css as it is now, for canvases. */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

system.addEventListener("change", apply);
apply();
