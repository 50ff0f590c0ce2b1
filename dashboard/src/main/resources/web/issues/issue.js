/* SPDX-License-Identifier: Apache-2.0 */
// One issue: what was thrown, from where, in which request, after what, and why these events are one.
import { html, nothing, render, css } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import * as keys from "../shell/keys.js";
import * as live from "../shell/live.js";
import { badge, copy, copyButton, dot, instant, meter, name, toast, took } from "../shell/parts.js";
import { entitle } from "../shell/shell.js";
import { adjust, filters, issueLink, param, to, traceLink } from "../shell/url.js";
import { eventsOf } from "./issues.js";
import { eventMarkdown } from "./markdown.js";
import { stack } from "./stack.js";
import { statusBadge } from "./status.js";

export async function start(place, id, eventId) {
  const page = new IssuePage(place, id);
  await page.load(eventId);
}

class IssuePage {
  constructor(place, id) {
    this.place = place;
    this.id = id;
    this.allFrames = param("frames") === "all";
    this.newer = 0;
  }

  async load(eventId) {
    // an issue has a past: the header's time must not hide the events of one that was opened by link
    this.view = await api.get("issues/" + encodeURIComponent(this.id), filters({ from: null }));
    const wanted = eventId ?? this.view.recommendedEventId;
    this.event = wanted ? await api.get("issues/" + encodeURIComponent(this.id) + "/events/" + encodeURIComponent(wanted)) : null;
    entitle(this.view.issue.type);
    this.draw();
    this.bindKeys();
    live.on("issue", (messages) => {
      const mine = messages.flatMap((m) => m.items).filter((issue) => issue.id === this.id).at(-1);
      if (!mine || mine.events <= this.view.issue.events) return;
      this.newer = mine.events - this.view.issue.events;
      this.draw();
    });
  }

  /** Another event of the same issue: everything but the header changes. */
  async go(eventId) {
    if (!eventId) return;
    this.event = await api.get("issues/" + encodeURIComponent(this.id) + "/events/" + encodeURIComponent(eventId));
    history.pushState(null, "", issueLink(this.id, eventId));
    this.draw();
  }

  draw() {
    render(
      html`<div class="issue">
        ${this.head()}
        <div class="issue-body">
          <div class="issue-main">${this.event ? this.main() : this.finding()}</div>
          <aside class="issue-side">${this.side()}</aside>
        </div>
      </div>`,
      this.place,
    );
  }

  head() {
    const { issue, chart } = this.view;
    const shown = this.event?.message ?? issue.message;
    return html`<section class="issue-head">
      <div>
        <p class="issue-badges">
          ${issue.kind === "finding" ? badge("warn", "◷ performance") : issue.unhandled ? badge("danger", "✕ unhandled") : badge("", issue.level)} ${issue.isNew ? badge("accent", "new in this run") : nothing} ${statusBadge(issue)}
          <code class="muted">${packageOf(issue.fullType)}</code>
        </p>
        <h1>${issue.type}</h1>
        <p class="issue-message">${shown}</p>
        ${issue.rootCause
          ? html`<p class="muted">Root cause <code class="danger">${issue.rootCause.type}: ${issue.rootCause.message}</code>${issue.rootCause.culprit ? html` in <code class="text">${issue.rootCause.culprit}</code>` : nothing}</p>`
          : issue.culprit
            ? html`<p class="muted">in <code class="text">${issue.culprit}</code></p>`
            : nothing}
        <p class="issue-actions">
          ${this.event?.traceStored ? html`<a class="button primary" href=${traceLink(this.event.traceId, this.event.spanId)}>Open trace</a>` : nothing}
          ${copyButton("Copy link", "Link", () => location.href)} ${copyButton("Copy id", "Id", () => this.event?.id ?? issue.id)}
          ${copyButton("Copy as Markdown", "Markdown", () => eventMarkdown(this.view, this.event))}
          <a class="button" href=${to("/traces", { issue: issue.id })}>Traces with it</a>
          ${issue.kind === "finding"
            ? nothing
            : CLOSED.includes(issue.status)
              ? html`<button class="button" @click=${() => this.mark("unresolved")}>Reopen</button>`
              : html`<button class="button" title="Out of the list until it happens again" @click=${() => this.mark("resolved")}>Resolve</button>
                  <button class="button" title="Out of the list, also when it happens again" @click=${() => this.mark("ignored")}>Ignore</button>`}
        </p>
      </div>
      <div class="issue-facts">
        <dl class="facts">
          <div><dt>${issue.kind === "finding" ? "traces" : "events"}</dt><dd>${eventsOf(issue)}${this.newer ? html` <button class="link small" title="Show them" @click=${() => this.load("newest")}>+${f.count(this.newer)} new</button>` : nothing}</dd></div>
          ${issue.users == null ? nothing : html`<div><dt>users</dt><dd>${f.count(issue.users)}</dd></div>`}
          <div><dt>first seen</dt><dd>${instant(issue.firstSeenAt, f.when(issue.firstSeenAt))}</dd></div>
          <div><dt>last seen</dt><dd>${instant(issue.lastSeenAt)}</dd></div>
        </dl>
        ${this.chart(chart)}
      </div>
    </section>`;
  }

