/* SPDX-License-Identifier: Apache-2.0 */
// What is in sight of the rows: a pool of elements over flat arrays. A row is rewritten only when another span comes to lie
// in it, or the view changes.
import { spanOf } from "./model.js";
import { add, Row } from "./row.js";

export const ROW = 24;
const SPARE_ROWS = 8;
const MAX_HEIGHT = 12_000_000; // browsers cut elements off somewhere above 16 M px
const SEEN_PX = 3; // smaller pieces are dirt, not information
const MAX_PIECES = 48;

export class Waterfall {
  /** @param {{onSelect: (row: number, shift: boolean) => void, onToggle: (row: number) => void, onView: () => void}} events */
  constructor(scroller, model, events) {
    this.scroller = scroller;
    this.model = model;
    this.events = events;
    this.from = 0;
    this.to = model.total;
    this.selected = null;
    this.pool = [];
    this.frame = 0;
    this.sizer = add(scroller, "div", "wf-sizer");
    this.layer = add(this.sizer, "div", "wf-layer");
    this.layer.setAttribute("role", "rowgroup");
    this.pixels = new Uint8Array(0);
    scroller.addEventListener("scroll", () => this.later(), { passive: true });
    scroller.addEventListener("click", (event) => this.clicked(event));
    scroller.addEventListener("dblclick", (event) => this.twice(event));
    new ResizeObserver(() => this.measure()).observe(scroller);
    this.measure();
  }

  measure() {
    this.height = this.scroller.clientHeight;
    const bars = this.scroller.querySelector(".wf-bars");
    this.width = bars ? bars.clientWidth : this.scroller.clientWidth - nameWidth();
    // the axis ends where the rows end, not under the scrollbar
    const bar = this.scroller.offsetWidth - this.scroller.clientWidth;
    this.scroller.parentElement.style.setProperty("--scrollbar", bar + "px");
    if (this.pixels.length < this.width + 2) this.pixels = new Uint8Array(this.width + 2);
    const wanted = Math.ceil(this.height / ROW) + SPARE_ROWS;
    while (this.pool.length < wanted) this.pool.push(new Row(this.layer));
    this.redraw();
  }

  /** Fold state or filter changed. */
  refolded() {
    this.scroller.setAttribute("aria-rowcount", String(this.model.rows));
    this.redraw();
  }

  redraw() {
    for (const row of this.pool) row.name = null;
    this.sizer.style.height = Math.min(MAX_HEIGHT, this.model.rows * ROW) + "px";
    this.later();
    this.events.onView();
  }

