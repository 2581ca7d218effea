// SPDX-License-Identifier: MPL-2.0
// Questions in front of the page, and short news in its corner. The browser's own dialog keeps the focus inside.
import { h, prose, replace } from "../dom.js";

/** `act()` may throw a Trouble, which is shown, and the dialog stays. Resolves to whether it was done. */
export function dialog(title, content, { done = "OK", act = null, danger = false } = {}) {
  return new Promise((resolve) => {
    const trouble = h("p", { class: "panel trouble", role: "alert", hidden: true });
    const ok = h("button", { type: "submit", class: danger ? "danger" : act ? "main" : "" }, done);
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", { id: "dialog-title" }, title),
      content,
      trouble,
      h(
        "div",
        { class: "foot" },
        act && h("button", { type: "button", class: "quiet", onclick: () => box.close("") }, "Cancel"),
        ok,
      ),
    );
    const box = h("dialog", { "aria-labelledby": "dialog-title" }, form);
    const before = document.activeElement;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!act) return box.close("done");
      ok.disabled = true;
      trouble.hidden = true;
      try {
        await act();
        box.close("done");
      } catch (error) {
        replace(
          trouble,
          prose(error.message),
          error.remedy && h("span", { class: "remedy" }, " ", prose(error.remedy)),
        );
        trouble.hidden = false;
      } finally {
        ok.disabled = false;
      }
    });
    box.addEventListener("close", () => {
      box.remove();
      if (document.activeElement === document.body) before?.focus?.(); // not if somebody went on already
      resolve(box.returnValue === "done");
    });
    document.body.append(box);
    box.showModal();
  });
}

/** A choice with its name: label and select in one. `options`: [[value, words]] */
export function choice(words, options, value) {
  const select = h(
    "select",
    {},
    options.map(([each, text]) => h("option", { value: each, selected: each === value }, text)),
  );
  return {
    label: h("label", {}, words, select),
    select,
    get value() {
      return select.value;
    },
  };
}

export function toast(text, more) {
  const place = document.getElementById("toasts");
  const one = h("div", { class: "toast" }, prose(text), more && h("small", {}, prose(more)));
  place.append(one);
  setTimeout(() => one.remove(), 7000);
}
