/* SPDX-License-Identifier: Apache-2.0 */
// What is slow: every operation with its percentiles and its share of what users waited for.
import { html, nothing } from "../shell/html.js";
import * as f from "../shell/format.js";
import { Grid, show } from "../shell/grid.js";
import * as live from "../shell/live.js";
import { bars, dot, estimated, meter, name, took } from "../shell/parts.js";
import { elsewhere, onSearch, scope } from "../shell/shell.js";
import { operationLink, param, to } from "../shell/url.js";

const KINDS = ["http", "client", "internal", "ai", "tool", "db", "queue", "cache"];

export async function start(place) {
  const time = (value, o, strong) => html`<span class="${strong ? "strong" : ""} ${o.few ? "few" : ""}">${took(value, o.slowThresholdMs)}</span>`;
  const grid = new Grid({
    endpoint: "operations",
    label: "Operations",
    defaultSort: "share",
    orders: true,
    id: (o) => o.key,
    href: (o) => operationLink(o.key),
    query: () => ({ kind: param("kind"), order: param("order"), root: param("root") }),
    empty: () => html`<p class="empty">No operation was called${scope()}. ${elsewhere("/operations")}</p>`,
    columns: [
      { label: "Operation", cell: (o) => html`${dot(o.kind)} <a class="row" href=${operationLink(o.key)}>${name(o.name)}</a> <span class="muted small">${o.service}</span>` },
      { label: "Calls", width: "80", narrow: "56", num: true, sort: "count", cell: (o) => html`<a class="quiet-link" href=${to("/traces", { operation: o.key })} title="Traces with it">${f.count(o.count)}</a>` },
      { label: "/min", width: "66", num: true, spare: true, cell: (o) => html`<span class="muted">${f.value(Math.round(o.perMinute * 10) / 10)}</span>` },
      { label: "P50", width: "84", num: true, spare: "late", sort: "p50", cell: (o) => html`<span class="muted">${f.duration(o.p50Ms)}</span>` },
      { label: "P95", width: "92", narrow: "80", num: true, sort: "p95", cell: (o) => html`<span title=${(o.few ? "only " : "") + f.plural(o.samples, "sample") + (o.exact ? ", exact" : ", error below 1 %")}>${time(o.p95Ms, o, true)}</span>` },
      { label: "P99", width: "88", num: true, spare: true, sort: "p99", cell: (o) => time(o.p99Ms, o) },
      { label: "Max", width: "88", num: true, spare: true, sort: "max", cell: (o) => time(o.maxMs, o) },
      { label: "Errors", width: "84", num: true, spare: "late", sort: "errors", cell: (o) => (o.errors ? html`<a class="danger" href=${to("/traces", { operation: o.key, status: "error" })}>✕ ${f.share(o.errorShare)}</a>` : html`<span class="faint">${f.DASH}</span>`) },
      { label: "Spread", width: "94", spare: true, cell: (o) => html`<span title="Durations, 1 ms to 10 s on a log scale">${bars(o.spread ?? [], { kind: o.kind })}</span>` },
      { label: "Of wait", width: "128", narrow: "72", barred: true, sort: "share", cell: (o) => html`<span class="share-cell"><span>${f.share(o.share)}</span>${meter(o.share, o.kind)}</span>` },
    ],
  });
  const choose = (changes) => grid.choose(changes);
  show(
    place,
    grid,
    () =>
      html`<div class="page">
        <div class="bar">
          <h1 class="sr-only">Operations</h1>
          ${KINDS.map((kind) => html`<button class="button" aria-pressed=${param("kind") === kind} @click=${() => choose({ kind: param("kind") === kind ? null : kind })}>${dot(kind)} ${f.kind(kind)}</button>`)}
          <button class="button" aria-pressed=${param("root") === "true"} @click=${() => choose({ root: param("root") ? null : "true" })}>Requests only</button>
          <span class="end">${estimated(grid.items[0]?.estimate)}</span>
        </div>
        <section class="card">${grid.template()}</section>
        ${grid.page?.overflow ? html`<p class="warn small">${grid.page.overflow.text}</p>` : nothing}
        <p class="muted small">Of wait: time this operation itself held up requests, of all time users waited${grid.page?.totalWaitMs ? " (" + f.duration(grid.page.totalWaitMs) + ")" : ""}. P95 of fewer than 20 calls is grey.</p>
      </div>`,
  );
  onSearch(() => grid.load());
  // numbers move with the next load; the order stays while somebody reads
  live.on("resync", () => grid.load());
  await grid.load();
}

