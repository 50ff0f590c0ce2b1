/* SPDX-License-Identifier: Apache-2.0 */
// Line charts over time by uPlot, which draws on canvas and so has to be told the theme's colours.
import { html } from "./html.js";
import * as f from "./format.js";

const STYLE = "/lib/uplot@1.6.30/dist/uPlot.min.css";
let uPlot = null;

/** Loaded by pages that draw charts, once. The module build needs no script element, which trusted types would refuse. */
async function library() {
  if (uPlot) return;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = STYLE;
  document.head.append(sheet);
  ({ default: uPlot } = await import("/lib/uplot@1.6.30/dist/uPlot.esm.js"));
}

/**
 * @typedef {{label: string, values: (number|null)[], kind?: string, fill?: boolean, width?: number, stepped?: boolean}} Line
 */
export class Chart {
  /** @param {{height?: number, format?: (v: number) => string, onPick?: (at: number) => void, marks?: () => {at: number, value: number}[]}} options */
  constructor(place, options = {}) {
    this.place = place;
    this.options = options;
    this.built = null;
    addEventListener("themechange", () => this.rebuild());
    new ResizeObserver(() => this.built?.setSize({ width: this.place.clientWidth, height: this.height() })).observe(place);
  }

  height() {
    return this.options.height ?? 240;
  }

  /** @param {number[]} at milliseconds @param {Line[]} lines */
  async show(at, lines) {
    await library();
    const shape = lines.map((line) => line.label).join("\n");
    const data = [at.map((ms) => ms / 1000), ...lines.map((line) => line.values)];
    if (this.built && this.shape === shape) {
      this.lines = lines;
      this.data = data;
      this.built.setData(data);
      return;
    }
    this.shape = shape;
    this.lines = lines;
    this.data = data;
    this.rebuild();
  }

  rebuild() {
    if (!this.data) return;
    this.built?.destroy();
    const colour = painter(this.place);
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--grid"), width: 1 }, ticks: { show: false }, font: "11px " + getComputedStyle(document.body).fontFamily };
    const format = this.options.format ?? f.value;
    this.built = new uPlot(
      {
        width: this.place.clientWidth,
        height: this.height(),
        padding: [12, 30, 0, 0],
        cursor: { y: false, points: { size: 6 }, bind: { dblclick: () => null } },
        focus: { alpha: 0.55 },
        legend: { markers: { width: 0, fill: (u, i) => u.series[i].stroke(u, i) } },
        scales: { y: { range: (u, low, high) => [Math.min(0, low ?? 0), (high ?? 1) === 0 ? 1 : (high ?? 1) * 1.06] } },
        axes: [
          { ...axis, size: 32, space: 78, values: (u, ticks) => ticks.map((t) => (this.narrow() ? f.seconds(t * 1000) : f.minutes(t * 1000))) },
          { ...axis, size: 68, values: (u, ticks) => ticks.map((v) => format(v)) },
        ],
        series: [
          { label: "Time", value: (u, v) => (v == null ? f.DASH : f.seconds(v * 1000)) },
          ...this.lines.map((line, i) => {
            const stroke = colour(line.colour ?? "--k-" + (line.kind ?? "http"));
            return {
              label: line.label,
              stroke,
              width: line.width ?? 1.5,
              fill: line.fill ? alpha(stroke, 0.09) : undefined,
              // a value between two gaps is no line: without a point it would not be seen at all
              points: { show: true, size: 5, filter: (u, index) => alone(u.data[index]), fill: stroke },
              spanGaps: false,
              paths: line.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
              value: (u, v) => (v == null ? f.DASH : format(v)),
            };
          }),
        ],
        hooks: { draw: [(u) => this.marks(u, colour)], setCursor: [(u) => this.rest(u)], ready: [(u) => this.rest(u)], setData: [(u) => this.rest(u)] },
      },
      this.data,
      this.place,
    );
    if (this.options.onPick) this.built.over.addEventListener("click", () => this.built.cursor.idx != null && this.options.onPick(this.data[0][this.built.cursor.idx] * 1000));
  }

  /** While nobody points, the legend has the newest values and not dashes. */
  rest(u) {
    if (u.cursor.idx != null && u.cursor.left >= 0) return;
    const last = this.data[0].findLastIndex((_, i) => this.lines.some((line) => line.values[i] != null));
    if (last >= 0) u.setLegend({ idx: last }, false);
  }

  narrow() {
    const at = this.data[0];
    return at.length > 1 && at.at(-1) - at[0] < 300;
  }

  /** Exemplars as diamonds. */
  marks(u, colour) {
    const context = u.ctx;
    context.fillStyle = colour("--danger");
    for (const mark of this.options.marks?.() ?? []) {
      const x = u.valToPos(mark.at / 1000, "x", true);
      const y = u.valToPos(mark.value, "y", true);
      if (x < u.bbox.left || x > u.bbox.left + u.bbox.width || y < u.bbox.top) continue;
      context.beginPath();
      context.moveTo(x, y - 5);
      context.lineTo(x + 5, y);
      context.lineTo(x, y + 5);
      context.lineTo(x - 5, y);
      context.fill();
    }
  }
}

/** Indexes of values with a gap on both sides. */
function alone(values) {
  const list = [];
  for (let i = 0; i < values.length; i++) if (values[i] != null && values[i - 1] == null && values[i + 1] == null) list.push(i);
  return list;
}

/** Resolves a custom property on a real element; light-dark() does not resolve in a property read back as text. */
export function painter(place) {
  const probe = document.createElement("i");
  place.append(probe);
  const known = new Map();
  const read = (property) => {
    if (!known.has(property)) {
      probe.style.color = "var(" + property + ")";
      known.set(property, getComputedStyle(probe).color);
    }
    return known.get(property);
  };
  // asked while building only; the element must not stay in the chart's place
  queueMicrotask(() => probe.remove());
  return (property) => (probe.isConnected || known.has(property) ? read(property) : (place.append(probe), read(property)));
}

export const alpha = (rgb, share) => rgb.replace(/^rgb\(([^)]*)\)$/, "rgba($1, " + share + ")");

/** The same numbers as a table, for those who cannot see the canvas. */
export function asTable(caption, at, lines, format = f.value) {
  const step = Math.max(1, Math.floor(at.length / 12));
  const rows = at.map((ms, i) => i).filter((i) => i % step === 0 || i === at.length - 1);
  return html`<table class="sr-only">
    <caption>${caption}</caption>
    <thead><tr><th scope="col">Time</th>${lines.map((line) => html`<th scope="col">${line.label}</th>`)}</tr></thead>
    <tbody>${rows.map((i) => html`<tr><th scope="row">${f.seconds(at[i])}</th>${lines.map((line) => html`<td>${line.values[i] == null ? "no data" : format(line.values[i])}</td>`)}</tr>`)}</tbody>
  </table>`;
}