  async mark(status) {
    if (this.view.issue.kind === "finding" || this.view.issue.status === status) return;
    try {
      await api.post("issues/" + encodeURIComponent(this.id) + "/status?to=" + status);
      this.view.issue.status = status;
      toast(SAID[status]);
    } catch (error) {
      toast(error.message);
    }
    this.draw();
  }

  chart(chart) {
    if (!chart?.counts?.some((n) => n > 0)) return nothing;
    const top = Math.max(...chart.counts, 1);
    const span = chart.toAt - chart.fromAt || 1;
    const clock = span < 600_000 ? f.seconds : f.minutes;
    const runs = (chart.runs ?? []).filter((run) => run.startedAt > chart.fromAt && run.startedAt < chart.toAt);
    return html`<div class="event-chart" role="img" aria-label="Events over time, at most ${f.count(top)} in a slice">
        ${chart.counts.map((n, i) => html`<i data-some=${n ? "yes" : ""} title=${clock(chart.fromAt + (span * i) / chart.counts.length) + " · " + f.plural(n, "event")} ${css({ height: n ? Math.max(4, (n / top) * 100) + "%" : "2px" })}></i>`)}
        ${runs.map((run) => html`<b ${css({ left: ((run.startedAt - chart.fromAt) / span) * 100 + "%" })}></b>`)}
      </div>
      <p class="chart-ends muted"><span>${clock(chart.fromAt)}</span>${runs.length ? html`<span>run started ${f.minutes(runs.at(-1).startedAt)}</span>` : nothing}<span>at most ${f.count(top)} per ${f.duration(span / chart.counts.length)}</span><span>${clock(chart.toAt)}</span></p>`;
  }

  main() {
    const e = this.event;
    const best = e.id === this.view.recommendedEventId;
    return html`
      <div class="event-bar">
        <span class="muted small">
          Event <code class="text">${e.id.slice(0, 8)}</code> · ${instant(e.at, f.when(e.at) + f.clock(e.at).slice(-4))} · ${f.count(e.position)} of ${f.count(e.of)}
          ${best ? html`· the one with the most detail` : nothing} ${e.logger ? html`· <code>${e.logger}</code>` : nothing}
        </span>
        <span class="end">
          <button class="button" ?disabled=${!e.olderEventId} @click=${() => this.go(e.olderEventId)}>‹ Older</button>
          <button class="button" ?disabled=${!e.newerEventId} @click=${() => this.go(e.newerEventId)}>Newer ›</button>
        </span>
      </div>
      ${this.path(e)} ${stack(e, this.allFrames, () => this.toggleFrames())} ${this.logs(e)} ${this.breadcrumbs(e)} ${this.raw(e)}
    `;
  }

  toggleFrames() {
    this.allFrames = !this.allFrames;
    adjust({ frames: this.allFrames ? "all" : null });
    this.draw();
  }

