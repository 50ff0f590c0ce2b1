/* SPDX-License-Identifier: Apache-2.0 */
// One row of the waterfall, used again for whatever comes into sight: text goes through text nodes, bars move by transform
// and width, and elements are made only when a row needs more of them than it ever had.
import * as f from "../shell/format.js";
import { SLOW_MS } from "../shell/parts.js";
import { FLAG, MISS, spanOf } from "./model.js";

let serial = 0;

export class Row {
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
    this.name = null; // as the model names rows; null: whatever was drawn is out of date
    this.y = -1;
    this.hidden = false;
  }

  place(y) {
    if (this.hidden) this.element.hidden = this.hidden = false;
    if (this.y !== y) this.element.style.transform = "translateY(" + (this.y = y) + "px)";
  }

  hide() {
    if (!this.hidden) this.element.hidden = this.hidden = true;
    this.name = null;
  }

  select(yes) {
    if (this.chosen === yes) return;
    this.chosen = yes;
    this.element.setAttribute("aria-selected", String(yes));
  }

  describe(model, name, r) {
    this.name = name;
    this.index = r;
    const e = this.element;
    const i = spanOf(name);
    const run = name < 0 ? model.runs.figures(i) : null;
    const open = model.isOpen(name);
    const error = model.has(i, FLAG.error);
    const loud = model.has(i, FLAG.exception);
    const ms = (run ? run.total : model.dur[i]) / 1000;
    // in an open run each span stands one step in from the run's row
    const depth = model.depth[i] + (!run && model.runs.first(i) >= 0 ? 1 : 0);
    e.dataset.k = model.kind(i);
    e.dataset.fold = open === undefined ? "" : open ? "open" : "closed";
    e.dataset.run = run ? "yes" : "";
    e.dataset.fail = loud ? "here" : error ? "below" : "";
    e.dataset.dim = model.matchOf(name) === MISS ? "yes" : "";
    e.dataset.async = model.has(i, FLAG.async) ? "yes" : "";
    this.indent.style.width = indent(depth);
    const [faint, plain] = f.tones(model.name(i));
    set(this.faint, f.brief(faint));
    set(this.plain, plain);
    set(this.sign, error || loud ? "✕" : "");
    set(this.count, run ? "×" + f.count(run.length) + " · P95\u202f" + f.duration(run.p95 / 1000) : open === false ? f.count(model.size[i] - 1) : "");
    this.count.parentNode.title = run ? f.count(run.length) + " in a row, P50 " + f.duration(run.p50 / 1000) + ", P95 " + f.duration(run.p95 / 1000) : "";
    const chip = run ? "" : chipOf(model, i);
    set(this.chip, chip);
    this.chip.parentNode.dataset.quiet = chip === "gap" ? "yes" : "";
    this.chip.parentNode.title = CHIPS[chip] ?? "";
    const slow = (run ? run.most / 1000 : ms) > SLOW_MS;
    set(this.time, (run ? "Σ\u202f" : "") + f.duration(ms));
    this.timeElement.className = slow ? "slow" : "";
    const p = model.parent[i];
    e.setAttribute("aria-level", String(depth + 1));
    e.setAttribute("aria-setsize", String(p < 0 ? model.roots : model.children[p]));
    e.setAttribute("aria-posinset", String(model.position[i]));
    e.setAttribute("aria-rowindex", String(r + 1));
    if (open === undefined) e.removeAttribute("aria-expanded");
    else e.setAttribute("aria-expanded", String(open));
    // a recycled row must not speak of the span it showed before
    e.setAttribute("aria-label", run ? spokenRun(model, i, run, slow) : spoken(model, i, ms, slow, loud, error));
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
  return "calc(" + wide + " * var(--wf-step) + " + Math.min(40, Math.max(0, depth - 9)) * 2 + "px)";
}

function chipOf(model, i) {
  if (model.has(i, FLAG.unfinished)) return "running";
  if (model.has(i, FLAG.orphan)) return "orphan";
  if (model.has(i, FLAG.late)) return "late";
  if (model.has(i, FLAG.skewed)) return "skewed";
  return model.has(i, FLAG.gap) ? "gap" : "";
}

const CHIPS = {
  running: "It has not ended",
  orphan: "Its parent is missing",
  late: "It arrived after the decision on its trace",
  skewed: "It starts before its parent: the clocks differ",
  gap: "More than 30 % of it is covered by no child",
};

function spoken(model, i, ms, slow, loud, error) {
  const said = [model.name(i), (slow ? "slow, " : "") + f.spoken(ms)];
  if (loud) said.push("error recorded here");
  else if (error) said.push("error");
  if (model.crit[i] > 0) said.push("on the critical path");
  const chip = chipOf(model, i);
  if (chip) said.push(chip);
  return said.join(", ");
}

function spokenRun(model, i, run, slow) {
  const said = [model.name(i), f.count(run.length) + " calls in a row", (slow ? "slow, " : "") + f.spoken(run.total / 1000) + " in total", "P95 " + f.spoken(run.p95 / 1000)];
  if (run.critical > 0) said.push("on the critical path");
  return said.join(", ");
}

export function add(parent, tag, className) {
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
