/** Blocks: what each kind looks like. */

import { h, icon, uniqueId } from "../dom.js";
import { plain, textObject } from "../text/mrkdwn.js";
import { markdown } from "../text/markdown.js";
import { richText } from "../text/richtext.js";
import { elementNode } from "./elements.js";
import { imageNode } from "./image.js";
import { chartNode } from "./chart.js";
import { dataTableNode } from "./datatable.js";
import { tableNode } from "./table.js";
import { elementsOf } from "./values.js";

const DRAWN_BY = {
  section: sectionBlock,
  header: (block) => h("h3", { class: `level-${block.level ?? 1}` }, plain(block.text)),
  divider: () => h("hr"),
  context: contextBlock,
  actions: (block, surface) => block.elements.map((element) => elementNode(block, element, { surface })),
  image: imageBlock,
  input: inputBlock,
  rich_text: (block) => richText(block),
  markdown: (block) => markdown(block.text),
  table: tableNode,
  data_table: dataTableNode,
  data_visualization: chartNode,
  alert: alertBlock,
  file: (block) =>
    h("div", { class: "file-card" }, icon("file"), h("span", {}, `Remote file ${block.external_id}`)),
};

/**
 * Draws blocks into a node, which becomes the surface's own.
 *
 * @param {Record<string, string>} errors what the app, or the page, holds against inputs, by block id
 */
export function drawBlocks(root, blocks, surface, errors = {}) {
  surface.root = root;
  surface.prune(elementsOf(blocks));
  root.replaceChildren(...blocks.map((block) => blockNode(block, surface, errors[block.block_id])));
}

function blockNode(block, surface, error) {
  const draw = DRAWN_BY[block.type];
  const content = draw
    ? draw(block, surface, error)
    : h("span", { class: "not-played" }, `A ${block.type} block is not played by the sandbox.`);
  return h("div", { class: `block block-${block.type}`, "data-block-id": block.block_id }, content);
}

function sectionBlock(block, surface) {
  return [
    h(
      "div",
      { class: "section-words" },
      block.text && textObject(block.text),
      block.fields &&
        h(
          "div",
          { class: "section-fields" },
          block.fields.map((field) => h("div", { class: "section-field" }, textObject(field))),
        ),
    ),
    block.accessory &&
      h("div", { class: "section-accessory" }, elementNode(block, block.accessory, { surface })),
  ];
}

function contextBlock(block) {
  return block.elements.map((element) =>
    element.type === "image"
      ? imageNode(element, "context-image")
      : h("span", { class: "context-words" }, textObject(element)),
  );
}

/** How grave it is, told by more than its color. */
const LEVELS = {
  default: ["info", "Note"],
  info: ["info", "Information"],
  warning: ["warning", "Warning"],
  error: ["warning", "Error"],
  success: ["check", "Done"],
};

function alertBlock(block) {
  const level = block.level ?? "default";
  const [sign, word] = LEVELS[level];
  return h(
    "div",
    { class: `alert alert-${level}`, role: level === "error" ? "alert" : "note" },
    icon(sign),
    h("span", { class: "sr-only" }, `${word}: `),
    h("div", {}, textObject(block.text)),
  );
}

function imageBlock(block) {
  return h(
    "figure",
    { class: "image-figure" },
    block.title && h("figcaption", {}, plain(block.title)),
    imageNode(block, "block-picture"),
  );
}

function inputBlock(block, surface, error) {
  const { element } = block;
  const label = plain(block.label);
  const [field, hint, wrong] = [uniqueId("field"), uniqueId("hint"), uniqueId("error")];
  const described = [block.hint && hint, error && wrong].filter(Boolean).join(" ") || null;
  // A group of boxes is named by the words; a single box is also found by pressing them.
  const grouped = ["checkboxes", "radio_buttons"].includes(element.type);
  const attributes = {
    ...(grouped ? {} : { id: field }),
    "aria-describedby": described,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.optional ? null : "true",
  };
  return [
    h(
      grouped ? "div" : "label",
      { class: "input-label", ...(grouped ? {} : { for: field }) },
      label,
      block.optional && h("span", { class: "optional" }, " (optional)"),
    ),
    elementNode(block, element, { surface, name: label, attributes, input: true }),
    error &&
      h("p", { class: "input-error", id: wrong, role: "alert" }, icon("warning", 16), h("span", {}, error)),
    block.hint && h("p", { class: "input-hint", id: hint }, plain(block.hint)),
  ];
}
