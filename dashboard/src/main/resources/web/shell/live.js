/* SPDX-License-Identifier: Apache-2.0 */
// Changes from the server. Listeners are called at most five times a second, all changes of that time together.
import { filters } from "./url.js";

const DRAW_EVERY_MS = 200;
const HIDDEN_AFTER_MS = 20_000;

const listeners = new Map(); // topic -> functions
const waiting = new Map(); // topic -> data since the last draw
const states = new Set();
let source = null;
let epoch = null;
let paused = false;
let timer = 0;
let hiding = 0;
let stale = false;

/** Calls `listener` with a list of the messages that came since its last call. Topic `resync`: ask for everything again. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

export function onState(listener) {
  states.add(listener);
  listener(state());
}

export const isPaused = () => paused;

/** Stops drawing, not receiving: what came meanwhile is drawn on resume. */
export function pause(yes = !paused) {
  paused = yes;
  if (!paused && waiting.size) draw();
  tell();
}

export function connect() {
  open();
  // a browser opens six connections to a host over HTTP/1.1: a tab nobody sees gives its one back
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(close, HIDDEN_AFTER_MS);
    else if (!source) {
      stale = true;
      open();
    }
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && !source && open());
}

function open() {
  const topics = [...listeners.keys()].filter((topic) => topic !== "resync").join(",");
  const query = new URLSearchParams(filters());
  query.delete("from");
  query.delete("to");
  if (topics) query.set("topics", topics);
  source = new EventSource("/api/v1/live?" + query);
  source.onopen = tell;
  source.onerror = tell;
  source.addEventListener("hello", (event) => {
    const hello = parse(event);
    if ((epoch && hello.storeEpoch !== epoch) || stale) receive("resync", {});
    epoch = hello.storeEpoch;
    stale = false;
  });
  for (const topic of new Set([...listeners.keys(), "resync"])) {
    source.addEventListener(topic, (event) => receive(topic, parse(event)));
  }
  tell();
}

function close() {
  source?.close();
  source = null;
  tell();
}

function receive(topic, data) {
  if (!listeners.has(topic)) return;
  if (!waiting.has(topic)) waiting.set(topic, []);
  const list = waiting.get(topic);
  list.push(data);
  if (list.length > 500) list.shift(); // paused for long: the newest matter
  if (!paused && !timer) timer = setTimeout(draw, DRAW_EVERY_MS);
}

function draw() {
  timer = 0;
  if (paused) return;
  const now = [...waiting];
  waiting.clear();
  for (const [topic, messages] of now) for (const listener of listeners.get(topic)) listener(messages);
}

const parse = (event) => JSON.parse(event.data);
const state = () => (paused ? "paused" : source?.readyState === EventSource.OPEN ? "on" : source ? "off" : "idle");
const tell = () => states.forEach((listener) => listener(state()));
