/* SPDX-License-Identifier: Apache-2.0 */
// The rows: a pool of elements over flat arrays. A row is rewritten only when another span comes to lie in it, or the
// view changes; bars move by transform and width, text through text nodes.
import * as f from "../shell/format.js";
import { SLOW_MS } from "../shell/parts.js";
import { FLAG, MISS } from "./model.js";

export const ROW = 24;
const SPARE_ROWS = 8;
const MAX_HEIGHT = 12_000_000; // browsers cut elements off somewhere above 16 M px
const SEEN_PX = 3; // smaller pieces are dirt, not information
const MAX_PIECES = 48;

export class Waterfall {
  /** @param {{onSelect: (i: number) => void, onView: () => void}} events */
  constructor(scroller, model, events) {
    this.scroller = scroller;
    this.model = model;
    this.events = events;
    this.from = 0;
    this.to = model.total;
    this.selected = -1;
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
    for (const row of this.pool) row.span = -1;
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
    const active = this.pool.find((row) => row.span === this.selected && !row.hidden);
    if (active) this.scroller.setAttribute("aria-activedescendant", active.element.id);
    else this.scroller.removeAttribute("aria-activedescendant");
  }

  fill(row, i, r, y) {
    row.place(y);
    row.select(i === this.selected);
    if (row.span === i && row.index === r) return;
    row.describe(this.model, i, r);
    this.bars(row, i);
  }

  bars(row, i) {
    const { model, from, to, width } = this;
    const scale = width / (to - from);
    const left = (model.start[i] - from) * scale;
    const length = model.dur[i] * scale;
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
    row.pieces(mark ? (this.model.crit[i] > 0 ? [[Math.max(0, left), 2]] : []) : this.critical(i, scale));
    row.marks(this.marksOf(i, scale));
  }

