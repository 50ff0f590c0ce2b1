/* SPDX-License-Identifier: Apache-2.0 */
// What got slower, fails more or is new since a moment: a time against the equally long one before it.
import { html, nothing } from "../shell/html.js";
import * as f from "../shell/format.js";
import { Grid, show, toggle } from "../shell/grid.js";
import * as live from "../shell/live.js";
import { badge, dot, estimated, instant, name, took } from "../shell/parts.js";
import { onSearch, scope } from "../shell/shell.js";
import { changed, issueLink, operationLink, param, to } from "../shell/url.js";
import { eventsOf, sign } from "../issues/issues.js";

export async function start(place) {
  const grid = new Grid({
    endpoint: "changes",
    label: "Operations that changed",
    id: (o) => o.key,
    href: (o) => operationLink(o.key),
    query: () => ({ kind: param("kind"), all: param("all") }),
    empty: () => nothingTold(grid.page),
    columns: [
      { label: "Operation", cell: (o) => html`${dot(o.kind)} <a class="row" href=${operationLink(o.key)}>${name(o.name)}</a> <span class="muted small">${o.service}</span>` },
      { label: "Change", width: "136", narrow: "74", cell: verdict },
      { label: "P50", width: "150", num: true, spare: true, cell: (o) => figure(grid.page, o, "p50", (side) => f.duration(side.p50Ms)) },
      { label: "P95", width: "164", narrow: "140", num: true, cell: (o) => figure(grid.page, o, "p95", (side) => took(side.p95Ms, o.kind === "ai" ? 10_000 : undefined)) },
      { label: "Errors", width: "124", num: true, spare: "late", cell: (o) => figure(grid.page, o, "errors", (side) => f.share(side.errorShare)) },
      { label: "Holds up", width: "150", num: true, spare: "early", cell: (o) => html`<span class="muted" title="How long one call itself held its request up">${both(o, (side) => f.duration(side.heldMs))}</span>` },
      { label: "Calls a minute", width: "132", num: true, spare: true, cell: (o) => html`<span class="muted">${both(o, (side) => f.value(Math.round(side.perMinute * 10) / 10))}</span>` },
    ],
  });
  const choose = (changes) => grid.choose(changes);
  show(
    place,
    grid,
    () =>
      html`<div class="page changes">
        <div class="bar">
          <h1 class="sr-only">What changed</h1>
          <label class="pick"><span>Since</span><input type="datetime-local" .value=${local(Number(param("from")))} @change=${since} /></label>
          ${(grid.page?.runs ?? []).map((run) => sinceRun(run))} ${toggle(choose, "kind", "http", "Requests only")} ${toggle(choose, "all", "true", "Unchanged too")}
          ${param("q") ? html`<button class="button" aria-label="Remove the search" @click=${() => choose({ q: null })}>“${param("q")}” ✕</button>` : nothing}
          <span class="end">${estimated(grid.page?.requests.now.estimate)}</span>
        </div>
        ${grid.page?.before ? summary(grid.page) : nothing}
        <section class="card">${grid.template()}</section>
        ${grid.page?.before ? issues(grid.page.issues) : nothing}
        <p class="muted small">
          Before → now. A change is told when chance alone would hardly make it (of what is told at most 1 % is chance), and when it is a tenth or more. It says that the two times differ, not why. Holds up: how long a call itself kept its request waiting;
          where that grew is where to look.
        </p>
      </div>`,
  );
  onSearch(() => grid.load());
  // as in the list of operations, nothing moves while somebody reads
  live.on("resync", () => grid.load());
  await grid.load();
}

/** As the browser's field wants it: local time, to the minute; empty when no moment is chosen. */
const local = (at) => (at ? new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : "");

function since(event) {
  const at = new Date(event.target.value).getTime();
  if (at) location.assign(changed({ from: String(at), to: null, run: null }));
}

const sinceRun = (run) =>
  html`<a class="button" aria-current=${Number(param("from")) === Math.floor(run.startedAt) ? "true" : nothing} title="Compare the time since then with the time before" href=${changed({ from: String(Math.floor(run.startedAt)), to: null, run: null })}
    >Since ${run.service || "the start"}${run.release ? " " + run.release : ""}, ${f.minutes(run.startedAt)}</a
  >`;

