/** The small dialog that asks before something is done. */

import { h } from "./dom.js";
import { showDialog } from "./dialog.js";
import { plain, textObject } from "./text/mrkdwn.js";

/** Asks what a confirm object asks; true when the person goes on. */
export function confirmed(question) {
  return new Promise((resolve) => {
    const title = h("h2", { id: "confirm-title" }, plain(question.title));
    const no = h(
      "button",
      { type: "button", class: "button", on: { click: () => finish(false) } },
      plain(question.deny),
    );
    const yes = h(
      "button",
      {
        type: "button",
        class: `button ${question.style === "danger" ? "danger-filled" : "primary"}`,
        on: { click: () => finish(true) },
      },
      plain(question.confirm),
    );
    const dialog = showDialog(
      { class: "dialog dialog-small", "aria-labelledby": "confirm-title" },
      [
        h("header", { class: "dialog-head" }, title),
        h("div", { class: "dialog-body" }, textObject(question.text)),
        h("footer", { class: "dialog-foot" }, no, yes),
      ],
      { onEscape: () => finish(false), focus: yes },
    );
    const finish = (answer) => {
      dialog.dismiss();
      resolve(answer);
    };
  });
}
