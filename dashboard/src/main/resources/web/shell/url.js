/* SPDX-License-Identifier: Apache-2.0 */
// The address is the state: filters, sorting, selection. What a reader sees can be sent to somebody else.

/** Filters of the header; they travel from page to page. */
export const GLOBAL = ["service", "environment", "run", "from", "to"];
export const DEFAULT_FROM = "1h";

export const params = () => new URLSearchParams(location.search);
export const param = (name, fallback = "") => params().get(name) ?? fallback;

/** Changes the address in place, so that Back leaves the page. A step worth going back to is a navigation to {@link changed}. */
export function adjust(changes) {
  history.replaceState(null, "", changed(changes));
}

/** The address of this page with these parameters changed. */
export function changed(changes) {
  const next = params();
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "" && one !== false) next.append(name, one);
    }
  }
  const query = next.toString();
  return location.pathname + (query ? "?" + query : "") + location.hash;
}

/** The address of a page of ours with the header's filters. */
export function to(path, extra = {}) {
  const next = new URLSearchParams();
  const current = params();
  for (const name of GLOBAL) for (const value of current.getAll(name)) next.append(name, value);
  for (const [name, value] of Object.entries(extra)) {
    next.delete(name);
    if (value !== null && value !== undefined && value !== "") next.set(name, value);
  }
  const query = next.toString();
  return path + (query ? "?" + query : "");
}

/** What a Sentry SDK is given to send here; any key will do, and the terminal prints this one. */
export const dsn = () => location.origin.replace("://", "://local@") + "/1";

export const traceLink = (traceId, spanId) => to("/traces/" + encodeURIComponent(traceId), { span: spanId });
export const issueLink = (issueId, eventId) =>
  to("/issues/" + encodeURIComponent(issueId) + (eventId ? "/events/" + encodeURIComponent(eventId) : ""));
export const operationLink = (key) => to("/operations/" + encodeURIComponent(key));

/** Query parameters for the API: the header's filters and the page's own. */
export function filters(extra = {}) {
  const query = new URLSearchParams();
  const current = params();
  for (const name of GLOBAL) for (const value of current.getAll(name)) query.append(name, value);
  if (!query.has("from")) query.set("from", DEFAULT_FROM);
  if (query.get("from") === "all") query.delete("from");
  for (const [name, value] of Object.entries(extra)) {
    const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== null && one !== undefined && one !== "" && one !== false);
    // a page that names a time means that one, not the header's beside it
    if (values.length) query.delete(name);
    for (const one of values) query.append(name, one);
  }
  return query.toString();
}
