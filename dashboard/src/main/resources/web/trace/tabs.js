/* SPDX-License-Identifier: Apache-2.0 */
// The other views of a trace: what its operations cost, what it logged, what failed, what it asked of models.
import { html, nothing } from "../shell/html.js";
import * as f from "../shell/format.js";
import { dot, meter, name, took } from "../shell/parts.js";
import { issueLink, operationLink, to } from "../shell/url.js";

const at = (us) => "+" + f.duration(us / 1000);
const spanButton = (model, i, go) => (i < 0 ? html`<span class="faint">no span</span>` : html`<button class="link" @click=${() => go(i)}>${name(model.name(i))}</button>`);

/** The ticket's breakdown table: where the time of this trace went. A row filters the waterfall. */
export function operationsTab(json, filterBy) {
  return html`<table class="grid" role="grid" aria-label="Operations of this trace">
    <thead>
      <tr>
        <th scope="col">Operation</th>
        <th scope="col" class="num" width="64">Count</th>
        <th scope="col" class="num" width="86">Total</th>
        <th scope="col" class="num spare" width="86">Self</th>
        <th scope="col" class="num" width="86">Critical</th>
        <th scope="col" class="num" width="130">Of the wait</th>
        <th scope="col" class="num spare" width="86">Average</th>
        <th scope="col" class="num" width="86">P95</th>
        <th scope="col" class="num" width="86">Max</th>
        <th scope="col" class="num" width="76">Status</th>
      </tr>
    </thead>
    <tbody>
      ${json.breakdown.map((row) => {
        const op = json.ops[row.op];
        return html`<tr role="row">
          <td role="gridcell">
            <span class="op-cell">
              ${dot(op.kind)} <button class="link plain cut" title="${op.name}: only these in the waterfall" @click=${() => filterBy(String(row.op))}>${name(op.name)}</button>
              <a class="small muted" href=${operationLink(op.key)} title="All calls of this operation in ${json.svcs[row.svc]}">${json.svcs.length > 1 ? json.svcs[row.svc] + " " : ""}›</a>
            </span>
          </td>
          <td role="gridcell" class="num">${f.count(row.count)}</td>
          <td role="gridcell" class="num">${took(row.totalMs)}</td>
          <td role="gridcell" class="num spare">${took(row.selfMs)}</td>
          <td role="gridcell" class="num">${took(row.criticalMs)}</td>
          <td role="gridcell" class="num"><span class="inline-bar">${f.share(row.share)} ${meter(row.share, op.kind)}</span></td>
          <td role="gridcell" class="num spare">${took(row.averageMs)}</td>
          <td role="gridcell" class="num">${took(row.p95Ms)}</td>
          <td role="gridcell" class="num">${took(row.maxMs)}</td>
          <td role="gridcell" class="num">${row.errors ? html`<span class="danger">✕ ${f.count(row.errors)}</span>` : html`<span class="muted">✓ ok</span>`}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

export function logsTab(json, model, go) {
  if (!json.logs.length) return html`<p class="empty">No log of this trace was received. Logs carry a trace when the appender or an OpenTelemetry log bridge is in place.</p>`;
  return html`<table class="grid" role="grid" aria-label="Logs of this trace">
      <thead>
        <tr>
          <th scope="col" class="num" width="100">At</th>
          <th scope="col" width="80">Level</th>
          <th scope="col" width="240">Span</th>
          <th scope="col">Message</th>
        </tr>
      </thead>
      <tbody>
        ${json.logs.map(
          (log) =>
            html`<tr role="row">
              <td role="gridcell" class="num mono">${at(log.atUs)}</td>
              <td role="gridcell"><span class="level" data-level=${log.level}>${log.level}</span></td>
              <td role="gridcell">${spanButton(model, log.span, go)}</td>
              <td role="gridcell" title=${log.message}>${log.message}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${json.logsMore ? html`<p class="empty"><a href=${to("/logs", { trace: json.id, from: "all" })}>${f.count(json.logsMore)} more in Logs</a></p>` : nothing}`;
}

export function errorsTab(json, model, go) {
  if (!json.errors.length) return html`<p class="empty">No error was captured in this trace.</p>`;
  return html`<ul class="error-list">
    ${json.errors.map(
      (error) =>
        html`<li>
          <span class="danger" aria-hidden="true">✕</span>
          <div>
            <a class="strong" href=${issueLink(error.issueId, error.eventId)}>${error.type}</a>
            <p>${error.message}</p>
            <p class="muted small">${at(error.atUs)} · on ${spanButton(model, error.span, go)}${error.anchored ? nothing : " (placed by time)"}</p>
          </div>
        </li>`,
    )}
  </ul>`;
}

export function aiTab(json, model, go) {
  return html`<table class="grid" role="grid" aria-label="AI calls of this trace">
    <thead>
      <tr>
        <th scope="col">Call</th>
        <th scope="col" width="200">Model</th>
        <th scope="col" class="num" width="90">Duration</th>
        <th scope="col" class="num" width="90">Input</th>
        <th scope="col" class="num" width="90">Output</th>
        <th scope="col" class="num" width="96">Cost</th>
        <th scope="col" width="90"><span class="sr-only">Detail</span></th>
      </tr>
    </thead>
    <tbody>
      ${json.ai.map(
        (call) =>
          html`<tr role="row">
            <td role="gridcell">${spanButton(model, call.span, go)}</td>
            <td role="gridcell">${call.model ?? f.DASH}</td>
            <td role="gridcell" class="num">${call.span < 0 ? f.DASH : took(model.dur[call.span] / 1000, 10_000)}</td>
            <td role="gridcell" class="num">${f.count(call.inputTokens)}</td>
            <td role="gridcell" class="num">${f.count(call.outputTokens)}</td>
            <td role="gridcell" class="num">${f.money(call.costUsd)}</td>
            <td role="gridcell">${call.span < 0 ? nothing : html`<a href=${to("/ai/calls/" + model.id(call.span), { trace: json.id })}>Detail</a>`}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
