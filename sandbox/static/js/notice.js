/** One line at the foot of the page about something that did not work. */

import { h, icon } from "./dom.js";

let shown = null;

/** Shows a sentence until it is dismissed or another takes its place. */
export function complain(sentence) {
  shown?.remove();
  shown = h(
    "div",
    { class: "notice", role: "alert" },
    icon("warning"),
    h("span", {}, sentence),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => hush() } },
      icon("close"),
    ),
  );
  document.body.append(shown);
}

/** Takes the sentence away. */
export function hush() {
  shown?.remove();
  shown = null;
}

/** Tells a screen reader something that the eye can see anyway. */
export function announce(sentence) {
  document.getElementById("announcer").textContent = sentence;
}
