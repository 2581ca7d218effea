// SPDX-License-Identifier: MPL-2.0
// Asks for the token, once a tab.
import { h, prose, replace } from "../dom.js";
import { forget, keep, token } from "../session.js";

/** Who showed too many wrong tokens has to wait: the button says for how long, and is none until then. */
function holdBack(button, seconds) {
  const until = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    replace(button, left > 0 ? `Enter in ${left} s` : "Enter");
    if (left > 0) setTimeout(tick, 250);
  };
  tick();
}

/** Shows the question in `place`; `trouble`: what the server said of the last token. `enter()` tries the new one. */
export function login(place, trouble, enter) {
  const had = token();
  forget();
  const field = h("input", {
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": "login-help",
    id: "token",
  });
  const button = h("button", { class: "main" }, "Enter");
  holdBack(button, trouble.wait);
  const form = h(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        const text = field.value.trim();
        if (!text) return;
        keep(text);
        enter();
      },
    },
    h("label", { for: "token" }, "Token"),
    field,
    button,
  );
  replace(
    place,
    h(
      "section",
      { class: "login panel" },
      h("h1", {}, "Who is there?"),
      had &&
        h(
          "p",
          { class: "trouble panel", role: "alert" },
          prose(trouble.message),
          trouble.remedy && h("span", { class: "remedy" }, ". ", prose(trouble.remedy)),
        ),
      form,
      h(
        "p",
        { class: "dim", id: "login-help" },
        "On the server, ",
        h("code", {}, "slipway token create NAME --scope read"),
        " makes one that looks, ",
        h("code", {}, "--scope write"),
        " one that also acts. This tab forgets it when it is closed.",
      ),
    ),
  );
  field.focus();
}
