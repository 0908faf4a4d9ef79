/** The side: workspace, conversations, and who one is acting as. */

import { fill, h, icon, keepingFocus } from "./dom.js";
import { isAppConversation, listen, state } from "./state.js";
import { SLACKBOT, avatarOf, channelName, nameOf } from "./people.js";
import { goTo, routeTo } from "./route.js";
import { openMenu } from "./menu.js";
import { statusLine } from "./status.js";

const root = document.getElementById("sidebar");
const scrim = document.getElementById("scrim");
const narrow = window.matchMedia("(max-width: 768px)");

/** Draws the side and keeps it true. */
export function startSidebar() {
  listen("workspace channels selection connection", draw);
  scrim.addEventListener("click", () => setDrawer(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawerIsOpen()) setDrawer(false);
  });
  narrow.addEventListener("change", () => setDrawer(false));
  setDrawer(false);
}

function drawerIsOpen() {
  return narrow.matches && document.body.classList.contains("drawer-open");
}

/** Opens or closes the side on a narrow screen, where it lies over the conversation. */
export function setDrawer(open) {
  const was = drawerIsOpen();
  document.body.classList.toggle("drawer-open", open);
  scrim.hidden = !open;
  // Off the screen it must not be reached by the keyboard either.
  root.inert = narrow.matches && !open;
  document.querySelector(".drawer-button")?.setAttribute("aria-expanded", String(open));
  if (open) root.querySelector("a[aria-current], a")?.focus();
  else if (was) document.querySelector(".drawer-button")?.focus();
}

function draw() {
  if (!state.me) return;
  const conversations = [...state.channels.values()].filter((channel) => channel.is_member !== false);
  const isApp = (channel) =>
    channel.kind === "im" && (isAppConversation(channel) || state.users.get(channel.user)?.is_bot);
  const byName = (a, b) => channelName(a).localeCompare(channelName(b));
  const channels = conversations.filter(({ kind }) => kind === "public" || kind === "private").sort(byName);
  const directs = conversations
    .filter((channel) => ["im", "mpim"].includes(channel.kind) && !isApp(channel))
    .sort(byName);
  const apps = conversations.filter(isApp).sort(byName);
  keepingFocus(root, () =>
    fill(
      root,
      h(
        "div",
        { class: "workspace" },
        h("span", { class: "workspace-name" }, state.team.name),
        h(
          "span",
          {
            class: "sandbox-tag",
            title: "A local Slack for trying things out. Nothing leaves this machine.",
          },
          "Sandbox",
        ),
      ),
      h(
        "nav",
        { class: "conversations", "aria-label": "Conversations" },
        section("Channels", channels),
        section("Direct messages", directs),
        section("Apps", apps),
      ),
      h("div", { class: "side-foot" }, statusLine(), switcher()),
    ),
  );
}

function section(title, channels) {
  if (!channels.length) return null;
  return h(
    "section",
    { "aria-label": title },
    h("h2", {}, title),
    h(
      "ul",
      {},
      channels.map((channel) => h("li", {}, entry(channel))),
    ),
  );
}

function entry(channel) {
  const current = channel.id === state.channelId;
  const unread = channel.unread > 0;
  const words = [
    channelName(channel),
    channel.kind === "private" && "private channel",
    unread && `${channel.unread} unread`,
  ]
    .filter(Boolean)
    .join(", ");
  return h(
    "a",
    {
      class: `entry${current ? " current" : ""}${unread ? " unread" : ""}`,
      href: routeTo({ as: state.me.id, channel: channel.id }),
      "aria-current": current ? "page" : null,
      "aria-label": words,
      "data-key": `entry-${channel.id}`,
      data: { channelId: channel.id },
      on: { click: () => setDrawer(false) },
    },
    sign(channel),
    h("span", { class: "entry-name" }, channelName(channel)),
    channel.is_shared && h("span", { class: "shared", title: "Shared with another company" }, "shared"),
    unread &&
      h("span", { class: "badge", "aria-hidden": "true" }, channel.unread > 99 ? "99+" : channel.unread),
  );
}

function sign(channel) {
  if (channel.kind === "im") {
    const user = state.users.get(channel.user);
    const face = user
      ? avatarOf({ ...user, is_bot: user.is_bot || isAppConversation(channel) }, 20)
      : icon("hash", 16);
    if (isAppConversation(channel))
      return h(
        "span",
        { class: "with-dot" },
        face,
        h("span", { class: `dot dot-${state.connected ? "on" : "off"}` }),
      );
    return face;
  }
  return icon(channel.kind === "private" ? "lock" : "hash", 16);
}

function switcher() {
  const button = h(
    "button",
    {
      type: "button",
      class: "acting",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": `Acting as ${nameOf(state.me)}`,
      "data-key": "acting",
      on: { click: () => openPeople(button) },
    },
    avatarOf(state.me, 28),
    h(
      "span",
      { class: "acting-words" },
      h("span", { class: "acting-label" }, "Acting as"),
      h("span", { class: "acting-name" }, nameOf(state.me)),
    ),
    icon("down", 16),
  );
  return button;
}

function openPeople(button) {
  const people = [...state.users.values()].filter((user) => !user.is_bot && user.id !== SLACKBOT);
  const items = people.map((user) => ({
    label: nameOf(user),
    note: user.tz,
    mark: avatarOf(user, 24),
    checked: user.id === state.me.id,
    pick: () => actAs(user),
  }));
  openMenu(button, "Acting as", items);
}

/** Becomes another person, in the same conversation when they are in it too. */
function actAs(user) {
  const channel = state.channels.get(state.channelId);
  const shared = channel && channel.kind !== "im";
  setDrawer(false);
  goTo({ as: user.id, channel: shared ? channel.id : isAppConversation(channel) ? "app" : null });
}