  /** The trace, cut down to the way to the failing span. */
  path(e) {
    const p = e.path;
    if (!p) {
      return e.traceId
        ? html`<section class="card"><header><h2>Where in the trace</h2></header><p class="body muted">The trace <code>${e.traceId.slice(0, 8)}</code> is not stored here${e.traceUrl ? html`; <a href=${safeUrl(e.traceUrl)} rel="noopener noreferrer" target="_blank">look in its backend</a>` : ""}.</p></section>`
        : nothing;
    }
    const total = p.durationMs || 1;
    return html`<section class="card" id="trace">
      <header>
        <h2>Where in the trace</h2>
        <span class="muted">cut to the failing path, ${f.count(p.shownSpans)} of ${f.plural(p.totalSpans, "span")}</span>
        <a class="end" href=${traceLink(p.traceId, e.spanId)}>Open trace</a>
      </header>
      <div class="path" role="table" aria-label="The way to the failing span">
        ${p.spans.map(
          (span) =>
            html`<div role="row" class="path-row" data-k=${span.kind} data-failing=${span.failing ? "yes" : ""} data-status=${span.status}>
              <span role="cell" class="path-name" ${css({ "padding-left": 16 + Math.min(10, span.depth) * 14 + "px" })}>
                ${dot(span.kind)} <a href=${traceLink(p.traceId, span.id)} class="cut">${name(span.name)}</a> ${span.status === "error" ? html`<span class="danger" title="failed">✕<span class="sr-only">failed</span></span>` : nothing}
              </span>
              <span role="cell" class="path-time">${took(span.durationMs)}</span>
              <span role="cell" class="path-bar"><i ${css({ left: Math.min(99.5, (span.offsetMs / total) * 100) + "%", width: Math.max(0.4, Math.min(100 - (span.offsetMs / total) * 100, (span.durationMs / total) * 100)) + "%" })}></i></span>
            </div>`,
        )}
      </div>
    </section>`;
  }

  logs(e) {
    const { by, items } = e.logs ?? { by: "none", items: [] };
    const said = { trace: "same trace", thread: "same thread, ±5 s", none: "" }[by];
    if (!items.length) return nothing;
    return html`<section class="card" id="logs">
      <header>
        <h2>Logs before it</h2>
        <span class="muted">${said}</span>
        ${e.traceId ? html`<a class="end" href=${to("/logs", { trace: e.traceId, from: "all" })}>In Logs</a>` : nothing}
      </header>
      <ul class="lines">
        ${[...items]
          .sort((a, b) => a.at - b.at)
          .map(
            (log) =>
              html`<li>
                <time class="mono faint" title=${f.utc(log.at)}>${f.clock(log.at)}</time>
                <span class="level" data-level=${log.level}>${log.level}</span>
                <span class="muted cut lines-where" title=${log.logger ?? ""}>${shortLogger(log.logger)}</span>
                <span>${log.message}</span>
                ${log.traceId && log.spanId ? html`<a class="end" href=${traceLink(log.traceId, log.spanId)}>span</a>` : nothing}
              </li>`,
          )}
      </ul>
    </section>`;
  }

