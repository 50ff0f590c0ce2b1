/* SPDX-License-Identifier: Apache-2.0 */
// Is it healthy, and what is worst now: one screen.
import { html, nothing, render } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import * as live from "../shell/live.js";
import { bars, dot, estimated, instant, meter, name, spark, took } from "../shell/parts.js";
import { filters, issueLink, operationLink, param, to, traceLink } from "../shell/url.js";
import { badges, eventsOf, sign, trendOf } from "../issues/issues.js";
import { elsewhere, scope } from "../shell/shell.js";
import { LiveStrip } from "./strip.js";
import { setup } from "./setup.js";

const REFRESH_MS = 5000;

export async function start(place) {
  const page = new Overview(place);
  await page.load();
  live.on("trace", (messages) => page.traces(messages.flatMap((m) => m.items)));
  live.on("issue", () => page.soon());
  live.on("health", (messages) => page.received(messages.at(-1)));
  live.on("resync", () => page.load());
}

class Overview {
  constructor(place) {
    this.place = place;
    this.strip = new LiveStrip();
    this.timer = 0;
  }

  async load() {
    const data = await api.get("overview", filters());
    const first = !this.data || this.data.empty !== data.empty;
    this.data = data;
    if (!data.empty) this.strip.reset(data.recent);
    this.draw();
    if (first && !data.empty) this.strip.mount(this.place.querySelector(".strip"));
  }

  /** Numbers change in place a while after something happened; places never move. */
  soon() {
    if (this.timer || document.hidden) return;
    this.timer = setTimeout(async () => {
      this.timer = 0;
      await this.load().catch(() => {});
    }, REFRESH_MS);
  }

  traces(items) {
    if (this.data.empty) return void this.load();
    this.strip.add(items);
    this.soon();
  }

  received(health) {
    if (!this.data.empty) return;
    if (health.accepted > 0) this.load();
  }

  draw() {
    render(this.data.empty ? setup(this.data.received, () => this.load()) : this.screen(), this.place);
  }

  screen() {
    const { tiles, bottlenecks, issues, operations, estimate, recent } = this.data;
    return html`<div class="page overview">
      <h1 class="sr-only">Overview</h1>
      ${this.tiles(tiles)}
      <section>
        <div class="page-head">
          <h2>Top 3 bottlenecks</h2>
          <span class="muted small">share of the time users waited, ${rangeWords()}</span>
          <span class="end">${estimated(estimate)} <a href=${to("/changes")}>What changed</a></span>
        </div>
        <div class="thirds">${bottlenecks.length ? bottlenecks.slice(0, 3).map((b) => bottleneck(b, b.share ? b.criticalMs / b.share : 0)) : html`<p class="card empty">No request ended${scope()}. ${elsewhere("/")}</p>`}</div>
      </section>
      <div class="halves">
        <section class="card">
          <header><h2>Issues</h2><a class="end" href=${to("/issues")}>All</a></header>
          ${issues.length
            ? html`<ul class="rows">
                ${issues.slice(0, 5).map(
                  (issue) =>
                    html`<li>
                      ${sign(issue)}
                      <div class="cut"><a class="row strong" href=${issueLink(issue.id)}>${issue.type}</a> ${badges(issue)}<div class="muted cut">${issue.message}</div></div>
                      <span class="end">${trendOf(issue)}</span><span class="num w4">${eventsOf(issue)}</span><span class="num muted w6">${instant(issue.lastSeenAt)}</span>
                    </li>`,
                )}
              </ul>`
            : html`<p class="empty"><span class="ok">✓</span> Nothing broke${scope()}.</p>`}
        </section>
        <section class="card">
          <header><h2>Slowest operations</h2><a class="end" href=${to("/operations", { sort: "p95" })}>All</a></header>
          ${operations.length
            ? html`<table class="grid slowest" aria-label="Slowest operations">
                <thead>
                  <tr>
                    <th scope="col">Operation</th>
                    <th scope="col" class="num" width="70">Calls</th>
                    <th scope="col" class="num spare" width="78">P50</th>
                    <th scope="col" class="num" width="86">P95</th>
                    <th scope="col" class="spare" width="90">Spread</th>
                    <th scope="col" width="112">Of wait</th>
                  </tr>
                </thead>
                <tbody>
                  ${operations.slice(0, 6).map(
                    (o) =>
                      html`<tr>
                        <td>${dot(o.kind)} <a class="row" href=${operationLink(o.key)}>${name(o.name)}</a></td>
                        <td class="num muted">${f.count(o.count)}</td>
                        <td class="num muted spare">${f.duration(o.p50Ms)}</td>
                        <td class="num strong ${o.few ? "few" : ""}" title=${o.few ? "only " + o.samples + " samples" : o.samples + " samples"}>${took(o.p95Ms, o.slowThresholdMs)}</td>
                        <td class="spare">${bars(o.spread, { kind: o.kind })}</td>
                        <td><span class="share-cell"><span>${f.share(o.share)}</span>${meter(o.share, o.kind)}</span></td>
                      </tr>`,
                  )}
                </tbody>
              </table>`
            : html`<p class="empty">No operation was called${scope()}.</p>`}
        </section>
      </div>
      <section class="card">
        <header>
          <h2>Requests as they end</h2><span class="muted">newest at the right, duration on a log scale</span>
          <a class="end" href=${to("/traces")}>All traces</a>
        </header>
        ${recent.length ? nothing : html`<p class="empty">No request${scope()}.</p>`}
        <div class="strip body" ?hidden=${!recent.length}></div>
      </section>
    </div>`;
  }

