/* SPDX-License-Identifier: Apache-2.0 */
// Small pieces that every page is made of. All text from telemetry goes through template holes, never as markup.
import { html, svg, nothing, css } from "./html.js";
import * as f from "./format.js";
import { traceLink } from "./url.js";

export const SLOW_MS = 1000;

/** A duration; past the limit in red and weight, with a mark that is not colour, and said aloud. */
export function took(ms, limit = SLOW_MS) {
  return ms > limit
    ? html`<span class="slow" aria-label="slow, ${f.spoken(ms)}">${f.duration(ms)}</span>`
    : html`<span class="nowrap">${f.duration(ms)}</span>`;
}

export function name(text) {
  const [faint, plain] = f.tones(text);
  const short = f.brief(faint);
  return html`<span class="name" title=${short === faint ? nothing : text}>${faint ? html`<i>${short}</i>` : nothing}${plain}</span>`;
}

export const dot = (kind) => html`<i class="dot" data-k=${kind} title=${f.kind(kind)}></i>`;

export const badge = (tone, text, title = "") => html`<span class="badge" data-tone=${tone} title=${title || nothing}>${text}</span>`;

export const meter = (share, kind) =>
  html`<span class="meter" data-k=${kind || nothing}><i ${css({ width: Math.max(0, Math.min(1, share || 0)) * 100 + "%" })}></i></span>`;

export const instant = (at, text = f.ago(at)) => html`<time datetime=${at == null ? nothing : new Date(at).toISOString()} title=${f.utc(at)}>${text}</time>`;

/** A time of day to the millisecond, of which a phone shows the seconds. */
export const moment = (at) => instant(at, html`${f.seconds(at)}<span class="fraction">${f.clock(at).slice(8)}</span>`);

const STATUS = {
  ok: ["ok", "✓ ok"],
  error: ["danger", "✕ error"],
  unset: ["", "✓ ok"],
  unfinished: ["warn", "◷ running"],
};
/** Always a sign and a word, never a colour alone. */
export function status(value) {
  const [tone, text] = STATUS[value] || ["", value];
  return badge(tone === "ok" ? "" : tone, text);
}

const CHIPS = {
  late: "A span arrived after the trace was closed",
  orphan: "The parent of a span is missing",
  skewed: "A span starts before its parent: the clocks differ",
  rootless: "The root has not arrived",
  unfinished: "A span has not ended",
  partial: "Some spans are missing",
};
export const chips = (list) => (list || []).map((chip) => badge("warn", "◷ " + chip, CHIPS[chip] || ""));

/** Columns over time. `hot` is from which index on a column is red. */
export function bars(values, { kind = "internal", hot = Infinity, width = 74, height = 20, gap = 1 } = {}) {
  const top = Math.max(...values, 1);
  const step = width / Math.max(1, values.length);
  return html`<svg width=${width} height=${height} aria-hidden="true" data-k=${kind}>
    ${values.map((v, i) => {
      const h = v > 0 ? Math.max(2, (v / top) * height) : 1;
      const fill = v > 0 ? (i >= hot ? "var(--danger)" : "var(--k)") : "var(--line)";
      return svg`<rect x=${(i * step).toFixed(2)} y=${(height - h).toFixed(2)} width=${Math.max(1, step - gap).toFixed(2)} height=${h.toFixed(2)} rx="0.5" fill=${fill} />`;
    })}
  </svg>`;
}

/** Gaps between two known values filled by a straight line: a trend of what is only known now and then. */
function bridged(values) {
  const list = [...values];
  let last = -1;
  list.forEach((v, i) => {
    if (v == null) return;
    for (let k = last + 1; last >= 0 && k < i; k++) list[k] = list[last] + ((v - list[last]) * (k - last)) / (i - last);
    last = i;
  });
  return list;
}

/** A line with a pale ground, stretched over the width of its place; gaps stay gaps unless bridged. */
export function spark(all, { kind = "http", width = 240, height = 36, fromZero = true, bridge = false } = {}) {
  const values = bridge ? bridged(all) : all;
  const known = values.filter((v) => v != null);
  if (!known.length) return html`<svg class="chart" viewBox="0 0 ${width} ${height}" aria-hidden="true"></svg>`;
  const top = Math.max(...known) || 1;
  const low = fromZero ? 0 : Math.min(...known);
  const x = (i) => (i / Math.max(1, values.length - 1)) * width;
  const y = (v) => height - 1.5 - ((v - low) / (top - low || 1)) * (height - 4);
  let line = "";
  let ground = "";
  let start = -1;
  values.forEach((v, i) => {
    if (v == null) return void (start = close(i - 1));
    line += (start < 0 ? "M" : "L") + x(i).toFixed(1) + " " + y(v).toFixed(1);
    // a value between two gaps is a dash, else nothing would be drawn
    if (start < 0 && values[i + 1] == null) line += "h" + Math.max(2, width / values.length).toFixed(1);
    if (start < 0) {
      start = i;
      ground += "M" + x(i).toFixed(1) + " " + height;
    }
    ground += "L" + x(i).toFixed(1) + " " + y(v).toFixed(1);
  });
  close(values.length - 1);
  function close(last) {
    if (start >= 0) ground += "L" + x(last).toFixed(1) + " " + height + "Z";
    return -1;
  }
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true" data-k=${kind}>
    <path d=${ground} fill="var(--k)" fill-opacity="0.09" />
    <path d=${line} fill="none" stroke="var(--k)" stroke-width="1.5" stroke-linejoin="round" vector-effect="non-scaling-stroke" />
  </svg>`;
}

let toastTimer = 0;
export function toast(text) {
  let element = document.querySelector(".toast");
  if (!element) {
    element = document.createElement("div");
    element.className = "toast";
    element.setAttribute("role", "status");
    document.body.append(element);
  }
  element.textContent = text;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (element.hidden = true), 1800);
}

/** Puts text on the clipboard and says so. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(what + " copied");
  } catch {
    toast("The browser refused the clipboard");
  }
}

export const copyButton = (label, what, text) =>
  html`<button class="button" @click=${() => copy(typeof text === "function" ? text() : text, what)}>${label}</button>`;

/** Says something to a screen reader without moving anything, at most once in ten seconds. */
let said = 0;
export function announce(text) {
  const now = performance.now();
  if (said && now - said < 10_000) return;
  said = now;
  document.getElementById("announcer").textContent = text;
}

export const estimated = (estimate) =>
  estimate?.weighted && estimate.text ? html`<span class="muted small" title="Sampled data: each trace stands for 1 / probability of its kind">${estimate.text}</span>` : nothing;

export const traceIdLink = (traceId, spanId, text) => html`<a href=${traceLink(traceId, spanId)}>${text ?? traceId.slice(0, 8)}</a>`;
