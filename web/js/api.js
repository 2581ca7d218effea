// SPDX-License-Identifier: MPL-2.0
// Questions to the API. What goes wrong becomes a Trouble: one sentence, and what to do (RFC 9457 with our `remedy`).
import { token } from "./session.js";

export class Trouble extends Error {
  /** `wait`: seconds until another try is worth it. */
  constructor(status, what, remedy, problems = [], wait = 0) {
    super(what);
    Object.assign(this, { status, what, remedy, problems, wait });
  }
}

async function troubleOf(answer) {
  let told = {};
  try {
    told = await answer.json();
  } catch {
    // Not from the API: a proxy's page, say.
  }
  return new Trouble(
    answer.status,
    told.detail ?? `The server answered ${answer.status} ${answer.statusText}.`,
    told.remedy,
    told.problems,
    Number(answer.headers.get("Retry-After")) || 0,
  );
}

const onDenied = new Set();
/** `tell(trouble)`: the token is missing, wrong or over. */
export const whenDenied = (tell) => onDenied.add(tell);

/** A Response that is fine, or a Trouble. */
export async function open(path, { method = "GET", body, headers = {}, signal } = {}) {
  const own = token();
  if (own) headers.Authorization = `Bearer ${own}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      signal,
      cache: "no-store",
      credentials: "omit",
      body: body && JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Trouble(
      0,
      "The server does not answer.",
      "See whether it runs: systemctl status slipwayd. This page tries again by itself.",
    );
  }
  if (answer.ok || answer.status === 304) return answer;
  const trouble = await troubleOf(answer);
  // An answer to the token before this one says nothing of this one.
  if (answer.status === 401 && own === token()) for (const tell of onDenied) tell(trouble);
  throw trouble;
}

export const get = async (path, options) => (await open(`/api/v1${path}`, options)).json();
export const act = async (method, path, body) => (await open(`/api/v1${path}`, { method, body })).json();
export const name = encodeURIComponent;
/** The way back; what nobody of ours wrote stays as it is, and is not found. */
export function unname(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Every page of a list that is given in pages. */
export async function all(path, key, options) {
  const found = [];
  let cursor;
  do {
    const list = await get(
      `${path}${path.includes("?") ? "&" : "?"}limit=1000${cursor ? `&cursor=${name(cursor)}` : ""}`,
      options,
    );
    found.push(...list[key]);
    cursor = list.next;
  } while (cursor);
  return found;
}
