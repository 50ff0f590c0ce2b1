/* SPDX-License-Identifier: Apache-2.0 */
// What it said: newest last, as in a terminal. Only the lines in sight exist as elements.
import { html, nothing, render, css } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import * as keys from "../shell/keys.js";
import * as live from "../shell/live.js";
import { copy } from "../shell/parts.js";
import { elsewhere, onSearch, scope } from "../shell/shell.js";
import { adjust, filters, param, to, traceLink } from "../shell/url.js";

const LINE = 26;
const SPARE = 12;
const KEPT = 20_000; // lines held by the page; older ones are asked for again
const PAGE = 200;
const REST_MS = 500; // between two questions for new lines
const FACETS_MS = 5000; // between two counts of what there is
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"];
const NARROWING = ["level", "logger", "trace", "span", "attr"];

export async function start(place) {
  const page = new LogsPage(place);
  await page.load();
  live.on("log", live.rested(() => page.arrived().catch(() => {}), REST_MS));
  live.on("resync", () => page.load());
  onSearch(() => page.load());
}

class LogsPage {
  constructor(place) {
    this.place = place;
    this.lines = []; // oldest first
    this.waiting = []; // new lines that the reader has not asked for, oldest first
    this.selected = -1;
    this.first = 0;
    this.bindKeys();
  }

  query(extra) {
    return filters({ q: param("q"), ...Object.fromEntries(NARROWING.map((key) => [key, param(key)])), limit: PAGE, ...extra });
  }

  async load() {
    const page = await this.newest(true);
    this.lines = page.items;
    this.next = page.next;
    this.waiting = [];
    this.selected = -1;
    this.draw();
    this.toEnd();
  }

  /** The newest page, oldest first. */
  async newest(facets) {
    const page = await api.get("logs", this.query({ facets }));
    if (page.facets) {
      this.facets = page.facets;
      this.histogram = page.histogram;
      this.counted = performance.now();
    }
    return { items: page.items.reverse(), next: page.next };
  }

  async older() {
    if (!this.next || this.asking) return;
    this.asking = true;
    try {
      const page = await api.get("logs", this.query({ cursor: this.next }));
      const added = page.items.reverse();
      this.next = this.lines.length + added.length > KEPT ? null : page.next;
      this.lines = added.concat(this.lines);
      if (this.selected >= 0) this.selected += added.length;
      const scroller = this.scroller();
      const before = scroller.scrollTop;
      this.draw();
      // the lines under the reader stay where they are
      scroller.scrollTop = before + added.length * LINE;
      this.slice();
    } finally {
      this.asking = false;
    }
  }

  /**
   * The stream says only that there are lines, of any kind: those that pass the filters are asked for. At the end the page follows like a terminal;
   * further up, and while a line is looked at, they wait behind their number.
   */
  async arrived() {
    const asked = location.search;
    const { items, next } = await this.newest(performance.now() - this.counted > FACETS_MS);
    if (location.search !== asked) return; // filters changed meanwhile, and all was asked for again
    const known = new Set(this.lines.slice(-PAGE * 2).map((line) => line.id));
    const fresh = items.filter((line) => !known.has(line.id));
    // a gap of a whole page: what is between is asked for when somebody scrolls up to it
    this.gap = fresh.length === PAGE && this.lines.length ? { next } : null;
    this.waiting = fresh;
    const scroller = this.scroller();
    const atEnd = !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < LINE * 2;
    if (atEnd && this.selected < 0) this.showNew();
    else this.draw();
  }

  showNew() {
    if (!this.waiting.length) return this.draw();
    this.lines = this.gap ? this.waiting : this.lines.concat(this.waiting).slice(-KEPT);
    if (this.gap) this.next = this.gap.next;
    this.waiting = [];
    this.gap = null;
    this.selected = -1;
    this.draw();
    this.toEnd();
  }

  scroller() {
    return this.place.querySelector(".log-scroll");
  }

  toEnd() {
    const scroller = this.scroller();
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
    this.slice();
  }

  slice() {
    const scroller = this.scroller();
    if (!scroller) return;
    const first = Math.max(0, Math.floor(scroller.scrollTop / LINE) - SPARE);
    if (scroller.scrollTop < LINE * 20) this.older();
    if (first === this.first) return;
    this.first = first;
    this.draw();
  }

  choose(changes) {
    adjust(changes);
    this.load();
  }

