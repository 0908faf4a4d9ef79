/** Which of the messages that only one person sees were dismissed; a reload does not bring them back. */

import { state, tell } from "./state.js";

const KEY = "sandbox-dismissed";

function dismissed() {
  return new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
}

function keyOf(message) {
  return `${state.me.id}/${message.channel}/${message.ts}`;
}

/** Hides a message from its one reader. */
export function dismissEphemeral(message) {
  sessionStorage.setItem(KEY, JSON.stringify([...dismissed(), keyOf(message)]));
  tell("messages", "thread");
  document.getElementById("composer")?.focus();
}

/** The messages without those that were dismissed. */
export function withoutDismissed(messages) {
  const gone = dismissed();
  return messages.filter((message) => !message.ephemeral || !gone.has(keyOf(message)));
}
