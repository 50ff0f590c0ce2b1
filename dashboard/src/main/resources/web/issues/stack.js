/* SPDX-License-Identifier: Apache-2.0 */
// The exception chain: thrown first, own code first, library code folded to a line.
import { html, nothing } from "../shell/html.js";
import * as f from "../shell/format.js";
import { badge } from "../shell/parts.js";
import { traceLink } from "../shell/url.js";

export function stack(event, allFrames, toggle) {
  const chain = event.exceptions ?? [];
  if (!chain.length) return nothing;
  const folded = chain.some((e) => e.frames.some((frame) => !frame.inApp) && e.frames.some((frame) => frame.inApp));
  return html`<section class="card stack" id="stack">
    <header>
      <h2>Stack</h2>
      <span class="muted">${f.plural(chain.length, "exception")}, own code first</span>
      ${folded ? html`<button class="link end" aria-pressed=${allFrames} @click=${toggle}>${allFrames ? "Own frames" : "All frames"}</button>` : nothing}
    </header>
    ${chain.map((e) => exception(event, e, allFrames))}
  </section>`;
}

const RELATIONS = { thrown: "Thrown", "caused by": "Caused by", suppressed: "Suppressed" };

function exception(event, e, allFrames) {
  return html`<article class="exc">
    <p class="exc-title">
      <span class="muted small">${RELATIONS[e.relation] ?? e.relation}</span>
      <b class=${e.rootCause ? "danger" : ""} title=${e.fullType}>${e.type}</b>
      ${e.rootCause ? badge("danger", "root cause") : nothing}
      ${e.spanId && event.traceStored ? html`<a class="end" href=${traceLink(event.traceId, e.spanId)} title="The span it was thrown in">${e.spanName ?? "span"}</a>` : nothing}
    </p>
    <p class="muted">${e.message}</p>
    ${runs(e.frames, allFrames).map((run) => (run.fold ? foldedRun(run.frames) : run.frames.map((frame, k) => line(frame, run.first && k === 0))))}
  </article>`;
}

/** Neighbouring library frames become one line; with nothing of our own in sight, the top ones stay. */
function runs(frames, all) {
  const own = frames.some((frame) => frame.inApp);
  const list = [];
  frames.forEach((frame, k) => {
    const fold = !all && !frame.inApp && (own || k >= 5);
    const last = list.at(-1);
    if (last && last.fold === fold) last.frames.push(frame);
    else list.push({ fold, frames: [frame], first: list.every((run) => run.fold) });
  });
  return list;
}

function foldedRun(frames) {
  const libraries = [...new Set(frames.map((frame) => libraryOf(frame.module)))].slice(0, 4);
  return html`<details class="folded">
    <summary><span aria-hidden="true">⋯</span> ${f.plural(frames.length, "frame")} of ${libraries.join(", ")}</summary>
    ${frames.map((frame) => line(frame, false))}
  </details>`;
}

function line(frame, open) {
  const type = (frame.module ?? "").split(".").at(-1);
  const method = methodOf(frame.function);
  return html`<div class="frame" data-own=${frame.inApp ? "yes" : ""}>
      <code title=${frame.module + "." + frame.function}><span>${type.replace(GENERATED, "")}.</span>${method.name}${method.lambda ? html`<i>lambda</i>` : nothing}</code>
      <code class="muted end">${frame.file ?? ""}${frame.line > 0 ? ":" + frame.line : ""}</code>
    </div>
    ${open && frame.context ? source(frame) : nothing}`;
}

/** What proxies and lambdas of the compiler add to the names that somebody wrote; the title has the name as it was. */
const GENERATED = /(\$\$(SpringCGLIB|EnhancerBySpringCGLIB|FastClassBySpringCGLIB|Lambda|Proxy)[\w$/]*|\$HibernateProxy[\w$]*|_Subclass|_ClientProxy)$/;

function methodOf(text = "") {
  const lambda = /^lambda\$(\w+)\$\d+$/.exec(text);
  return lambda ? { name: lambda[1] === "new" ? "<init>" : lambda[1], lambda: true } : { name: text, lambda: false };
}

function source(frame) {
  const { firstLine, lines } = frame.context;
  return html`<div class="code source" tabindex="0" role="region" aria-label="Source of ${frame.file}">
    ${lines.map((text, k) => html`<div data-thrown=${firstLine + k === frame.line ? "yes" : ""}><i>${firstLine + k}</i>${text}</div>`)}
  </div>`;
}

function libraryOf(module = "") {
  const parts = module.split(".");
  if (["java", "jdk", "sun", "javax"].includes(parts[0])) return "java.base";
  const at = ["com", "org", "io", "net", "ch", "dev"].includes(parts[0]) ? 1 : 0;
  const vendor = parts[at] ?? module;
  return ["linecorp", "google", "apache", "github", "springframework", "squareup"].includes(vendor) ? (parts[at + 1] ?? vendor) : vendor || "unknown code";
}
