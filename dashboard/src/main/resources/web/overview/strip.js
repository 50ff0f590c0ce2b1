/* SPDX-License-Identifier: Apache-2.0 */
// The newest requests as dots: time to the right, duration upward on a log scale, errors ringed. New dots come in at the
// right; nothing else on the page moves.
import * as f from "../shell/format.js";
import { clockTicks } from "../shell/clock.js";
import { traceLink } from "../shell/url.js";

const KEPT = 400;
const LEAST_SPAN_MS = 120_000;
const NS = "http://www.w3.org/2000/svg";
const LEFT = 64;
const HEIGHT = 76;
const FOOT = 16; // times under the drawing

export class LiveStrip {
  constructor() {
    this.items = new Map();
  }

  reset(recent) {
    for (const trace of recent) this.items.set(trace.id, trace);
    this.draw();
  }

  add(traces) {
    for (const trace of traces) this.items.set(trace.id, trace);
    this.draw();
  }

  mount(place) {
    this.place = place;
    new ResizeObserver(() => this.draw()).observe(place);
  }

  draw() {
    if (!this.place || !this.items.size) return;
    let list = [...this.items.values()].sort((a, b) => a.endAt - b.endAt);
    for (const old of list.slice(0, -KEPT)) this.items.delete(old.id);
    list = list.slice(-KEPT);
    const box = this.place.clientWidth - 32;
    const until = list.at(-1).endAt;
    const from = Math.min(list[0].endAt, until - LEAST_SPAN_MS);
    const lows = Math.max(1, Math.min(100, ...list.map((t) => t.durationMs)));
    const low = Math.log10(lows) - 0.1;
    const high = Math.log10(Math.max(10_000, ...list.map((t) => t.durationMs))) + 0.1;
    const x = (at) => LEFT + ((at - from) / (until - from || 1)) * (box - LEFT - 8);
    const y = (ms) => 6 + (1 - (Math.log10(Math.max(lows, ms)) - low) / (high - low)) * (HEIGHT - 12);
    const drawing = node("svg", { width: box, height: HEIGHT + FOOT, role: "group" });
    drawing.setAttribute("aria-label", list.length + " requests, " + list.filter((t) => t.status === "error").length + " with errors, the slowest " + f.spoken(Math.max(...list.map((t) => t.durationMs))));
    for (let power = Math.ceil(low); power <= high; power++) {
      const slow = power === 3;
      drawing.append(node("line", { x1: LEFT, x2: box, y1: y(10 ** power), y2: y(10 ** power), stroke: slow ? "var(--danger)" : "var(--grid)", "stroke-dasharray": slow ? "3 3" : "none", "stroke-opacity": slow ? 0.6 : 1 }));
      const label = node("text", { x: LEFT - 10, y: y(10 ** power) + 4, "text-anchor": "end", fill: slow ? "var(--danger)" : "var(--muted)", "font-size": 11 });
      label.textContent = f.duration(10 ** power).replace(/\.0+(?=\D)/, "");
      drawing.append(label);
    }
    for (const tick of clockTicks(from, until, box - LEFT)) {
      if (x(tick.at) < LEFT + 24 || x(tick.at) > box - 24) continue;
      const label = node("text", { x: x(tick.at), y: HEIGHT + FOOT - 4, "text-anchor": "middle", fill: "var(--muted)", "font-size": 11 });
      label.textContent = tick.text;
      drawing.append(label);
    }
    for (const trace of list) drawing.append(this.point(trace, x(trace.endAt), y(trace.durationMs)));
    this.place.replaceChildren(drawing);
  }

  point(trace, x, y) {
    const bad = trace.status === "error" || trace.errors > 0;
    const link = node("a", { href: traceLink(trace.id), tabindex: -1 });
    const title = node("title", {});
    title.textContent = trace.operation + " · " + f.duration(trace.durationMs) + (bad ? " · error" : "") + " · " + f.clock(trace.endAt);
    if (bad) link.append(node("circle", { cx: x, cy: y, r: 6, fill: "none", stroke: "var(--danger)", "stroke-width": 1.2 }));
    link.append(node("circle", { cx: x, cy: y, r: 3, fill: bad ? "var(--danger)" : "var(--k-http)", "fill-opacity": bad ? 1 : 0.55 }), node("circle", { cx: x, cy: y, r: 9, fill: "transparent" }), title);
    return link;
  }
}

function node(tag, attributes) {
  const element = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
