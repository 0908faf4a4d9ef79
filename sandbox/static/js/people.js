/** Names and faces. */

import { h, icon } from "./dom.js";
import { state, isAppConversation } from "./state.js";

/** Slack itself, which speaks when a command fails. */
export const SLACKBOT = "USLACKBOT";

/** Enough colours to tell a team apart, each dark enough for white initials. */
const COLOURS = [
  "#8d3b72",
  "#1b6e7a",
  "#a04a1c",
  "#3f5fb0",
  "#4d7a2a",
  "#a83250",
  "#6a4fb3",
  "#7a5c12",
  "#2c7a55",
  "#5a6270",
];

/** The name a user goes by: display name, else real name, else handle. */
export function nameOf(user) {
  return user?.display_name || user?.real_name || user?.name || "Someone";
}

/** The name of a user id, as it stands in a mention. */
export function nameOfId(id) {
  const user = state.users.get(id);
  return user ? nameOf(user) : id;
}

/** Who wrote a message: {name, isApp, seed}. */
export function authorOf(message) {
  const user = state.users.get(message.user);
  const isApp = Boolean(message.bot_id || user?.is_bot) && message.user !== SLACKBOT;
  const name =
    message.username ||
    (user ? nameOf(user) : message.user === SLACKBOT ? "Slackbot" : isApp ? state.app.name : "Someone");
  return { name, isApp, seed: message.user || message.bot_id || name };
}

function initials(name) {
  const words = name
    .replace(/[^\p{L}\p{N} ]/gu, " ")
    .split(/\s+/)
    .filter(Boolean);
  const letters = words.length > 1 ? words[0][0] + words.at(-1)[0] : (words[0] ?? "?").slice(0, 2);
  return letters.toUpperCase();
}

/** A square with initials, its colour always the same for the same person. */
export function avatar({ name, seed, isApp = false }, size = 36) {
  const sum = [...String(seed)].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) >>> 0, 7);
  const node = h(
    "span",
    { class: `avatar${isApp ? " avatar-app" : ""}`, "aria-hidden": "true" },
    isApp ? icon("bolt", Math.round(size * 0.55)) : initials(name),
  );
  node.style.setProperty("--size", `${size}px`);
  node.style.setProperty("--face", isApp ? "#0b6a6e" : COLOURS[sum % COLOURS.length]);
  return node;
}

/** A user's avatar. */
export function avatarOf(user, size) {
  return avatar({ name: nameOf(user), seed: user.id, isApp: user.is_bot }, size);
}

/** The small mark behind an app's name. */
export function appBadge() {
  return h("span", { class: "app-badge" }, "APP");
}

/** What a conversation is called, without a sign before it. */
export function channelName(channel) {
  if (isAppConversation(channel)) return state.app.name;
  if (channel.kind === "im") return nameOfId(channel.user);
  return channel.name;
}

/** What a conversation is called in a sentence: `#general`, `Ana Reyes`. */
export function channelTitle(channel) {
  return channel.kind === "im" || channel.kind === "mpim" ? channelName(channel) : `#${channel.name}`;
}
