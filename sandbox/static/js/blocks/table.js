/** `table` and `data_table` blocks. */

import { h } from "../dom.js";
import { richTextParts } from "../text/richtext.js";

/** A table: its first row is the head, as Slack draws it. */
export function tableNode(block) {
  const settings = block.column_settings ?? [];
  const classOf = (column, cell) => {
    const setting = settings[column] ?? {};
    const align = setting.align ?? (cell.type === "raw_number" ? "right" : "left");
    return `align-${align}${setting.is_wrapped ? " wrapped" : ""}`;
  };
  const [head, ...rows] = block.rows;
  const row = (cells, tag) =>
    h(
      "tr",
      {},
      cells.map((cell, column) => {
        const isHead = tag === "th" || column === block.row_header_column_index;
        return h(
          isHead ? "th" : "td",
          { class: classOf(column, cell), ...(isHead ? { scope: tag === "th" ? "col" : "row" } : {}) },
          cellNode(cell),
        );
      }),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "region", "aria-label": block.caption ?? "Table" },
    h(
      "table",
      {},
      block.caption && h("caption", {}, block.caption),
      h("thead", {}, row(head, "th")),
      h(
        "tbody",
        {},
        rows.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

function cellNode(cell) {
  if (cell.type === "rich_text") return richTextParts(cell.elements);
  return cell.text ?? String(cell.value ?? "");
}