function summary(page) {
  const { counts, requests, window, before } = page;
  const parts = [
    counts.worse ? html`<b>${f.count(counts.worse)} worse</b>` : nothing,
    counts.better ? html`<b>${f.count(counts.better)} better</b>` : nothing,
    counts.onlyNow ? html`${f.count(counts.onlyNow)} only now` : nothing,
    counts.onlyBefore ? html`${f.count(counts.onlyBefore)} only before` : nothing,
    html`${f.plural(counts.same, "operation")} without a difference to tell`,
    counts.untold ? html`${f.count(counts.untold)} with too few calls to say` : nothing,
  ].filter((part) => part !== nothing);
  return html`<p class="changes-summary">
    <span class="nowrap"><b>${span(window)}</b> against <a href=${changed({ from: ms(before.fromAt), to: ms(before.toAt) })} title="Look at the time before">${span(before)}</a>:</span>
    ${parts.map((part, i) => html`${i ? ", " : ""}${part}`)}.
    <span class="muted">${f.plural(requests.before.count, "request")} before, ${f.count(requests.now.count)} now.</span>
  </p>`;
}

const ms = (at) => String(Math.round(at));
const span = (window) => {
  const days = f.day(window.fromAt) === f.day(Date.now()) ? "" : f.day(window.fromAt) + " ";
  const clock = window.toAt - window.fromAt < 600_000 ? f.seconds : f.minutes;
  return days + clock(window.fromAt) + "\u2009–\u2009" + clock(window.toAt);
};

const WORDS = {
  only_now: badge("accent", "only now", "Not called in the time before"),
  only_before: badge("", "only before", "Not called in this time"),
  same: html`<span class="faint" title="No difference that chance could not make">${f.DASH}</span>`,
};

/** In words: what changed, worse before better. */
function verdict(o) {
  if (o.verdict in WORDS) return o.verdict === "same" && o.p50.chance == null ? html`<span class="faint" title="Too few calls, or all in one moment">too few</span>` : WORDS[o.verdict];
  const durations = [o.p50.change, o.p95.change];
  return html`${o.errors.change === "up" ? badge("danger", "✕ fails more") : nothing} ${durations.includes("up") ? badge("warn", "slower") : nothing}
  ${o.errors.change === "down" ? badge("ok", "fails less") : nothing} ${durations.includes("down") ? badge("ok", "faster") : nothing}`;
}

/** Before → now; what is not told steps back. */
function figure(page, o, key, text) {
  const told = o[key].change;
  const title = o[key].chance == null ? "Too few calls to tell" : "By chance alone: " + chance(o[key].chance);
  const few = o.before?.few || o.now?.few;
  return html`<span class="${told ? "strong" : "muted"} ${few ? "few" : ""}" title=${o.before && o.now ? title : nothing}
    >${o.before ? html`<a class="quiet-link" href=${to("/operations/" + o.key, { from: ms(page.before.fromAt), to: ms(page.before.toAt), run: null })}>${text(o.before)}</a>` : f.DASH} <span class="faint">→</span> ${o.now ? text(o.now) : f.DASH}</span
  >`;
}

const both = (o, text) => html`${o.before ? text(o.before) : f.DASH} <span class="faint">→</span> ${o.now ? text(o.now) : f.DASH}`;

const chance = (p) => (p < 0.0001 ? "less than 1 in 10 000" : p < 0.1 ? "1 in " + f.count(1 / p) : f.share(p));

function issues({ new: fresh, regressed, more }) {
  const rows = [...regressed.map((issue) => [issue, badge("danger", "came back", "It had been resolved")]), ...fresh.map((issue) => [issue, badge("danger", "new")])];
  return html`<section class="card">
    <header><h2>New issues, and those that came back</h2><a class="end" href=${to("/issues", { sort: "firstSeen" })}>All</a></header>
    ${rows.length
      ? html`<ul class="rows">
          ${rows.map(
            ([issue, mark]) =>
              html`<li>
                ${sign(issue)}
                <div class="cut"><a class="row strong" href=${issueLink(issue.id)}>${issue.type}</a> ${mark}<div class="muted cut">${issue.message}</div></div>
                <span class="num w4">${eventsOf(issue)}</span><span class="num muted w6">${instant(issue.firstSeenAt)}</span>
              </li>`,
          )}
        </ul>`
      : html`<p class="empty"><span class="ok">✓</span> None.</p>`}
    ${more ? html`<p class="muted small body">There are more: see all issues.</p>` : nothing}
  </section>`;
}

function nothingTold(page) {
  if (!page?.before) {
    return html`<div class="empty">
      <p>Nothing is stored from before${page ? " " + f.when(page.window.fromAt) : ""}, so there is nothing to compare with.</p>
      <p>${["5m", "15m"].map((from) => html`<a class="button" href=${changed({ from, to: null, run: null })}>Last ${from.slice(0, -1)} min against those before</a> `)}</p>
    </div>`;
  }
  return html`<p class="empty"><span class="ok">✓</span> No operation is different from before${scope()}, as far as can be told.</p>`;
}
