/* SPDX-License-Identifier: Apache-2.0 */
// The trace page by keyboard: rows, errors, the critical path, zoom, tabs.
import * as keys from "../shell/keys.js";
import { copy } from "../shell/parts.js";
import { adjust, issueLink, param } from "../shell/url.js";
import { FLAG, spanOf } from "./model.js";

const TABS = ["waterfall", "operations", "logs", "errors", "ai"];

export function bindKeys(page) {
  const { model, waterfall } = page;
  const here = () => waterfall.selected ?? 0;
  const row = (by) => {
    const at = Math.max(0, Math.min(model.rows - 1, model.rowOf(here()) + by));
    page.select(model.visible[at]);
  };
  const screen = Math.max(1, Math.floor(waterfall.height / 24) - 2);
  /** The row that this one lies in: its run, else its parent; null at the top. */
  const above = (name) => {
    const run = name < 0 ? -1 : model.runs.first(name);
    const parent = model.parent[spanOf(name)];
    return run >= 0 ? ~run : parent >= 0 ? parent : null;
  };
  const fold = (open) => {
    const name = here();
    if (page.toggle(name, open)) return;
    if (open && model.isOpen(name)) row(1);
    else if (!open && above(name) !== null) page.select(above(name));
  };
  const seek = (step, wanted) => {
    const i = model.seek(spanOf(here()), step, wanted);
    if (i >= 0) page.select(i, true);
  };
  const failing = (i) => model.has(i, FLAG.exception) || (model.has(i, FLAG.error) && model.size[i] === 1);
  const critical = (i) => model.crit[i] > 0 && model.segAt[i + 1] > model.segAt[i];
  const all = (closed) => {
    model.foldAll(closed);
    page.folded();
    waterfall.show(here());
  };
  const bind = (strokes, label, run) => keys.bind("Trace", strokes, label, run);
  bind("j,ArrowDown", "next row", () => row(1));
  bind("k,ArrowUp", "row before", () => row(-1));
  bind("ArrowRight", "unfold, then in", () => fold(true));
  bind("ArrowLeft", "fold, then out", () => fold(false));
  bind("PageDown,PageUp", "a page", (event) => row(event.key === "PageDown" ? screen : -screen));
  bind("Home,End", "first, last", (event) => row(event.key === "Home" ? -model.rows : model.rows));
  bind("n", "next error", () => seek(1, failing));
  bind("N", "error before", () => seek(-1, failing));
  bind("c", "next on the critical path", () => seek(1, critical));
  bind("C", "critical before", () => seek(-1, critical));
  bind("[,]", "fold, unfold all", (event) => all(event.key === "["));
  bind("m", "measure from here, or stop", () => page.measure(page.anchor === null ? spanOf(here()) : null));
  bind("+,-", "zoom in, out", (event) => waterfall.zoom(event.key === "+" ? 0.6 : 1.6));
  bind("a,d", "pan", (event) => waterfall.pan(event.key === "a" ? -0.25 : 0.25));
  bind("0", "whole trace", () => waterfall.view(0, model.total));
  bind("Enter,f", "zoom to the row", () => waterfall.zoomTo(here()));
  bind("e", "open the issue", () => {
    const error = page.inspector.detail?.errors?.[0] ?? page.json.errors[0];
    return error ? void location.assign(issueLink(error.issueId, error.eventId)) : false;
  });
  bind("l", "logs", () => page.openTab("logs"));
  bind("Y", "copy trace id", () => copy(page.json.id, "Trace id"));
  bind("\\", "inspector", () => {
    adjust({ inspector: param("inspector") === "closed" ? null : "closed" });
    page.draw();
    waterfall.measure();
  });
  bind("1,2,3,4,5", "tabs", (event) => page.openTab(TABS[Number(event.key) - 1]));
  bind("/", "find in trace", () => page.place.querySelector("#find").focus());
  bind("Escape", "stop measuring, take filters away", () => (page.anchor !== null ? page.measure(null) : page.filtered() ? page.clear() : false));
}
