/* SPDX-License-Identifier: Apache-2.0 */
// Ticks of an axis of clock time: round seconds, minutes, hours of the reader's day.
import * as f from "./format.js";

const LEAST_PX = 92;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map((s) => s * 1000);
const DAY = 86_400_000;

/** @returns {{at: number, text: string}[]} milliseconds and what to write there, at least 92 px apart */
export function clockTicks(from, to, width) {
  const raw = ((to - from) * LEAST_PX) / Math.max(LEAST_PX, width);
  const step = STEPS.find((s) => s >= raw) ?? Math.ceil(raw / DAY) * DAY;
  // whole steps of local time, not of UTC: midnight is a tick
  const offset = new Date(from).getTimezoneOffset() * 60_000;
  const list = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) {
    list.push({ at, text: step >= DAY ? f.day(at) : step >= 60_000 ? f.minutes(at) : f.seconds(at) });
  }
  return list;
}
