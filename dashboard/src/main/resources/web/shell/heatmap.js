/* SPDX-License-Identifier: Apache-2.0 */
// Time across, durations upward on a log scale, the more the darker; what failed is red at the foot of its cell. A click,
// a drag or the keys choose a part of it. Everything it shows is also said in a line under it and in a table.
import { html, nothing } from "./html.js";
import { painter } from "./chart.js";
import * as f from "./format.js";
import * as keys from "./keys.js";
import { clockTicks } from "./clock.js";

const LEAST_ROWS = 8; // a decade: fewer and one duration would fill the map
const MOST_ROWS = 24; // more and a cell is a line
const DRAG_PX = 4;

/**
 * @typedef {{fromAt: number, stepMs: number, boundsMs: number[], counts: number[][], failed?: number[][], openBelow?: boolean}} HeatData
 *   bucket i of counts[slice] holds durations from boundsMs[i] to boundsMs[i + 1]; openBelow: the first holds all shorter ones
 * @typedef {{from: number, to: number, minMs: number | null, maxMs: number | null}} Range milliseconds
 */
export class HeatMap {
  /** @param {{what: string, slowMs?: number, onSelect: (range: Range) => void, onClear: () => void, selected: () => Range | null}} options */
  constructor(options) {
    this.options = options;
    this.cursor = null; // the cell that keys point at, and where a selection by keys began
    addEventListener("themechange", () => this.draw());
    const group = "Heat map, when it has the focus";
    keys.tell(group, "←↑→↓", "move to a part");
    keys.tell(group, "shift ←↑→↓", "choose more parts");
    keys.tell(group, "Enter", "show these " + options.what.toLowerCase());
    keys.tell(group, "Escape", "show all again");
  }

  /** @param {HeatData} data */
  show(fine) {
    let data = fine;
    while ((data.counts[0]?.length ?? 0) > MOST_ROWS) data = halved(data);
    const rows = data.counts[0]?.length ?? 0;
    const spare = Math.max(0, LEAST_ROWS - rows);
    this.data = data;
    this.below = Math.floor(spare / 2); // empty rows under the data
    this.rows = rows + spare;
    this.columns = data.counts.length;
    this.top = Math.max(1, ...data.counts.flat());
    this.total = data.counts.flat().reduce((sum, n) => sum + n, 0);
  }

  template() {
    if (!this.total) return nothing;
    return html`<div class="heat" @pointermove=${(e) => this.moved(e)} @pointerleave=${() => this.point(null)}>
      <div class="heat-y" aria-hidden="true"></div>
      <div
        class="heat-map"
        tabindex="0"
        role="application"
        aria-roledescription="heat map"
        aria-label="${this.options.what} by time and duration: ${this.summary()}. Arrows move, shift with arrows widens, enter selects, escape clears."
        aria-describedby="heat-told"
        @keydown=${(e) => this.key(e)}
        @pointerdown=${(e) => this.down(e)}
        @focus=${() => this.focus()}
        @blur=${() => this.point((this.cursor = null))}
      >
        <canvas></canvas><i class="heat-slow" hidden></i><i class="heat-chosen" hidden></i><i class="heat-cell" hidden></i>
      </div>
      <div class="heat-x" aria-hidden="true"></div>
      <div class="heat-foot">
        <p class="heat-told muted small" id="heat-told" role="status"></p>
        <p class="heat-key muted small" aria-hidden="true">1 <i></i><i></i><i></i> ${f.count(this.top)} in a part ${this.data.failed ? html`<i class="bad"></i> failed` : nothing}</p>
      </div>
    </div>`;
  }

  /** The same numbers for those who cannot see the map, or want to read them. */
  table() {
    const { data } = this;
    if (!this.total) return nothing;
    const slices = 12;
    const each = Math.ceil(this.columns / slices);
    const rows = [];
    for (let s = 0; s < this.columns; s += each) {
      const cells = this.sum(s, Math.min(this.columns, s + each));
      if (cells.count) rows.push(html`<tr><th scope="row">${f.seconds(data.fromAt + s * data.stepMs)}</th><td class="num">${f.count(cells.count)}</td><td class="num">${f.count(cells.failed)}</td><td class="num">${this.range(cells.low, cells.low)}</td><td class="num">${this.range(cells.most, cells.most)}</td><td class="num">${this.range(cells.high, cells.high)}</td></tr>`);
    }
    return html`<details class="heat-table">
      <summary>As a table</summary>
      <table class="grid" aria-label="${this.options.what} by time and duration">
        <thead><tr><th scope="col">From</th><th scope="col" class="num">${this.options.what}</th><th scope="col" class="num">Failed</th><th scope="col" class="num">Shortest</th><th scope="col" class="num">Most are</th><th scope="col" class="num">Longest</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
    </details>`;
  }

