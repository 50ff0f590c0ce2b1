/* SPDX-License-Identifier: Apache-2.0 */
// The one place that names the template library and its version.
import { nothing } from "/lib/lit-html@3.3.2/lit-html.js";
import { directive, Directive } from "/lib/lit-html@3.3.2/directive.js";

export { html, svg, nothing, render } from "/lib/lit-html@3.3.2/lit-html.js";
export { repeat } from "/lib/lit-html@3.3.2/directives/repeat.js";

/**
 * Geometry of an element, set through the CSSOM: `<i ${css({ width: "40%" })}>`. A style attribute, and lit's own
 * directive for styles on its first render, are refused by our policy.
 */
export const css = directive(
  class extends Directive {
    render() {
      return nothing;
    }
    update(part, [properties]) {
      for (const [name, value] of Object.entries(properties)) part.element.style.setProperty(name, value);
      return nothing;
    }
  },
);