  draw() {
    const shown = this.lines[this.selected];
    render(
      html`<div class="logs" data-detail=${shown ? "open" : ""}>
        <aside class="log-facets" aria-label="Filters">${this.facetList()}</aside>
        <section class="log-main">
          ${this.histogramBars()}
          <div class="bar log-bar">
            <h1 class="sr-only">Logs</h1>
            <label class="pick" ?data-set=${param("level") !== ""}>
              <span>At least</span>
              <select @change=${(e) => this.choose({ level: e.target.value })}>
                <option value="">any level</option>
                ${LEVELS.slice(1).map((level) => html`<option value=${level} ?selected=${param("level") === level}>${level}</option>`)}
              </select>
            </label>
            ${["trace", "span", "logger", "attr", "q"].filter((key) => param(key)).map((key) => html`<button class="button" aria-label="Remove filter ${key}" @click=${() => this.choose({ [key]: null })}>${key}: ${key === "trace" || key === "span" ? param(key).slice(0, 8) : param(key)} ✕</button>`)}
            ${param("trace") ? html`<a class="button" href=${traceLink(param("trace"), param("span") || null)}>Open trace</a>` : nothing}
            <span class="end muted small">${this.next ? f.count(this.lines.length) + "+ lines" : f.plural(this.lines.length, "line")}</span>
          </div>
          ${this.lines.length ? this.list() : this.nothing()}
          ${this.waiting.length ? html`<button class="new-rows" @click=${() => this.showNew()}>${f.count(this.waiting.length) + (this.gap ? "+" : "")} new</button>` : nothing}
        </section>
        ${shown ? this.detail(shown) : nothing}
      </div>`,
      this.place,
    );
  }

  /** Narrowed too far, or never sent: then how. */
  nothing() {
    const narrowed = [...NARROWING, "q"].some((key) => param(key));
    return html`<div class="empty">
      <p>No log line${narrowed ? " matches" : ""}${scope()}. ${narrowed ? html`<button class="link" @click=${() => this.choose(Object.fromEntries([...NARROWING, "q"].map((key) => [key, null])))}>Clear the filters</button>` : elsewhere("/logs")}</p>
      <p class="small">Lines come from any OpenTelemetry SDK (<code>OTEL_LOGS_EXPORTER=otlp</code>, endpoint <code>${location.origin}</code>) and from Sentry SDKs with logs switched on.</p>
    </div>`;
  }

  list() {
    const height = this.scroller()?.clientHeight || innerHeight;
    const from = Math.min(this.first, Math.max(0, this.lines.length - 1));
    const until = Math.min(this.lines.length, from + Math.ceil(height / LINE) + SPARE * 2);
    return html`<div
      class="log-scroll"
      role="grid"
      tabindex="0"
      aria-label="Log lines"
      aria-rowcount=${this.lines.length}
      aria-activedescendant=${this.selected >= from && this.selected < until ? "log-" + this.selected : nothing}
      @scroll=${() => this.slice()}
    >
      <div class="log-sizer" role="rowgroup" ${css({ height: this.lines.length * LINE + "px" })}>
        <div class="log-layer" role="presentation" ${css({ transform: "translateY(" + from * LINE + "px)" })}>
          ${this.lines.slice(from, until).map((line, k) => this.line(line, from + k))}
        </div>
      </div>
    </div>`;
  }

  line(line, i) {
    return html`<div class="log-line" role="row" id="log-${i}" aria-rowindex=${i + 1} aria-selected=${i === this.selected} data-level=${line.level} @click=${() => this.select(i)}>
      <span role="gridcell" class="mono faint">${f.clock(line.at)}</span>
      <span role="gridcell" class="level" data-level=${line.level}>${line.level}</span>
      <span role="gridcell" class="muted cut" title=${line.logger ?? ""}>${(line.logger ?? line.service ?? "").split(".").at(-1)}</span>
      <span role="gridcell" class="cut log-text">${line.message}</span>
      <span role="gridcell">${line.traceId ? html`<a href=${traceLink(line.traceId, line.spanId)} title="Open the trace at this line" @click=${(e) => e.stopPropagation()}>trace</a>` : nothing}</span>
    </div>`;
  }

