/* SPDX-License-Identifier: Apache-2.0 */
// Ticks of a time axis: steps of 1, 2, 5, one unit for the whole axis, chosen by its end.
const LEAST_PX = 64;
const NARROW = "\u202f";
const UNITS = [
  ["µs", 1],
  ["ms", 1e3],
  ["s", 1e6],
  ["min", 6e7],
];

const unitOf = (us) => UNITS.findLast(([, size]) => us >= size * 2) ?? UNITS[0];

function digits(step, size) {
  return Math.max(0, Math.min(3, Math.ceil(-Math.log10(step / size) - 1e-9)));
}

function stepFor(from, to, width) {
  const raw = ((to - from) * LEAST_PX) / Math.max(LEAST_PX, width);
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * (raw / power <= 1 ? 1 : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
}

/** @returns {{at: number, text: string}[]} ticks in microseconds */
export function ticks(from, to, width) {
  const step = stepFor(from, to, width);
  const [unit, size] = unitOf(to);
  const list = [];
  for (let k = Math.ceil(from / step); k * step <= to; k++) {
    const at = k * step;
    list.push({ at, text: at === 0 ? "0" : (at / size).toFixed(digits(step, size)) + NARROW + unit });
  }
  return list;
}

/** An instant under the pointer, two digits finer than the axis. */
export function instant(at, from, to, width) {
  const [unit, size] = unitOf(to);
  return "+" + (at / size).toFixed(Math.min(3, digits(stepFor(from, to, width), size) + 2)) + NARROW + unit;
}
