/* SPDX-License-Identifier: Apache-2.0 */
// A trace as flat arrays: no object per span, no recursion, so that half a million spans cost what they must.
// The server sends spans in pre-order. Hence depth is one pass forward, subtree size one pass backward, and the
// critical segments of a whole subtree are one contiguous range.
//
// A row is named by its span, or, when it stands for a run of alike spans, by ~span of the first (a negative number).
import { Runs } from "./runs.js";

export const FLAG = { error: 1, critical: 2, async: 4, gap: 8, skewed: 16, late: 32, orphan: 64, unfinished: 128, exception: 256, link: 512 };
/** How a span stands to the filter. */
export const MISS = 0;
export const HIT = 1;
export const ABOVE_HIT = 2;

const ALL_OPEN_UP_TO = 1000;
const ERRORS_OPENED = 200;
const COLUMNS = ["parent", "start", "dur", "op", "svc", "flags", "self", "crit", "segSpan", "segFrom", "segTo", "segOverlap"];

export class TraceModel {
  constructor(json) {
    const n = json.n;
    this.json = json;
    this.n = n;
    this.parent = Int32Array.from(json.parent);
    this.start = Float64Array.from(json.start);
    this.dur = Float64Array.from(json.dur);
    this.self = Float64Array.from(json.self);
    this.crit = Float64Array.from(json.crit);
    this.op = Int32Array.from(json.op);
    this.svc = Int32Array.from(json.svc);
    this.flags = Int32Array.from(json.flags);
    this.segFrom = Float64Array.from(json.segFrom);
    this.segTo = Float64Array.from(json.segTo);
    this.total = Math.max(1, json.durationUs);
    this.shape();
    this.indexSegments(json.segSpan);
    this.logs = bySpan(json.logs);
    this.errors = bySpan(json.errors);
    // the lists are in typed arrays now; keeping both would double the heap of a large trace
    for (const column of COLUMNS) delete json[column];
    this.open = new Uint8Array(n);
    this.match = null;
    this.hide = false;
    this.runs = new Runs(this);
    this.visible = new Int32Array(n + this.runs.count);
    this.rows = 0;
    this.foldByDefault();
  }

  shape() {
    const { n, parent } = this;
    this.depth = new Int32Array(n);
    this.size = new Int32Array(n).fill(1);
    this.position = new Int32Array(n); // among its siblings, from 1
    this.children = new Int32Array(n);
    this.roots = 0;
    for (let i = 0; i < n; i++) {
      const p = parent[i];
      this.depth[i] = p < 0 ? 0 : this.depth[p] + 1;
      this.position[i] = p < 0 ? ++this.roots : ++this.children[p];
    }
    for (let i = n - 1; i > 0; i--) if (parent[i] >= 0) this.size[parent[i]] += this.size[i];
  }

  /** segAt[i] is the first segment of span i; those of its subtree end at segAt[i + size[i]]. */
  indexSegments(segSpan) {
    this.segAt = new Int32Array(this.n + 1);
    for (let k = 0; k < segSpan.length; k++) this.segAt[segSpan[k] + 1]++;
    for (let i = 0; i < this.n; i++) this.segAt[i + 1] += this.segAt[i];
  }

  /** Small traces open wholly; large ones open their top, their errors and what weighs on the critical path. */
  foldByDefault() {
    if (this.n <= ALL_OPEN_UP_TO) this.open.fill(1);
    else {
      const heavy = this.total / 100;
      let errors = 0;
      for (let i = 0; i < this.n; i++) {
        if (this.depth[i] < 1 || this.crit[i] >= heavy) this.openAbove(i, true);
        if (this.flags[i] & FLAG.exception && errors++ < ERRORS_OPENED) this.openAbove(i, false);
      }
    }
    this.refold();
  }

  openAbove(i, itself) {
    if (itself) this.open[i] = 1;
    for (let p = this.parent[i]; p >= 0 && !this.open[p]; p = this.parent[p]) this.open[p] = 1;
  }

  refold() {
    const { n, open, size, visible, runs } = this;
    let k = 0;
    for (let i = 0; i < n; ) {
      const length = runs.length(i);
      if (length) {
        k = this.addRun(i, length, k);
        i += length;
        continue;
      }
      if (this.shown(i)) visible[k++] = i;
      i += open[i] ? 1 : size[i];
    }
    this.rows = k;
  }

  shown(i) {
    return !this.hide || this.match[i] !== MISS;
  }

