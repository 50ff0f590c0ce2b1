/* SPDX-License-Identifier: Apache-2.0 */
// An issue as Markdown for a ticket. Everything from telemetry is inside code marks, so it stays text there too.
import * as f from "../shell/format.js";
import { code } from "../trace/markdown.js";

export function eventMarkdown(view, event) {
  const { issue } = view;
  const lines = ["**" + code(issue.type) + "** " + code(event?.message ?? issue.message ?? ""), ""];
  const facts = [
    ["Events", f.count(issue.events) + ", first " + f.utc(issue.firstSeenAt) + ", last " + f.utc(issue.lastSeenAt)],
    ["Root cause", issue.rootCause && code(issue.rootCause.type + ": " + issue.rootCause.message)],
    ["Where", issue.culprit && code(issue.culprit)],
    ["Operation", event?.operation && code(event.operation)],
    ["Release", event?.release && code(event.release)],
    ["Issue", location.origin + "/issues/" + issue.id],
    ["Trace", event?.traceId && location.origin + "/traces/" + event.traceId + (event.spanId ? "?span=" + event.spanId : "")],
  ];
  for (const [label, value] of facts) if (value) lines.push("- " + label + ": " + value);
  for (const e of event?.exceptions ?? []) {
    lines.push("", e.relation + " " + code(e.fullType + ": " + e.message));
    const own = e.frames.filter((frame) => frame.inApp);
    for (const frame of (own.length ? own : e.frames).slice(0, 8)) {
      lines.push("- " + code(frame.module + "." + frame.function + "(" + (frame.file ?? "unknown") + ":" + (frame.line ?? "?") + ")"));
    }
  }
  return lines.join("\n");
}
