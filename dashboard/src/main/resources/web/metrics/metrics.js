/* SPDX-License-Identifier: Apache-2.0 */
// How much, how often: scene generation, AI usage and tool executions as charts, every other metric as a card.
import { html, nothing, render, repeat } from "../shell/html.js";
import * as api from "../shell/api.js";
import { asTable, Chart } from "../shell/chart.js";
import * as f from "../shell/format.js";
import * as live from "../shell/live.js";
import { instant, spark } from "../shell/parts.js";
import { entitle, onSearch } from "../shell/shell.js";
import { adjust, filters, param, to, traceLink } from "../shell/url.js";

const REST_MS = 800; // between two refreshes; the first comes at once
const KINDS = ["ai", "tool", "http", "db", "queue", "cache", "client", "internal"];
const AGGREGATES = {
  counter: ["rate", "increase", "total"],
  gauge: ["avg", "last", "min", "max"],
  updown: ["avg", "last", "min", "max"],
  histogram: ["percentiles", "count", "sum", "avg", "rate"],
};
const COLOURS = { p50: "internal", p95: "http", p99: "ai" };

export async function start(place, name) {
  const page = name ? new MetricPage(place, name) : new MetricsPage(place);
  await page.load();
  live.on("metric", (messages) => page.changed(new Set(messages.flatMap((m) => m.names)), messages.some((m) => m.more > 0)));
  live.on("resync", () => page.load());
  if (!name) onSearch(() => page.load());
}

/** A value of a metric in its own unit. */
function formatter(metric, agg) {
  if (metric.type === "histogram" && ["count", "rate"].includes(agg)) return f.value;
  if (metric.unit === "ms") return f.duration;
  if (metric.unit === "s") return (v) => f.duration(v * 1000);
  if (metric.unit === "By" && !(metric.type === "counter" && agg === "rate")) return f.bytes;
  return f.value;
}

const RATES = { rate: "per second", increase: "in each step" };
const words = (metric) => metric.type + (metric.unit ? ", " + metric.unit.replace(/[{}]/g, "") : "");

/** One metric drawn: the card of a featured one, and the whole of a metric's own page. */
class MetricChart {
  constructor(name, query, height) {
    this.name = name;
    this.query = query;
    this.height = height;
  }

  async load(place) {
    const data = await api.get("metrics/" + encodeURIComponent(this.name), this.query());
    this.data = data;
    this.format = formatter(data, data.agg);
    this.chart ??= new Chart(place, { height: this.height, format: (v) => this.format(v), marks: () => (data.agg === "percentiles" ? this.data.exemplars : []) });
    this.lines = data.series.map((series, i) => ({
      label: data.series.length === 1 && RATES[data.agg] ? RATES[data.agg] : series.name && data.series.length <= 3 ? series.name.toUpperCase() : [series.label, series.name].filter(Boolean).join(" "),
      values: series.values,
      kind: COLOURS[series.name] ?? KINDS[i % KINDS.length],
      fill: series.name === "p95" || (!series.name && i < 2),
      width: series.name === "p95" ? 2 : 1.5,
      stepped: data.type === "counter" && data.agg === "increase",
    }));
    await this.chart.show(data.at, this.lines);
  }
}

class MetricsPage {
  constructor(place) {
    this.place = place;
    this.charts = new Map();
    this.dirty = new Set();
    this.soon = live.rested(() => this.refresh(), REST_MS);
  }

  async load() {
    const { items } = await api.get("metrics", filters({ q: param("q"), limit: 200 }));
    this.items = items;
    this.draw();
    await Promise.all(this.featured().map((metric) => this.drawChart(metric)));
    this.draw();
  }

  featured() {
    return this.items.filter((metric) => metric.featured).slice(0, 6);
  }

  async drawChart(metric) {
    if (!this.charts.has(metric.name)) this.charts.set(metric.name, new MetricChart(metric.name, () => filters(), this.charts.size === 0 ? 270 : 200));
    const place = this.place.querySelector('[data-metric="' + CSS.escape(metric.name) + '"]');
    if (!place) return;
    const chart = this.charts.get(metric.name);
    await chart.load(place);
    render(asTable(metric.name, chart.data.at, chart.lines, chart.format), place.nextElementSibling);
  }

  /** Points arrived: charts and numbers move in place, about once a second. */
  changed(names, more) {
    if (more) this.items.forEach((metric) => this.dirty.add(metric.name));
    for (const name of names) this.dirty.add(name);
    this.soon();
  }

  async refresh() {
    const dirty = this.dirty;
    this.dirty = new Set();
    try {
      const { items } = await api.get("metrics", filters({ q: param("q"), limit: 200 }));
      const unknown = items.some((metric) => !this.items.some((known) => known.name === metric.name));
      this.items = items;
      this.draw();
      await Promise.all(this.featured().filter((metric) => unknown || dirty.has(metric.name)).map((metric) => this.drawChart(metric)));
      this.draw();
    } catch {
      // the next message asks again
    }
  }

