/* SPDX-License-Identifier: Apache-2.0 */
// What is known of the selected span. The arrays answer at once; attributes, rank and errors are fetched when the
// selection rests.
import { html, nothing, css } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import { badge, copy, dot, name, status, took } from "../shell/parts.js";
import { issueLink, operationLink, to, traceLink } from "../shell/url.js";
import { FLAG, spanOf } from "./model.js";

const REST_MS = 70;
const LONG = 46;
/** Among fewer of the same operation a rank says nothing. */
export const LEAST_ALIKE = 5;

export class Inspector {
  /** @param {{toggle: (row: number) => void, measure: (i: number | null) => void, anchor: number | null}} page */
  constructor(traceId, model, page) {
    this.traceId = traceId;
    this.model = model;
    this.page = page;
    this.span = null; // as the model names rows
    this.detail = null;
    this.failure = null;
    this.known = new Map();
  }

  show(i, redraw) {
    if (i === this.span) return;
    this.span = i;
    this.failure = null;
    this.detail = this.known.get(i) ?? null;
    clearTimeout(this.timer);
    if (this.detail || i < 0) return;
    this.timer = setTimeout(() => this.fetch(i, redraw), REST_MS);
  }

  async fetch(i, redraw) {
    try {
      const detail = await api.get("traces/" + this.traceId + "/spans/" + this.model.id(i));
      this.known.set(i, detail);
      if (this.known.size > 200) this.known.delete(this.known.keys().next().value);
      if (this.span === i) this.detail = detail;
    } catch (error) {
      if (this.span === i) this.failure = error.message;
    }
    if (this.span === i) redraw();
  }

  template() {
    const { model, span: i, detail } = this;
    if (i === null) return nothing;
    if (i < 0) return html`${this.distance()}${this.run(~i)}`;
    const ms = model.dur[i] / 1000;
    const failed = model.has(i, FLAG.error) || model.has(i, FLAG.exception);
    const kind = model.kind(i);
    return html`
      ${this.distance()}
      <section>
        <div class="insp-kind">
          ${dot(kind)} <span>${f.kind(kind)} · ${model.service(i)}</span>
          <span class="end">${failed ? status("error") : model.crit[i] > 0 ? badge("", "on critical path") : nothing}</span>
        </div>
        <h2><a href=${operationLink(model.json.ops[model.op[i]].key)} title="All calls of this operation">${name(model.name(i))}</a></h2>
      </section>
      <section>
        <dl class="facts small-facts">
          <div><dt>Duration</dt><dd>${took(ms, detail?.kind === "ai" ? 10_000 : undefined)}</dd></div>
          <div><dt>Self</dt><dd>${f.duration(model.self[i] / 1000)}</dd></div>
          <div><dt>Critical</dt><dd title=${f.share(model.crit[i] / model.total) + " of the trace"}>${f.duration(model.crit[i] / 1000)}</dd></div>
          <div><dt>Starts at</dt><dd>${model.start[i] ? "+" : ""}${f.duration(model.start[i] / 1000)}</dd></div>
        </dl>
      </section>
      ${this.failure ? html`<section><p class="danger">${this.failure}</p></section>` : detail ? this.more(detail) : html`<section class="wait"></section>`}
    `;
  }