  tiles(t) {
    return html`<div class="tiles">
      ${tile("Requests", html`${f.value(round(t.requests.perMinute))}<small>/min</small>`, changed(t.requests.perMinute, t.requests.previous), t.requests.trend, "http", to("/traces"))}
      ${tile("Errors", html`<span class=${t.errors.count ? "danger" : ""}>${percent(t.errors.share)}</span><small>%</small>`, t.errors.previous == null ? f.count(t.errors.count) + " of the requests" : percent(t.errors.previous) + " % before", t.errors.trend, "danger", to("/traces", { status: "error" }))}
      ${tile("P95", !t.latency.samples ? f.DASH : big(t.latency.p95Ms), html`of ${f.plural(t.latency.samples, "request")}${t.latency.previous == null ? "" : " · " + f.duration(t.latency.previous) + " before"}`, t.latency.trend, "http", to("/traces", { sort: "duration" }))}
      ${tile(html`Open issues ${t.issues.new ? html`<i class="dot" data-k="danger"></i>` : nothing}`, f.count(t.issues.open), t.issues.new ? f.count(t.issues.new) + " new in this run" : "none new", t.issues.trend, "internal", to("/issues"))}
      ${tile("AI spend", t.ai.calls && t.ai.costUsd == null ? html`<span class="quiet">no price</span>` : f.money(t.ai.costUsd ?? 0), aiLine(t.ai), t.ai.costUsd ? t.ai.trend : [], "ai", to("/ai"))}
    </div>`;
  }
}

function aiLine(ai) {
  const unpriced = ai.unpriced ? (ai.unpriced >= ai.calls ? "none priced" : f.count(ai.unpriced) + " unpriced") : f.compact(ai.tokens) + " tokens";
  return f.plural(ai.calls, "call") + " · " + unpriced;
}

const tile = (label, value, line, trend, kind, href) =>
  html`<a class="card tile" href=${href}>
    <span class="tile-label">${label}</span><span class="tile-value">${value}</span><span class="tile-line" title=${typeof line === "string" ? line : nothing}>${line}</span>
    ${spark(trend ?? [], { kind, bridge: true })}
  </a>`;

function bottleneck(b, wait) {
  const op = b.operation;
  return html`<article class="card bottleneck">
    <p class="bn-head">${dot(op.kind)} <a href=${operationLink(op.key)}>${name(op.name)}</a> <b>${f.share(b.share)}</b></p>
    ${meter(b.share, op.kind)}
    <p class="muted cut" title=${b.sentence}>${b.root ? html`${f.share(b.root.share)} of the waiting in <a class="quiet-link" href=${operationLink(b.root.key)}>${name(b.root.name)}</a>` : b.sentence}</p>
    <p class="cut">${b.finding ? html`<span class="warn bn-dot" aria-hidden="true">●</span> <a class="quiet-link" href=${issueLink(b.finding.id)}>${b.finding.sentence}</a>` : html`<span class="muted">${f.duration(b.criticalMs)} of ${f.duration(wait)} that users waited</span>`}</p>
    <footer>
      <span class="muted">P95 ${took(b.p95Ms, op.kind === "ai" ? 10_000 : undefined)}</span> <span class="muted">calls <a class="quiet-link strong" href=${to("/traces", { operation: op.key })}>${f.count(b.calls)}</a></span>
      <span class="end">${b.evidence.slice(0, 3).map((e) => html` <a href=${traceLink(e.traceId, e.spanId)} title="A trace that shows it">${f.duration(e.durationMs)}</a>`)}</span>
    </footer>
  </article>`;
}

function big(ms) {
  const [, number, unit] = /^(.*?)\u202f?(\D+)$/.exec(f.duration(ms)) ?? [null, f.duration(ms), ""];
  return html`<span class=${ms > 1000 ? "slow" : ""} aria-label=${ms > 1000 ? "slow, " + f.spoken(ms) : nothing}>${number}<small>${unit}</small></span>`;
}

const round = (x) => (x == null ? null : Math.round(x * 10) / 10);
const percent = (x) => (x == null ? f.DASH : x === 0 ? "0" : (x * 100).toFixed(x < 0.0995 ? 1 : 0));

function changed(now, before) {
  if (!before) return "nothing earlier to compare";
  const by = Math.round((now / before - 1) * 100);
  return by === 0 ? "as before" : Math.abs(by) + " % " + (by > 0 ? "more" : "less") + " than before";
}

function rangeWords() {
  const from = param("from", "1h");
  return { "5m": "last 5 min", "15m": "last 15 min", "1h": "last hour", "24h": "last 24 h", "7d": "last 7 days", all: "all time" }[from] ?? "in this time";
}
