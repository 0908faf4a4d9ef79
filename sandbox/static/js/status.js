/** Whether the bot, and the sandbox itself, can be reached. */

import { h } from "./dom.js";
import { state } from "./state.js";

/** How things stand: {kind, words, hint}, the hint empty when all is well. */
export function standing() {
  if (state.stream === "lost")
    return {
      kind: "lost",
      words: "Reconnecting…",
      hint: "The sandbox cannot be reached. The page comes back by itself when it runs again.",
    };
  const name = state.app.name || "The app";
  if (!state.connected) {
    return {
      kind: "off",
      words: `${name} is not connected`,
      hint: `${name} is not connected, so commands and buttons get no answer. Start the bot against this sandbox: Socket Mode, or its request URL.`,
    };
  }
  return { kind: "on", words: `${name} is connected`, hint: "" };
}

/** A dot and its words. */
export function statusLine() {
  const { kind, words } = standing();
  return h(
    "div",
    { class: "status-line", role: "status" },
    h("span", { class: `dot dot-${kind}`, "aria-hidden": "true" }),
    h("span", {}, words),
  );
}

/** What to do about it, above the message box; null when all is well. */
export function statusHint() {
  const { kind, hint } = standing();
  return hint
    ? h(
        "div",
        { class: `status-hint status-${kind}`, role: "status" },
        h("span", { class: `dot dot-${kind}`, "aria-hidden": "true" }),
        h("span", {}, hint),
      )
    : null;
}