  /** Many alike in a row, as one. */
  run(first) {
    const { model } = this;
    const figures = model.runs.figures(first);
    const kind = model.kind(first);
    const time = (us) => took(us / 1000, kind === "ai" ? 10_000 : undefined);
    return html`
      <section>
        <div class="insp-kind">
          ${dot(kind)} <span>${f.kind(kind)} · ${model.service(first)}</span>
          <span class="end">${figures.critical > 0 ? badge("", "on critical path") : nothing}</span>
        </div>
        <h2><a href=${operationLink(model.json.ops[model.op[first]].key)} title="All calls of this operation">${name(model.name(first))}</a> <span class="muted">× ${f.count(figures.length)}</span></h2>
      </section>
      <section>
        <dl class="facts small-facts">
          <div><dt>In total</dt><dd>${f.duration(figures.total / 1000)}</dd></div>
          <div><dt>P95</dt><dd>${time(figures.p95)}</dd></div>
          <div><dt>Critical</dt><dd title=${f.share(figures.critical / model.total) + " of the trace"}>${f.duration(figures.critical / 1000)}</dd></div>
          <div><dt>Starts at</dt><dd>${model.start[first] ? "+" : ""}${f.duration(model.start[first] / 1000)}</dd></div>
        </dl>
      </section>
      <section>
        <p class="muted">${f.count(figures.length)} calls in a row under the same parent, none failed: from ${f.duration(figures.least / 1000)} to ${f.duration(figures.most / 1000)}, half of them within ${f.duration(figures.p50 / 1000)}.</p>
        <p class="insp-action"><button class="button" @click=${() => this.page.toggle(~first)}>${model.isOpen(~first) ? "Fold them" : "Show each"}</button></p>
      </section>
    `;
  }

  /** From the span that is measured from to this one. */
  distance() {
    const { model, page } = this;
    if (page.anchor === null) return nothing;
    const [a, b] = [page.anchor, spanOf(this.span)];
    const signed = (us) => (us > 0 ? "+" : "") + f.duration(us / 1000);
    const between = model.start[b] - (model.start[a] + model.dur[a]);
    return html`<section class="distance" aria-label="Distance">
      <h3>From ${name(model.name(a))} <button class="link small" @click=${() => page.measure(null)}>Stop</button></h3>
      ${a === b
        ? html`<p class="muted">Select another span, or click one with shift.</p>`
        : html`<dl class="facts small-facts">
            <div><dt>Start to start</dt><dd>${signed(model.start[b] - model.start[a])}</dd></div>
            <div><dt>${between < 0 ? "Overlap" : "End to start"}</dt><dd>${f.duration(Math.abs(between) / 1000)}</dd></div>
            <div><dt>End to end</dt><dd>${signed(model.start[b] + model.dur[b] - model.start[a] - model.dur[a])}</dd></div>
          </dl>`}
    </section>`;
  }

  more(d) {
    return html`
      ${d.errors.map(
        (e) =>
          html`<section>
            <div class="exception">
              <b>${e.type}</b>
              <p>${e.message}</p>
              ${e.culprit ? html`<code>${e.culprit}<wbr />${e.file ? "(" + e.file + (e.line ? ":" + e.line : "") + ")" : ""}</code>` : nothing}
            </div>
            <a href=${issueLink(e.issueId, e.eventId)}>Open issue${e.issueEvents ? " · " + f.plural(e.issueEvents, "event") : ""}</a>
          </section>`,
      )}
      ${!d.errors.length && d.statusMessage ? html`<section><div class="exception"><p>${d.statusMessage}</p></div></section>` : nothing}
      ${d.rank?.of >= LEAST_ALIKE ? this.rank(d) : nothing} ${d.ai ? this.ai(d) : nothing}
      ${d.attributes.map((group) => this.values(group.title, group.items, d))}
      ${d.logs.length
        ? html`<section>
            <h3>Logs</h3>
            <ul class="insp-logs">
              ${d.logs.map((log) => html`<li><span class="level" data-level=${log.level}>${log.level}</span> <span>${log.message}</span></li>`)}
            </ul>
            <a class="small" href=${to("/logs", { trace: this.traceId, span: d.id, from: "all" })}>In Logs</a>
          </section>`
        : nothing}
      ${d.events.length
        ? html`<section>
            <h3>Events</h3>
            <ul class="insp-logs">
              ${d.events.map((event) => html`<li><span class="mono faint">+${f.duration(event.offsetMs)}</span> <span>${event.name}</span></li>`)}
            </ul>
          </section>`
        : nothing}
      ${d.links.length
        ? html`<section>
            <h3>Links</h3>
            <ul>
              ${d.links.map((link) => html`<li>${link.stored ? html`<a href=${traceLink(link.traceId, link.spanId)}>trace ${link.traceId.slice(0, 8)}</a>` : html`<span class="muted">trace ${link.traceId.slice(0, 8)}, not here</span>`}</li>`)}
            </ul>
          </section>`
        : nothing}
      ${this.values("Resource", d.resource, d)}
      <section class="faint small">
        <p>span <code>${d.id}</code> <button class="link small" @click=${() => copy(d.id, "Span id")}>Copy id</button></p>
        <p>${d.spanKind ?? ""}${d.thread ? " · thread " + d.thread : ""}${d.scope ? " · " + d.scope : ""}</p>
        <p>received by ${d.sources.join(" and ")}${d.weight == null ? " · weight unknown" : d.weight > 1 ? " · stands for " + f.value(d.weight) : ""}</p>
      </section>
    `;
  }

