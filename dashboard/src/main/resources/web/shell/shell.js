/* SPDX-License-Identifier: Apache-2.0 */
// What is around every page: rail, header with the filters, live state, theme, help.
import { html, nothing, render } from "./html.js";
import { icon } from "./icons.js";
import * as api from "./api.js";
import * as f from "./format.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import { adjust, changed, DEFAULT_FROM, filters, param, to } from "./url.js";
import { announce, copy } from "./parts.js";

const RAIL = [
  ["overview", "Overview", "/", "o"],
  ["issues", "Issues", "/issues", "i"],
  ["traces", "Traces", "/traces", "t"],
  ["operations", "Operations", "/operations", "p"],
  ["changes", "Changes", "/changes", "c"],
  ["logs", "Logs", "/logs", "l"],
  ["metrics", "Metrics", "/metrics", "m"],
  ["ai", "AI calls", "/ai", "a"],
  ["health", "Health", "/health-ui", "h"],
];
const RANGES = [
  ["5m", "Last 5 min"],
  ["15m", "Last 15 min"],
  ["1h", "Last hour"],
  ["24h", "Last 24 h"],
  ["7d", "Last 7 days"],
  ["all", "All time"],
];
const THEMES = ["system", "light", "dark"];

const state = { page: "", title: "", filtered: true, menus: { services: [], environments: [], runs: [] }, newIssues: false, live: "idle" };

/** Draws the frame, with the filters if the page obeys them, and returns the element that the page draws into. */
export function frame(page, title, filtered = true) {
  Object.assign(state, { page, title, filtered });
  document.title = title + " · Tracebridge";
  draw();
  bindKeys();
  api.get("filters").then((menus) => {
    state.menus = menus;
    draw();
  }, ignore);
  live.onState((now) => {
    state.live = now;
    draw();
  });
  live.on("issue", (messages) => {
    const fresh = messages.flatMap((m) => m.items).filter((issue) => issue.isNew);
    if (!fresh.length) return;
    state.newIssues = true;
    draw();
    announce(f.plural(fresh.length, "new issue"));
  });
  return document.getElementById("page");
}

/** Changes what the tab and the header say, once a page knows more than its kind. */
export function entitle(text) {
  document.title = text + " · Tracebridge";
}

function draw() {
  render(
    html`
      <a class="skip button primary" href="#page">Skip to the page</a>
      <nav class="rail" aria-label="Pages">
        <a class="brand" href=${to("/")} aria-label="Tracebridge, overview">${icon("brand", 26)}</a>
        ${RAIL.map(
          ([id, label, path]) =>
            html`<a
              class=${id === "health" ? "last" : ""}
              href=${to(path)}
              aria-label=${id === "issues" && state.newIssues ? "Issues, new ones" : label}
              aria-current=${state.page === id ? "page" : nothing}
              ?data-mark=${id === "issues" && state.newIssues}
              >${icon(id)}<span class="label" aria-hidden="true">${label}</span></a
            >`,
        )}
      </nav>
      <header class="head">
        ${title()} ${state.filtered ? picks() : nothing}
        <search class="search">
          ${icon("search", 16)}
          <input
            id="search"
            class="field"
            type="search"
            placeholder="Search"
            aria-label="Search this page, or a trace id"
            .value=${param("q")}
            @keydown=${search}
          />
          <kbd aria-hidden="true">/</kbd>
        </search>
        ${state.live === "idle" ? nothing : liveButton()}
        <button class="button icon" title="Theme: ${theme()}" aria-label="Theme: ${theme()}" @click=${nextTheme}>${icon(theme(), 17)}</button>
        <button class="button icon" title="Keyboard help" aria-label="Keyboard help" @click=${help}>?</button>
      </header>
      <main id="page" tabindex="-1"></main>
      <dialog class="help" aria-labelledby="help-title"></dialog>
    `,
    document.getElementById("app"),
  );
}

/** On the page of one thing the title leads back to the list of them, with the filters it had. */
function title() {
  const path = RAIL.find(([id]) => id === state.page)?.[2];
  return path && path !== location.pathname
    ? html`<a class="title" href=${to(path)} title="All ${state.title.toLowerCase().replace("ai ", "AI ")}">‹ ${state.title}</a>`
    : html`<span class="title">${state.title}</span>`;
}

function picks() {
  const { services, environments, runs } = state.menus;
  return html`${pick("Service", "service", [["", "All"], ...services.map((s) => [s, s])])}
  ${pick("Env", "environment", [["", "All"], ...environments.map((s) => [s, s])], "spare")}
  ${pick("Run", "run", [["", "All"], ...runs.map((r) => [r.id, runName(r)])], "spare")}
  ${pick("", "from", ranges(), "", DEFAULT_FROM)}`;
}