  /** The critical pieces of a span, of its whole subtree when it is folded, as `[x, width]` in pixels. */
  critical(i, scale) {
    const { model, from, width, pixels } = this;
    const first = model.segAt[i];
    const end = model.segAt[model.open[i] ? i + 1 : i + model.size[i]];
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
      marks.push([Math.min(this.width - 7, (error.atUs - this.from) * scale), "disc", "error", error.type + ": " + error.message]);
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

  zoomTo(i) {
    const margin = Math.max(1, this.model.dur[i] * 0.06);
    this.view(this.model.start[i] - margin, this.model.start[i] + this.model.dur[i] + margin);
  }

  pan(share) {
    const by = (this.to - this.from) * share;
    this.view(this.from + by, this.to + by);
  }

  select(i) {
    this.selected = i;
    this.later();
  }

  /** Brings a span into sight; `middle` puts it there even if it already is. */
  show(i, middle = false) {
    const row = this.model.rowOf(i);
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

  spanAt(event) {
    const element = event.target.closest?.(".wf-row");
    return element ? this.pool.find((row) => row.element === element).span : -1;
  }

  clicked(event) {
    const i = this.spanAt(event);
    if (i < 0) return;
    if (event.target.closest(".wf-fold")) {
      this.model.toggle(i);
      this.refolded();
    } else this.events.onSelect(i);
  }

  twice(event) {
    const i = this.spanAt(event);
    if (i >= 0 && event.target.closest(".wf-bars")) this.zoomTo(i);
  }
}

let serial = 0;

class Row {
  constructor(parent) {
    const e = (this.element = add(parent, "div", "wf-row"));
    e.id = "span-row-" + serial++;
    e.setAttribute("role", "row");
    const name = add(e, "div", "wf-name");
    name.setAttribute("role", "gridcell");
    this.indent = add(name, "i", "wf-guides");
    this.fold = add(name, "i", "wf-fold");
    this.dot = add(name, "i", "dot");
    const label = add(name, "span", "wf-label");
    this.faint = text(add(label, "i", ""));
    this.plain = text(add(label, "b", ""));
    this.sign = text(add(name, "span", "wf-sign"));
    this.count = text(add(name, "span", "wf-count"));
    this.chip = text(add(name, "span", "wf-chip"));
    const time = add(e, "div", "wf-time");
    time.setAttribute("role", "gridcell");
    this.time = text((this.timeElement = add(time, "span", "")));
    this.barsElement = add(e, "div", "wf-bars");
    this.barsElement.setAttribute("role", "gridcell");
    this.bar = add(this.barsElement, "i", "wf-ground");
    this.edgeText = text(add(this.barsElement, "span", "wf-edge"));
    this.pool = [];
    this.markPool = [];
    this.span = -1;
    this.y = -1;
    this.hidden = false;
  }

  place(y) {
    if (this.hidden) this.element.hidden = this.hidden = false;
    if (this.y !== y) this.element.style.transform = "translateY(" + (this.y = y) + "px)";
  }

  hide() {
    if (!this.hidden) this.element.hidden = this.hidden = true;
    this.span = -1;
  }

  select(yes) {
    if (this.chosen === yes) return;
    this.chosen = yes;
    this.element.setAttribute("aria-selected", String(yes));
  }

  describe(model, i, r) {
    this.span = i;
    this.index = r;
    const e = this.element;
    const folds = model.size[i] > 1;
    const error = model.has(i, FLAG.error);
    const loud = model.has(i, FLAG.exception);
    const ms = model.dur[i] / 1000;
    e.dataset.k = model.kind(i);
    e.dataset.fold = folds ? (model.open[i] ? "open" : "closed") : "";
    e.dataset.fail = loud ? "here" : error ? "below" : "";
    e.dataset.dim = model.match && model.match[i] === MISS ? "yes" : "";
    e.dataset.async = model.has(i, FLAG.async) ? "yes" : "";
    this.indent.style.width = indent(model.depth[i]) + "px";
    const [faint, plain] = f.tones(model.name(i));
    set(this.faint, faint);
    set(this.plain, plain);
    set(this.sign, error || loud ? "✕" : "");
    set(this.count, folds && !model.open[i] ? f.count(model.size[i] - 1) : "");
    set(this.chip, chipOf(model, i));
    const slow = ms > SLOW_MS;
    set(this.time, f.duration(ms));
    this.timeElement.className = slow ? "slow" : "";
    const p = model.parent[i];
    e.setAttribute("aria-level", String(model.depth[i] + 1));
    e.setAttribute("aria-setsize", String(p < 0 ? model.roots : model.children[p]));
    e.setAttribute("aria-posinset", String(model.position[i]));
    e.setAttribute("aria-rowindex", String(r + 1));
    if (folds) e.setAttribute("aria-expanded", String(Boolean(model.open[i])));
    else e.removeAttribute("aria-expanded");
    // a recycled row must not speak of the span it showed before
    e.setAttribute("aria-label", spoken(model, i, ms, slow, loud, error));
  }

  ground(x, width, mark) {
    this.bar.style.transform = "translateX(" + x.toFixed(1) + "px)";
    this.bar.style.width = width.toFixed(1) + "px";
    this.bar.dataset.mark = mark ? "yes" : "";
  }

  edge(sign) {
    set(this.edgeText, sign);
    this.edgeText.parentNode.dataset.side = sign === "›" ? "right" : "left";
  }

  pieces(list) {
    while (this.pool.length < list.length) this.pool.push(add(this.barsElement, "i", "wf-piece"));
    this.pool.forEach((piece, k) => {
      const on = k < list.length;
      piece.hidden = !on;
      if (!on) return;
      piece.style.transform = "translateX(" + list[k][0].toFixed(1) + "px)";
      piece.style.width = list[k][1].toFixed(1) + "px";
    });
  }

  marks(list) {
    while (this.markPool.length < list.length) this.markPool.push(add(this.barsElement, "i", "wf-mark"));
    this.markPool.forEach((mark, k) => {
      mark.hidden = k >= list.length;
      if (mark.hidden) return;
      const [x, shape, level, title] = list[k];
      mark.style.transform = "translateX(" + x.toFixed(1) + "px)";
      mark.dataset.shape = shape;
      mark.dataset.level = level;
      mark.title = title;
    });
  }
}

/** Deep trees narrow their steps, so that a name always keeps most of its column. */
function indent(depth) {
  const wide = Math.min(depth, 9);
  return wide * 14 + Math.min(40, Math.max(0, depth - 9)) * 2;
}

function chipOf(model, i) {
  if (model.has(i, FLAG.unfinished)) return "running";
  if (model.has(i, FLAG.orphan)) return "orphan";
  if (model.has(i, FLAG.late)) return "late";
  if (model.has(i, FLAG.skewed)) return "skewed";
  return model.has(i, FLAG.gap) ? "gap" : "";
}

function spoken(model, i, ms, slow, loud, error) {
  const said = [model.name(i), (slow ? "slow, " : "") + f.spoken(ms)];
  if (loud) said.push("error recorded here");
  else if (error) said.push("error");
  if (model.crit[i] > 0) said.push("on the critical path");
  const chip = chipOf(model, i);
  if (chip) said.push(chip);
  return said.join(", ");
}

export function nameWidth() {
  return parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--wf-name")) || 392;
}

function add(parent, tag, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  parent.append(element);
  return element;
}

function text(element) {
  const node = document.createTextNode("");
  element.append(node);
  return node;
}

function set(node, value) {
  if (node.nodeValue === value) return;
  node.nodeValue = value;
}