  later() {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** First row in sight, as a fraction of rows; past the height limit the scroll position is a ratio. */
  top() {
    const real = this.model.rows * ROW;
    const scroll = this.scroller.scrollTop;
    if (real <= MAX_HEIGHT) return scroll / ROW;
    return ((scroll / (MAX_HEIGHT - this.height)) * (real - this.height)) / ROW;
  }

  draw() {
    this.frame = 0;
    const top = Math.max(0, this.top());
    const first = Math.max(0, Math.floor(top) - SPARE_ROWS / 2);
    const last = Math.min(this.model.rows, first + this.pool.length);
    this.layer.style.transform = "translateY(" + (this.scroller.scrollTop - (top - first) * ROW).toFixed(1) + "px)";
    const size = this.pool.length;
    for (let r = first; r < first + size; r++) {
      const row = this.pool[r % size];
      if (r >= last) row.hide();
      else this.fill(row, this.model.visible[r], r, (r - first) * ROW);
    }
    const active = this.pool.find((row) => row.name === this.selected && !row.hidden);
    if (active) this.scroller.setAttribute("aria-activedescendant", active.element.id);
    else this.scroller.removeAttribute("aria-activedescendant");
  }

  fill(row, name, r, y) {
    row.place(y);
    row.select(name === this.selected);
    if (row.name === name && row.index === r) return;
    row.describe(this.model, name, r);
    this.bars(row, name);
  }

  bars(row, name) {
    const { model, from, to, width } = this;
    const i = spanOf(name);
    const scale = width / (to - from);
    const left = (model.start[i] - from) * scale;
    const length = (name < 0 ? model.runs.figures(i).end - model.start[i] : model.dur[i]) * scale;
    const right = left + length;
    row.edge(right < 0 ? "‹" : left > width ? "›" : "");
    if (right < 0 || left > width) {
      row.ground(-10, 0, false);
      row.pieces([]);
      row.marks([]);
      return;
    }
    const mark = length < SEEN_PX;
    row.ground(Math.max(-4, left), mark ? 2 : Math.min(width + 4, right) - Math.max(-4, left), mark);
    row.pieces(mark ? (this.model.crit[i] > 0 ? [[Math.max(0, left), 2]] : []) : this.critical(i, this.hiddenIn(name), scale));
    row.marks(name < 0 ? [] : this.marksOf(i, scale));
  }

  /** How many spans the row stands for, itself and what is folded into it. */
  hiddenIn(name) {
    const { model } = this;
    if (name < 0) return model.runs.length(~name);
    return model.open[name] ? 1 : model.size[name];
  }

  /** The critical pieces of `count` spans from `i` on, as `[x, width]` in pixels. */
  critical(i, count, scale) {
    const { model, from, width, pixels } = this;
    const first = model.segAt[i];
    const end = model.segAt[i + count];
    const list = [];
    if (end - first <= 6) {
      for (let k = first; k < end; k++) {
        const x = Math.max(0, (model.segFrom[k] - from) * scale);
        const w = Math.min(width, (model.segTo[k] - from) * scale) - x;
        if (w >= SEEN_PX) list.push([x, w]);
      }
      return list;
    }
    // many: paint them into a line of pixels and read the runs back
    pixels.fill(0);
    for (let k = first; k < end; k++) {
      const a = Math.max(0, Math.floor((model.segFrom[k] - from) * scale));
      const b = Math.min(width, Math.ceil((model.segTo[k] - from) * scale));
      if (b > a) pixels.fill(1, a, b);
    }
    for (let x = 0; x < width && list.length < MAX_PIECES; x++) {
      if (!pixels[x]) continue;
      const a = x;
      while (x < width && pixels[x]) x++;
      if (x - a >= SEEN_PX) list.push([a, x - a]);
    }
    return list;
  }

  marksOf(i, scale) {
    const marks = [];
    for (const log of this.model.logs.get(i) ?? []) {
      if (marks.length >= 12) break;
      marks.push([(log.atUs - this.from) * scale, "log", log.level, log.level + ": " + log.message]);
    }
    for (const error of (this.model.errors.get(i) ?? []).slice(0, 3)) {
      const x = (error.atUs - this.from) * scale;
      // a disc at an end of the view would be cut in half
      if (x >= -2 && x <= this.width + 2) marks.push([Math.max(7, Math.min(this.width - 7, x)), "disc", "error", error.type + ": " + error.message]);
    }
    return marks.filter(([x]) => x >= -2 && x <= this.width + 2);
  }

  view(from, to) {
    const least = Math.max(1, this.model.total / 1e6);
    const span = Math.min(this.model.total, Math.max(least, to - from));
    this.from = Math.max(0, Math.min(this.model.total - span, from));
    this.to = this.from + span;
    this.redraw();
  }

  zoom(factor, at = (this.from + this.to) / 2) {
    this.view(at - (at - this.from) * factor, at + (this.to - at) * factor);
  }

  zoomTo(name) {
    const i = spanOf(name);
    const start = this.model.start[i];
    const end = name < 0 ? this.model.runs.figures(i).end : start + this.model.dur[i];
    const margin = Math.max(1, (end - start) * 0.06);
    this.view(start - margin, end + margin);
  }

  pan(share) {
    const by = (this.to - this.from) * share;
    this.view(this.from + by, this.to + by);
  }

  select(name) {
    this.selected = name;
    this.later();
  }

  /** Brings a row into sight; `middle` puts it there even if it already is. */
  show(name, middle = false) {
    const row = this.model.rowOf(name);
    const top = this.top();
    const fits = this.height / ROW;
    if (!middle && row >= top && row + 1 <= top + fits) return;
    const goal = middle ? row - fits / 2 : row < top ? row : row + 1 - fits;
    this.scrollToRow(goal);
  }

  scrollToRow(row) {
    const real = this.model.rows * ROW;
    this.scroller.scrollTop = real <= MAX_HEIGHT ? row * ROW : ((row * ROW) / (real - this.height)) * (MAX_HEIGHT - this.height);
    this.later();
  }

  rowAt(event) {
    const element = event.target.closest?.(".wf-row");
    return element ? this.pool.find((row) => row.element === element).name : null;
  }

  clicked(event) {
    const name = this.rowAt(event);
    if (name === null) return;
    if (event.target.closest(".wf-fold")) this.events.onToggle(name);
    else this.events.onSelect(name, event.shiftKey);
  }

  twice(event) {
    const name = this.rowAt(event);
    if (name === null) return;
    if (event.target.closest(".wf-bars")) this.zoomTo(name);
    else if (name < 0) this.events.onToggle(name);
  }
}

function nameWidth() {
  return parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--wf-name")) || 392;
}