  draw() {
    const featured = this.featured();
    const rest = this.items.filter((metric) => !featured.includes(metric));
    render(
      html`<div class="page metrics">
        <h1 class="sr-only">Metrics</h1>
        ${this.items.length
          ? nothing
          : html`<div class="empty card"><p>No metric has arrived.</p><p class="small">Metrics of an OpenTelemetry SDK come to this server's own address; <code>scene_generation_duration</code>, <code>ai_token_usage</code> and <code>tool_executions</code> come from Tracebridge.</p></div>`}
        <div class="metric-charts">
          ${repeat(
            featured,
            (metric) => metric.name,
            (metric) =>
              html`<section class="card">
                <header>
                  <h2 class="mono"><a href=${to("/metrics/" + encodeURIComponent(metric.name))}>${metric.name}</a></h2>
                  <span class="muted">${words(metric)}${metric.type === "counter" ? ", per second" : ""}</span>
                  <span class="end metric-last">${soFar(metric, this.charts.get(metric.name)?.data)}</span>
                </header>
                <div class="chart-body" data-metric=${metric.name}></div><div></div>
              </section>`,
          )}
        </div>
        ${rest.length
          ? html`<div class="metric-cards">
              ${repeat(
                rest,
                (metric) => metric.name,
                (metric) =>
                  html`<a class="card metric-card" href=${to("/metrics/" + encodeURIComponent(metric.name))}>
                    <span class="mono cut" title=${metric.name}>${metric.name}</span><span class="muted small cut">${words(metric)}</span>
                    <span class="metric-last">${last(metric)}</span>${spark(metric.spark ?? [], { kind: metric.type === "histogram" ? "http" : metric.type === "counter" ? "db" : "internal", fromZero: metric.type !== "gauge" })}
                  </a>`,
              )}
            </div>`
          : nothing}
      </div>`,
      this.place,
    );
  }
}

function last(metric) {
  if (!metric.last) return f.DASH;
  return html`<b>${formatter(metric, metric.type === "counter" ? "rate" : "")(metric.last.value)}</b> <span class="muted small">${metric.last.label}</span>`;
}

/** A counter is how much it counted in this time: a rate of the last slice says less, and stands still when nothing happens. */
function soFar(metric, data) {
  const totals = data?.totals;
  if (metric.type === "counter" && totals?.sum != null) return html`<b>${f.count(totals.sum)}</b> <span class="muted small">${(metric.unit ?? "").replace(/[{}]/g, "")} in this time</span>`;
  if (metric.type === "histogram" && totals?.count && totals.p95 != null) return html`<b>${formatter(metric, "")(totals.p95)}</b> <span class="muted small">P95 of ${f.count(totals.count)}</span>`;
  return last(metric);
}

class MetricPage {
  constructor(place, name) {
    this.place = place;
    this.name = name;
    this.soon = live.rested(() => this.load().catch(() => {}), REST_MS);
    this.chart = new MetricChart(name, () => filters({ groupBy: param("groupBy"), agg: param("agg") }), 380);
  }

  async load() {
    entitle(this.name);
    if (!this.stage) {
      // which choices the page offers depends on the metric: ask before anything is drawn
      this.chart.data = await api.get("metrics/" + encodeURIComponent(this.name), this.chart.query());
      this.stage = document.createElement("div");
      this.place.append(this.stage);
    }
    this.draw();
    await this.chart.load(this.stage.querySelector(".chart-body"));
    this.draw();
  }

  changed(names, more) {
    if (!more && !names.has(this.name)) return;
    this.soon();
  }

  choose(changes) {
    adjust(changes);
    this.load();
  }

  draw() {
    const d = this.chart.data;
    const totals = d.totals ?? {};
    const show = formatter(d, "");
    render(
      html`<div class="page">
        <div class="page-head">
          <h1 class="mono metric-title">${d.name}</h1>
          <span class="muted">${words(d)}${d.stepMs ? " · " + f.duration(d.stepMs) + " steps" : ""}</span>
          <span class="end bar">
            <label class="pick"><span>Show</span><select @change=${(e) => this.choose({ agg: e.target.value })}>${(AGGREGATES[d.type] ?? [d.agg]).map((agg) => html`<option value=${agg} ?selected=${agg === d.agg}>${agg}</option>`)}</select></label>
            <label class="pick"><span>By</span><select @change=${(e) => this.choose({ groupBy: e.target.value })}><option value="">nothing</option>${(d.groups ?? []).map((key) => html`<option value=${key} ?selected=${param("groupBy") === key}>${key}</option>`)}</select></label>
            <a class="button" href=${to("/metrics")}>All metrics</a>
          </span>
        </div>
        ${d.description ? html`<p class="muted">${d.description}</p>` : nothing}
        <section class="card">
          <div class="chart-body metric-large"></div>
          ${this.chart.lines ? asTable(d.name, d.at, this.chart.lines, show) : nothing}
        </section>
        ${totals.count || totals.sum
          ? html`<section class="card"><header><h2>In this time</h2></header><dl class="facts body">
              ${[["count", f.count(totals.count)], ["sum", totals.sum == null ? null : show(totals.sum)], ["min", totals.min == null ? null : show(totals.min)], ["P50", totals.p50 == null ? null : show(totals.p50)], ["P95", totals.p95Text ?? (totals.p95 == null ? null : show(totals.p95))], ["P99", totals.p99 == null ? null : show(totals.p99)], ["max", totals.max == null ? null : show(totals.max)]]
                .filter(([, value]) => value !== null)
                .map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
            </dl></section>`
          : nothing}
        ${d.resets ? html`<p class="muted small">The sender's count started again ${f.plural(d.resets, "time")}; increases are counted across that.</p>` : nothing}
        ${d.overflow ? html`<p class="warn small">More than 20 series: the rest is in __other__.</p>` : nothing}
        ${d.exemplars?.length
          ? html`<section class="card"><header><h2>Traces behind it</h2></header><table class="grid"><tbody>${d.exemplars.slice(-8).map((x) => html`<tr><td><a class="row" href=${traceLink(x.traceId, x.spanId)}>trace ${x.traceId.slice(0, 8)}</a></td><td class="num">${show(x.value)}</td><td class="num muted">${instant(x.at)}</td></tr>`)}</tbody></table></section>`
          : nothing}
      </div>`,
      this.stage,
    );
  }
}
