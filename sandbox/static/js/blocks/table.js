/** `table` blocks, and the cells of any table. */

import { h } from "../dom.js";
import { richTextParts } from "../text/richtext.js";

/** A table: its first row is the head, as Slack draws it. */
export function tableNode(block) {
  const settings = block.column_settings ?? [];
  const classOf = (column, cell) => {
    const setting = settings[column] ?? {};
    return `${setting.align ? `align-${setting.align}` : classOfCell(cell)}${setting.is_wrapped ? " wrapped" : ""}`;
  };
  const [head, ...rows] = block.rows;
  const row = (cells, tag) =>
    h(
      "tr",
      {},
      cells.map((cell, column) => {
        const isHead = tag === "th";
        return h(tag, { class: classOf(column, cell), ...(isHead ? { scope: "col" } : {}) }, cellNode(cell));
      }),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, row(head, "th")),
      h(
        "tbody",
        {},
        rows.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

/** How a cell is aligned where nothing says otherwise: figures to the right. */
export function classOfCell(cell) {
  return cell.type === "raw_number" ? "align-right" : "align-left";
}

/** What stands in a cell that nobody can press. */
export function cellNode(cell) {
  if (cell.type === "rich_text") return richTextParts(cell.elements);
  return cell.text ?? String(cell.value ?? "");
}
