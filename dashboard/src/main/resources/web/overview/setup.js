/* SPDX-License-Identifier: Apache-2.0 */
// No request and no error has arrived yet: how to send something. Each way ticks when its first item is here.
import { html } from "../shell/html.js";
import * as api from "../shell/api.js";
import { copy, toast } from "../shell/parts.js";
import { dsn, traceLink } from "../shell/url.js";

export function setup(received, reload) {
  const origin = location.origin;
  const ways = [
    ["A Sentry SDK, any language", "its DSN", received.sentry > 0, "export SENTRY_DSN=" + dsn()],
    ["OpenTelemetry, any language", "its endpoint", received.otlp > 0, "export OTEL_EXPORTER_OTLP_ENDPOINT=" + origin + "\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"],
    ["Tracebridge in a Java application", "one line, both of the above", received.sentry > 0 && received.otlp > 0, "// with ENABLE_TRACING=true it finds this page by itself\ntry (Tracebridge bridge = Tracebridge.start()) { … }"],
  ];
  return html`<div class="setup">
    <h1>${received.sentry + received.otlp > 0 ? "Waiting for the first request or error" : "Nothing has arrived yet"}</h1>
    <p class="muted">Send something in one of these ways. The page fills by itself; nothing leaves this machine.</p>
    ${ways.map(
      ([title, what, done, text]) =>
        html`<section class="card" data-done=${done ? "yes" : ""}>
          <header>
            <span class="tick" role="img" aria-label=${done ? "received" : "waiting"}>${done ? "✓" : "○"}</span>
            <h2>${title}</h2><span class="muted">${done ? "received" : what}</span>
            <button class="button end" @click=${() => copy(text, "Snippet")}>Copy</button>
          </header>
          <pre class="code body">${text}</pre>
        </section>`,
    )}
    <p class="setup-sample"><button class="button primary" @click=${() => sample(reload)}>Send a sample</button> <span class="muted small">a request that fails in a tool, with spans, an error, logs and AI calls</span></p>
  </div>`;
}

async function sample(reload) {
  try {
    const { traceId } = await api.post("sample");
    toast("Sample sent");
    // ingest is asynchronous: what the server announces loads the page too, whichever is first
    setTimeout(reload, 700);
    return traceLink(traceId);
  } catch (error) {
    toast(error.message);
  }
}
