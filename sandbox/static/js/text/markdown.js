/** `markdown` blocks: ordinary Markdown, as far as Slack shows it. */

import { h, link } from "../dom.js";
import { withEmoji } from "./emoji.js";

const FENCE = /^\s*(```+|~~~+)/;
const HEADING = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^\s{0,3}([-*_])(\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** A whole Markdown text. */
export function markdown(text) {
  return h("div", { class: "markdown" }, blocksOf(text.replace(/\r\n?/g, "\n").split("\n")));
}

function blocksOf(lines) {
  const nodes = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    const [node, next] = FENCE.test(line)
      ? fenced(lines, at)
      : !line.trim()
        ? [null, at + 1]
        : HEADING.test(line)
          ? heading(lines, at)
          : RULE.test(line)
            ? [h("hr"), at + 1]
            : /^\s{0,3}>/.test(line)
              ? quote(lines, at)
              : ITEM.test(line)
                ? list(lines, at)
                : line.includes("|") &&
                    TABLE_RULE.test(lines[at + 1] ?? "") &&
                    (lines[at + 1] ?? "").includes("-")
                  ? table(lines, at)
                  : paragraph(lines, at);
    if (node) nodes.push(node);
    at = next;
  }
  return nodes;
}

function fenced(lines, at) {
  const fence = FENCE.exec(lines[at])[1];
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(fence)) end += 1;
  return [h("pre", {}, lines.slice(at + 1, end).join("\n")), end + 1];
}

function heading(lines, at) {
  const [, signs, text] = HEADING.exec(lines[at]);
  // The page's own headings come first, so a message's begin at the third level.
  return [h(`h${Math.min(signs.length + 2, 6)}`, { class: `heading-${signs.length}` }, spans(text)), at + 1];
}

function quote(lines, at) {
  let end = at;
  while (end < lines.length && /^\s{0,3}>/.test(lines[end])) end += 1;
  return [
    h("blockquote", {}, blocksOf(lines.slice(at, end).map((line) => line.replace(/^\s{0,3}>\s?/, "")))),
    end,
  ];
}

function list(lines, at) {
  const [, indent, sign] = ITEM.exec(lines[at]);
  const ordered = /\d/.test(sign);
  const node = h(
    ordered ? "ol" : "ul",
    ordered && Number.parseInt(sign, 10) !== 1 ? { start: Number.parseInt(sign, 10) } : {},
  );
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (
      !item ||
      item[1].length < indent.length ||
      (item[1].length === indent.length && /\d/.test(item[2]) !== ordered)
    )
      break;
    const inside = item[1].length + item[2].length + 1;
    const body = [item[3]];
    end += 1;
    // What is indented further belongs to the point, lists of its own among it.
    while (
      end < lines.length &&
      lines[end].trim() &&
      /^\s*/.exec(lines[end])[0].length >= Math.min(inside, indent.length + 2)
    ) {
      body.push(lines[end].slice(Math.min(inside, /^\s*/.exec(lines[end])[0].length)));
      end += 1;
    }
    node.append(listItem(body));
  }
  return [node, end];
}

function listItem([first, ...rest]) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(first);
  const text = task ? [task[1] === " " ? "☐ " : "☑ ", spans(task[2])] : spans(first);
  return h("li", task ? { class: "task" } : {}, text, blocksOf(rest));
}

function table(lines, at) {
  const cells = (line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|"));
  const align = cells(lines[at + 1]).map((rule) =>
    rule.endsWith(":") ? (rule.startsWith(":") ? "center" : "right") : "left",
  );
  const row = (line, tag) =>
    h(
      "tr",
      {},
      cells(line).map((cell, column) =>
        h(
          tag,
          { class: `align-${align[column] ?? "left"}`, ...(tag === "th" ? { scope: "col" } : {}) },
          spans(cell),
        ),
      ),
    );
  let end = at + 2;
  const body = h("tbody");
  while (end < lines.length && lines[end].includes("|")) body.append(row(lines[end++], "td"));
  return [
    h(
      "div",
      { class: "table-scroll", tabindex: 0, role: "region", "aria-label": "Table" },
      h("table", {}, h("thead", {}, row(lines[at], "th")), body),
    ),
    end,
  ];
}

function paragraph(lines, at) {
  let end = at;
  const starts = (line) =>
    !line.trim() ||
    FENCE.test(line) ||
    HEADING.test(line) ||
    RULE.test(line) ||
    /^\s{0,3}>/.test(line) ||
    ITEM.test(line);
  while (end < lines.length && (end === at || !starts(lines[end]))) end += 1;
  const node = h("p");
  for (const [place, line] of lines.slice(at, end).entries()) {
    if (place) node.append(h("br"));
    node.append(...spans(line.trim()));
  }
  return [node, end];
}

/** What may stand within a line, the first that fits wins. */
const SPANS = [
  [/^\\([\\`*_~[\]()#+\-.!|<>{}])/, (found) => document.createTextNode(found[1])],
  [/^(`+)([\s\S]+?)\1(?!`)/, (found) => h("code", {}, found[2].trim())],
  [
    /^!?\[([^\]]*)\]\(<?([^\s)>]+)>?(?:\s+"[^"]*")?\)/,
    (found) => link(found[2], spans(found[1] || found[2])),
  ],
  [/^<((?:https?|mailto|tel):[^>\s]+)>/, (found) => link(found[1], found[1])],
  [/^https?:\/\/[^\s<>)]*[^\s<>).,;:!?'"]/, (found) => link(found[0], found[0])],
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, (found) => h("strong", {}, spans(found[2]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (found) => h("s", {}, spans(found[1]))],
  [/^([*_])(?=\S)([\s\S]*?\S)\1(?![\p{L}\p{N}])/u, (found) => h("em", {}, spans(found[2]))],
];

function spans(text) {
  const nodes = [];
  let words = "";
  const flush = () => {
    if (words) nodes.push(withEmoji(words));
    words = "";
  };
  for (let at = 0; at < text.length;) {
    // A sign inside a word, as in snake_case, begins nothing.
    const insideWord = /[_h]/.test(text[at]) && /[\p{L}\p{N}]/u.test(text[at - 1] ?? "");
    const rest = text.slice(at);
    const [pattern, build] = insideWord ? [] : (SPANS.find(([candidate]) => candidate.test(rest)) ?? []);
    if (!pattern) {
      words += text[at];
      at += 1;
      continue;
    }
    const found = pattern.exec(rest);
    flush();
    nodes.push(build(found));
    at += found[0].length;
  }
  flush();
  return nodes;
}
