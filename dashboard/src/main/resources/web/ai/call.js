/* SPDX-License-Identifier: Apache-2.0 */
// One model call: tokens with the arithmetic of their price, and what was said where the application sent it.
import { html, nothing, render, css } from "../shell/html.js";
import * as api from "../shell/api.js";
import * as f from "../shell/format.js";
import { badge, copyButton, instant, status, took } from "../shell/parts.js";
import { entitle } from "../shell/shell.js";
import { operationLink, param, to, traceLink } from "../shell/url.js";

const TOKENS = [
  ["input", "Input", "ai"],
  ["cacheRead", "From the cache", "cache"],
  ["cacheWrite", "Into the cache", "queue"],
  ["output", "Output", "client"],
  ["reasoning", "Of it reasoning", "tool"],
];

export async function start(place, spanId) {
  const { call, messages, samePrompt } = await api.get("ai/calls/" + encodeURIComponent(spanId), param("trace") ? "trace=" + encodeURIComponent(param("trace")) : "");
  entitle(call.name);
  // prompts may hold what nobody around should read: they open on request
  const view = { open: param("messages") === "open" };
  const draw = () => render(template(call, messages, samePrompt, view, draw), place);
  draw();
}

function template(call, messages, samePrompt, view, draw) {
  const t = call.tokens ?? {};
  const total = t.total || (t.input ?? 0) + (t.output ?? 0) || 1;
  const parts = TOKENS.filter(([key]) => t[key] != null);
  return html`<div class="operation">
    <section class="op-head">
      <div>
        <p class="issue-badges"><i class="dot" data-k="ai"></i><span class="muted">${call.operation} · ${call.provider ?? "unknown provider"} · ${call.service}</span> ${call.status === "error" ? badge("danger", "✕ " + (f.simpleType(call.errorType) || "error"), call.errorType ?? "") : status("ok")}</p>
        <h1>${call.requestModel ?? call.responseModel ?? call.name}</h1>
        <p class="muted small">${instant(call.startAt, f.when(call.startAt))} · <a href=${operationLink(call.operationKey)}>${call.name}</a>${call.responseModel && call.responseModel !== call.requestModel ? html` · answered by <code>${call.responseModel}</code>` : nothing}</p>
        <p class="issue-actions"><a class="button primary" href=${traceLink(call.traceId, call.spanId)}>Open in its trace</a> ${copyButton("Copy link", "Link", () => location.href)} <a class="button" href=${to("/ai", { model: call.requestModel })}>Calls of this model</a></p>
      </div>
      <dl class="facts end">
        <div><dt>duration</dt><dd>${took(call.durationMs, 10_000)}</dd></div>
        ${call.timeToFirstTokenMs == null ? nothing : html`<div><dt>first token</dt><dd>${f.duration(call.timeToFirstTokenMs)}</dd></div>`}
        <div><dt>tokens</dt><dd>${f.count(t.total)}</dd></div>
        <div><dt>cost</dt><dd>${call.cost?.usd == null ? "no price" : call.cost.text}</dd></div>
        <div><dt>finished by</dt><dd>${call.finishReasons?.join(", ") || f.DASH}</dd></div>
      </dl>
    </section>
    <div class="page ai-call">
      <div class="stack-column">
      <section class="card">
        <header><h2>Tokens and price</h2></header>
        <div class="body">
          <div class="token-bar">${parts.filter(([key]) => key !== "reasoning").map(([key, , kind]) => html`<i data-k=${kind} ${css({ width: ((t[key] || 0) / total) * 100 + "%" })}></i>`)}</div>
          <ul class="token-legend">${parts.map(([key, label, kind]) => html`<li><i class="dot" data-k=${kind}></i> ${label} <b>${f.count(t[key])}</b></li>`)}</ul>
          <p class="arithmetic">${call.cost?.arithmetic ?? html`<span class="muted">No price: ${call.requestModel ? "the model is not in the price table, or tokens are missing" : "the call names no model"}.</span>`}</p>
          ${call.cost?.priceDate ? html`<p class="faint small">priced as ${call.cost.matched ?? call.requestModel}, ${call.cost.source ?? "built in"} table of ${call.cost.priceDate}</p>` : nothing}
          ${samePrompt > 1 ? html`<p class="warn small">◷ The same prompt was sent ${f.count(samePrompt)} times in this trace.</p>` : nothing}
        </div>
      </section>
      <section class="card">
        <header>
          <h2>Messages</h2>
          ${messages ? html`<button class="button end" aria-expanded=${view.open} @click=${() => ((view.open = !view.open), draw())}>${view.open ? "Hide" : "Show"}</button>` : nothing}
        </header>
        ${!messages ? html`<p class="body muted">The application did not send the content of this call.</p>` : view.open ? conversation(messages) : html`<p class="body muted">Prompts and answers may hold personal data: they are shown on request.</p>`}
      </section>
      </div>
      <section class="card">
        <header><h2>Call</h2></header>
        <div class="body">${facts(call)}</div>
      </section>
    </div>
  </div>`;
}

function facts(call) {
  const known = [
    ["operation", call.operation],
    ["provider", call.provider],
    ["asked", call.requestModel],
    ["answered", call.responseModel],
    ["temperature", call.temperature],
    ["streaming", call.streaming == null ? null : call.streaming ? "yes" : "no"],
    ["first token", call.timeToFirstTokenMs == null ? null : f.duration(call.timeToFirstTokenMs)],
    ["finished by", call.finishReasons?.join(", ")],
    ["tool calls", call.toolCalls || null],
    ["error", call.errorType],
    ["conversation", call.conversationId],
    ["service", call.service],
    ["trace", call.traceId],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  return html`<dl class="keyvals right">${known.map(([key, value]) => html`<div><dt>${key}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** The convention's parts, or a provider's own form, where the content is a text or a list. */
const partsOf = (message) => message.parts ?? (Array.isArray(message.content) ? message.content : message.content == null ? [] : [{ type: "text", content: message.content }]);

function conversation(messages) {
  const all = [...(messages.system ? [{ role: "system", parts: [{ type: "text", text: messages.system }] }] : []), ...(messages.input ?? []), ...(messages.output ?? []).map((m) => ({ ...m, answer: true }))];
  return html`<ol class="chat">
    ${all.map(
      (message) =>
        html`<li data-role=${message.role}>
          <h3>${message.role}</h3>
          ${partsOf(message).map((part) =>
            part.type === "text" || typeof part === "string"
              ? html`<p>${part.content ?? part.text ?? part}</p>`
              : html`<pre class="code">${part.name ? part.name + " " : ""}${typeof part.arguments === "string" ? part.arguments : JSON.stringify(part.arguments ?? part.result ?? part.response ?? part, null, 2)}</pre>`,
          )}
        </li>`,
    )}
  </ol>`;
}