/** What the header's filters let through, for a page that has nothing to show: ` of service api, in the last hour`, or nothing. */
export function scope() {
  const words = [["service", "service"], ["environment", "environment"], ["run", "run"]].filter(([key]) => param(key)).map(([key, word]) => "of " + word + " " + param(key));
  const range = RANGES.find(([value]) => value === param("from", DEFAULT_FROM));
  const time = param("to") ? "between " + f.minutes(Number(param("from"))) + " and " + f.minutes(Number(param("to"))) : Number(param("from")) ? "since " + f.minutes(Number(param("from"))) : !range || range[0] === "all" ? "" : "in the " + range[1].toLowerCase();
  return [...words, time].filter(Boolean).map((part, i) => (i ? ", " : " ") + part).join("");
}

/** Where there may be more: without the filters, or at all time. */
export function elsewhere(path) {
  return ["service", "environment", "run"].some((key) => param(key)) ? html`<a href=${path}>Look without these filters</a>` : param("from") === "all" ? nothing : html`<a href=${to(path, { from: "all", to: null })}>Look at all time</a>`;
}

function pick(label, name, options, extra = "", fallback = "") {
  const chosen = param(name, fallback);
  const known = options.some(([value]) => value === chosen);
  return html`<label class="pick ${extra}" ?data-set=${name !== "from" && chosen !== ""}>
    <span class=${label ? "" : "sr-only"}>${label || "Time range"}</span>
    <select @change=${(event) => filter(name, event.target.value, fallback)}>
      ${known ? nothing : html`<option value=${chosen} selected>${chosen}</option>`}
      ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
    </select>
  </label>`;
}

function ranges() {
  const from = param("from");
  if (param("to")) return [...RANGES, [from, f.minutes(Number(from)) + " – " + f.minutes(Number(param("to")))]];
  return Number(from) ? [...RANGES, [from, "Since " + f.minutes(Number(from))]] : RANGES;
}

const runName = (run) => (run.current ? "this, " : "") + f.when(run.startedAt).replace("today ", "").slice(0, -3);

function filter(name, value, fallback) {
  // a navigation, not a pushed state and a reload: Back would then change the address and leave the page as it is
  location.assign(changed({ [name]: value === fallback ? null : value, ...(name === "from" ? { to: null } : {}) }));
}

/** Enter searches; a whole trace id opens that trace at once. */
function search(event) {
  if (event.key !== "Enter") return;
  const text = event.target.value.trim();
  if (/^[0-9a-f]{32}$/i.test(text)) return void location.assign(to("/traces/" + text.toLowerCase()));
  if (dispatchEvent(new CustomEvent("tracebridge:search", { detail: text, cancelable: true }))) {
    location.assign(to("/traces", { q: text }));
  }
}

/** Lets the page answer the header's search box; without it a search opens the list of traces. */
export function onSearch(listener) {
  addEventListener("tracebridge:search", (event) => {
    event.preventDefault();
    adjust({ q: event.detail });
    listener(event.detail);
  });
}

function liveButton() {
  const words = { on: "Live", paused: "Paused", off: "Offline", slow: "Every 5 s" };
  return html`<button
    class="button live"
    data-state=${state.live}
    aria-pressed=${state.live === "paused"}
    title=${state.live === "paused" ? "Resume live updates (space)" : "Pause live updates (space)"}
    @click=${() => live.pause()}
  >
    ${words[state.live]}
  </button>`;
}

function theme() {
  return localStorage.getItem("tracebridge.theme") || "system";
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  localStorage.setItem("tracebridge.theme", next);
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  dispatchEvent(new Event("themechange"));
  draw();
}

function bindKeys() {
  for (const [, label, path, key] of RAIL) keys.bind("Go", "g " + key, label, () => location.assign(to(path)));
  keys.bind("Everywhere", "/", "search", () => document.getElementById("search").focus());
  keys.bind("Everywhere", "?", "this help", help);
  keys.bind("Everywhere", " ", "pause or resume", () => live.pause());
  keys.bind("Everywhere", "y", "copy link", () => copy(location.href, "Link"));
  keys.listen();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("themechange")));
}

const KEY_NAMES = { " ": "space", Escape: "esc", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Enter: "enter" };

export function help() {
  const dialog = document.querySelector("dialog.help");
  const close = () => dialog.close();
  render(
    html`
      <div class="card">
        <header>
          <h2 id="help-title">Keyboard</h2>
          <button class="button icon end" aria-label="Close" @click=${close}>${icon("close", 16)}</button>
        </header>
      </div>
      <div class="body">
        ${[...keys.map()].map(
          ([group, entries]) =>
            html`<section>
              <h3>${group}</h3>
              <dl>
                ${[...entries].map(
                  ([strokes, label]) =>
                    html`<dt>${strokes.split(",").map((k) => html`<kbd>${k.split(" ").length === 2 && k !== " " && k.trim() ? k : KEY_NAMES[k] || k}</kbd> `)}</dt>
                      <dd>${label}</dd>`,
                )}
              </dl>
            </section>`,
        )}
        <section>
          <label><input type="checkbox" .checked=${keys.enabled()} @change=${(e) => keys.enable(e.target.checked)} /> Single keys are on</label>
        </section>
      </div>
    `,
    dialog,
  );
  dialog.showModal();
}

/** The header's filters as the API wants them; one name for pages that need it. */
export const query = filters;

const ignore = () => {};
