/* SPDX-License-Identifier: Apache-2.0 */
// One request, whole: what happened when, what the user waited for, and where it broke.
import { html, nothing, render } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import * as keys from "../shell/keys.js";
import * as live from "../shell/live.js";
import { badge, chips, copy, copyButton, instant, took } from "../shell/parts.js";
import { entitle } from "../shell/shell.js";
import { adjust, operationLink, param, to } from "../shell/url.js";
import { instant as axisInstant, ticks } from "./axis.js";
import { Inspector } from "./inspector.js";
import { FLAG, TraceModel } from "./model.js";
import { Minimap } from "./minimap.js";
import { aiTab, errorsTab, logsTab, operationsTab } from "./tabs.js";
import { traceMarkdown } from "./markdown.js";
import { Waterfall } from "./waterfall.js";

const FILTERS = ["find", "only", "min", "kind", "op"];
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
    this.inspector = new Inspector(json.id, this.model, (i) => this.select(i, true));
    this.tab = param("tab", "waterfall");
    this.hits = json.n;
    this.changed = false;
    entitle(json.operation);
  }

  mount() {
    const scroller = this.place.querySelector(".wf-scroll");
    this.waterfall = new Waterfall(scroller, this.model, {
      onSelect: (i) => this.select(i),
      onView: () => this.viewChanged(),
    });
    this.minimap = new Minimap(this.place.querySelector(".minimap"), this.model, (from, until) => this.waterfall.view(from, until));
    this.crosshair(scroller);
    this.resizer();
    this.bindKeys();
    this.applyFilter();
    const [from, until] = param("view").split("-").map(Number);
    if (until > from) this.waterfall.view(from, until);
    const wanted = param("span") ? this.model.indexOf(param("span")) : -1;
    // errors come by time: the first is the cause, later ones are its wrappers on the way up
    const first = wanted >= 0 ? wanted : (this.json.errors.find((e) => e.span >= 0)?.span ?? 0);
    if (this.model.n) this.select(first, first > 0, { address: wanted >= 0 });
    scroller.focus({ preventScroll: true });
    live.on("trace", (messages) => {
      if (!messages.some((m) => m.items.some((t) => t.id === this.json.id))) return;
      this.changed = true;
      this.draw();
    });
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
              ${json.rank
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
                  ${json.findings.slice(0, 2).map(
                    (finding) =>
                      html`<li><span class="warn" aria-hidden="true">●</span> <b>${finding.title}</b> ${finding.sentence} <button class="link" @click=${() => this.showFinding(finding)}>Show</button></li>`,
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

  // ---- selection

  select(i, show = false, { address = true } = {}) {
    if (i < 0) return;
    if (show) {
      this.model.reveal(i);
      this.waterfall.refolded();
    }
    this.waterfall.select(i);
    this.waterfall.show(i, show);
    if (address) adjust({ span: this.model.id(i) });
    this.inspector.show(i, () => this.draw());
    this.draw();
  }

  // ---- axis, crosshair, widths

  viewChanged() {
    const { waterfall } = this;
    if (!waterfall) return;
    const axis = this.place.querySelector(".wf-axis");
    const grid = this.place.querySelector(".wf-grid");
    axis.replaceChildren();
    grid.replaceChildren();
    for (const tick of ticks(waterfall.from, waterfall.to, waterfall.width)) {
      const x = ((tick.at - waterfall.from) / (waterfall.to - waterfall.from)) * waterfall.width;
      if (x > waterfall.width - 8) continue;
      const label = document.createElement("span");
      label.textContent = tick.text;
      label.style.left = x + "px";
      axis.append(label);
      const line = document.createElement("i");
      line.style.left = x + "px";
      grid.append(line);
    }
    for (const error of this.json.errors.filter((e) => e.span < 0)) {
      const mark = document.createElement("b");
      mark.textContent = "✕";
      mark.title = error.type + ": " + error.message;
      mark.style.left = ((error.atUs - waterfall.from) / (waterfall.to - waterfall.from)) * waterfall.width + "px";
      axis.append(mark);
    }
    this.minimap?.frame(waterfall.from, waterfall.to);
    const whole = waterfall.from <= 0 && waterfall.to >= this.model.total;
    clearTimeout(this.addressTimer);
    this.addressTimer = setTimeout(() => adjust({ view: whole ? null : Math.round(waterfall.from) + "-" + Math.round(waterfall.to) }), 200);
  }

  crosshair(scroller) {
    const cross = this.place.querySelector(".wf-cross");
    const axis = this.place.querySelector(".wf-axis");
    const pill = document.createElement("em");
    scroller.addEventListener("pointermove", (event) => {
      const box = axis.getBoundingClientRect();
      const x = event.clientX - box.left;
      cross.hidden = x < 0 || x > this.waterfall.width;
      if (cross.hidden) return pill.remove();
      cross.style.transform = "translateX(" + x + "px)";
      const at = this.waterfall.from + (x / this.waterfall.width) * (this.waterfall.to - this.waterfall.from);
      pill.textContent = axisInstant(at, this.waterfall.from, this.waterfall.to, this.waterfall.width);
      pill.style.left = Math.max(26, Math.min(this.waterfall.width - 30, x)) + "px";
      if (!pill.isConnected) axis.append(pill);
    });
    scroller.addEventListener("pointerleave", () => {
      cross.hidden = true;
      pill.remove();
    });
    scroller.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const x = event.clientX - axis.getBoundingClientRect().left;
        const at = this.waterfall.from + (x / this.waterfall.width) * (this.waterfall.to - this.waterfall.from);
        this.waterfall.zoom(event.deltaY > 0 ? 1.25 : 0.8, at);
      },
      { passive: false },
    );
  }

  resizer() {
    const split = this.place.querySelector(".wf-split");
    const root = document.documentElement.style;
    split.addEventListener("pointerdown", (event) => {
      split.setPointerCapture(event.pointerId);
      const left = this.place.querySelector(".wf").getBoundingClientRect().left;
      const move = (e) => {
        root.setProperty("--wf-name", Math.max(240, Math.min(720, e.clientX - left)) + "px");
        this.waterfall.measure();
      };
      split.addEventListener("pointermove", move);
      split.addEventListener("pointerup", () => split.removeEventListener("pointermove", move), { once: true });
    });
  }

  // ---- keyboard

  bindKeys() {
    const { model, waterfall } = this;
    const here = () => (waterfall.selected < 0 ? 0 : waterfall.selected);
    const row = (by) => {
      const at = Math.max(0, Math.min(model.rows - 1, model.rowOf(here()) + by));
      this.select(model.visible[at]);
    };
    const page = Math.max(1, Math.floor(waterfall.height / 24) - 2);
    const fold = (open) => {
      const i = here();
      if (model.toggle(i, open)) waterfall.refolded();
      else if (!open && model.parent[i] >= 0) this.select(model.parent[i]);
      else if (open && model.size[i] > 1) row(1);
    };
    const seek = (step, wanted) => {
      const i = model.seek(here(), step, wanted);
      if (i >= 0) this.select(i, true);
    };
    const failing = (i) => model.has(i, FLAG.exception) || (model.has(i, FLAG.error) && model.size[i] === 1);
    const critical = (i) => model.crit[i] > 0 && model.segAt[i + 1] > model.segAt[i];
    const all = (closed) => {
      model.foldAll(closed);
      waterfall.refolded();
      waterfall.show(here());
    };
    const bind = (strokes, label, run) => keys.bind("Trace", strokes, label, run);
    bind("j,ArrowDown", "next span", () => row(1));
    bind("k,ArrowUp", "span before", () => row(-1));
    bind("ArrowRight", "unfold, then in", () => fold(true));
    bind("ArrowLeft", "fold, then out", () => fold(false));
    bind("PageDown,PageUp", "a page", (event) => row(event.key === "PageDown" ? page : -page));
    bind("Home,End", "first, last", (event) => row(event.key === "Home" ? -model.rows : model.rows));
    bind("n", "next error", () => seek(1, failing));
    bind("N", "error before", () => seek(-1, failing));
    bind("c", "next on the critical path", () => seek(1, critical));
    bind("C", "critical before", () => seek(-1, critical));
    bind("[,]", "fold, unfold all", (event) => all(event.key === "["));
    bind("+,-", "zoom in, out", (event) => waterfall.zoom(event.key === "+" ? 0.6 : 1.6));
    bind("a,d", "pan", (event) => waterfall.pan(event.key === "a" ? -0.25 : 0.25));
    bind("0", "whole trace", () => waterfall.view(0, model.total));
    bind("Enter,f", "zoom to the span", () => waterfall.zoomTo(here()));
    bind("e", "open the issue", () => {
      const error = this.inspector.detail?.errors?.[0] ?? this.json.errors[0];
      return error ? void location.assign(to("/issues/" + encodeURIComponent(error.issueId) + "/events/" + encodeURIComponent(error.eventId ?? ""))) : false;
    });
    bind("l", "logs", () => this.openTab("logs"));
    bind("Y", "copy trace id", () => copy(this.json.id, "Trace id"));
    bind("\\", "inspector", () => {
      adjust({ inspector: param("inspector") === "closed" ? null : "closed" });
      this.draw();
      waterfall.measure();
    });
    const tabs = ["waterfall", "operations", "logs", "errors", "ai"];
    bind("1,2,3,4,5", "tabs", (event) => this.openTab(tabs[Number(event.key) - 1]));
    bind("/", "find in trace", () => this.place.querySelector("#find").focus());
    bind("Escape", "take filters away", () => (this.filtered() ? this.clear() : false));
  }
}
