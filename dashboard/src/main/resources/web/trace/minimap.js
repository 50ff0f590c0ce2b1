/* SPDX-License-Identifier: Apache-2.0 */
// The whole trace in 44 pixels: spans are counted into cells first, then painted at once, so its price does not grow
// with the number of spans drawn over each other.
import { FLAG } from "./model.js";

const KINDS = ["internal", "http", "client", "ai", "tool", "db", "queue", "cache"];
const ROWS_UP_TO = 2000; // above, rows would degenerate into a diagonal line: lanes by depth show density instead
const DANGER = KINDS.length;

export class Minimap {
  /** @param {(from: number, to: number) => void} onView */
  constructor(place, model, onView) {
    this.model = model;
    this.onView = onView;
    this.place = place;
    this.canvas = place.querySelector("canvas");
    this.window = place.querySelector(".mm-window");
    this.probe = place.querySelector(".mm-probe");
    new ResizeObserver(() => this.draw()).observe(place);
    addEventListener("themechange", () => this.draw());
    this.drag();
  }

  draw() {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const width = Math.round(this.place.clientWidth * ratio);
    const height = Math.round(this.place.clientHeight * ratio);
    if (!width || !height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(width, height);
    this.paint(image, this.cells(width, height));
    context.putImageData(image, 0, 0);
    this.frame(this.from ?? 0, this.to ?? this.model.total);
  }

  /** Per cell its colour + 1; errors win over critical spans, those over the rest, deeper over higher. */
  cells(width, height) {
    const { model } = this;
    const colour = new Uint8Array(width * height);
    const rank = new Uint8Array(width * height);
    const byRow = model.n <= ROWS_UP_TO;
    let lanes = model.n;
    if (!byRow) {
      lanes = 1;
      for (let i = 0; i < model.n; i++) if (model.depth[i] >= lanes) lanes = model.depth[i] + 1;
    }
    const kindOf = model.json.ops.map((op) => Math.max(0, KINDS.indexOf(op.kind)));
    const thick = Math.max(1, Math.min(Math.round(height / 12), Math.floor(height / lanes)));
    const scale = width / model.total;
    const seen = Math.max(2, Math.round(height / 16)); // an error of a millisecond in a minute is looked for here first
    for (let i = 0; i < model.n; i++) {
      const error = model.flags[i] & FLAG.exception;
      const r = error ? 3 : model.flags[i] & FLAG.critical ? 2 : 1;
      const y = Math.floor((byRow ? i / lanes : model.depth[i] / lanes) * (height - thick));
      const a = Math.max(0, Math.floor(model.start[i] * scale));
      const b = Math.min(width, Math.max(a + (error ? seen : 1), Math.ceil((model.start[i] + model.dur[i]) * scale)));
      const c = error ? DANGER + 1 : kindOf[model.op[i]] + 1;
      // a dot of an error is higher than its lane, else it is lost in it
      const spare = error && b - a <= seen ? thick : 0;
      const last = Math.min(height, y + thick + spare);
      for (let row = Math.max(0, y - spare); row < last; row++) {
        for (let at = row * width + a, end = row * width + b; at < end; at++) {
          if (rank[at] > r) continue;
          rank[at] = r;
          colour[at] = c;
        }
      }
    }
    return colour;
  }

  paint(image, cells) {
    const pixels = new Uint32Array(image.data.buffer);
    const palette = [0, ...KINDS.map((k) => this.read("var(--k-" + k + ")")), this.read("var(--danger)")];
    for (let at = 0; at < cells.length; at++) if (cells[at]) pixels[at] = palette[cells[at]];
  }

  /** A colour as the canvas wants it; custom properties holding light-dark() only resolve on a real element. */
  read(colour) {
    this.probe.style.color = colour;
    const [r, g, b] = getComputedStyle(this.probe).color.match(/[\d.]+/g).map(Number);
    return (255 << 24) | (b << 16) | (g << 8) | r;
  }

  frame(from, to) {
    this.from = from;
    this.to = to;
    const whole = from <= 0 && to >= this.model.total;
    this.place.dataset.zoomed = whole ? "" : "yes";
    this.window.style.left = (from / this.model.total) * 100 + "%";
    this.window.style.width = ((to - from) / this.model.total) * 100 + "%";
  }

  drag() {
    let anchor = null;
    const at = (event) => {
      const box = this.place.getBoundingClientRect();
      return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * this.model.total;
    };
    this.place.addEventListener("pointerdown", (event) => {
      anchor = at(event);
      this.place.setPointerCapture(event.pointerId);
    });
    this.place.addEventListener("pointermove", (event) => {
      if (anchor === null) return;
      const now = at(event);
      if (Math.abs(now - anchor) > this.model.total / 200) this.onView(Math.min(anchor, now), Math.max(anchor, now));
    });
    this.place.addEventListener("pointerup", (event) => {
      // a click without a drag moves the window there
      if (anchor !== null && Math.abs(at(event) - anchor) <= this.model.total / 200) {
        const half = (this.to - this.from) / 2;
        this.onView(anchor - half, anchor + half);
      }
      anchor = null;
    });
    this.place.addEventListener("dblclick", () => this.onView(0, this.model.total));
  }
}
