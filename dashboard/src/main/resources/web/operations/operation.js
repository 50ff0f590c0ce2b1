/* SPDX-License-Identifier: Apache-2.0 */
// One operation: how long it takes over time, what it waits for, and traces that show it.
import { html, nothing, render } from "../shell/html.js";
import * as api from "../shell/api.js";
import { asTable, Chart } from "../shell/chart.js";
import * as f from "../shell/format.js";
import { HeatMap } from "../shell/heatmap.js";
import * as live from "../shell/live.js";
import { copyButton, dot, estimated, instant, meter, name, took } from "../shell/parts.js";
import { entitle } from "../shell/shell.js";
import { filters, issueLink, operationLink, to, traceLink } from "../shell/url.js";
import { sign } from "../issues/issues.js";

// a trace begins before the call in it that is looked for
const SPAN_SLACK_MS = 60_000;

export async function start(place, key) {
  const page = new OperationPage(place, key);
  await page.load();
  live.on("op", (messages) => messages.some((m) => m.items.some((o) => o.key === key)) && page.soon());
  live.on("resync", () => page.load());
}

class OperationPage {
  constructor(place, key) {
    this.place = place;
    this.key = key;
  }

  async load() {
    this.view = await api.get("operations/" + encodeURIComponent(this.key), filters());
    entitle(this.view.operation.name);
    this.heat ??= new HeatMap({ what: "Calls", slowMs: this.view.operation.slowThresholdMs, onSelect: (range) => this.openRange(range), onClear: () => {}, selected: () => null });
    this.heat.show(mapOf(this.view.heatmap));
    render(this.template(), this.place);
    await this.charts();
  }

