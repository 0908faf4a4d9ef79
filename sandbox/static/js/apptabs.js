/** The app's own tabs: Home, Messages, About. */

import { fill, h, icon, keepingFocus } from "./dom.js";
import { state } from "./state.js";
import { goTo } from "./route.js";
import { drawBlocks } from "./blocks/index.js";
import { Surface } from "./blocks/surface.js";
import { elementsOf } from "./blocks/values.js";
import { avatar } from "./people.js";

const TABS = [
  ["home", "Home"],
  ["messages", "Messages"],
  ["about", "About"],
];

let surface = null;

/** The row of tabs. */
export function tabList(channel) {
  const tabs = TABS.map(([tab, words]) => {
    const selected = state.tab === tab;
    const unread = tab === "messages" && !selected && channel.unread > 0;
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${tab}`,
        class: "tab",
        "aria-selected": String(selected),
        "aria-controls": `panel-${tab}`,
        tabindex: selected ? 0 : -1,
        "data-key": `tab-${tab}`,
        on: { click: () => goTo({ as: state.me.id, channel: channel.id, tab }) },
      },
      words,
      unread && h("span", { class: "badge", "aria-label": `${channel.unread} unread` }, channel.unread),
    );
  });
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": state.app.name }, tabs);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.indexOf(document.activeElement);
    if (!step || at < 0) return;
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });
  return list;
}

/** Draws the Home tab into its panel. */
export function drawHome(panel) {
  const view = state.home;
  panel.setAttribute("aria-busy", String(view === undefined));
  if (!view) {
    fill(
      panel,
      h(
        "div",
        { class: "empty" },
        icon("bolt", 40),
        h(
          "p",
          {},
          view === undefined ? "Opening Home…" : `${state.app.name} has not shown a Home tab to you yet.`,
        ),
      ),
    );
    return;
  }
  if (surface?.container.view_id !== view.id) {
    const made = new Surface({ type: "view", view_id: view.id });
    surface = made;
  }
  surface.viewState = () => surface.stateOf(elementsOf(view.blocks));
  const blocks = h("div", { class: "blocks home-blocks" });
  keepingFocus(
    panel,
    () => {
      drawBlocks(blocks, view.blocks, surface);
      fill(panel, blocks);
    },
    panel,
  );
}

/** Draws what the app can do. */
export function drawAbout(panel) {
  const { app } = state;
  const shortcuts = (type) => app.shortcuts.filter((shortcut) => shortcut.type === type);
  const list = (title, rows) =>
    rows.length > 0 &&
    h(
      "section",
      {},
      h("h3", {}, title),
      h(
        "dl",
        {},
        rows.map(([name, words]) => h("div", {}, h("dt", {}, name), h("dd", {}, words))),
      ),
    );
  fill(
    panel,
    h(
      "div",
      { class: "about" },
      h(
        "div",
        { class: "about-head" },
        avatar({ name: app.name, seed: app.id, isApp: true }, 64),
        h(
          "div",
          {},
          h("h2", {}, app.name),
          app.description && h("p", {}, app.description),
          h("p", { class: "quiet" }, `App ${app.id}, installed in this sandbox`),
        ),
      ),
      list(
        "Slash commands",
        app.commands.map((command) => [
          h("code", {}, command.command, command.usage_hint && ` ${command.usage_hint}`),
          command.description,
        ]),
      ),
      list(
        "Shortcuts anywhere",
        shortcuts("global").map((shortcut) => [shortcut.name, shortcut.description]),
      ),
      list(
        "Shortcuts on a message",
        shortcuts("message").map((shortcut) => [shortcut.name, shortcut.description]),
      ),
    ),
  );
}
