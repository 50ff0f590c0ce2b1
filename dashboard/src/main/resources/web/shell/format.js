/* SPDX-License-Identifier: Apache-2.0 */
// Numbers, times and names as text. Pure functions; tests call them in the browser.

const NARROW = "\u202f"; // between a number and its unit, and between thousands
export const DASH = "–";

/** Milliseconds as `852 µs`, `54.9 ms`, `1.44 s`, `2 m 05 s`, `3 h 07 m`: three digits at most, and never `1000 ms`. */
export function duration(ms) {
  if (ms == null || Number.isNaN(ms)) return DASH;
  if (ms < 0) return "−" + duration(-ms);
  if (ms === 0) return "0";
  if (ms < 0.9995) return Math.max(1, Math.round(ms * 1000)) + NARROW + "µs";
  if (ms < 999.5) return three(ms) + NARROW + "ms";
  const seconds = ms / 1000;
  if (seconds < 59.95) return three(seconds) + NARROW + "s";
  const whole = Math.round(seconds);
  if (whole < 3600) return Math.floor(whole / 60) + NARROW + "m" + NARROW + two(whole % 60) + NARROW + "s";
  const minutes = Math.round(whole / 60);
  return Math.floor(minutes / 60) + NARROW + "h" + NARROW + two(minutes % 60) + NARROW + "m";
}

/** For a screen reader: "1.44 seconds". */
export function spoken(ms) {
  return duration(ms)
    .replace(NARROW + "µs", " microseconds")
    .replace(NARROW + "ms", " milliseconds")
    .replace(/\u202fs$/, " seconds");
}

function three(x) {
  return x < 9.995 ? x.toFixed(2) : x < 99.95 ? x.toFixed(1) : x.toFixed(0);
}

const two = (n) => String(n).padStart(2, "0");

/** A count with thousands apart: `1 284`. Estimates may be fractions; nobody wants to read them. */
export function count(n) {
  if (n == null) return DASH;
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, NARROW);
}

/** A large count in three digits: `2.9 M`. */
export function compact(n) {
  if (n == null) return DASH;
  for (const [size, unit] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e4, "k"],
  ]) {
    if (n >= size) return three(n / (unit === "k" ? 1e3 : size)) + NARROW + unit;
  }
  return count(n);
}

/** Any measured value: three significant digits below a thousand. */
export function value(n) {
  if (n == null) return DASH;
  const size = Math.abs(n);
  if (size >= 1000) return compact(Math.round(n));
  if (Number.isInteger(n)) return String(n);
  return size < 0.01 ? n.toPrecision(2) : three(n).replace(/\.?0+$/, "");
}

export function bytes(n) {
  if (n == null) return DASH;
  let unit = 0;
  for (; n >= 999.5 && unit < 4; unit++) n /= 1024;
  return (unit === 0 ? String(n) : three(n)) + NARROW + ["B", "KiB", "MiB", "GiB", "TiB"][unit];
}

/** A share 0…1 as percent with two digits: `42 %`, `3.0 %`. */
export function share(x) {
  if (x == null) return DASH;
  const percent = x * 100;
  if (percent > 0 && percent < 0.05) return "<" + NARROW + "0.1" + NARROW + "%";
  return (percent === 0 || percent >= 9.95 ? percent.toFixed(0) : percent.toFixed(1)) + NARROW + "%";
}

export function money(usd) {
  if (usd == null) return "no price";
  if (usd === 0) return "$0";
  return "$" + (usd < 1 ? usd.toFixed(4) : usd.toFixed(2));
}

/** Local time of day, to the millisecond. */
export function clock(at) {
  const d = new Date(at);
  return seconds(at) + "." + String(d.getMilliseconds()).padStart(3, "0");
}

/** Local time of day, to the second. */
export function seconds(at) {
  const d = new Date(at);
  return two(d.getHours()) + ":" + two(d.getMinutes()) + ":" + two(d.getSeconds());
}

export function minutes(at) {
  return seconds(at).slice(0, 5);
}

/** `11-24`: the day without its year. */
export function day(at) {
  const d = new Date(at);
  return two(d.getMonth() + 1) + "-" + two(d.getDate());
}

/** `today 14:02:11`, or the date where it is another day. */
export function when(at, now = Date.now()) {
  const d = new Date(at);
  const sameDay = new Date(now).toDateString() === d.toDateString();
  return (sameDay ? "today" : d.getFullYear() + "-" + two(d.getMonth() + 1) + "-" + two(d.getDate())) + " " + seconds(at);
}

/** The exact instant in UTC, for titles. */
export function utc(at) {
  return at == null ? "" : new Date(at).toISOString().replace("T", " ").replace("Z", " UTC");
}

export function ago(at, now = Date.now()) {
  if (at == null) return DASH;
  const s = Math.max(0, (now - at) / 1000);
  if (s < 1.5) return "now";
  if (s < 90) return Math.round(s) + NARROW + "s ago";
  if (s < 5400) return Math.round(s / 60) + NARROW + "m ago";
  if (s < 129600) return Math.round(s / 3600) + NARROW + "h ago";
  return Math.round(s / 86400) + NARROW + "d ago";
}

/**
 * A name in two tones, `[faint, plain]`: the method of a request and the namespace of a step step back, what is done
 * stays.
 */
export function tones(name) {
  const text = name || "(no name)";
  const verb = /^([A-Za-z_]+ )(\S.*)$/.exec(text);
  if (verb) return [verb[1], verb[2]];
  const dot = text.lastIndexOf(".");
  return dot > 0 && dot < text.length - 1 && /^[\w$.-]+$/.test(text) ? [text.slice(0, dot + 1), text.slice(dot + 1)] : ["", text];
}

const LONG_PREFIX = 24;

/**
 * A namespace as log lines shorten it, `com.acme.billing.InvoiceService.` as `c.a.b.InvoiceService.`, and no longer than
 * that: what is done stands behind it, and would be cut off first.
 */
export function brief(prefix) {
  if (prefix.length <= LONG_PREFIX || !prefix.endsWith(".")) return prefix;
  const short = prefix.replace(/\b([a-z])[\w$]*\.(?=.)/g, "$1.");
  return short.length <= LONG_PREFIX ? short : "…" + short.slice(1 - LONG_PREFIX);
}

/** The last part of a class name: `AiOverloadedException`; codes and words stay as they are. */
export const simpleType = (type) => (/^[a-z][\w$]*(\.[\w$]+)+$/.test(type ?? "") ? type.slice(type.lastIndexOf(".") + 1) : (type ?? ""));

const KINDS = {
  http: "HTTP in",
  client: "HTTP out",
  internal: "Step",
  ai: "AI call",
  tool: "Tool",
  db: "Database",
  queue: "Queue",
  cache: "Cache",
};
export const kind = (k) => KINDS[k] || k;

export const plural = (n, one, many = one + "s") => count(n) + " " + (Math.round(n) === 1 ? one : many);
