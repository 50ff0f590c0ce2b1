/* SPDX-License-Identifier: Apache-2.0 */
// A list with a cursor: role grid, j/k and arrows, Enter opens. Rows that arrive wait until the reader asks for them.
import { css, html, nothing, render, repeat } from "./html.js";
import * as api from "./api.js";
import * as f from "./format.js";
import * as keys from "./keys.js";
import { adjust, filters, param } from "./url.js";

/**
 * `spare` columns go when the window is narrow: early ones first, late ones last; `barred` ones then lose their bar. On a phone a column is `narrow`.
 * @typedef {{label: string, width?: string, narrow?: string, num?: boolean, spare?: true | "early" | "late", barred?: boolean, sort?: string, needed?: (item: any) => boolean,
 *   cell: (item: any) => unknown}} Column a column is left out when no item needs it
 */
export class Grid {
  /**
   * @param {{endpoint: string, query: () => object, columns: Column[], id: (item: any) => string, href: (item: any) => string,
   *   label: string, empty: () => unknown, loaded?: (page: any) => void, defaultSort?: string}} options
   */
  constructor(options) {
    this.options = options;
    this.items = [];
    this.next = null;
    this.cursor = -1;
    this.waiting = new Set();
    this.busy = false;
    this.drawIn = () => {};
    this.bindKeys();
  }

  /** Changes parameters of the address and asks anew. */
  choose(changes) {
    adjust(changes);
    return this.load();
  }

  async load() {
    const page = await this.ask();
    this.items = page.items;
    this.next = page.next;
    this.page = page;
    this.waiting.clear();
    this.cursor = Math.min(this.cursor, this.items.length - 1);
    this.options.loaded?.(page);
    this.drawIn();
  }

  async more() {
    if (!this.next || this.busy) return;
    this.busy = true;
    this.drawIn();
    try {
      const page = await this.ask(this.next);
      this.items = this.items.concat(page.items);
      this.next = page.next;
    } finally {
      this.busy = false;
      this.drawIn();
    }
  }

  ask(cursor) {
    return api.get(this.options.endpoint, filters({ q: param("q"), sort: param("sort"), ...this.options.query(), cursor }));
  }

  /** Something changed: known rows change in place, unknown ones are counted behind the bar. */
  arrived(changes) {
    let changed = false;
    for (const change of changes) {
      const id = this.options.id(change);
      const at = this.items.findIndex((item) => this.options.id(item) === id);
      if (at >= 0) {
        this.items[at] = { ...this.items[at], ...change };
        changed = true;
      } else if (!this.waiting.has(id)) {
        this.waiting.add(id);
        changed = true;
      }
    }
    if (changed) this.drawIn();
  }

  template() {
    const { label, id, empty } = this.options;
    const columns = this.options.columns.filter((column) => !column.needed || this.items.some(column.needed));
    if (!this.items.length && !this.waiting.size) return empty();
    return html`
      ${this.waiting.size ? html`<button class="new-rows" @click=${() => this.load()}>${f.count(this.waiting.size)} new</button>` : nothing}
      <table
        class="grid"
        role="grid"
        tabindex="0"
        aria-label=${label}
        aria-rowcount=${this.next ? -1 : this.items.length + 1}
        aria-activedescendant=${this.cursor >= 0 ? "row-" + this.cursor : nothing}
      >
        <colgroup>
          ${columns.map((c) => html`<col class=${classes(c)} width=${c.width ?? nothing} ?data-narrow=${c.narrow} ${css({ "--narrow": (c.narrow ?? 0) + "px" })} />`)}
        </colgroup>
        <thead>
          <tr role="row" aria-rowindex="1">
            ${columns.map((c) => this.head(c))}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            this.items,
            (item) => id(item),
            (item, i) =>
              html`<tr role="row" id="row-${i}" aria-rowindex=${i + 2} ?data-cursor=${i === this.cursor} aria-selected=${i === this.cursor}>
                ${columns.map((c) => html`<td role="gridcell" class="${c.num ? "num" : ""} ${classes(c)}">${c.cell(item)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
      ${this.next ? html`<div class="more"><button class="button" ?disabled=${this.busy} @click=${() => this.more()}>Show more</button></div>` : nothing}
    `;
  }

  head(column) {
    const { sort, num, label } = column;
    const chosen = param("sort", this.options.defaultSort);
    const order = sort && chosen === sort ? (param("order") === "asc" ? "ascending" : "descending") : nothing;
    return html`<th role="columnheader" class="${num ? "num" : ""} ${classes(column)}" scope="col" aria-sort=${order}>
      ${sort ? html`<button class="sort" @click=${() => this.sort(sort)}>${label}</button>` : label}
    </th>`;
  }

  async sort(by) {
    const again = param("sort", this.options.defaultSort) === by && this.options.orders;
    adjust({ sort: by === this.options.defaultSort ? null : by, order: again && param("order") !== "asc" ? "asc" : null });
    await this.load();
  }

  move(by) {
    if (!this.items.length) return;
    this.cursor = Math.max(0, Math.min(this.items.length - 1, this.cursor + by));
    this.drawIn();
    document.getElementById("row-" + this.cursor)?.scrollIntoView({ block: "nearest" });
    if (this.cursor === this.items.length - 1) this.more();
  }

  open(inNewTab) {
    const item = this.items[this.cursor];
    if (!item) return false;
    if (inNewTab) open(this.options.href(item), "_blank", "noopener");
    else location.assign(this.options.href(item));
  }

  bindKeys() {
    keys.bind("List", "j,ArrowDown", "next row", () => this.move(1));
    keys.bind("List", "k,ArrowUp", "row before", () => this.move(-1));
    keys.bind("List", "Home", "first row", () => this.move(-Infinity));
    keys.bind("List", "End", "last row", () => this.move(Infinity));
    keys.bind("List", "Enter", "open", () => this.open(false));
    keys.bind("List", "o", "open in a new tab", () => this.open(true));
    keys.bind("List", ".", "show new rows", () => (this.waiting.size ? void this.load() : false));
  }
}

const classes = (column) => (column.spare ? (column.spare === true ? "spare" : column.spare) : column.barred ? "barred" : "");

/** A button that sets a parameter to a value, and takes it away when it has that. */
export const toggle = (choose, key, value, label) =>
  html`<button class="button" aria-pressed=${param(key) === value} @click=${() => choose({ [key]: param(key) === value ? null : value })}>${label}</button>`;

/** Draws `template` into `place` now and whenever the grid changes. */
export function show(place, grid, template) {
  grid.drawIn = () => render(template(), place);
}
