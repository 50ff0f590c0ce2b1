/* SPDX-License-Identifier: Apache-2.0 */
// One request, whole: what happened when, what the user waited for, and where it broke.
import { html, nothing, render } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import * as live from "../shell/live.js";
import { badge, chips, copy, instant, took } from "../shell/parts.js";
import { entitle } from "../shell/shell.js";
import { adjust, operationLink, param } from "../shell/url.js";
import { Inspector, LEAST_ALIKE } from "./inspector.js";
import { bindKeys } from "./keyboard.js";
import { FLAG, spanOf, TraceModel } from "./model.js";
import { Minimap } from "./minimap.js";
import { Ruler } from "./ruler.js";
import { aiTab, errorsTab, logsTab, operationsTab } from "./tabs.js";
import { traceMarkdown } from "./markdown.js";
import { Waterfall } from "./waterfall.js";

const FILTERS = ["find", "only", "min", "kind", "op"];
const HAIR_PX = 3;
const RUNS_KEPT = 12; // in the address; more would make it too long to send
const SHORTER = [
  ["", "Any length"],
  ["1", "≥ 1 ms"],
  ["10", "≥ 10 ms"],
  ["100", "≥ 100 ms"],
  ["1000", "≥ 1 s"],
];

export async function start(place, id) {
  const json = await api.get("traces/" + encodeURIComponent(id));
  performance.mark("trace-received");
  const page = new TracePage(place, json);
  page.draw();
  page.mount();
  requestAnimationFrame(() => setTimeout(() => performance.mark("trace-painted")));
  // what tests and the curious read: how long after the data the rows were on the screen
  place.dataset.spans = String(json.n);
}

class TracePage {
  constructor(place, json) {
    this.place = place;
    this.json = json;
    this.model = new TraceModel(json);
    this.inspector = new Inspector(json.id, this.model, this);
    this.tab = param("tab", "waterfall");
    this.hits = json.n;
    this.changed = false;
    this.anchor = null; // the span that is measured from
    entitle(json.operation);
  }

  mount() {
    const scroller = this.place.querySelector(".wf-scroll");
    this.waterfall = new Waterfall(scroller, this.model, {
      onSelect: (row, measuring) => this.clicked(row, measuring),
      onToggle: (row) => this.toggle(row),
      onView: () => this.viewChanged(),
    });
    this.minimap = new Minimap(this.place.querySelector(".minimap"), this.model, (from, until) => this.waterfall.view(from, until));
    this.ruler = new Ruler(this.place, this.waterfall, this.json);
    bindKeys(this);
    this.openRuns();
    this.applyFilter();
    const [from, until] = param("view").split("-").map(Number);
    if (until > from) this.waterfall.view(from, until);
    else this.zoomNear();
    const anchor = param("measure") ? this.model.indexOf(param("measure")) : -1;
    const run = param("run") ? this.model.indexOf(param("run")) : -1;
    const wanted = param("span") ? this.model.indexOf(param("span")) : -1;
    // errors come by time: the first is the cause, later ones are its wrappers on the way up
    const first = wanted >= 0 ? wanted : (this.json.errors.find((e) => e.span >= 0)?.span ?? 0);
    if (run >= 0 && this.model.runs.length(run)) this.select(~run);
    else if (this.model.n) this.select(first, first > 0, { address: wanted >= 0 });
    if (anchor >= 0) this.measure(anchor);
    else this.viewChanged();
    scroller.focus({ preventScroll: true });
    live.on("trace", (messages) => {
      if (!messages.some((m) => m.items.some((t) => t.id === this.json.id))) return;
      this.changed = true;
      this.draw();
    });
  }

  /** In a long trace the span that the page opens at may be a hair's width: then what is around it fills the view. */
  zoomNear() {
    const { model } = this;
    const span = param("span") ? model.indexOf(param("span")) : (this.json.errors.find((e) => e.span >= 0)?.span ?? -1);
    if (span < 0 || (model.dur[span] / model.total) * this.waterfall.width >= HAIR_PX) return;
    let around = span;
    while (model.parent[around] >= 0 && model.dur[model.parent[around]] < model.total / 2) around = model.parent[around];
    if (around !== span && model.dur[around] < model.total / 20) this.waterfall.zoomTo(around);
  }

  // ---- drawing: the frame is a template, the rows are the waterfall's own

