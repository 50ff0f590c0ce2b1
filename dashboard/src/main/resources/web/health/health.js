/* SPDX-License-Identifier: Apache-2.0 */
// What did we receive, drop and keep: every loss with its reason.
import { html, nothing, render } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import * as live from "../shell/live.js";
import { copyButton, instant, meter, toast } from "../shell/parts.js";
import { dsn } from "../shell/url.js";

const REFRESH_MS = 2000;
const PROTOCOLS = { sentry: "Sentry", otlp: "OTLP", "otlp-http": "OTLP, HTTP", "otlp-grpc": "OTLP, gRPC" };
const ITEMS = { event: "error event", log: "log line", metric: "metric point", trace_metric: "metric point" };

export async function start(place) {
  const page = new HealthPage(place);
  await page.load();
  live.on("health", () => page.soon());
  live.on("resync", () => page.load());
}

class HealthPage {
  constructor(place) {
    this.place = place;
  }

  async load() {
    this.data = await api.get("health");
    render(this.template(this.data), this.place);
  }

  soon() {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.load().catch(() => {});
    }, REFRESH_MS);
  }

  /** Asks in the page itself: a mistake here costs the history. */
  async clear() {
    const dialog = this.place.querySelector("dialog.confirm");
    dialog.showModal();
  }

  async cleared() {
    this.place.querySelector("dialog.confirm").close();
    try {
      await api.remove("data");
      toast("Everything stored was cleared");
      await this.load();
    } catch (error) {
      toast(error.message);
    }
  }

  template(h) {
    const rejected = h.received.reduce((sum, row) => sum + row.rejected, 0);
    return html`<div class="page health">
      <h1 class="sr-only">Health</h1>
      <section class="card health-top">
        <dl class="facts">
          <div><dt>up since</dt><dd>${instant(h.startedAt, f.when(h.startedAt))}</dd></div>
          <div><dt>accepted</dt><dd>${f.count(h.received.reduce((sum, row) => sum + row.accepted, 0))}</dd></div>
          <div><dt>rejected</dt><dd class=${rejected ? "danger" : ""}>${f.count(rejected)}</dd></div>
          <div><dt>waiting, ${f.bytes(h.queue.bytes)} of ${f.bytes(h.queue.maxBytes)}</dt><dd>${f.count(h.queue.depth)}</dd></div>
          <div class="health-fill"><dt>stored of ${f.bytes(h.store.maxBytes)}, then the oldest go</dt><dd>${f.bytes(h.store.bytes)} ${meter(h.store.bytes / (h.store.maxBytes || 1))}</dd></div>
          <div><dt title="Removed to make room, oldest first">evicted</dt><dd>${f.count(h.store.evicted)}</dd></div>
          <div><dt>version</dt><dd>${h.version}</dd></div>
        </dl>
        ${h.store.trouble ? html`<p class="danger" role="alert">✕ Nothing is stored at the moment, what arrives waits: ${h.store.trouble}</p>` : nothing}
      </section>
      <div class="halves">
        <div class="stack-column">
        <section class="card">
          <header><h2>Received</h2><span class="muted">since the start; what was known before is counted once</span></header>
          ${h.received.length
            ? html`<table class="grid">
                <thead><tr><th scope="col">Protocol</th><th scope="col">Item</th><th scope="col" class="num">Received</th><th scope="col" class="num">Accepted</th><th scope="col" class="num" title="The same error told by another route or a second time">Known before</th><th scope="col" class="num">Rejected</th></tr></thead>
                <tbody>${h.received.map((row) => html`<tr><td>${PROTOCOLS[row.protocol] ?? row.protocol}</td><td>${ITEMS[row.item] ?? row.item}</td><td class="num">${f.count(row.received)}</td><td class="num">${f.count(row.accepted)}</td><td class="num faint">${f.count(row.received - row.accepted - row.rejected)}</td><td class="num ${row.rejected ? "danger" : "faint"}">${row.rejected ? "✕ " + f.count(row.rejected) : "0"}</td></tr>`)}</tbody>
              </table>`
            : html`<p class="empty">Nothing has been received yet.</p>`}
        </section>
        <section class="card">
          <header><h2>Stored</h2><span class="muted">${h.store.mode === "memory" ? "in memory, gone at the end" : h.store.path}</span></header>
          <table class="grid"><tbody>
            ${[["traces", h.store.traces], ["spans", h.store.spans], ["error events", h.store.events], ["log lines", h.store.logs], ["metric points", h.store.metricPoints]].filter(([, n]) => n != null).map(([label, n]) => html`<tr><td>${label}</td><td class="num">${f.count(n)}</td></tr>`)}
            <tr><td>oldest</td><td class="num">${instant(h.store.oldestAt)}</td></tr>
          </tbody></table>
        </section>
        <section class="card">
          <header><h2>Settings</h2></header>
          <table class="grid"><colgroup><col /><col width="170" /><col width="90" /></colgroup><tbody>${h.settings.map((s) => html`<tr><td class="mono">${s.name}</td><td class="num">${s.value}</td><td class="num muted">${s.source}</td></tr>`)}
            ${h.prices ? html`<tr><td>price table</td><td class="num">${h.prices.date}, ${f.plural(h.prices.models, "model")}</td><td class="num muted">${h.prices.source}</td></tr>` : nothing}
          </tbody></table>
        </section>
        </div>
        <div class="stack-column">
        <section class="card">
          <header><h2>Where to send</h2></header>
          <div class="body health-send">
            <p><span class="muted">Sentry DSN</span> <code>${dsn()}</code> ${copyButton("Copy", "DSN", dsn())}</p>
            <p><span class="muted">OTLP endpoint</span> <code>${location.origin}</code> ${copyButton("Copy", "Endpoint", location.origin)}</p>
            ${h.overflow.map((o) => html`<p class="warn small">${o.limit ? `${f.count(o.count)} of ${o.kind} past the limit of ${f.count(o.limit)} are counted in __other__.` : `${f.count(o.count)} × ${o.kind}: more than fits, left out.`}</p>`)}
            <p><button class="button" @click=${() => this.clear()}>Clear everything stored</button></p>
          </div>
        </section>
        <section class="card">
          <header><h2>Senders</h2></header>
          ${h.senders.length
            ? html`<table class="grid">
                <thead><tr><th scope="col">Service</th><th scope="col">SDK</th><th scope="col" class="num" width="96">Last</th><th scope="col" class="num" width="106" title="How far its clock is from this machine's">Clock is off</th></tr></thead>
                <tbody>${h.senders.map((s) => html`<tr><td>${s.service || f.DASH}</td><td>${s.sdk ?? f.DASH}</td><td class="num">${instant(s.lastSeenAt)}</td><td class="num ${Math.abs(s.skewMs ?? 0) > 1000 ? "warn" : "muted"}">${s.skewMs == null ? f.DASH : (s.skewMs > 0 ? "+" : "") + f.duration(s.skewMs)}</td></tr>`)}</tbody>
              </table>`
            : html`<p class="empty">Nobody has sent anything yet.</p>`}
        </section>
        <section class="card">
          <header><h2>Rejected, and why</h2></header>
          ${h.rejected.length || h.recentRejects.length
            ? html`<table class="grid">
                <thead><tr><th scope="col" width="90">When</th><th scope="col" width="120">What</th><th scope="col" width="130">Reason</th><th scope="col">Detail</th></tr></thead>
                <tbody>
                  ${h.recentRejects.map((r) => html`<tr><td>${instant(r.at)}</td><td>${PROTOCOLS[r.protocol] ?? r.protocol} ${ITEMS[r.item] ?? r.item}</td><td>${r.reason}</td><td title=${r.detail ?? ""}>${r.detail ?? ""}</td></tr>`)}
                  ${h.rejected.map((r) => html`<tr><td class="muted">total</td><td></td><td>${r.reason}</td><td class="num">${f.count(r.count)}</td></tr>`)}
                </tbody>
              </table>`
            : html`<p class="empty"><span class="ok">✓</span> Nothing was rejected.</p>`}
        </section>
        </div>
      </div>
      <dialog class="confirm" aria-labelledby="confirm-title">
        <h2 id="confirm-title">Clear everything stored?</h2>
        <p class="muted">${f.count(h.store.spans)} spans, ${f.count(h.store.events)} error events and ${f.count(h.store.logs)} log lines go. This cannot be undone.</p>
        <p class="bar"><button class="button primary" @click=${() => this.cleared()}>Clear</button> <button class="button" @click=${(e) => e.target.closest("dialog").close()}>Keep</button></p>
      </dialog>
    </div>`;
  }
}
