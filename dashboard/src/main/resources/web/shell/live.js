/* SPDX-License-Identifier: Apache-2.0 */
// Changes from the server. Listeners are called at most five times a second, all changes of that time together.
import { SharedStream } from "./stream.js";
import { filters } from "./url.js";

const DRAW_EVERY_MS = 200;

const listeners = new Map(); // topic -> functions
const waiting = new Map(); // topic -> data since the last draw
const states = new Set();
let stream = null;
let epoch = null;
let paused = false;
let timer = 0;
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
  const query = new URLSearchParams(filters());
  query.delete("from");
  query.delete("to");
  query.sort();
  stream = new SharedStream(query.toString(), { onMessage: heard, onState: tell });
  stream.open();
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    stale = true; // back from the browser's cache: nobody told what happened meanwhile
    stream.open();
  });
}

/** A function that runs `work` at once, and again after a rest when it is called meanwhile; never two at a time. */
export function rested(work, restMs) {
  let next = 0;
  let timer = null;
  let called = false;
  const run = async () => {
    called = false;
    try {
      await work();
    } finally {
      next = performance.now() + restMs;
      timer = null;
      if (called) call();
    }
  };
  const call = () => {
    called = true; // also while it runs: what it has asked for already may be out of date
    timer ??= setTimeout(run, Math.max(0, next - performance.now()));
  };
  return call;
}

function heard(topic, data) {
  if (topic !== "hello") return receive(topic, data);
  if ((epoch && data.storeEpoch !== epoch) || stale) receive("resync", {});
  epoch = data.storeEpoch;
  stale = false;
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

const state = () => (paused ? "paused" : (stream?.state ?? "idle"));
const tell = () => states.forEach((listener) => listener(state()));