  draw() {
    const { json, tab, model } = this;
    const ai = json.ai.reduce((sum, call) => sum + (call.costUsd ?? 0), 0);
    const priced = json.ai.some((call) => call.costUsd != null);
    const errors = json.errors.length;
    render(
      html`
        <div class="trace" data-tab=${tab} data-inspector=${param("inspector", "open")}>
          <section class="trace-head">
            <div class="trace-title">
              <h1>${f.tones(json.operation)[0]}${f.tones(json.operation)[1]}</h1>
              ${errors ? badge("danger", "✕ " + f.plural(errors, "error")) : json.status === "error" ? badge("danger", "✕ failed") : nothing}
              ${chips(json.chips)} ${json.closed ? nothing : badge("warn", "◷ running")}
            </div>
            <p class="muted small">
              ${instant(json.startAt, f.when(json.startAt) + f.clock(json.startAt).slice(-4))}
              <span class="trace-id">trace <code>${json.id}</code></span>
              <button class="link" @click=${() => copy(location.href, "Link")}>Copy link</button>
              <button class="link" @click=${() => copy(json.id, "Trace id")}>Copy id</button>
              <button class="link" @click=${() => copy(traceMarkdown(json, model), "Markdown")}>Copy as Markdown</button>
            </p>
            ${json.kept?.sentence ? html`<p class="kept small"><span aria-hidden="true">◆</span> ${json.kept.sentence}</p>` : nothing}
            <dl class="facts end">
              <div><dt>duration</dt><dd>${took(json.durationMs)}</dd></div>
              <div><dt>spans</dt><dd>${f.count(json.n)}</dd></div>
              <div><dt>${json.svcs.length === 1 ? "service" : "services"}</dt><dd title=${json.svcs.join(", ")}>${json.svcs.length}</dd></div>
              ${json.ai.length ? html`<div class="spare"><dt>${f.plural(json.ai.length, "AI call")}</dt><dd>${priced ? f.money(ai) : "no price"}</dd></div>` : nothing}
              ${json.rank?.of >= LEAST_ALIKE
                ? html`<div class="spare"><dt><a href=${operationLink(json.operationKey)} title=${json.rank.sentence}>of ${f.count(json.rank.of)} like it</a></dt><dd>P${Math.round(json.rank.percentile)}</dd></div>`
                : nothing}
            </dl>
          </section>
          <div class="trace-left">
            <div class="trace-tabs">
              <div role="tablist" aria-label="Views of this trace">
                ${this.tabButton("waterfall", "Waterfall")} ${this.tabButton("operations", "Operations", json.breakdown.length)}
                ${this.tabButton("logs", "Logs", json.logs.length + json.logsMore)} ${this.tabButton("errors", "Errors", errors, errors > 0)}
                ${json.ai.length ? this.tabButton("ai", "AI", json.ai.length) : nothing}
              </div>
              <div class="trace-tools" ?hidden=${tab !== "waterfall"}>
                <search><input id="find" class="field" type="search" placeholder="Find in trace" aria-label="Find in trace" .value=${param("find")} @input=${(e) => this.choose({ find: e.target.value })} /></search>
                <label class="pick" ?data-set=${param("min") !== ""}>
                  <span class="sr-only">Shortest shown</span>
                  <select @change=${(e) => this.choose({ min: e.target.value })}>
                    ${SHORTER.map(([value, text]) => html`<option value=${value} ?selected=${param("min") === value}>${text}</option>`)}
                  </select>
                </label>
                ${this.only("critical", html`<i class="crit-sign"></i> Critical path`)} ${this.only("errors", html`<span class="danger">✕</span> Errors`)}
                ${this.filtered()
                  ? html`<button class="button" aria-pressed=${param("hide") === "1"} title="Hide what does not match instead of dimming it" @click=${() => this.choose({ hide: param("hide") === "1" ? null : "1" })}>
                        Hide ${f.count(model.n - this.hits)} others
                      </button>
                      <button class="link small" @click=${() => this.clear()}>Clear</button>`
                  : nothing}
              </div>
            </div>
            ${this.changed ? html`<button class="new-rows" @click=${() => location.reload()}>This trace has changed since: show it</button>` : nothing}
            ${json.findings.length && tab === "waterfall"
              ? html`<ul class="findings">
                  ${this.findings().slice(0, 2).map(
                    ([finding, places]) =>
                      html`<li><span class="warn" aria-hidden="true">●</span> <b>${finding.title}</b>${places > 1 ? " in " + f.count(places) + " places, the worst:" : ""} ${finding.sentence} <button class="link" @click=${() => this.showFinding(finding)}>Show</button></li>`,
                  )}
                </ul>`
              : nothing}
            <div class="wf" role="tabpanel" aria-label="Waterfall" ?hidden=${tab !== "waterfall"}>
              <div class="wf-legend">
                ${this.kinds().map(
                  (kind) =>
                    html`<button aria-pressed=${param("kind") === kind} title="Only ${f.kind(kind)}" @click=${() => this.choose({ kind: param("kind") === kind ? null : kind })}>
                      <i class="dot" data-k=${kind}></i>${f.kind(kind)}
                    </button>`,
                )}
                <span class="wf-key" title="Solid and underlined: the user waited for exactly this. Pale: it ran, but something below it was waited for."><i class="crit-sign"></i>waited for</span>
                ${model.flags.some((bits) => bits & FLAG.async) ? html`<span class="wf-key" title="It runs beside its parent, which did not wait for it to end"><i class="async-sign"></i>in the background</span>` : nothing}
              </div>
              <div class="minimap" title="Drag to zoom, double-click for the whole trace"><canvas></canvas><i class="mm-window"></i><i class="mm-probe"></i></div>
              <div class="wf-axis-name"><span>Operation</span><span>Duration</span></div>
              <div class="wf-axis" aria-hidden="true"></div>
              <div class="wf-grid" aria-hidden="true"></div>
              <div class="wf-scroll" role="treegrid" tabindex="0" aria-label="Spans of ${json.operation}" aria-rowcount=${model.rows} aria-readonly="true"></div>
              <i class="wf-cross" hidden></i>
              <i class="wf-split" aria-hidden="true" title="Drag to widen the names"></i>
            </div>
            ${tab === "waterfall" ? nothing : html`<div class="trace-panel" role="tabpanel" aria-label=${tab} tabindex="0">${this.panel()}</div>`}
          </div>
          <aside class="inspector" aria-label="Selected span">${this.inspector.template()}</aside>
        </div>
      `,
      this.place,
    );
  }