  breadcrumbs(e) {
    if (!e.breadcrumbs?.length) return nothing;
    return html`<section class="card" id="breadcrumbs">
      <header><h2>Breadcrumbs</h2></header>
      <ul class="lines crumbs">
        ${e.breadcrumbs.map(
          (crumb) =>
            html`<li>
              <time class="mono faint" title=${f.utc(crumb.at)}>${f.clock(crumb.at)}</time>
              <i class="crumb" data-level=${crumb.level ?? "info"}></i>
              <span>${crumb.message ?? crumb.category} ${untold(crumb).map(([key, value]) => html`<span class="faint small">${key}=${text(value)} </span>`)}</span>
              <span class="end faint small">${crumb.category ?? ""}</span>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  raw(e) {
    return html`<section class="card" id="raw">
      <details>
        <summary>As it was received</summary>
        <pre class="code body">${JSON.stringify(e.raw, null, 2)}</pre>
      </details>
    </section>`;
  }

  side() {
    const { tags, grouping, issue } = this.view;
    const e = this.event;
    const contexts = Object.entries(e?.contexts ?? {}).filter(([key, value]) => !SHOWN_APART.includes(key) && value && Object.keys(value).length);
    return html`
      ${e && (e.steps?.length || Object.keys(e.contexts?.pipeline ?? {}).length) ? this.pipeline(e) : nothing}
      ${e && Object.keys(e.contexts?.ai ?? {}).length ? values("AI call", e.contexts.ai) : nothing}
      ${tags?.length
        ? html`<section class="card">
            <header><h2>Tags</h2><span class="muted">${f.plural(issue.events, issue.kind === "finding" ? "trace" : "event")}</span></header>
            <div class="body tags">
              ${pairs(Object.fromEntries(tags.filter(single).map((tag) => [tag.key, tag.values[0].value])))}
              ${tags.filter((tag) => !single(tag)).map(
                (tag) =>
                  html`<div>
                    <h3 class="muted small">${tag.key}</h3>
                    ${tag.values.slice(0, 4).map((v) => html`<p class="tag-value"><span class="cut" title=${v.value}>${v.value}</span><span class="muted">${f.share(v.share)}</span></p>`)}
                    ${tag.more ? html`<p class="faint small">${f.count(tag.more)} more</p>` : nothing} ${meter(tag.values[0]?.share)}
                  </div>`,
              )}
            </div>
          </section>`
        : nothing}
      ${grouping ? this.why(grouping) : nothing}
      ${e
        ? values("Event", {
            operation: e.operation,
            service: e.service,
            environment: e.environment,
            release: e.release,
            run: e.run,
            thread: e.thread,
            mechanism: e.mechanism,
            handled: e.handled,
            sdk: e.sdk,
            "received by": e.sources?.join(" and "),
          })
        : nothing}
      ${e && Object.keys(e.user ?? {}).length ? values("User", e.user) : nothing} ${e && Object.keys(e.request ?? {}).length ? values("Request", e.request) : nothing}
      ${e && Object.keys(e.extra ?? {}).length ? values("Extra", e.extra) : nothing}
      ${contexts.length
        ? html`<section class="card more-contexts"><details>
            <summary>${f.plural(contexts.length, "more context")}: ${contexts.map(([title]) => title).join(", ")}</summary>
            ${contexts.map(([title, entries]) => html`<h3>${title.charAt(0).toUpperCase() + title.slice(1)}</h3>${pairs(entries)}`)}
          </details></section>`
        : nothing}
    `;
  }

  pipeline(e) {
    // the steps are drawn above; their raw list would say it again
    const { name: title, path, ...rest } = e.contexts?.pipeline ?? {};
    // the event is written while its steps still run: the innermost of them is where it failed
    const stateOf = (step) => (step.status === "running" && step.name === e.tags?.step ? "error" : step.status);
    return html`<section class="card">
      <header><h2>Pipeline</h2><span class="muted cut">${title ?? ""}</span></header>
      <div class="body">
        <ol class="steps">
          ${(e.steps ?? []).map(
            (step) =>
              html`<li data-status=${stateOf(step)}>
                <i aria-hidden="true"></i><span class="cut" title=${step.name}>${name(step.name)}</span><span class="end muted">${tookOf(step)}</span>
                <span class="sr-only">${STATES[stateOf(step)] ?? "not reached"}</span>
              </li>`,
          )}
        </ol>
        ${pairs(e.steps?.length ? rest : { ...rest, path })}
      </div>
    </section>`;
  }

  why(grouping) {
    return html`<section class="card">
      <header><h2>Why grouped</h2></header>
      <div class="body small">
        <p class="muted">${grouping.sentence}</p>
        <ul class="parts">
          ${(grouping.parts ?? []).filter((p) => p.counts).slice(0, 12).map((p) => html`<li><code title=${p.value}>${shortPart(p)}</code></li>`)}
        </ul>
        ${grouping.parts?.some((p) => !p.counts)
          ? html`<details>
              <summary>${f.plural(grouping.parts.filter((p) => !p.counts).length, "part")} that did not count</summary>
              <ul class="parts">${grouping.parts.filter((p) => !p.counts).map((p) => html`<li class="faint"><code title=${p.value}>${shortPart(p)}</code> ${p.why ?? ""}</li>`)}</ul>
            </details>`
          : nothing}
      </div>
    </section>`;
  }

  /** A detector's finding is an issue without events: it points at traces instead. */
  finding() {
    const found = this.view.finding;
    if (!found) return html`<p class="empty">No event of this issue is stored any more.</p>`;
    return html`<section class="card">
      <header><h2>${found.title}</h2></header>
      <div class="body finding">
        <p>${found.sentence}</p>
        <dl class="facts">
          <div><dt>traces</dt><dd>${eventsOf(this.view.issue)}</dd></div>
          <div><dt>waste at most</dt><dd>${f.duration(found.wasteMs)}</dd></div>
          <div><dt>calls each time</dt><dd>${f.count(found.calls)}</dd></div>
        </dl>
        <p>
          ${found.operation ? html`Operation <a href=${to("/operations/" + encodeURIComponent(found.operation.key))}>${name(found.operation.name)}</a>` : nothing}
          ${found.parent ? html` under <a href=${to("/operations/" + encodeURIComponent(found.parent.key))}>${name(found.parent.name)}</a>` : nothing}
        </p>
        ${found.example ? html`<p><a class="button primary" href=${traceLink(found.example.traceId, found.example.spanIds?.[0] ?? found.example.parentSpanId)}>See it in a trace</a></p>` : nothing}
      </div>
    </section>`;
  }

  bindKeys() {
    keys.bind("Issue", "j,ArrowRight", "older event", () => this.go(this.event?.olderEventId));
    keys.bind("Issue", "k,ArrowLeft", "newer event", () => this.go(this.event?.newerEventId));
    keys.bind("Issue", "t", "open the trace", () => (this.event?.traceStored ? location.assign(traceLink(this.event.traceId, this.event.spanId)) : false));
    keys.bind("Issue", "l", "logs before it", () => document.getElementById("logs")?.scrollIntoView() ?? false);
    keys.bind("Issue", "r", "resolve", () => this.mark("resolved"));
    keys.bind("Issue", "u", "reopen", () => this.mark("unresolved"));
    keys.bind("Issue", "Y", "copy event id", () => copy(this.event?.id ?? this.id, "Id"));
    addEventListener("popstate", () => location.reload());
  }
}

/** Class and method are enough to know a frame by; the title has the package. */
const shortPart = (part) => (part.kind === "frame" ? part.value.split(".").slice(-2).join(".") : part.kind === "type" ? f.simpleType(part.value) : part.value);
const CLOSED = ["resolved", "ignored"];
const SAID = { resolved: "Resolved until it happens again", ignored: "Ignored from now on", unresolved: "Open again" };
const SHOWN_APART = ["pipeline", "ai"];
const STATES = { ok: "done", error: "failed here", running: "under way when it failed" };
const tookOf = (step) => (step.durationMs == null ? "not reached" : step.durationMs === 0 ? "<\u202f1\u202fms" : f.duration(step.durationMs));
/** A flat object among the values is read as values of its own; anything deeper stays JSON. */
const flat = (entries) => Object.entries(entries).flatMap(([key, value]) => (isFlat(value) ? Object.entries(value) : [[key, value]]));
const isFlat = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && Object.values(value).every((one) => one === null || typeof one !== "object");
/** One value on every event: a line says it; a bar of 100 % says nothing more. */
const single = (tag) => tag.values.length === 1 && !tag.more && tag.values[0].share > 0.995;
/** What a breadcrumb's data add to its message. */
const untold = (crumb) => Object.entries(crumb.data ?? {}).filter(([, value]) => !(crumb.message ?? "").includes(" " + text(value)));
const text = (value) => (value !== null && typeof value === "object" ? JSON.stringify(value) : String(value));

function pairs(entries) {
  const known = flat(entries).filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (!known.length) return nothing;
  return html`<dl class="keyvals right">
    ${known.map(([key, value]) => html`<div class=${typeof value === "object" || text(value).length > 60 ? "long" : ""}><dt title=${key}>${key}</dt><dd>${text(value)}</dd></div>`)}
  </dl>`;
}

const values = (title, entries) => html`<section class="card"><header><h2>${title}</h2></header><div class="body">${pairs(entries)}</div></section>`;
const packageOf = (type) => (type?.includes(".") ? type.slice(0, type.lastIndexOf(".")) : "");
const shortLogger = (logger) => (logger ?? "").split(".").at(-1);
/** Telemetry may name any address; only the web's own are followed. */
const safeUrl = (url) => (/^https?:\/\//i.test(url) ? url : "about:blank");
