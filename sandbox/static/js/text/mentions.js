/** People, channels and everybody, as they stand in a text. */

import { h } from "../dom.js";
import { state } from "../state.js";
import { nameOfId } from "../people.js";
import { routeTo } from "../route.js";

/** `@Ana Reyes`; brighter when it names the reader. */
export function userMention(id, fallback = null) {
  const name = state.users.has(id) ? nameOfId(id) : (fallback ?? id);
  return h(
    "span",
    { class: id === state.me?.id ? "mention mention-me" : "mention", data: { user: id } },
    `@${name}`,
  );
}

/** `#general`, which leads there when the reader may go. */
export function channelMention(id, fallback = null) {
  const channel = state.channels.get(id);
  if (!channel) return h("span", { class: "mention" }, `#${fallback || "private channel"}`);
  return h("a", { class: "mention", href: routeTo({ as: state.me.id, channel: id }) }, `#${channel.name}`);
}

/** `@here`, `@channel`, `@everyone`. */
export function broadcastMention(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

/** A group of users, by whatever name came with it. */
export function groupMention(id, fallback = null) {
  return h("span", { class: "mention" }, fallback || `@${id}`);
}
