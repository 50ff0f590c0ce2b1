/* SPDX-License-Identifier: Apache-2.0 */
// Decides by the address which page to draw, and says so plainly when it cannot.
import { html, render } from "./html.js";
import { connect } from "./live.js";
import { frame } from "./shell.js";

// the last column: a page about one thing, or about the server, ignores the header's filters and does not show them
const PAGES = [
  [/^\/$/, "overview", "Overview", "/ui/overview/overview.js"],
  [/^\/issues$/, "issues", "Issues", "/ui/issues/issues.js"],
  [/^\/issues\/([^/]+)(?:\/events\/([^/]+))?$/, "issues", "Issues", "/ui/issues/issue.js", "alone"],
  [/^\/traces$/, "traces", "Traces", "/ui/traces/traces.js"],
  [/^\/traces\/([^/]+)$/, "traces", "Traces", "/ui/trace/trace.js", "alone"],
  [/^\/operations$/, "operations", "Operations", "/ui/operations/operations.js"],
  [/^\/operations\/([^/]+)$/, "operations", "Operations", "/ui/operations/operation.js"],
  [/^\/changes$/, "changes", "What changed", "/ui/changes/changes.js"],
  [/^\/logs$/, "logs", "Logs", "/ui/logs/logs.js"],
  [/^\/metrics(?:\/([^/]+))?$/, "metrics", "Metrics", "/ui/metrics/metrics.js"],
  [/^\/ai$/, "ai", "AI calls", "/ui/ai/ai.js"],
  [/^\/ai\/calls\/([^/]+)$/, "ai", "AI calls", "/ui/ai/call.js", "alone"],
  [/^\/health-ui$/, "health", "Health", "/ui/health/health.js", "alone"],
];

async function start() {
  for (const [pattern, id, title, module, alone] of PAGES) {
    const match = pattern.exec(location.pathname);
    if (!match) continue;
    const place = frame(id, title, !alone);
    try {
      const page = await import(module);
      await page.start(place, ...match.slice(1).map((part) => part && decodeURIComponent(part)));
    } catch (error) {
      failed(place, error);
    }
    connect();
    return;
  }
  failed(frame("", "Not found"), { status: 404, message: "There is no page at this address." });
}

/** A failure is a page too: what happened, in the server's words, and where to go. */
function failed(place, error) {
  const gone = error.status === 404;
  if (!error.status && error.status !== 0) console.error(error);
  render(
    html`<div class="failed" role="alert">
      <h1>${gone ? "Not here" : "That did not work"}</h1>
      <p class="muted">${error.message}</p>
      <p><button class="button primary" @click=${() => location.reload()}>Try again</button> <a class="button" href="/">Overview</a></p>
    </div>`,
    place,
  );
}

await start();
// tests and readers of slow machines: the page has drawn what it knows
document.documentElement.dataset.ready = "";
