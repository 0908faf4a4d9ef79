/** `data_table` blocks: sorted by pressing a heading, filtered by typing, a page at a time, buttons in their cells. */

import { h, icon } from "../dom.js";
import { announce } from "../notice.js";
import { cellNode, classOfCell } from "./table.js";
import { elementNode } from "./elements.js";

const PAGE_SIZE = 5;

/** A data table. How it is looked at outlives its redrawing where the app gave the block an id. */
export function dataTableNode(block, surface) {
  return new DataTable(block, surface).node;
}

class DataTable {
  constructor(block, surface) {
    this.block = block;
    this.surface = surface;
    [this.head, ...this.rows] = block.rows;
    this.size = block.page_size ?? PAGE_SIZE;
    this.look = surface.lookOf(block.block_id, { page: 0, column: null, down: false, filter: "" });
    this.body = h("tbody", {});
    this.heads = this.head.map((cell, column) => this.heading(cell, column));
    this.foot = h("div", { class: "table-foot" });
    this.node = h(
      "div",
      { class: "data-table" },
      this.rows.length > this.size && this.filterBox(),
      h(
        "div",
        { class: "table-scroll", tabindex: 0, role: "region", "aria-label": block.caption },
        h(
          "table",
          {},
          h("caption", {}, block.caption),
          h("thead", {}, h("tr", {}, this.heads)),
          this.body,
        ),
      ),
      this.foot,
    );
    this.draw();
  }

  key(part) {
    return `${this.block.block_id}/${part}`;
  }

  heading(cell, column) {
    const words = wordsOf(cell);
    const press = () => {
      const again = this.look.column === column;
      this.change({ column: again && this.look.down ? null : column, down: again && !this.look.down, page: 0 });
      const how = this.look.column === null ? "unsorted" : this.look.down ? "descending" : "ascending";
      announce(`${words}: ${how}`);
    };
    return h(
      "th",
      { scope: "col", class: classOfCell(this.rows[0]?.[column] ?? cell) },
      h(
        "button",
        { type: "button", class: "sort", "data-key": this.key(`sort-${column}`), on: { click: press } },
        words,
        icon("down", 12),
      ),
    );
  }

  filterBox() {
    const box = h("input", {
      type: "search",
      class: "field table-filter",
      "aria-label": `Filter: ${this.block.caption}`,
      placeholder: "Filter rows",
      value: this.look.filter,
      "data-key": this.key("filter"),
    });
    box.addEventListener("input", () => this.change({ filter: box.value, page: 0 }));
    return box;
  }

  change(part) {
    Object.assign(this.look, part);
    this.draw();
  }

  draw() {
    const shown = this.sorted(this.filtered());
    const pages = Math.max(1, Math.ceil(shown.length / this.size));
    this.look.page = Math.min(this.look.page, pages - 1);
    const from = this.look.page * this.size;
    const page = shown.slice(from, from + this.size);
    this.heads.forEach((head, column) => {
      const sorted = this.look.column === column;
      head.setAttribute("aria-sort", sorted ? (this.look.down ? "descending" : "ascending") : "none");
    });
    this.body.replaceChildren(
      ...(page.length ? page.map((cells) => this.row(cells)) : [this.noRow()]),
    );
    const words = shown.length
      ? `${from + 1}–${from + page.length} of ${shown.length}`
      : `0 of ${this.rows.length}`;
    this.foot.hidden = this.rows.length <= this.size;
    const focused = this.foot.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.foot.replaceChildren(
      this.turn("Previous page", "back", -1, this.look.page > 0),
      h("span", { role: "status" }, words),
      this.turn("Next page", "right", 1, this.look.page < pages - 1),
    );
    // The end of the pages takes the pressed button away from the keyboard: its neighbor is the next best.
    if (focused)
      (this.foot.querySelector(`[data-key="${CSS.escape(focused)}"]:enabled`) ??
        this.foot.querySelector("button:enabled"))?.focus();
  }

  turn(label, sign, step, possible) {
    return h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": label,
        title: label,
        disabled: !possible,
        "data-key": this.key(`turn-${step}`),
        on: { click: () => this.change({ page: this.look.page + step }) },
      },
      icon(sign, 16),
    );
  }

  row(cells) {
    const naming = this.block.row_header_column_index ?? 0;
    return h(
      "tr",
      {},
      cells.map((cell, column) =>
        h(
          column === naming ? "th" : "td",
          { class: classOfCell(cell), ...(column === naming ? { scope: "row" } : {}) },
          cell.type === "action_cell"
            ? elementNode(this.block, cell.element, { surface: this.surface })
            : cellNode(cell),
        ),
      ),
    );
  }

  noRow() {
    return h("tr", {}, h("td", { colspan: this.head.length, class: "table-none" }, "No row has that."));
  }

  filtered() {
    const wanted = this.look.filter.trim().toLowerCase();
    if (!wanted) return this.rows;
    return this.rows.filter((cells) => cells.some((cell) => wordsOf(cell).toLowerCase().includes(wanted)));
  }

  /** By number where the whole column is numbers, else by the alphabet. */
  sorted(rows) {
    const { column, down } = this.look;
    if (column === null) return rows;
    const numeric = this.rows.every((cells) => cells[column].type === "raw_number");
    const order = numeric
      ? (a, b) => a[column].value - b[column].value
      : (a, b) => wordsOf(a[column]).localeCompare(wordsOf(b[column]), "en");
    return [...rows].sort((a, b) => (down ? order(b, a) : order(a, b)));
  }
}

/** The words of a cell, as they are looked for and sorted. */
function wordsOf(cell) {
  if (cell.type === "rich_text") return textIn(cell.elements);
  if (cell.type === "action_cell") return cell.element.text.text;
  return cell.text ?? String(cell.value ?? "");
}

function textIn(parts) {
  return parts.map((part) => part.text ?? textIn(part.elements ?? [])).join("");
}
