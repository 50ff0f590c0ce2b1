/* SPDX-License-Identifier: Apache-2.0 */
// What happened: requests, newest first.
import { html, nothing } from "../shell/html.js";
import * as f from "../shell/format.js";
import { Grid, show } from "../shell/grid.js";
import * as live from "../shell/live.js";
import { chips, dot, estimated, instant, meter, name, status, took } from "../shell/parts.js";
import { onSearch } from "../shell/shell.js";
import { adjust, issueLink, param, traceLink } from "../shell/url.js";

const FIXED = ["operation", "root", "issue", "attr", "minMs", "maxMs"];

export async function start(place) {
  let scale = 0;
  const grid = new Grid({
    endpoint: "traces",
    label: "Traces",
    defaultSort: "start",
    id: (trace) => trace.id,
    href: (trace) => traceLink(trace.id),
    query: () => ({
      status: param("status"),
      ...Object.fromEntries(FIXED.map((key) => [key, param(key)])),
    }),
    loaded: (page) => {
      // one scale for the list; a single huge trace must not flatten the rest
      scale = page.p99Ms || Math.max(...page.items.map((t) => t.durationMs), 1);
    },
    empty: () => html`<p class="empty">No trace matches. ${narrowed() ? html`<button class="link" @click=${widen}>Clear the filters</button>` : "Try a longer time."}</p>`,
    columns: [
      { label: "Time", width: "116", sort: "start", cell: (t) => instant(t.startAt, f.clock(t.startAt)) },
      {
        label: "Operation",
        cell: (t) => html`${dot(t.kind)} <a class="row" href=${traceLink(t.id)}>${name(t.operation)}</a> <span class="muted small">${t.service}</span> ${chips(t.chips)}`,
      },
      {
        label: "Duration",
        width: "190",
        num: true,
        sort: "duration",
        cell: (t) => html`<span class="inline-bar">${took(t.durationMs)}${meter(t.durationMs / scale, t.kind)}</span>`,
      },
      { label: "Spans", width: "76", num: true, spare: true, cell: (t) => f.count(t.spans) },
      { label: "Services", width: "80", num: true, spare: true, cell: (t) => (t.services ? html`<span title=${t.services.join(", ")}>${t.services.length}</span>` : f.DASH) },
      { label: "AI", width: "86", num: true, spare: true, cell: (t) => (t.ai?.calls ? html`<span title=${f.plural(t.ai.calls, "AI call")}>${f.money(t.ai.costUsd)}</span>` : html`<span class="faint">${f.DASH}</span>`) },
      {
        label: "Errors",
        width: "84",
        num: true,
        cell: (t) =>
          t.errors
            ? html`<a class="danger" href=${t.issueIds?.[0] ? issueLink(t.issueIds[0]) : traceLink(t.id)} title="Open the issue">✕ ${f.count(t.errors)}</a>`
            : html`<span class="faint">${f.DASH}</span>`,
      },
      {
        label: "Status",
        width: "132",
        cell: (t) => html`<span title=${t.kept?.sentence ?? nothing}>${status(t.status)}</span> ${t.kept?.because && t.kept.because !== "head" && t.kept.sentence ? html`<span class="badge" title=${t.kept.sentence}>kept</span>` : nothing}`,
      },
    ],
  });
  const reload = () => grid.load();
  const choose = (changes) => {
    adjust(changes);
    reload();
  };
  function narrowed() {
    return ["q", "status", ...FIXED].some((key) => param(key));
  }
  function widen() {
    choose(Object.fromEntries(["q", "status", ...FIXED].map((key) => [key, null])));
    document.getElementById("search").value = "";
  }
  const toggle = (key, value, label) =>
    html`<button class="button" aria-pressed=${param(key) === value} @click=${() => choose({ [key]: param(key) === value ? null : value })}>${label}</button>`;

  show(
    place,
    grid,
    () => html`
      <div class="page">
        <div class="bar">
          <h1 class="sr-only">Traces</h1>
          ${toggle("status", "error", html`<span class="danger">✕</span> Errors`)} ${toggle("minMs", "1000", html`<span class="danger">▲</span> Over 1 s`)}
          ${["operation", "root", "issue", "attr"].filter((key) => param(key)).map((key) => html`<button class="button" aria-label="Remove filter ${key}" @click=${() => choose({ [key]: null })}>${key}: ${param(key)} ✕</button>`)}
          ${param("q") ? html`<button class="button" aria-label="Remove the search" @click=${widen}>“${param("q")}” ✕</button>` : nothing}
          <span class="end">${estimated(grid.page?.estimate)}</span>
        </div>
        <section class="card">${grid.template()}</section>
      </div>
    `,
  );
  onSearch(reload);
  live.on("trace", (messages) => {
    if (!narrowed()) grid.arrived(messages.flatMap((m) => m.items));
  });
  live.on("resync", reload);
  await grid.load();
}
