/** `rich_text` blocks: sections, lists, quotes, preformatted text, and every leaf they may hold. */

import { h, link } from "../dom.js";
import { emoji } from "./emoji.js";
import { fillDate } from "../time.js";
import { broadcastMention, channelMention, groupMention, userMention } from "./mentions.js";

const TAGS = [
  ["code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "s"],
  ["underline", "u"],
  ["highlight", "mark"],
  ["client_highlight", "mark"],
];

/** A rich text block. */
export function richText(block) {
  return h("div", { class: "rich-text" }, richTextParts(block.elements));
}

/** The parts of a rich text, lists that continue one another nested by their indent. */
export function richTextParts(elements) {
  const nodes = [];
  for (let place = 0; place < elements.length;) {
    const part = elements[place];
    if (part.type === "rich_text_list") {
      const run = [];
      while (elements[place]?.type === "rich_text_list") run.push(elements[place++]);
      nodes.push(...nested(run));
      continue;
    }
    nodes.push(partNode(part));
    place += 1;
  }
  return nodes;
}

function partNode(part) {
  if (part.type === "rich_text_quote")
    return h("blockquote", {}, h("div", { class: "line" }, leaves(part.elements)));
  if (part.type === "rich_text_preformatted") return h("pre", {}, leaves(part.elements));
  return h("div", { class: "line" }, leaves(part.elements));
}

function nested(lists) {
  const roots = [];
  const open = [];
  for (const list of lists) {
    const indent = list.indent ?? 0;
    const node = h(list.style === "ordered" ? "ol" : "ul", list.offset ? { start: list.offset + 1 } : {});
    node.classList.add(`indent-${indent % 3}`);
    if (list.border) node.classList.add("bordered");
    for (const item of list.elements) node.append(h("li", {}, leaves(item.elements)));
    while (open.length && open.at(-1).indent >= indent) open.pop();
    // A deeper list belongs to the last point of the list above it.
    const host = open.at(-1)?.node.lastElementChild;
    if (host) host.append(node);
    else roots.push(node);
    open.push({ indent, node });
  }
  return roots;
}

function leaves(elements) {
  return elements.map((leaf) => styledLeaf(leaf));
}

function styledLeaf(leaf) {
  let node = leafNode(leaf);
  for (const [style, tag] of TAGS) if (leaf.style?.[style]) node = h(tag, {}, node);
  return node;
}

function leafNode(leaf) {
  switch (leaf.type) {
    case "text":
      return document.createTextNode(leaf.text);
    case "link":
      return link(leaf.url, leaf.text || leaf.url);
    case "user":
      return userMention(leaf.user_id);
    case "channel":
      return channelMention(leaf.channel_id);
    case "usergroup":
      return groupMention(leaf.usergroup_id);
    case "team":
      return groupMention(leaf.team_id);
    case "broadcast":
      return broadcastMention(leaf.range);
    case "emoji":
      return h(
        "span",
        { class: "emoji", role: "img", "aria-label": leaf.name.replaceAll("_", " ") },
        emojiOf(leaf),
      );
    case "color":
      return colour(leaf.value);
    case "date":
      return leaf.url
        ? link(leaf.url, fillDate(leaf.format, leaf.timestamp))
        : h("time", {}, fillDate(leaf.format, leaf.timestamp));
    default:
      return document.createTextNode("");
  }
}

function emojiOf(leaf) {
  const codes = leaf.unicode?.split("-").map((code) => Number.parseInt(code, 16));
  return codes?.every((code) => code > 0 && code <= 0x10ffff)
    ? String.fromCodePoint(...codes)
    : (emoji(leaf.name) ?? `:${leaf.name}:`);
}

function colour(value) {
  const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
  swatch.style.setProperty("--swatch", value.startsWith("#") ? value : `#${value}`);
  return h("span", {}, swatch, value);
}