  sum(from, to) {
    const byRow = new Array(this.data.counts[0].length).fill(0);
    let failed = 0;
    for (let x = from; x < to; x++) {
      this.data.counts[x].forEach((n, y) => (byRow[y] += n));
      failed += (this.data.failed?.[x] ?? []).reduce((sum, n) => sum + n, 0);
    }
    const some = byRow.map((n, y) => (n ? y : -1)).filter((y) => y >= 0);
    return { count: byRow.reduce((sum, n) => sum + n, 0), failed, low: some[0], high: some.at(-1), most: byRow.indexOf(Math.max(...byRow)) };
  }

  summary() {
    const all = this.sum(0, this.columns);
    return f.count(all.count) + " " + this.options.what.toLowerCase() + ", most take " + this.range(all.most, all.most) + ", the longest " + this.range(all.high, all.high) + (all.failed ? ", " + f.count(all.failed) + " failed" : "");
  }

  /** Where a bucket begins; past both ends of the data the scale goes on. */
  bound(row) {
    const { boundsMs } = this.data;
    if (row >= 0 && row < boundsMs.length) return boundsMs[row];
    const step = boundsMs.length > 1 ? boundsMs[1] / boundsMs[0] : 1.3335;
    return row < 0 ? boundsMs[0] * step ** row : boundsMs.at(-1) * step ** (row - boundsMs.length + 1);
  }

  /** How many rows up from the lowest of the map a duration lies; buckets need not be equally wide. */
  up(ms) {
    let row = -this.below;
    while (row < this.rows - this.below - 1 && ms >= this.bound(row + 1)) row++;
    const [low, high] = [Math.log(this.bound(row)), Math.log(this.bound(row + 1))];
    return row + this.below + (Math.log(Math.max(ms, 1e-3)) - low) / (high - low);
  }

  range(low, high) {
    return f.duration(this.bound(low)) + " – " + f.duration(this.bound(high + 1));
  }

  // ---- drawing

  mount(place) {
    const map = place.querySelector(".heat-map");
    if (this.map !== map) {
      this.map = map;
      this.place = place;
      this.watch?.disconnect();
      if (map) (this.watch = new ResizeObserver(() => this.draw())).observe(map);
    }
    this.draw();
  }

  draw() {
    if (!this.map?.isConnected || !this.total) return;
    const { data, columns, rows, below } = this;
    const canvas = this.map.querySelector("canvas");
    const ratio = Math.min(2, devicePixelRatio || 1);
    canvas.width = this.map.clientWidth * ratio;
    canvas.height = this.map.clientHeight * ratio;
    if (!canvas.width) return;
    const context = canvas.getContext("2d");
    const colour = painter(this.map);
    const [ground, danger] = [colour("--k-http"), colour("--danger")];
    const w = canvas.width / columns;
    const h = canvas.height / rows;
    const gap = Math.min(ratio, w / 4, h / 4);
    for (let x = 0; x < columns; x++) {
      for (let y = 0; y < data.counts[x].length; y++) {
        const n = data.counts[x][y];
        if (!n) continue;
        const bad = data.failed?.[x]?.[y] ?? 0;
        const left = Math.round(x * w);
        const bottom = Math.round(canvas.height - (y + below) * h);
        const height = Math.max(ratio, Math.round(h - gap));
        context.globalAlpha = 0.22 + 0.78 * (Math.log1p(n) / Math.log1p(this.top));
        context.fillStyle = ground;
        context.fillRect(left, bottom - height, Math.max(ratio, Math.round(w - gap)), height);
        if (!bad) continue;
        context.globalAlpha = 1;
        context.fillStyle = danger;
        const red = Math.max(1.5 * ratio, height * (bad / n));
        context.fillRect(left, bottom - red, Math.max(ratio, Math.round(w - gap)), red);
      }
    }
    this.axes();
    this.box(".heat-chosen", this.chosen());
    this.say(null);
  }

