/* SPDX-License-Identifier: Apache-2.0 */
// What breaks: every error once, with how often, since when, and whether it is new.
import { html, nothing } from "../shell/html.js";
import * as f from "../shell/format.js";
import { Grid, show, toggle } from "../shell/grid.js";
import * as live from "../shell/live.js";
import { badge, bars, instant } from "../shell/parts.js";
import { elsewhere, onSearch, scope } from "../shell/shell.js";
import { issueLink, param, to } from "../shell/url.js";
import { statusBadge } from "./status.js";

/** What the list holds when it is not what is open. */
const CLOSED = { resolved: "is resolved", ignored: "is ignored" };
const SIGNS = { fatal: ["danger", "✕"], error: ["danger", "✕"], warning: ["warn", "!"], info: ["muted", "i"], debug: ["muted", "i"] };

/** The sign before an issue: what kind of trouble, also said in words. */
export function sign(issue) {
  const [tone, mark] = issue.kind === "finding" ? ["warn", "◷"] : SIGNS[issue.level] || SIGNS.error;
  const words = issue.kind === "finding" ? "performance finding" : issue.level;
  return html`<span class="sign ${tone}" title=${words}><span aria-hidden="true">${mark}</span><span class="sr-only">${words}</span></span>`;
}

/** Columns over time; only the freshest of a new issue are red. */
export function trendOf(issue) {
  if (!issue.trend?.some((n) => n > 0)) return nothing;
  return bars(issue.trend, { hot: issue.isNew ? Math.max(0, (issue.trend?.length ?? 0) - 5) : Infinity });
}

export function badges(issue) {
  return html`${issue.isNew ? badge("danger", "new") : nothing} ${statusBadge(issue)} ${issue.unhandled ? badge("", "unhandled") : nothing}`;
}

export async function start(place) {
  const grid = new Grid({
    endpoint: "issues",
    label: "Issues",
    defaultSort: "lastSeen",
    id: (issue) => issue.id,
    href: (issue) => issueLink(issue.id),
    query: () => ({ unhandled: param("unhandled"), kind: param("kind"), level: param("level"), operation: param("operation"), release: param("release"), status: param("status") }),
    empty: () =>
      html`<div class="empty">
        <p>Nothing ${CLOSED[param("status")] ?? "broke"}${scope()}.</p>
        <p class="small">${elsewhere("/issues")}</p>
      </div>`,
    columns: [
      {
        label: "Issue",
        cell: (issue) =>
          html`<div class="issue-cell">
            ${sign(issue)}
            <div class="cut">
              <a class="row strong" href=${issueLink(issue.id)}>${issue.type}</a> ${badges(issue)}
              <div class="muted cut">${issue.message}</div>
            </div>
          </div>`,
      },
      { label: "Where", width: "220", spare: true, cell: (issue) => html`<span class="mono muted" title=${issue.operations?.join(", ") ?? ""}>${issue.culprit ?? f.DASH}</span>` },
      { label: "Trend", width: "98", spare: true, cell: trendOf },
      { label: "Events", width: "90", narrow: "54", num: true, sort: "events", cell: eventsOf },
      { label: "Users", width: "70", num: true, spare: true, needed: (issue) => issue.users != null, cell: (issue) => html`<span class=${issue.users ? "" : "faint"}>${f.count(issue.users)}</span>` },
      { label: "First seen", width: "104", num: true, spare: true, sort: "firstSeen", cell: (issue) => instant(issue.firstSeenAt) },
      { label: "Last seen", width: "104", narrow: "82", num: true, sort: "lastSeen", cell: (issue) => instant(issue.lastSeenAt) },
    ],
  });
  const choose = (changes) => grid.choose(changes);
  show(
    place,
    grid,
    () =>
      html`<div class="page">
        <div class="bar">
          <h1 class="sr-only">Issues</h1>
          ${toggle(choose, "kind", "error", html`<span class="danger">✕</span> Errors`)} ${toggle(choose, "kind", "finding", html`<span class="warn">◷</span> Performance`)} ${toggle(choose, "unhandled", "true", "Unhandled")} ${toggle(choose, "status", "resolved", "Resolved")} ${toggle(choose, "status", "ignored", "Ignored")}
          ${["level", "operation", "release", "q"].filter((key) => param(key)).map((key) => html`<button class="button" aria-label="Remove filter ${key}" @click=${() => choose({ [key]: null })}>${key}: ${param(key)} ✕</button>`)}
          <span class="end muted small">${grid.page ? f.plural(grid.page.total ?? grid.items.length, "issue") + (grid.page.new ? ", " + f.count(grid.page.new) + " new" : "") : nothing}</span>
        </div>
        <section class="card issues">${grid.template()}</section>
      </div>`,
  );
  onSearch(() => grid.load());
  live.on("issue", (messages) => grid.arrived(messages.flatMap((m) => m.items)));
  live.on("resync", () => grid.load());
  await grid.load();
}

/** How often; of a finding the traces it stands for, which nobody knows where nobody told how they were sampled. */
export const eventsOf = (issue) => (issue.kind === "finding" && !issue.events ? html`<span class="muted" title="How its traces were sampled is not known">1 or more</span>` : f.count(issue.events));