  /** Each kind of finding once, the worst of it, with how often it is there. */
  findings() {
    const kinds = new Map();
    for (const finding of this.json.findings) {
      const key = [finding.type, finding.operation?.key, finding.parent?.key].join();
      const [worst, places] = kinds.get(key) ?? [finding, 0];
      kinds.set(key, [finding.wasteMs > worst.wasteMs ? finding : worst, places + 1]);
    }
    return [...kinds.values()];
  }

  tabButton(id, label, number, bad) {
    return html`<button role="tab" aria-selected=${this.tab === id} @click=${() => this.openTab(id)}>
      ${label} ${number === undefined ? nothing : html`<span class=${bad ? "danger" : "faint"}>${f.count(number)}</span>`}
    </button>`;
  }

  only(value, label) {
    const on = param("only") === value;
    return html`<button class="button" aria-pressed=${on} @click=${() => this.choose({ only: on ? null : value })}>${label}</button>`;
  }

  panel() {
    const go = (i) => {
      this.openTab("waterfall");
      this.select(i, true);
    };
    const filterBy = (op) => {
      this.openTab("waterfall");
      this.choose({ op });
    };
    if (this.tab === "operations") return operationsTab(this.json, filterBy);
    if (this.tab === "logs") return logsTab(this.json, this.model, go);
    if (this.tab === "errors") return errorsTab(this.json, this.model, go);
    return aiTab(this.json, this.model, go);
  }

  kinds() {
    return [...new Set(this.json.ops.map((op) => op.kind))];
  }

  openTab(id) {
    this.tab = id;
    adjust({ tab: id === "waterfall" ? null : id });
    this.draw();
    if (id === "waterfall") this.waterfall?.measure();
  }

  // ---- filter

  filtered() {
    return FILTERS.some((name) => param(name));
  }

  choose(changes) {
    adjust(changes);
    this.applyFilter();
    this.waterfall.refolded();
    this.draw();
  }

  clear() {
    this.choose(Object.fromEntries([...FILTERS, "hide"].map((name) => [name, null])));
    this.place.querySelector("#find").value = "";
  }