  detail(line) {
    const rows = { time: f.utc(line.at), logger: line.logger, thread: line.thread, service: line.service, environment: line.environment, run: line.run, event: line.eventName, ...line.attributes };
    return html`<aside class="log-detail" aria-label="Log line">
      <div class="log-detail-head"><span class="level" data-level=${line.level}>${line.level}</span><button class="button icon end" aria-label="Close" @click=${() => this.select(-1)}>✕</button></div>
      <pre>${line.message}</pre>
      <p class="bar">
        ${line.traceId ? html`<a class="button primary" href=${traceLink(line.traceId, line.spanId)}>Open trace</a> <button class="button" @click=${() => this.choose({ trace: line.traceId })}>Only this trace</button>` : nothing}
        <button class="button" @click=${() => copy(f.utc(line.at) + " " + line.level.toUpperCase() + " " + line.message, "Line")}>Copy</button>
      </p>
      <dl class="keyvals">
        ${Object.entries(rows)
          .filter(([, value]) => value != null && value !== "")
          .map(([key, value]) => html`<dt title=${key}>${key}</dt><dd class=${String(value).length > 40 ? "long" : ""}>${String(value)}</dd>`)}
      </dl>
    </aside>`;
  }

  facetList() {
    const chosen = { logger: param("logger"), level: param("level") };
    const named = (facet) => facet.values.filter((v) => v.value !== "");
    return (this.facets ?? []).filter((facet) => named(facet).length).map(
      (facet) =>
        html`<section>
          <h2>${facet.key}</h2>
          <ul>
            ${named(facet).slice(0, 10).map((v) => {
              const own = facet.key === "logger" || facet.key === "level";
              const on = own ? chosen[facet.key] === v.value : param("attr") === facet.key + ":" + v.value;
              const change = facet.key === "service" ? { service: v.value } : own ? { [facet.key]: on ? null : v.value } : { attr: on ? null : facet.key + ":" + v.value };
              return html`<li><button aria-pressed=${on} title=${v.value} @click=${() => this.choose(change)}><span class="cut">${facet.key === "logger" ? v.value.split(".").at(-1) : v.value}</span><span class="faint">${f.count(v.count)}</span></button></li>`;
            })}
          </ul>
        </section>`,
    );
  }

  histogramBars() {
    const h = this.histogram;
    if (!h) return nothing;
    const slices = Math.max(...Object.values(h.levels).map((list) => list.length), 0);
    if (!slices) return nothing;
    const of = (level, i) => h.levels[level]?.[i] ?? 0;
    const sums = Array.from({ length: slices }, (_, i) => LEVELS.reduce((sum, level) => sum + of(level, i), 0));
    const top = Math.max(1, ...sums);
    return html`<div class="log-histogram" role="img" aria-label="Lines over time by level">
      ${sums.map(
        (sum, i) =>
          html`<i title=${f.seconds(h.fromAt + i * h.stepMs) + " · " + f.plural(sum, "line")}>
            ${[["error", of("error", i) + of("fatal", i)], ["warn", of("warn", i)], ["info", of("info", i) + of("debug", i) + of("trace", i)]].map(([level, n]) => html`<b data-level=${level} ${css({ height: (n / top) * 100 + "%" })}></b>`)}
          </i>`,
      )}
    </div>`;
  }

  select(i) {
    this.selected = i;
    this.draw();
    const scroller = this.scroller();
    if (i < 0 || !scroller) return;
    const y = i * LINE;
    if (y < scroller.scrollTop) scroller.scrollTop = y;
    if (y + LINE > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = y + LINE - scroller.clientHeight;
    this.slice();
  }

  bindKeys() {
    const move = (by) => this.select(Math.max(0, Math.min(this.lines.length - 1, (this.selected < 0 ? this.lines.length : this.selected) + by)));
    keys.bind("Logs", "j,ArrowDown", "next line", () => move(1));
    keys.bind("Logs", "k,ArrowUp", "line before", () => move(-1));
    keys.bind("Logs", "Home", "oldest shown", () => move(-Infinity));
    keys.bind("Logs", "End", "newest, and follow", () => {
      this.selected = -1;
      this.load();
    });
    keys.bind("Logs", ".", "show new lines", () => (this.waiting.length ? this.showNew() : false));
    keys.bind("Logs", "t,Enter", "open the trace", () => {
      const line = this.lines[this.selected];
      return line?.traceId ? void location.assign(traceLink(line.traceId, line.spanId)) : false;
    });
    keys.bind("Logs", "Escape", "close the detail", () => this.select(-1));
  }
}