  /** Where this call stands among its like, on a log scale. */
  rank(d) {
    const r = d.rank;
    const low = Math.log(Math.max(0.001, r.minMs));
    const high = Math.log(Math.max(0.002, r.maxMs));
    const place = (ms) => (high > low ? Math.max(0, Math.min(1, (Math.log(Math.max(0.001, ms)) - low) / (high - low))) * 100 : 50) + "%";
    // a label is centred on its tick, and would leave the panel at an end of the scale
    const inside = (ms, wide) => "clamp(" + (wide ? "28px, " : "12px, ") + place(ms) + ", calc(100% - " + (wide ? "28px" : "12px") + "))";
    const together = Math.abs(parseFloat(place(r.p50Ms)) - parseFloat(place(r.p95Ms))) < 9;
    return html`<section>
      <h3>Compared with <a href=${operationLink(d.operationKey)}>${f.count(r.of)} like it</a></h3>
      <div class="rank" role="img" aria-label=${r.sentence}>
        <i class="tick" ${css({ left: place(r.p50Ms) })}></i><i class="tick" ${css({ left: place(r.p95Ms) })}></i><i class="own" ${css({ left: place(d.durationMs) })}></i>
        <span ${css({ left: inside(r.p50Ms, together) })}>${together ? "P50, P95" : "P50"}</span>${together ? nothing : html`<span ${css({ left: inside(r.p95Ms) })}>P95</span>`}
      </div>
      <p class="muted small">${r.sentence.charAt(0).toUpperCase() + r.sentence.slice(1)} · P50 ${f.duration(r.p50Ms)} · P95 ${f.duration(r.p95Ms)}</p>
    </section>`;
  }

  ai(d) {
    const call = d.ai;
    return html`<section>
      <h3>Cost <a class="small" href=${to("/ai/calls/" + d.id, { trace: this.traceId })}>Call in detail</a></h3>
      <p class="small">${call.cost?.arithmetic ?? call.cost?.text ?? "no price"}</p>
      ${call.cost?.priceDate ? html`<p class="faint small">priced with the table of ${call.cost.priceDate}</p>` : nothing}
    </section>`;
  }

  values(title, items, d) {
    if (!items?.length) return nothing;
    return html`<section>
      <h3>${title}</h3>
      <dl class="keyvals">
        ${items.map((item) => {
          const text = String(item.value);
          const filter = to("/traces", { attr: item.key + ":" + text });
          return html`<dt title=${item.key}>${item.key}</dt>
            <dd class=${text.length > LONG ? "long" : ""}><span>${text}</span><span class="row-tools"><button class="link" title="Copy" aria-label="Copy ${item.key}" @click=${() => copy(text, item.key)}>copy</button> <a href=${filter} title="Traces with this value" aria-label="Traces with this ${item.key}">find</a></span></dd>`;
        })}
      </dl>
    </section>`;
  }
}