  applyFilter() {
    this.hits = this.model.filter(this.filtered() ? this.wanted() : null, param("hide") === "1");
  }

  wanted() {
    const { model, json } = this;
    const find = param("find").trim().toLowerCase();
    const least = Number(param("min")) * 1000;
    const only = param("only");
    const op = param("op") === "" ? -1 : Number(param("op"));
    // names are few: the text is looked for once per name, not once per span
    const nameFits = json.ops.map((o) => (!find || o.name.toLowerCase().includes(find)) && (!param("kind") || o.kind === param("kind")));
    const serviceFits = json.svcs.map((s) => find && s.toLowerCase().includes(find));
    const kindFits = json.ops.map((o) => !param("kind") || o.kind === param("kind"));
    const said = (i) => (model.logs.get(i) ?? []).some((l) => l.message.toLowerCase().includes(find)) || (model.errors.get(i) ?? []).some((e) => (e.type + " " + e.message).toLowerCase().includes(find));
    return (i) => {
      if (model.dur[i] < least) return false;
      if (only === "critical" && !model.crit[i]) return false;
      if (only === "errors" && !(model.flags[i] & (FLAG.error | FLAG.exception))) return false;
      if (op >= 0 && model.op[i] !== op) return false;
      return nameFits[model.op[i]] || (kindFits[model.op[i]] && find !== "" && (serviceFits[model.svc[i]] || said(i)));
    };
  }

  showFinding(finding) {
    const first = finding.spans?.[0];
    if (first === undefined) return;
    this.choose({ op: String(this.model.op[first]) });
    this.select(first, true);
  }

  // ---- rows: a row is a span, or ~span for a run of alike spans

  select(row, show = false, { address = true } = {}) {
    if (show) {
      this.model.reveal(spanOf(row));
      this.waterfall.refolded();
    }
    this.waterfall.select(row);
    this.waterfall.show(row, show);
    if (address) adjust({ span: row < 0 ? null : this.model.id(row), run: row < 0 ? this.model.id(~row) : null });
    if (this.anchor !== null) this.viewChanged();
    this.inspector.show(row, () => this.draw());
    this.draw();
  }

  /** With shift the distance from what was selected is measured; without, measuring ends. */
  clicked(row, measuring) {
    const before = this.waterfall.selected;
    if (measuring && this.anchor === null && before !== null) this.measure(spanOf(before));
    else if (!measuring && this.anchor !== null) this.measure(null);
    this.select(row);
  }

  toggle(row, open = !this.model.isOpen(row)) {
    if (!this.model.toggle(row, open)) return false;
    const selected = this.waterfall.selected;
    // what was selected in a run that closes is in its row now
    if (row < 0 && !open && selected >= 0 && this.model.runs.first(selected) === ~row) this.select(row);
    this.folded();
    return true;
  }

  folded() {
    this.waterfall.refolded();
    adjust({ runs: [...this.model.runs.open].slice(-RUNS_KEPT).map((i) => this.model.id(i)).join(",") });
    this.draw();
  }

  openRuns() {
    const opened = param("runs").split(",").filter(Boolean).map((id) => this.model.indexOf(id));
    for (const i of opened) if (i >= 0 && this.model.runs.length(i)) this.model.runs.open.add(i);
    if (opened.length) this.model.refold();
  }

  // ---- view

  viewChanged() {
    const { waterfall } = this;
    if (!waterfall || !this.ruler) return;
    this.ruler.draw(this.distance());
    this.minimap.frame(waterfall.from, waterfall.to);
    const whole = waterfall.from <= 0 && waterfall.to >= this.model.total;
    clearTimeout(this.addressTimer);
    this.addressTimer = setTimeout(() => adjust({ view: whole ? null : Math.round(waterfall.from) + "-" + Math.round(waterfall.to) }), 200);
  }

  // ---- from one span to another

  /** Measures from the start of this span to the start of whatever is selected; null stops. */
  measure(i) {
    this.anchor = i;
    this.place.querySelector(".wf-scroll").dataset.measuring = i === null ? "" : "yes";
    adjust({ measure: i === null ? null : this.model.id(i) });
    this.viewChanged();
    this.draw();
  }

  distance() {
    const selected = this.waterfall.selected;
    if (this.anchor === null || selected === null || spanOf(selected) === this.anchor) return null;
    return { from: this.model.start[this.anchor], to: this.model.start[spanOf(selected)] };
  }
}
