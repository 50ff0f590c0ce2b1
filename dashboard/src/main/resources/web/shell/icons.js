/* SPDX-License-Identifier: Apache-2.0 */
import { svg, html } from "./html.js";

const PATHS = {
  brand: svg`<path d="M4 5.5h11M7 12h10M12 18.5h8" stroke-width="2.6" />`,
  overview: svg`<path d="M3 12h4l2.5-6 5 12 2.5-6h4" />`,
  issues: svg`<path d="M12 4 21 19.5H3zM12 10v4.5M12 17v.2" />`,
  traces: svg`<path d="M4 6h10M7 12h10M12 18h8" />`,
  operations: svg`<path d="M5 20V11M10 20V5M15 20v-7M20 20V9" />`,
  changes: svg`<path d="M4 8h14l-4-4M20 16H6l4 4" />`,
  logs: svg`<path d="M4 6h16M4 10.7h10M4 15.3h16M4 20h8" />`,
  metrics: svg`<path d="M4 4v16h16M7.5 15l4-5 3 2.5 5-6.5" />`,
  ai: svg`<path d="M12 3.5c.9 5.2 3.3 7.6 8.5 8.5-5.2.9-7.6 3.3-8.5 8.5-.9-5.2-3.3-7.6-8.5-8.5 5.2-.9 7.6-3.3 8.5-8.5z" />`,
  health: svg`<path d="M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.3 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z" />`,
  search: svg`<circle cx="10.5" cy="10.5" r="6" /><path d="m15 15 5 5" />`,
  light: svg`<circle cx="12" cy="12" r="4" /><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4" />`,
  dark: svg`<path d="M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z" />`,
  system: svg`<rect x="3.5" y="5" width="17" height="11.5" rx="1.5" /><path d="M9 20h6" />`,
  close: svg`<path d="m6 6 12 12M18 6 6 18" />`,
};

/** A drawing of ours, hidden from screen readers: what it means is always said in words beside it. */
export const icon = (name, size = 18) =>
  html`<svg class="svg" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true">${PATHS[name]}</svg>`;
