/* SPDX-License-Identifier: Apache-2.0 */
// A trace as Markdown for a bug report: the tree down to what matters. Text from telemetry stays inside code marks.
import * as f from "../shell/format.js";
import { FLAG } from "./model.js";

const LINES = 60;

/** Text as inline code; back-ticks inside would end it. */
export const code = (text) => "`" + String(text).replace(/`/g, "ʹ").replace(/\s+/g, " ") + "`";

export function traceMarkdown(json, model) {
  const lines = [
    "**" + "Trace** " + code(json.operation) + " · " + f.duration(json.durationMs) + " · " + f.plural(json.n, "span") + " · " + f.plural(json.errors.length, "error"),
    location.origin + "/traces/" + json.id,
    "",
  ];
  let left = LINES;
  for (let i = 0; i < model.n && left > 0; i++) {
    const weighs = model.crit[i] * 50 >= model.total || model.flags[i] & (FLAG.error | FLAG.exception) || model.depth[i] < 2;
    if (!weighs) continue;
    left--;
    const error = model.errors.get(i)?.[0];
    lines.push("  ".repeat(model.depth[i]) + "- " + code(model.name(i)) + " " + f.duration(model.dur[i] / 1000) + (error ? " ✕ " + code(error.type + ": " + error.message) : ""));
  }
  if (left === 0) lines.push("- …");
  return lines.join("\n");
}
