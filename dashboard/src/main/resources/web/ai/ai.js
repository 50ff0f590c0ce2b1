/* SPDX-License-Identifier: Apache-2.0 */
// Which model, how many tokens, what it cost. A model without a price says so and is never counted as free.
import { html, nothing } from "../shell/html.js";
import * as f from "../shell/format.js";
import { Grid, show } from "../shell/grid.js";
import * as live from "../shell/live.js";
import { badge, bars, estimated, meter, moment, name, status, took } from "../shell/parts.js";
import { elsewhere, onSearch, scope } from "../shell/shell.js";
import { param, to, traceLink } from "../shell/url.js";

const SLOW_AI_MS = 10_000;
export const callLink = (call) => to("/ai/calls/" + call.spanId, { trace: call.traceId });
export const cost = (call) => (call.cost?.usd == null ? html`<span class="muted" title="No price is known for this model, or tokens are missing">no price</span>` : html`<span title=${call.cost.arithmetic ?? ""}>${call.cost.text}</span>`);
export const model = (call) =>
  html`<span title=${call.responseModel && call.responseModel !== call.requestModel ? "answered by " + call.responseModel : ""}>${call.requestModel ?? call.responseModel ?? f.DASH}</span>`;

export async function start(place) {
  const grid = new Grid({
    endpoint: "ai/calls",
    label: "AI calls",
    defaultSort: "start",
    id: (call) => call.traceId + call.spanId,
    href: callLink,
    query: () => ({ model: param("model"), provider: param("provider"), operation: param("operation"), status: param("status"), summary: true }),
    empty: () => html`<div class="empty"><p>No model was called${scope()}.</p><p class="small">Spans with <code>gen_ai.*</code> attributes appear here. ${elsewhere("/ai")}</p></div>`,
    columns: [
      { label: "Time", width: "116", narrow: "74", sort: "start", cell: (c) => moment(c.startAt) },
      { label: "Call", cell: (c) => html`<a class="row" href=${callLink(c)}>${name(c.name)}</a> <span class="muted small">${c.operation}</span>` },
      { label: "Model", width: "170", spare: "late", cell: model },
      { label: "Duration", width: "92", num: true, sort: "duration", cell: (c) => took(c.durationMs, SLOW_AI_MS) },
      { label: "First token", width: "96", num: true, spare: true, needed: (c) => c.timeToFirstTokenMs != null, cell: (c) => html`<span class="muted">${f.duration(c.timeToFirstTokenMs)}</span>` },
      { label: "Input", width: "84", num: true, spare: true, sort: "tokens", cell: (c) => html`<span title=${c.tokens?.cacheRead ? f.count(c.tokens.cacheRead) + " from the cache" : ""}>${f.count(c.tokens?.input)}${c.tokens?.cacheRead ? html`<span class="faint">*</span>` : nothing}</span>` },
      { label: "Output", width: "76", num: true, spare: true, cell: (c) => f.count(c.tokens?.output) },
      { label: "Cost", width: "92", num: true, spare: "late", sort: "cost", cell: cost },
      { label: "Tools", width: "62", num: true, spare: true, needed: (c) => c.toolCalls > 0, cell: (c) => (c.toolCalls ? f.count(c.toolCalls) : html`<span class="faint">${f.DASH}</span>`) },
      { label: "Trace", width: "86", spare: "early", cell: (c) => html`<a href=${traceLink(c.traceId, c.spanId)}>${c.traceId.slice(0, 8)}</a>` },
      { label: "Status", width: "150", spare: true, cell: (c) => (c.status === "error" ? badge("danger", "✕ " + (f.simpleType(c.errorType) || "error"), c.errorType ?? "") : status("ok")) },
    ],
  });
  const choose = (changes) => grid.choose(changes);
  const fact = (value, label, line) => html`<div class="card ai-tile"><span class="tile-label">${label}</span><b>${value}</b><span class="tile-line">${line}</span></div>`;
  show(
    place,
    grid,
    () => {
      const t = grid.page?.totals;
      const most = Math.max(...(grid.page?.byModel ?? []).map((m) => m.costUsd ?? 0), 0);
      return html`<div class="page">
        <h1 class="sr-only">AI calls</h1>
        ${t
          ? html`<div class="tiles ai-tiles">
              ${fact(f.count(t.calls), "Calls", "P95 " + f.duration(t.p95Ms))}
              ${fact(f.compact(t.inputTokens), "Tokens in", f.share(t.cacheHitShare) + " from the cache")}
              ${fact(f.compact(t.outputTokens), "Tokens out", t.calls ? f.count(t.outputTokens / t.calls) + " a call" : f.DASH)}
              ${fact(t.costUsd == null ? "no price" : f.money(t.costUsd), "Cost", t.unpriced ? f.plural(t.unpriced, "call") + " without a price" : "every call has a price")}
              ${fact(html`<span class=${t.errors ? "danger" : ""}>${f.share(t.errorShare)}</span>`, "Errors", f.plural(t.errors, "call") + " failed")}
            </div>`
          : nothing}
        ${grid.page?.byModel?.length
          ? html`<section class="card">
              <header><h2>By model</h2><span class="end">${estimated(grid.page.estimate)}</span></header>
              <table class="grid wide" aria-label="By model">
                <thead><tr><th scope="col">Model</th><th scope="col" class="early" width="200">Calls over time</th><th scope="col" class="num" width="80">Calls</th><th scope="col" class="num spare" width="96">Tokens in</th><th scope="col" class="num spare" width="96">Tokens out</th><th scope="col" class="num" width="88">P95</th><th scope="col" class="num" width="88">Errors</th><th scope="col" class="num" width="190">Cost</th></tr></thead>
                <tbody>
                  ${grid.page.byModel.map(
                    (m) =>
                      html`<tr>
                        <td><button class="link" title=${m.model} aria-pressed=${param("model") === m.model} @click=${() => choose({ model: param("model") === m.model ? null : m.model })}>${m.model}</button></td>
                        <td class="early">${bars(m.trend?.calls ?? [], { kind: "ai", width: 180 })}</td>
                        <td class="num">${f.count(m.calls)}</td>
                        <td class="num spare">${f.compact(m.inputTokens)}</td>
                        <td class="num spare">${f.compact(m.outputTokens)}</td>
                        <td class="num">${took(m.p95Ms, SLOW_AI_MS)}</td>
                        <td class="num">${m.errorShare ? html`<span class="danger">✕ ${f.share(m.errorShare)}</span>` : html`<span class="faint">${f.DASH}</span>`}</td>
                        <td class="num"><span class="inline-bar">${m.costUsd == null || (m.costUsd === 0 && m.unpriced) ? html`<span class="muted">no price</span>` : f.money(m.costUsd)} ${meter(most ? m.costUsd / most : 0, "ai")}</span></td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </section>`
          : nothing}
        <div class="bar">
          <button class="button" aria-pressed=${param("status") === "error"} @click=${() => choose({ status: param("status") ? null : "error" })}><span class="danger">✕</span> Errors</button>
          ${["model", "provider", "operation", "q"].filter((key) => param(key)).map((key) => html`<button class="button" aria-label="Remove filter ${key}" @click=${() => choose({ [key]: null })}>${key}: ${param(key)} ✕</button>`)}
        </div>
        <section class="card">${grid.template()}</section>
      </div>`;
    },
  );
  onSearch(() => grid.load());
  live.on("resync", () => grid.load());
  live.on("metric", (messages) => messages.some((m) => m.names.includes("ai_token_usage")) && refreshTotals());
  let timer = null;
  /** Totals move in place; the list of calls stays as it is until asked. */
  function refreshTotals() {
    timer ??= setTimeout(async () => {
      timer = null;
      const page = await grid.ask().catch(() => null);
      if (!page) return;
      grid.page = { ...grid.page, totals: page.totals, byModel: page.byModel };
      grid.arrived(page.items);
    }, 2000);
  }
  await grid.load();
}
