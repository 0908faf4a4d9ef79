/** One message: who, when, what, and what can be done with it. */

import { h, icon } from "./dom.js";
import { state } from "./state.js";
import { appBadge, authorOf, avatar } from "./people.js";
import { clockTime, fullTime, instantOf } from "./time.js";
import { mrkdwn } from "./text/mrkdwn.js";
import { drawBlocks } from "./blocks/index.js";
import { Surface } from "./blocks/surface.js";
import { openMenu } from "./menu.js";
import { runShortcut } from "./session.js";
import { dismissEphemeral } from "./ephemeral.js";
import { goTo } from "./route.js";

/** `channel/ts` -> Surface, so that what was picked in a message outlives its redrawing. */
const surfaces = new Map();

function surfaceOf(message) {
  const key = `${state.me.id}/${message.channel}/${message.ts}`;
  if (!surfaces.has(key))
    surfaces.set(key, new Surface({ type: "message", channel: message.channel, ts: message.ts }));
  return surfaces.get(key);
}

/**
 * A message as a node.
 *
 * @param {boolean} compact it follows another by the same author, so face and name are left out
 * @param {"channel" | "thread"} place where it is shown
 */
export function messageNode(message, { compact, place }) {
  const author = authorOf(message);
  const when = instantOf(message.ts);
  const time = h(
    "time",
    { class: "message-time", datetime: when.toISOString(), title: fullTime(when) },
    clockTime(when),
  );
  const classes = [
    "message",
    compact && "compact",
    message.ephemeral && "ephemeral",
    message.subtype && `subtype-${message.subtype}`,
  ];
  return h(
    "div",
    {
      class: classes.filter(Boolean).join(" "),
      role: "article",
      tabindex: -1,
      "aria-label": `${author.name}, ${clockTime(when)}${message.ephemeral ? ", only visible to you" : ""}`,
      data: { ts: message.ts, key: `message-${message.ts}` },
    },
    h("div", { class: "message-gutter" }, compact ? time : avatar(author)),
    h(
      "div",
      { class: "message-main" },
      message.ephemeral && ephemeralLine(message),
      !compact &&
        h(
          "div",
          { class: "message-head" },
          h("span", { class: "message-author" }, author.name),
          author.isApp && appBadge(),
          time,
        ),
      h(
        "div",
        { class: "message-content" },
        content(message),
        message.edited && h("span", { class: "edited" }, "(edited)"),
      ),
      (message.files ?? []).map(fileCard),
      place === "channel" && message.reply_count > 0 && repliesLink(message),
    ),
    toolbar(message, place),
  );
}

function content(message) {
  // What a person types carries rich text that only repeats its words; the words keep their marks.
  const blocks = message.bot_id ? message.blocks : null;
  if (blocks?.length) {
    const node = h("div", { class: "blocks" });
    drawBlocks(node, blocks, surfaceOf(message));
    return node;
  }
  return message.text ? mrkdwn(message.text) : null;
}

function ephemeralLine(message) {
  return h(
    "div",
    { class: "ephemeral-line" },
    icon("eye", 14),
    h("span", {}, "Only visible to you"),
    h("span", { "aria-hidden": "true" }, "·"),
    h(
      "button",
      { type: "button", class: "text-button", on: { click: () => dismissEphemeral(message) } },
      "Dismiss",
    ),
  );
}

function repliesLink(message) {
  const people = (message.reply_users ?? [])
    .slice(0, 3)
    .map((id) => state.users.get(id))
    .filter(Boolean);
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h(
    "button",
    {
      type: "button",
      class: "replies",
      "data-key": `replies-${message.ts}`,
      on: { click: () => openThread(message) },
    },
    people.map((user) => avatar(authorOf({ user: user.id }), 20)),
    h("span", { class: "replies-count" }, words),
    message.latest_reply &&
      h("span", { class: "replies-last" }, `Last reply ${clockTime(instantOf(message.latest_reply))}`),
  );
}

/** Opens the thread of a message beside the channel. */
export function openThread(message) {
  goTo({ as: state.me.id, channel: message.channel, thread: message.thread_ts ?? message.ts });
}

function toolbar(message, place) {
  if (message.ephemeral) return null;
  const reply =
    place === "channel" &&
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Reply in thread",
        title: "Reply in thread",
        on: { click: () => openThread(message) },
      },
      icon("thread"),
    );
  const shortcuts = state.app.shortcuts.filter((shortcut) => shortcut.type === "message");
  const more =
    shortcuts.length > 0 &&
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "More actions",
        title: "More actions",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
      },
      icon("more"),
    );
  if (more)
    more.addEventListener("click", () =>
      openMenu(more, "More actions", shortcutItems(shortcuts, message), { align: "end" }),
    );
  return (reply || more) && h("div", { class: "message-tools" }, reply, more);
}

function shortcutItems(shortcuts, message) {
  return [
    { heading: true, label: state.app.name },
    ...shortcuts.map((shortcut) => ({
      label: shortcut.name,
      note: shortcut.description,
      pick: () => runShortcut(shortcut, message),
    })),
  ];
}

function fileCard(file) {
  const kind = file.pretty_type || file.mimetype || "File";
  const words = h(
    "span",
    { class: "file-words" },
    h("span", { class: "file-name" }, file.title || file.name),
    h("span", { class: "file-kind" }, `${kind} · ${sizeOf(file.size)}`),
  );
  const where = new URL(file.url_private, location.href);
  // The sandbox may be reached by another name than the bot was given; the page asks the one it came from.
  const address = where.pathname + where.search;
  return h(
    "div",
    { class: "file-card", data: { fileId: file.id } },
    h(
      "a",
      { class: "file-open", href: address, target: "_blank", rel: "noopener" },
      h("span", { class: "file-sign" }, icon("file", 22)),
      words,
    ),
    h(
      "a",
      {
        class: "icon-button",
        href: address,
        download: file.name,
        "aria-label": `Download ${file.name}`,
        title: "Download",
      },
      icon("download"),
    ),
  );
}

function sizeOf(bytes) {
  if (!(bytes >= 1024)) return `${bytes ?? 0} bytes`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
