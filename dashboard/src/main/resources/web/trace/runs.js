/* SPDX-License-Identifier: Apache-2.0 */
// Runs of alike: five or more leaves in a row under one parent, of one operation, none of them failed, are one row until
// somebody opens it. Spans lie in pre-order, so a run is a range of indexes and costs two numbers.
import { FLAG } from "./model.js";

const LEAST = 5;

export class Runs {
  /** @param {import("./model.js").TraceModel} model with its shape known */
  constructor(model) {
    this.model = model;
    /** At the first span of a run its length; at the others how far back the first is, negative; else 0. */
    this.at = new Int32Array(model.n);
    this.count = 0;
    this.open = new Set(); // first spans of runs that are opened
    this.known = new Map(); // figures, by first span
    this.find();
  }

  find() {
    const { n, size, parent, op, svc, flags } = this.model;
    const bad = FLAG.error | FLAG.exception | FLAG.unfinished;
    for (let i = 0; i < n; ) {
      let end = i + 1;
      if (size[i] === 1 && !(flags[i] & bad)) {
        while (end < n && size[end] === 1 && parent[end] === parent[i] && op[end] === op[i] && svc[end] === svc[i] && !(flags[end] & bad)) end++;
      }
      if (end - i >= LEAST) {
        this.at[i] = end - i;
        for (let k = i + 1; k < end; k++) this.at[k] = i - k;
        this.count++;
      }
      i = end;
    }
  }

  /** How many spans the run that begins at `i` has; 0 when none does. */
  length(i) {
    return Math.max(0, this.at[i]);
  }

  /** The first span of the run that `i` is in, or -1. */
  first(i) {
    return this.at[i] > 0 ? i : this.at[i] < 0 ? i + this.at[i] : -1;
  }

  toggle(first, yes = !this.open.has(first)) {
    if (this.open.has(first) === yes) return false;
    if (yes) this.open.add(first);
    else this.open.delete(first);
    return true;
  }

  openAll(yes) {
    this.open.clear();
    if (yes) for (let i = 0; i < this.at.length; i++) if (this.at[i] > 0) this.open.add(i);
  }

  /** Durations in microseconds; `end` is when the last of them ended. */
  figures(first) {
    let known = this.known.get(first);
    if (!known) {
      const { dur, start, crit } = this.model;
      const length = this.length(first);
      const sorted = dur.slice(first, first + length).sort();
      let total = 0;
      let critical = 0;
      let end = 0;
      for (let i = first; i < first + length; i++) {
        total += dur[i];
        critical += crit[i];
        end = Math.max(end, start[i] + dur[i]);
      }
      const rank = (share) => sorted[Math.max(0, Math.ceil(share * length) - 1)];
      known = { length, total, critical, end, least: sorted[0], p50: rank(0.5), p95: rank(0.95), most: sorted[length - 1] };
      this.known.set(first, known);
    }
    return known;
  }
}