  axes() {
    const { slowMs = 1000 } = this.options;
    const logs = [Math.log10(this.bound(-this.below)), Math.log10(this.bound(this.rows - this.below))];
    const at = (ms) => (1 - this.up(ms) / this.rows) * 100;
    const marks = [];
    const steps = logs[1] - logs[0] > 2.2 ? [1] : [1, 2, 5];
    for (let power = Math.floor(logs[0]); power <= logs[1]; power++) for (const step of steps) marks.push(step * 10 ** power);
    const seen = marks.filter((ms) => at(ms) >= 3 && at(ms) <= 97);
    this.place.querySelector(".heat-y").replaceChildren(...seen.map((ms) => label(f.duration(ms).replace(/\.0+(?=\D)/, ""), { top: at(ms) + "%" }, ms === slowMs ? "danger" : "")));
    const slow = this.map.querySelector(".heat-slow");
    slow.hidden = at(slowMs) <= 0 || at(slowMs) >= 100;
    slow.style.top = at(slowMs) + "%";
    const { fromAt, stepMs } = this.data;
    const length = stepMs * this.columns;
    this.place.querySelector(".heat-x").replaceChildren(
      ...clockTicks(fromAt, fromAt + length, this.map.clientWidth)
        .map(({ at, text }) => [(at - fromAt) / length, text])
        .filter(([share]) => share > 0.02 && share < 0.98)
        .map(([share, text]) => label(text, { left: share * 100 + "%" })),
    );
  }

  /** A range of cells `{x0, x1, y0, y1}` as a frame; null hides it. */
  box(selector, cells) {
    const frame = this.map.querySelector(selector);
    frame.hidden = !cells;
    if (!cells) return;
    const percent = (part, whole) => (part / whole) * 100 + "%";
    frame.style.left = percent(cells.x0, this.columns);
    frame.style.width = percent(cells.x1 + 1 - cells.x0, this.columns);
    frame.style.top = percent(this.rows - this.below - cells.y1 - 1, this.rows);
    frame.style.height = percent(cells.y1 + 1 - cells.y0, this.rows);
  }

  /** What the address has selected, as cells. */
  chosen() {
    const range = this.options.selected();
    if (!range) return null;
    const { fromAt, stepMs } = this.data;
    const x = (ms) => (ms - fromAt) / stepMs;
    const highest = this.rows - this.below;
    const y = (ms, otherwise) => (ms == null ? otherwise : this.up(ms) - this.below);
    const clip = (value, low, high) => Math.max(low, Math.min(high, value));
    const cells = { x0: clip(x(range.from), 0, this.columns), x1: clip(x(range.to), 0, this.columns) - 1, y0: clip(y(range.minMs, -this.below), -this.below, highest), y1: clip(y(range.maxMs, highest), -this.below, highest) - 1 };
    return cells.x1 - cells.x0 > -1 ? cells : null;
  }

  say(cells) {
    const told = this.place.querySelector(".heat-told");
    if (!cells) return void (told.textContent = this.summary());
    const { data } = this;
    let count = 0;
    let failed = 0;
    for (let x = cells.x0; x <= cells.x1; x++) {
      for (let y = Math.max(0, cells.y0); y <= cells.y1; y++) {
        count += data.counts[x]?.[y] ?? 0;
        failed += data.failed?.[x]?.[y] ?? 0;
      }
    }
    told.textContent = f.seconds(data.fromAt + cells.x0 * data.stepMs) + " – " + f.seconds(data.fromAt + (cells.x1 + 1) * data.stepMs) + " · " + this.range(cells.y0, cells.y1) + " · " + f.count(count) + " " + this.options.what.toLowerCase() + (failed ? ", " + f.count(failed) + " failed" : "");
  }

  point(cells) {
    if (!this.map) return;
    this.box(".heat-cell", cells);
    this.say(cells);
  }

  // ---- choosing

