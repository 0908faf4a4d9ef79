/** The open thread, beside the channel or, on a narrow screen, over it. */

import { fill, h, icon } from "./dom.js";
import { currentChannel, listen, state } from "./state.js";
import { channelTitle } from "./people.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { goTo } from "./route.js";

const root = document.getElementById("thread");
const where = h("span", { class: "quiet" });
const log = new Log("thread");
const composer = new Composer({ inThread: true, id: "thread-composer" });

let shown = null;

/** Draws the thread and keeps it true. */
export function startThread() {
  const closeButton = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close thread", on: { click: close } },
    icon("close", 20),
  );
  fill(
    root,
    h(
      "header",
      { class: "pane-head thread-head" },
      h("div", { class: "pane-title" }, h("h2", {}, "Thread"), where),
      closeButton,
    ),
    log.node,
    composer.node,
  );
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  listen("selection", drawSelection);
  listen("thread workspace clock day", drawMessages);
}

function close() {
  const parent = shown?.split("/").at(-1);
  goTo({ as: state.me.id, channel: state.channelId, tab: state.tab === "messages" ? null : state.tab });
  document.querySelector(`#pane [data-key="replies-${CSS.escape(parent ?? "")}"]`)?.focus();
}

function drawSelection() {
  const channel = currentChannel();
  root.hidden = !state.threadTs || !channel;
  document.body.classList.toggle("thread-open", !root.hidden);
  if (root.hidden) {
    shown = null;
    return;
  }
  fill(where, channelTitle(channel));
  composer.turnTo(
    { channel: channel.id, threadTs: state.threadTs },
    `Reply in thread of ${channelTitle(channel)}`,
    "Reply…",
  );
  const place = `${state.me.id}/${channel.id}/${state.threadTs}`;
  if (place === shown) return;
  shown = place;
  log.reset(`Thread in ${channelTitle(channel)}`);
  if (window.matchMedia("(hover: hover)").matches) composer.box.focus({ preventScroll: true });
}

function drawMessages() {
  if (root.hidden) return;
  const pending = state.pending.filter((item) => item.threadTs === state.threadTs);
  log.draw(state.thread.values(), pending);
}