  soon() {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.load().catch(() => {});
    }, 5000);
  }

  async charts() {
    const { series, operation } = this.view;
    const at = series.p95Ms.map((_, i) => series.fromAt + i * series.stepMs);
    this.latency ??= new Chart(this.place.querySelector(".op-latency"), { height: 230, format: f.duration, onPick: (ms) => location.assign(to("/traces", { operation: operation.key, sort: "duration", from: String(Math.round(ms)), to: String(Math.round(ms + series.stepMs)) })) });
    this.lines = [
      { label: "P99", values: series.p99Ms, kind: "ai", width: 1 },
      { label: "P95", values: series.p95Ms, kind: "http", width: 2, fill: true },
      { label: "P50", values: series.p50Ms, kind: "internal" },
    ];
    await this.latency.show(at, this.lines);
    render(asTable("Durations of " + operation.name, at, this.lines, f.duration), this.place.querySelector(".op-table"));
    if (this.heat.total) this.heat.mount(this.place.querySelector(".heat"));
  }

  /** Calls, not traces: a trace is at least as long as a call in it, so only the lower bound holds for it. */
  openRange(range) {
    location.assign(to("/traces", { operation: this.key, minMs: range.minMs, time: range.from - SPAN_SLACK_MS + "-" + range.to }));
  }

  template() {
    const { operation: o, examples, downstream, callers, issues, findings } = this.view;
    const called = callers.reduce((sum, c) => sum + c.calls, 0) || 1;
    return html`<div class="operation">
      <section class="op-head">
        <div>
          <p class="issue-badges">${dot(o.kind)} <span class="muted">${f.kind(o.kind)} · ${o.service}</span></p>
          <h1>${f.tones(o.name)[0]}${f.tones(o.name)[1]}</h1>
          <p class="issue-actions">
            <a class="button primary" href=${to("/traces", { operation: o.key })}>Traces with it</a> <a class="button" href=${to("/traces", { operation: o.key, sort: "duration" })}>Slowest</a>
            <a class="button" href=${to("/changes", { q: o.name, all: "true" })}>Against before</a>
            ${copyButton("Copy link", "Link", () => location.href)} ${estimated(o.estimate)}
          </p>
        </div>
        <dl class="facts end">
          <div><dt>calls</dt><dd>${f.count(o.count)}</dd></div>
          <div><dt>P50</dt><dd>${took(o.p50Ms, o.slowThresholdMs)}</dd></div>
          <div><dt title=${f.plural(o.samples, "sample")}>P95 of ${f.count(o.samples)}</dt><dd class=${o.few ? "few" : ""}>${took(o.p95Ms, o.slowThresholdMs)}</dd></div>
          <div><dt>P99</dt><dd>${took(o.p99Ms, o.slowThresholdMs)}</dd></div>
          <div><dt>errors</dt><dd class=${o.errors ? "danger" : ""}>${f.share(o.errorShare)}</dd></div>
          <div><dt>of the wait</dt><dd>${f.share(o.share)}</dd></div>
        </dl>
      </section>
      <div class="page">
        ${findings?.length ? html`<ul class="findings card">${findings.map((x) => html`<li><span class="warn" aria-hidden="true">●</span> <b>${x.title}</b> <a href=${issueLink(x.id)}>${x.sentence}</a></li>`)}</ul>` : nothing}
        <div class="halves op-charts">
          <section class="card"><header><h2>Durations</h2><span class="muted">click for the traces of that time</span></header><div class="op-latency chart-body"></div><div class="op-table"></div></section>
          <section class="card">
            <header><h2>Heat map</h2><span class="muted">darker is more calls; choose a part for its traces</span></header>
            ${this.heat.total ? html`${this.heat.template()}${this.heat.table()}` : html`<p class="empty">No call in this time.</p>`}
          </section>
        </div>
        <div class="thirds">${this.examples("Slowest", examples.slowest)} ${this.examples("Typical", examples.typical)} ${this.examples("With errors", examples.errored)}</div>
        <div class="halves">
          <section class="card">
            <header><h2>Waits for</h2><span class="muted">directly below it, in the newest traces</span></header>
            ${downstream.length
              ? html`<table class="grid"><thead><tr><th scope="col">Operation</th><th scope="col" class="num" width="96">Calls each</th><th scope="col" class="num" width="86">Average</th><th scope="col" width="128">Of its time</th></tr></thead>
                  <tbody>${downstream.map((d) => html`<tr><td>${dot(d.kind)} <a class="row" href=${operationLink(d.key)}>${name(d.name)}</a></td><td class="num">${f.value(Math.round(d.callsPerCall * 100) / 100)}</td><td class="num">${took(d.averageMs)}</td><td><span class="share-cell"><span>${f.share(d.shareOfTime)}</span>${meter(d.shareOfTime, d.kind)}</span></td></tr>`)}</tbody></table>`
              : html`<p class="empty">Nothing: it does its own work.</p>`}
          </section>
          <section class="card">
            <header><h2>Called by</h2><span class="muted">in the newest traces that have it</span></header>
            ${callers.length
              ? html`<table class="grid"><thead><tr><th scope="col">Operation</th><th scope="col" class="num" width="86">Calls</th><th scope="col" width="128">Of them</th></tr></thead><tbody>${callers.map((c) => html`<tr><td>${dot(c.kind)} <a class="row" href=${operationLink(c.key)}>${name(c.name)}</a> <span class="muted small">${c.service}</span></td><td class="num">${f.count(c.calls)}</td><td><span class="share-cell"><span>${f.share(c.calls / called)}</span>${meter(c.calls / called, c.kind)}</span></td></tr>`)}</tbody></table>`
              : html`<p class="empty">Nobody: requests start here.</p>`}
          </section>
        </div>
        ${issues.length
          ? html`<section class="card"><header><h2>Issues that touch it</h2></header><ul class="rows">${issues.map((i) => html`<li>${sign(i)}<div class="cut"><a class="row strong" href=${issueLink(i.id)}>${i.type}</a> <span class="muted">${i.message}</span></div><span class="num">${f.count(i.events)}</span><span class="num muted w6">${instant(i.lastSeenAt)}</span></li>`)}</ul></section>`
          : nothing}
      </div>
    </div>`;
  }

  examples(title, list) {
    return html`<section class="card">
      <header><h2>${title}</h2></header>
      ${list.length
        ? html`<table class="grid examples"><thead><tr><th scope="col">Began</th><th scope="col" class="num">Took</th><th scope="col" class="num" width="108">Its trace</th><th scope="col" class="num" width="84">Ended</th></tr></thead><tbody>${list.slice(0, 5).map((t) => html`<tr><td><a class="row" href=${traceLink(t.traceId, t.spanId)}>${f.clock(t.startAt)}</a></td><td class="num">${took(t.spanMs, this.view.operation.slowThresholdMs)}</td><td class="num muted" title="Duration of the whole trace">${f.duration(t.durationMs)}</td><td class="num">${t.status === "error" ? html`<span class="danger">✕ error</span>` : html`<span class="faint">✓ ok</span>`}</td></tr>`)}</tbody></table>`
        : html`<p class="empty">None in this time.</p>`}
    </section>`;
  }
}

/** The server's bounds are upper ends; rows without a call at both ends are left out. */
function mapOf(map) {
  const bounds = [map.boundsMs[0] / 2, ...map.boundsMs, map.boundsMs.at(-1) * 2];
  const some = map.boundsMs.map((_, y) => y).concat(map.boundsMs.length).filter((y) => map.counts.some((column) => column[y] > 0));
  const [low, high] = [some[0] ?? 0, some.at(-1) ?? 0];
  return { fromAt: map.fromAt, stepMs: map.stepMs, boundsMs: bounds.slice(low, high + 2), counts: map.counts.map((column) => column.slice(low, high + 1)), openBelow: low === 0 };
}
