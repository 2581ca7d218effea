// SPDX-License-Identifier: MPL-2.0
// What can be done to a machine, each after a question, each answered with the server's own sentence.
import { act, get, name } from "../api.js";
import { h } from "../dom.js";
import { choice, dialog, toast } from "./dialog.js";

/** Does it and says what the server said. */
export async function done(method, path, body) {
  const answer = await act(method, path, body);
  toast(answer.sentence, answer.warnings?.join(" "));
}

const imageOptions = (images) =>
  [...images]
    .sort((a, b) => b.version.localeCompare(a.version))
    .map((image) => [`${image.kind}@${image.version}`, `${image.kind} ${image.version}`]);

/** `to`: {to: "machine" | "group" | "everyone", name}; `words`: whom, in words. */
export async function assign(to, words, changed) {
  const { images } = await get("/images");
  if (!images.length) return toast("There is no image to assign.", "slipway image import FILE brings one in.");
  const image = choice("Image", imageOptions(images));
  const note = h(
    "p",
    { class: "dim" },
    "It is booted from the next boot on; what runs is not touched. An error of the boot rules stops it.",
  );
  if (
    await dialog(`Assign an image to ${words}`, [image.label, note], {
      done: "Assign",
      act: () => done("POST", "/assignments", { ...to, image: image.value }),
    })
  )
    changed();
}

export async function rollBack(to, words, changed, kind) {
  const note = h(
    "p",
    {},
    "The image that was assigned before comes back, from the next boot on. Once more goes back further.",
  );
  if (
    await dialog(`Roll ${words} back?`, note, {
      done: "Roll back",
      danger: true,
      act: () => done("POST", "/assignments/rollback", { ...to, kind }),
    })
  )
    changed();
}

async function once(id, machine, changed) {
  const [{ images }, { profiles }] = await Promise.all([get("/images"), get("/profiles")]);
  const own = profiles.find((each) => each.name === machine.profile);
  const what = choice("Boot", [
    ["", "what it boots anyway"],
    ...profiles.map((each) => [each.name, `profile ${each.name}`]),
    ...imageOptions(images),
  ]);
  const variant = choice(
    "Variant",
    ["normal", ...(own?.variants.filter((each) => each !== "normal") ?? [])].map((each) => [each, each]),
  );
  const order = () =>
    done("POST", `/machines/${name(id)}/boot-once`, {
      ...(what.value && { what: what.value }),
      variant: variant.value,
    });
  if (
    await dialog(
      `The next boot of ${id}`,
      [what.label, variant.label, h("p", { class: "dim" }, "For one boot; after it all is as before.")],
      { done: "Order", act: order },
    )
  )
    changed();
}

async function ask(words, text, method, path, changed) {
  if (await dialog(words, h("p", {}, text), { done: words, danger: true, act: () => done(method, path) })) changed();
}

export function actionsOf(machine, changed) {
  const id = machine.name || machine.machine;
  const to = { to: "machine", name: id };
  const button = (words, onclick) => h("button", { type: "button", onclick }, words);
  return h(
    "div",
    { class: "actions", role: "group", "aria-label": "Actions" },
    button("Assign an image …", () => assign(to, id, changed)),
    button("Boot once …", () => once(id, machine, changed)),
    machine.once &&
      button("Take the order back …", () =>
        ask(
          "Take back",
          `The order for the next boot of ${id} is dropped.`,
          "DELETE",
          `/machines/${name(id)}/boot-once`,
          changed,
        ),
      ),
    machine.desired_by?.startsWith("machine ") && button("Roll back …", () => rollBack(to, id, changed)),
    machine.address &&
      button("Release its lease …", () =>
        ask(
          "Release",
          `${machine.address} becomes free, and may be given to another while ${id} still uses it.`,
          "DELETE",
          `/leases/${name(machine.address)}`,
          changed,
        ),
      ),
  );
}
