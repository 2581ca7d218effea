// SPDX-License-Identifier: MPL-2.0
// The event stream by fetch(), because an EventSource sends no token. Events come in batches, one a frame however many
// there are. A broken stream is taken up where it was left.
import { open } from "./api.js";

const SILENT_AFTER = 45000; // the server says something every 15 s
const MOST_WAITING = 20000; // while the page is hidden

/** Server-sent events from text in any pieces: `feed` returns the values of `data:` of what is whole. */
export function parser() {
  let rest = "";
  return {
    feed(text) {
      rest += text;
      const parts = rest.split("\n\n");
      rest = parts.pop();
      const found = [];
      for (const part of parts) {
        const data = part
          .split("\n")
          .filter((line) => line.startsWith("data:"))
          .map((line) => line.slice(5).trimStart());
        if (data.length) found.push(JSON.parse(data.join("\n")));
      }
      return found;
    },
  };
}

/** `onEvents(list)`, `onState("on" | "lost", trouble)`; returns a function that ends it. */
export function follow(since, onEvents, onState) {
  const ended = new AbortController();
  let waiting = [];
  let asked = false;
  let last = since;

  const deliver = () => {
    asked = false;
    const batch = waiting;
    waiting = [];
    if (!ended.signal.aborted && batch.length) onEvents(batch);
  };
  const take = (events) => {
    for (const event of events) waiting.push(event);
    if (waiting.length > MOST_WAITING) waiting.splice(0, waiting.length - MOST_WAITING);
    if (events.length) last = events.at(-1).sequence;
    if (asked || !waiting.length) return;
    asked = true;
    if (document.hidden) setTimeout(deliver, 1000);
    else requestAnimationFrame(deliver);
  };

  async function read() {
    const quiet = new AbortController();
    const stop = () => quiet.abort();
    ended.signal.addEventListener("abort", stop);
    let watch = setTimeout(stop, SILENT_AFTER);
    try {
      const answer = await open(`/api/v1/events?follow=1&since=${last}`, {
        signal: quiet.signal,
        headers: { Accept: "text/event-stream" },
      });
      onState("on");
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = parser();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(watch);
        watch = setTimeout(stop, SILENT_AFTER);
        take(events.feed(value));
      }
    } finally {
      clearTimeout(watch);
      ended.signal.removeEventListener("abort", stop);
    }
  }

  (async () => {
    for (let pause = 500; !ended.signal.aborted; pause = Math.min(pause * 2, 15000)) {
      let why;
      const began = Date.now();
      try {
        await read();
      } catch (error) {
        why = error;
        if (error.status === 401 || error.status === 403) return onState("lost", error);
      }
      if (ended.signal.aborted) return;
      onState("lost", why);
      if (Date.now() - began > 20000) pause = 500;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  })();
  return () => ended.abort();
}
