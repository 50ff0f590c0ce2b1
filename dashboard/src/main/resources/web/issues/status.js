/* SPDX-License-Identifier: Apache-2.0 */
// What somebody said about an issue, and what became of it.
import { nothing } from "../shell/html.js";
import { badge } from "../shell/parts.js";

const BADGES = {
  regressed: ["danger", "regressed", "It happened again after it was resolved"],
  resolved: ["ok", "✓ resolved", "Comes back when it happens again"],
  ignored: ["", "ignored", "Stays out of the list, whatever happens"],
};

export const statusBadge = (issue) => (BADGES[issue.status] ? badge(...BADGES[issue.status]) : nothing);