  addRun(first, length, k) {
    const head = k;
    let some = false;
    const opened = this.runs.open.has(first);
    for (let i = first; i < first + length; i++) {
      if (!this.shown(i)) continue;
      some = true;
      if (!opened) break;
      this.visible[++k] = i;
    }
    if (!some) return head;
    this.visible[head] = ~first;
    return k + 1;
  }

  /** Whether a row can be folded and is open: `undefined`, true or false. */
  isOpen(row) {
    if (row < 0) return this.runs.open.has(~row);
    return this.size[row] > 1 ? Boolean(this.open[row]) : undefined;
  }

  toggle(row, yes) {
    if (row < 0) {
      if (!this.runs.toggle(~row, yes)) return false;
      this.refold();
      return true;
    }
    return this.toggleSpan(row, yes);
  }

  toggleSpan(i, yes = !this.open[i]) {
    if (this.size[i] === 1 || Boolean(this.open[i]) === yes) return false;
    this.open[i] = yes ? 1 : 0;
    this.refold();
    return true;
  }

  foldAll(yes) {
    this.open.fill(yes ? 0 : 1);
    this.runs.openAll(!yes);
    if (yes) for (let i = 0; i < this.n; i++) if (this.depth[i] === 0) this.open[i] = 1;
    this.refold();
  }

  /** The number of the row that is named so, or of the nearest before it. */
  rowOf(row) {
    const i = spanOf(row);
    let low = 0;
    let high = this.rows - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (spanOf(this.visible[middle]) <= i) low = middle;
      else high = middle - 1;
    }
    // an open run and its first span have the same index: the run's row is the one before
    return row < 0 && low > 0 && this.visible[low] === i && this.visible[low - 1] === row ? low - 1 : low;
  }

  reveal(i) {
    if (this.match && this.hide && this.match[i] === MISS) this.hide = false;
    let changed = false;
    for (let p = this.parent[i]; p >= 0; p = this.parent[p]) {
      if (!this.open[p]) changed = true;
      this.open[p] = 1;
    }
    const run = this.runs.first(i);
    if (run >= 0 && this.runs.toggle(run, true)) changed = true;
    if (changed || this.visible[this.rowOf(i)] !== i) this.refold();
  }

  /** Marks what `wanted(i)` says yes to, and everything above it; null takes the filter away. Returns how many hit. */
  filter(wanted, hide) {
    if (!wanted) {
      if (this.match && this.openBefore) this.open = this.openBefore;
      this.openBefore = null;
      this.match = null;
      this.hide = false;
      this.refold();
      return this.n;
    }
    if (!this.match) this.openBefore = this.open.slice();
    const match = new Uint8Array(this.n);
    let hits = 0;
    for (let i = this.n - 1; i >= 0; i--) {
      const p = this.parent[i];
      if (wanted(i)) {
        match[i] = HIT;
        hits++;
      }
      if (match[i] && p >= 0) {
        this.open[p] = 1;
        if (!match[p]) match[p] = ABOVE_HIT;
      }
    }
    this.match = match;
    this.hide = hide;
    this.refold();
    return hits;
  }

  /** The next span after `i` (before it, with step -1) for which `wanted` holds, around the end; -1 when there is none. */
  seek(i, step, wanted) {
    for (let k = 1; k <= this.n; k++) {
      const at = (((i + step * k) % this.n) + this.n) % this.n;
      if (wanted(at)) return at;
    }
    return -1;
  }

  id(i) {
    return this.json.ids.substr(i * 16, 16);
  }

  indexOf(id) {
    for (let at = this.json.ids.indexOf(id); at >= 0; at = this.json.ids.indexOf(id, at + 1)) {
      if (at % 16 === 0) return at / 16;
    }
    return -1;
  }

  /** How a row stands to the filter; a run hits when one of its spans does. */
  matchOf(row) {
    if (!this.match) return HIT;
    if (row >= 0) return this.match[row];
    for (let i = ~row; i < ~row + this.runs.length(~row); i++) if (this.match[i] !== MISS) return HIT;
    return MISS;
  }

  name(i) {
    return this.json.ops[this.op[i]].name;
  }

  kind(i) {
    return this.json.ops[this.op[i]].kind;
  }

  service(i) {
    return this.json.svcs[this.svc[i]];
  }

  has(i, flag) {
    return (this.flags[i] & flag) !== 0;
  }
}

/** The span a row shows, or the first of those it stands for. */
export const spanOf = (row) => (row < 0 ? ~row : row);

function bySpan(list) {
  const map = new Map();
  for (const entry of list) {
    if (!map.has(entry.span)) map.set(entry.span, []);
    map.get(entry.span).push(entry);
  }
  return map;
}