  cellAt(event) {
    const box = this.map.getBoundingClientRect();
    const clip = (value, most) => Math.max(0, Math.min(most, Math.floor(value)));
    return { x: clip(((event.clientX - box.left) / box.width) * this.columns, this.columns - 1), y: clip((1 - (event.clientY - box.top) / box.height) * this.rows, this.rows - 1) - this.below };
  }

  moved(event) {
    if (!this.map || this.anchor) return;
    const inside = event.target.closest(".heat-map");
    this.point(inside ? span(this.cellAt(event), this.cellAt(event)) : null);
  }

  down(event) {
    if (event.button !== 0) return;
    const map = this.map;
    this.anchor = this.cellAt(event);
    const { clientX, clientY } = event;
    map.setPointerCapture(event.pointerId);
    const drag = new AbortController();
    const end = () => {
      drag.abort();
      this.anchor = null;
      this.point(null);
    };
    const move = (e) => this.point(span(this.anchor, this.cellAt(e)));
    const up = (e) => {
      const far = Math.hypot(e.clientX - clientX, e.clientY - clientY) > DRAG_PX;
      const cells = span(this.anchor, far ? this.cellAt(e) : this.anchor);
      end();
      this.select(cells);
    };
    map.addEventListener("pointermove", move, { signal: drag.signal });
    map.addEventListener("pointerup", up, { signal: drag.signal });
    // a finger that scrolls the page after all chooses nothing
    map.addEventListener("pointercancel", end, { signal: drag.signal });
  }

  focus() {
    if (!this.map.matches(":focus-visible")) return;
    this.cursor ??= { at: this.busiest(), from: this.busiest() };
    this.point(span(this.cursor.from, this.cursor.at));
  }

  busiest() {
    const x = this.data.counts.findIndex((column) => column.includes(this.top));
    return { x, y: this.data.counts[x].indexOf(this.top) };
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (step) {
      this.cursor ??= { at: this.busiest(), from: this.busiest() };
      const { at } = this.cursor;
      const next = { x: Math.max(0, Math.min(this.columns - 1, at.x + step[0])), y: Math.max(-this.below, Math.min(this.rows - this.below - 1, at.y + step[1])) };
      this.cursor = { at: next, from: event.shiftKey ? this.cursor.from : next };
      this.point(span(this.cursor.from, next));
    } else if (event.key === "Enter" && this.cursor) this.select(span(this.cursor.from, this.cursor.at));
    else if (event.key === "Escape" && this.options.selected()) this.options.onClear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  select(cells) {
    const { fromAt, stepMs, openBelow } = this.data;
    this.options.onSelect({
      from: Math.floor(fromAt + cells.x0 * stepMs),
      to: Math.ceil(fromAt + (cells.x1 + 1) * stepMs),
      minMs: openBelow && cells.y0 <= 0 ? null : short(this.bound(cells.y0), Math.floor),
      maxMs: short(this.bound(cells.y1 + 1), Math.ceil),
    });
  }
}

/** Neighbouring buckets put together, from the lowest. */
function halved(data) {
  const pairs = (columns) => columns?.map((column) => Array.from({ length: Math.ceil(column.length / 2) }, (_, y) => column[2 * y] + (column[2 * y + 1] ?? 0)));
  const { boundsMs } = data;
  const kept = boundsMs.filter((_, y) => y % 2 === 0);
  if (boundsMs.length % 2 === 0) kept.push(boundsMs.at(-1) * (boundsMs.at(-1) / boundsMs.at(-2)));
  return { ...data, boundsMs: kept, counts: pairs(data.counts), failed: pairs(data.failed) };
}

/** Four digits of a bound, outward, so that nothing of the cell is left out. */
function short(ms, round) {
  const unit = 10 ** (Math.floor(Math.log10(Math.max(ms, 1e-3))) - 3);
  return Math.max(0, Number((round(ms / unit + (round === Math.floor ? 1e-6 : -1e-6)) * unit).toPrecision(6)));
}

const span = (a, b) => ({ x0: Math.min(a.x, b.x), x1: Math.max(a.x, b.x), y0: Math.min(a.y, b.y), y1: Math.max(a.y, b.y) });

function label(text, place, className = "") {
  const element = document.createElement("span");
  element.textContent = text;
  element.className = className;
  for (const [property, value] of Object.entries(place)) element.style[property] = value;
  return element;
}
