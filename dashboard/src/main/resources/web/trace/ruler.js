/* SPDX-License-Identifier: Apache-2.0 */
// What measures the waterfall: the axis with its grid, the line under the pointer, the distance between two spans, and the
// edge that widens the names.
import * as f from "../shell/format.js";
import { instant, ticks } from "./axis.js";

const DIGIT_PX = 7;

export class Ruler {
  constructor(place, waterfall, json) {
    this.place = place;
    this.waterfall = waterfall;
    this.json = json;
    this.axis = place.querySelector(".wf-axis");
    this.grid = place.querySelector(".wf-grid");
    this.crosshair(place.querySelector(".wf-scroll"));
    this.resizer();
  }

  /** Pixels from the left of the bars to an instant in microseconds. */
  x(us) {
    const { from, to, width } = this.waterfall;
    return ((us - from) / (to - from)) * width;
  }

  at(x) {
    const { from, to, width } = this.waterfall;
    return from + (x / width) * (to - from);
  }

  /** @param {{from: number, to: number} | null} distance between two spans, in microseconds */
  draw(distance) {
    const { from, to, width } = this.waterfall;
    this.axis.replaceChildren();
    this.grid.replaceChildren();
    for (const tick of ticks(from, to, width)) {
      const x = this.x(tick.at);
      if (x > width - 8) continue;
      // a label that would be cut off at the edge says nothing
      if (x < width - tick.text.length * DIGIT_PX) put(this.axis, "span", x).textContent = tick.text;
      put(this.grid, "i", x);
    }
    for (const error of this.json.errors.filter((e) => e.span < 0)) {
      const mark = put(this.axis, "b", this.x(error.atUs));
      mark.textContent = "✕";
      mark.title = error.type + ": " + error.message;
    }
    if (distance) this.distance(distance);
  }

  distance(d) {
    const left = Math.max(-2, this.x(Math.min(d.from, d.to)));
    const right = Math.min(this.waterfall.width + 2, this.x(Math.max(d.from, d.to)));
    if (right < left) return;
    const band = put(this.grid, "u", left);
    band.style.width = right - left + "px";
    const pill = put(this.axis, "em", Math.max(30, Math.min(this.waterfall.width - 34, (left + right) / 2)));
    pill.textContent = "Δ\u202f" + f.duration(Math.abs(d.to - d.from) / 1000);
    pill.className = "wf-distance";
  }

  crosshair(scroller) {
    const cross = this.place.querySelector(".wf-cross");
    const pill = document.createElement("em");
    const inBars = (event) => event.clientX - this.axis.getBoundingClientRect().left;
    scroller.addEventListener("pointermove", (event) => {
      const { from, to, width } = this.waterfall;
      const x = inBars(event);
      cross.hidden = x < 0 || x > width;
      if (cross.hidden) return pill.remove();
      cross.style.transform = "translateX(" + x + "px)";
      pill.textContent = instant(this.at(x), from, to, width);
      pill.style.left = Math.max(26, Math.min(width - 30, x)) + "px";
      if (!pill.isConnected) this.axis.append(pill);
    });
    scroller.addEventListener("pointerleave", () => {
      cross.hidden = true;
      pill.remove();
    });
    scroller.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.waterfall.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.at(inBars(event)));
      },
      { passive: false },
    );
  }

  resizer() {
    const split = this.place.querySelector(".wf-split");
    const root = document.documentElement.style;
    split.addEventListener("pointerdown", (event) => {
      split.setPointerCapture(event.pointerId);
      const left = this.place.querySelector(".wf").getBoundingClientRect().left;
      const move = (e) => {
        root.setProperty("--wf-name", Math.max(240, Math.min(720, e.clientX - left)) + "px");
        this.waterfall.measure();
      };
      split.addEventListener("pointermove", move);
      split.addEventListener("pointerup", () => split.removeEventListener("pointermove", move), { once: true });
    });
  }
}

function put(parent, tag, x) {
  const element = document.createElement(tag);
  element.style.left = x + "px";
  parent.append(element);
  return element;
}
