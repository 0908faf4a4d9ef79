/**
 * Slack's own markup, `mrkdwn`, as nodes.
 *
 * As in Slack, list signs in it are only characters: a line that begins with one hangs, and keeps its sign.
 */

import { h, link } from "../dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { fillDate } from "../time.js";
import { broadcastMention, channelMention, groupMention, userMention } from "./mentions.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const STYLES = { "*": "strong", _: "em", "~": "s" };
const LIST_SIGN = /^(\s*)(?:[•◦▪‣–-]|\d+[.)])\s+/;

/** Slack escapes exactly three characters. */
export function unescape(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** A whole text: code blocks, quotes, lines and what stands in them. */
export function mrkdwn(text) {
  const root = h("div", { class: "mrkdwn" });
  // Code blocks first, since nothing inside them means anything.
  for (const [place, part] of text.split(/```([\s\S]+?)```/).entries()) {
    if (place % 2)
      root.append(
        h(
          "pre",
          {},
          unescape(
            part
              .replace(/^\n|\n$/g, "")
              .replace(/<([^>|]+)(?:\|([^>]+))?>/g, (_, url, label) => label ?? url),
          ),
        ),
      );
    else appendLines(root, place ? part.replace(/^\n/, "") : part);
  }
  return root;
}

function appendLines(root, text) {
  if (!text) return;
  let quote = null;
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      quote = quote ?? root.appendChild(h("blockquote"));
      quote.append(lineOf(quoted[1]));
    } else {
      quote = null;
      root.append(lineOf(line));
    }
  }
  // A text that ends in a line break does not show an empty line for it.
  if (text.endsWith("\n") && root.lastChild?.matches?.(".line:empty")) root.lastChild.remove();
}

function lineOf(line) {
  return h("div", { class: LIST_SIGN.test(line) ? "line hanging" : "line" }, inline(line));
}

/** The nodes of one line. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(withEmoji(unescape(plain)));
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const found = piece(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at += found.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

/** What begins at this place: {node, length}, or null when it is only a character. */
function piece(text, at) {
  const sign = text[at];
  if (sign === "<") return token(text, at);
  if (sign === "`") {
    const code = /^`([^`\n]+)`/.exec(text.slice(at));
    return (
      code && {
        node: h("code", {}, unescape(code[1].replace(/<(?:[^>|]+\|)?([^>]+)>/g, "$1"))),
        length: code[0].length,
      }
    );
  }
  if (sign in STYLES) return styled(text, at, sign);
  if (sign === ":") {
    const named = /^:([a-z0-9_+-]+):/.exec(text.slice(at));
    const character = named && emoji(named[1]);
    return (
      character && {
        node: h(
          "span",
          { class: "emoji", role: "img", "aria-label": named[1].replaceAll("_", " ") },
          character,
        ),
        length: named[0].length,
      }
    );
  }
  return null;
}

function styled(text, at, sign) {
  // A style begins after a space or punctuation, touches its words on the inside, and ends before one.
  if (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1])) return null;
  if (!text[at + 1] || /\s/.test(text[at + 1]) || text[at + 1] === sign) return null;
  for (let end = text.indexOf(sign, at + 2); end > 0; end = text.indexOf(sign, end + 1)) {
    const after = text[end + 1];
    if (/\s/.test(text[end - 1]) || (after && /[\p{L}\p{N}]/u.test(after))) continue;
    const inner = text.slice(at + 1, end);
    // The sign may stand inside a link or code, where it ends nothing.
    if (inner.lastIndexOf("<") > inner.lastIndexOf(">") || (inner.split("`").length - 1) % 2) continue;
    return { node: h(STYLES[sign], {}, inline(inner)), length: end - at + 1 };
  }
  return null;
}

function token(text, at) {
  const end = text.indexOf(">", at);
  const body = end > 0 ? text.slice(at + 1, end) : "";
  if (!body || /[<\n]/.test(body)) return null;
  const bar = body.indexOf("|");
  const [target, label] = bar < 0 ? [body, null] : [body.slice(0, bar), unescape(body.slice(bar + 1))];
  // Angle brackets around anything else are just that.
  if (!/^(?:[@#!]|[a-z][a-z0-9+.-]*:)/i.test(target)) return null;
  return { node: tokenNode(target, label), length: end - at + 1 };
}

function tokenNode(target, label) {
  if (/^@[UW]/.test(target)) return userMention(target.slice(1), label);
  if (/^#C|^#G/.test(target)) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) return dateToken(target, label);
  if (target.startsWith("!subteam^")) return groupMention(target.slice(9), label);
  if (/^!(here|channel|everyone)$/.test(target)) return broadcastMention(target.slice(1));
  if (target.startsWith("!")) return h("span", {}, label ?? `<${target}>`);
  const address = unescape(target);
  return link(address, label ? withEmoji(label) : address.replace(/^(?:mailto|tel):/, ""));
}

function dateToken(target, fallback) {
  const [, seconds, pattern, url] = target.split("^");
  const words =
    /^\d+$/.test(seconds) && pattern ? fillDate(unescape(pattern), Number(seconds)) : (fallback ?? "");
  return url ? link(unescape(url), words) : h("time", { title: fallback ?? "" }, words);
}

/** A text object: plain text stays plain, mrkdwn is marked up. */
export function textObject(text) {
  if (text.type === "mrkdwn") return mrkdwn(text.text);
  return h("span", { class: "plain" }, text.emoji === false ? text.text : withEmoji(text.text));
}

/** A plain_text object as a string. */
export function plain(text) {
  return text ? (text.emoji === false ? text.text : withEmoji(text.text)) : "";
}
