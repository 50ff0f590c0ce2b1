/* SPDX-License-Identifier: Apache-2.0 */
// What happened: requests, newest first.
import { html, nothing } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import { Grid, show, toggle } from "../shell/grid.js";
import { HeatMap } from "../shell/heatmap.js";
import * as live from "../shell/live.js";
import { chips, dot, estimated, meter, moment, name, status, took } from "../shell/parts.js";
import { elsewhere, onSearch, scope } from "../shell/shell.js";
import { adjust, filters, issueLink, param, to, traceLink } from "../shell/url.js";

/** What the calls cost, or how many there were when none has a price. */
function aiCell(ai) {
  const words = f.plural(ai.calls, "AI call") + (ai.unpriced ? ", " + f.count(ai.unpriced) + " without a price" : "");
  return html`<span title=${words} class=${ai.unpriced >= ai.calls ? "muted" : ""}>${ai.unpriced >= ai.calls ? f.plural(ai.calls, "call") : f.money(ai.costUsd)}</span>`;
}

const FIXED = ["operation", "root", "issue", "attr"];
const CHOSEN = ["time", "minMs", "maxMs"]; // what the heat map chooses: `time` is `from-to` in milliseconds
const MAP_EVERY_MS = 3000;

export async function start(place) {
  let scale = 0;
  const grid = new Grid({
    endpoint: "traces",
    label: "Traces",
    defaultSort: "start",
    id: (trace) => trace.id,
    href: (trace) => traceLink(trace.id),
    query: () => ({ ...narrow(), ...chosenTime(), minMs: param("minMs"), maxMs: param("maxMs") }),
    loaded: (page) => {
      // one scale for the list; a single huge trace must not flatten the rest
      scale = page.p99Ms || Math.max(...page.items.map((t) => t.durationMs), 1);
    },
    empty: () => html`<p class="empty">No trace${narrowed() ? " matches" : ""}${scope()}. ${narrowed() ? html`<button class="link" @click=${widen}>Clear the filters</button>` : elsewhere("/traces")}</p>`,
    columns: [
      { label: "Time", width: "116", narrow: "74", sort: "start", cell: (t) => moment(t.startAt) },
      {
        label: "Operation",
        cell: (t) => html`${dot(t.kind)} <a class="row" href=${traceLink(t.id)}>${name(t.operation)}</a> <span class="muted small">${t.service}</span> ${chips(t.chips)}`,
      },
      {
        label: "Duration",
        width: "190",
        narrow: "78",
        num: true,
        barred: true,
        sort: "duration",
        cell: (t) => html`<span class="inline-bar">${took(t.durationMs)}${meter(t.durationMs / scale, t.kind)}</span>`,
      },
      { label: "Spans", width: "76", num: true, spare: true, cell: (t) => f.count(t.spans) },
      { label: "Services", width: "80", num: true, spare: true, cell: (t) => (t.services ? html`<span title=${t.services.join(", ")}>${t.services.length}</span>` : f.DASH) },
      { label: "AI", width: "86", num: true, spare: true, cell: (t) => (t.ai?.calls ? aiCell(t.ai) : html`<span class="faint">${f.DASH}</span>`) },
      {
        label: "Errors",
        width: "84",
        narrow: "56",
        num: true,
        cell: (t) =>
          t.errors
            ? html`<a class="danger" href=${t.issueIds?.[0] ? issueLink(t.issueIds[0]) : traceLink(t.id)} title="Open the issue">✕ ${f.count(t.errors)}</a>`
            : html`<span class="faint">${f.DASH}</span>`,
      },
      {
        label: "Status",
        width: "132",
        spare: "late",
        cell: (t) => html`<span title=${t.kept?.sentence ?? nothing}>${status(t.status)}</span> ${t.kept?.because && t.kept.because !== "head" && t.kept.sentence ? html`<span class="badge" title=${t.kept.sentence}>kept</span>` : nothing}`,
      },
    ],
  });
  const heat = new HeatMap({
    what: "Traces",
    onSelect: ({ from, to, minMs, maxMs }) => choose({ time: from + "-" + to, minMs, maxMs }),
    onClear: () => choose({ time: null, minMs: null, maxMs: null }),
    selected,
  });
  // the map shows all durations of the header's time: the choice is a frame in it, and never takes its surroundings away
  const loadMap = async () => heat.show(await api.get("heatmap", filters({ q: param("q"), ...narrow() })));
  const reload = async () => {
    await Promise.all([loadMap(), grid.load()]);
    grid.drawIn();
  };
  const choose = (changes) => {
    adjust(changes);
    return Object.keys(changes).every((key) => CHOSEN.includes(key)) ? grid.load() : reload();
  };
  let mapTimer = null;
  /** New traces darken the map after a while, but not under a pointer that points into it. */
  function mapSoon() {
    mapTimer ??= setTimeout(async () => {
      mapTimer = null;
      if (place.querySelector(".heat:hover, .heat-map:focus")) return;
      await loadMap().catch(() => {});
      grid.drawIn();
    }, MAP_EVERY_MS);
  }
  function narrowed() {
    return ["q", "status", ...FIXED, ...CHOSEN].some((key) => param(key));
  }
  function widen() {
    choose(Object.fromEntries(["q", "status", ...FIXED, ...CHOSEN].map((key) => [key, null])));
    document.getElementById("search").value = "";
  }

  show(
    place,
    grid,
    () => html`
      <div class="page">
        <div class="bar">
          <h1 class="sr-only">Traces</h1>
          ${toggle(choose, "status", "error", html`<span class="danger">✕</span> Errors`)} ${toggle(choose, "minMs", "1000", html`<span class="danger">▲</span> Over 1 s`)} ${chosenChip(() => choose({ time: null, minMs: null, maxMs: null }))}
          ${["operation", "root", "issue", "attr"].filter((key) => param(key)).map((key) => html`<button class="button" aria-label="Remove filter ${key}" @click=${() => choose({ [key]: null })}>${key}: ${param(key)} ✕</button>`)}
          ${param("q") ? html`<button class="button" aria-label="Remove the search" @click=${widen}>“${param("q")}” ✕</button>` : nothing}
          <span class="end">${estimated(grid.page?.estimate)}</span>
        </div>
        ${heat.total ? html`<section class="card heat-card"><h2 class="sr-only">Durations over time</h2>${heat.template()}${heat.table()}</section>` : nothing}
        <section class="card">${grid.template()}</section>
      </div>
    `,
  );
  const drawGrid = grid.drawIn;
  grid.drawIn = () => {
    drawGrid();
    if (heat.total) heat.mount(place.querySelector(".heat"));
  };
  onSearch(reload);
  live.on("trace", (messages) => {
    mapSoon();
    if (!narrowed()) grid.arrived(messages.flatMap((m) => m.items));
  });
  live.on("resync", reload);
  await reload();
}

function narrow() {
  return { status: param("status"), ...Object.fromEntries(FIXED.map((key) => [key, param(key)])) };
}

function chosenTime() {
  const [from, to] = param("time").split("-");
  return to ? { from, to } : {};
}

function selected() {
  const { from, to } = chosenTime();
  return to ? { from: Number(from), to: Number(to), minMs: param("minMs") ? Number(param("minMs")) : null, maxMs: param("maxMs") ? Number(param("maxMs")) : null } : null;
}

function chosenChip(clear) {
  const range = selected();
  const lengths = (param("minMs") && param("minMs") !== "1000") || param("maxMs");
  if (!range && !lengths) return nothing;
  const time = range ? f.seconds(range.from) + " – " + f.seconds(range.to) : "";
  const low = param("minMs") ? f.duration(Number(param("minMs"))) : "0";
  const length = param("minMs") || param("maxMs") ? low + (param("maxMs") ? " – " + f.duration(Number(param("maxMs"))) : " and longer") : "";
  return html`<button class="button" aria-label="Remove the chosen part" aria-pressed="true" @click=${clear}>${[time, length].filter(Boolean).join(" · ")} ✕</button>`;
}
