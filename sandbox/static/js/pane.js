/** The conversation on the screen: its head, its messages or the app's tabs, and the message box. */

import { fill, h, icon, keepingFocus } from "./dom.js";
import { currentChannel, isAppConversation, listen, state } from "./state.js";
import { appBadge, avatarOf, channelName, channelTitle, nameOf } from "./people.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { drawAbout, drawHome, tabList } from "./apptabs.js";
import { statusHint } from "./status.js";

const root = document.getElementById("pane");
const head = h("header", { class: "pane-head" });
const hint = h("div", { class: "hint-place" });
const log = new Log("channel");
const composer = new Composer({ id: "composer" });
const messages = h(
  "div",
  { class: "panel panel-messages", id: "panel-messages" },
  log.node,
  hint,
  composer.node,
);
const home = h("div", {
  class: "panel panel-home",
  id: "panel-home",
  role: "tabpanel",
  "aria-labelledby": "tab-home",
  tabindex: 0,
});
const about = h("div", {
  class: "panel panel-about",
  id: "panel-about",
  role: "tabpanel",
  "aria-labelledby": "tab-about",
  tabindex: 0,
});

let shown = null;

/** Draws the pane and keeps it true. */
export function startPane() {
  fill(root, head, messages, home, about);
  listen("selection", drawSelection);
  listen("workspace channels selection connection", drawHead);
  listen("messages workspace clock day", drawMessages);
  listen("home", () => state.tab === "home" && drawHome(home));
}

function drawHead() {
  const channel = currentChannel();
  if (!channel) return;
  const isApp = isAppConversation(channel);
  const user = state.users.get(channel.user);
  const sign = user
    ? avatarOf({ ...user, is_bot: user.is_bot || isApp }, 24)
    : icon(channel.kind === "private" ? "lock" : "hash", 20);
  keepingFocus(head, () =>
    fill(
      head,
      h(
        "div",
        { class: "pane-title" },
        sign,
        h("h1", {}, channelName(channel)),
        isApp && appBadge(),
        channel.is_shared && h("span", { class: "shared" }, "shared"),
      ),
      isApp && tabList(channel),
    ),
  );
  fill(hint, statusHint());
}

function drawSelection() {
  const channel = currentChannel();
  root.classList.toggle("nothing", !channel);
  if (!channel) return;
  const isApp = isAppConversation(channel);
  const tab = isApp ? state.tab : "messages";
  messages.hidden = tab !== "messages";
  home.hidden = tab !== "home";
  about.hidden = tab !== "about";
  if (isApp) {
    messages.setAttribute("role", "tabpanel");
    messages.setAttribute("aria-labelledby", "tab-messages");
  } else {
    messages.removeAttribute("role");
    messages.removeAttribute("aria-labelledby");
  }
  if (tab === "home") drawHome(home);
  if (tab === "about") drawAbout(about);
  document.title = `${channelTitle(channel)} · ${state.team.name} (sandbox)`;
  turnTo(channel, tab);
}

function turnTo(channel, tab) {
  const title = channelTitle(channel);
  composer.turnTo({ channel: channel.id }, `Message to ${title}`, `Message ${title}`);
  const place = `${state.me.id}/${channel.id}/${tab}`;
  if (place === shown) return;
  shown = place;
  log.reset(`Messages in ${title}`);
  // On a phone the keyboard would jump up at every step, and a link pressed by keyboard keeps its place.
  const typing =
    document.activeElement !== document.body && !document.activeElement?.closest("#sidebar, dialog");
  if (tab === "messages" && !typing && window.matchMedia("(hover: hover)").matches)
    composer.box.focus({ preventScroll: true });
}

function drawMessages() {
  const channel = currentChannel();
  if (!channel || messages.hidden) return;
  const known = state.messages.get(channel.id);
  const pending = state.pending.filter((item) => item.channel === channel.id && !item.threadTs);
  log.node.setAttribute("aria-busy", String(!known));
  log.draw(known?.values() ?? [], pending, known ? [beginning(channel)] : []);
}

/** For whom it is all new: how to begin. */
function commandHelp() {
  const [first] = state.app.commands;
  return (
    first && [" To begin, type ", h("code", {}, first.command), ", or press + for all that can be done."]
  );
}

/** What stands above the first message. */
function beginning(channel) {
  const title = channelTitle(channel);
  const words = isAppConversation(channel)
    ? `This is the beginning of your conversation with ${title}. Only the two of you see it.`
    : channel.kind === "im"
      ? `This conversation is just between you and ${title}.`
      : `This is the very beginning of the ${channel.kind === "private" ? "private channel" : "channel"} ${title}.`;
  return h(
    "div",
    { class: "beginning" },
    h("h2", {}, channel.kind === "im" ? channelName(channel) : title),
    h("p", {}, words),
    h("p", { class: "quiet" }, `You are ${nameOf(state.me)}.`, commandHelp()),
  );
}
