/** The bar above everything: where to, and how it looks. */

import { fill, h, icon } from "./dom.js";
import { listen, state } from "./state.js";
import { openSwitcher } from "./switcher.js";
import { setDrawer } from "./sidebar.js";
import { openThemeMenu } from "./theme.js";

const root = document.getElementById("topbar");

/** Draws the bar; it changes only with the workspace's name. */
export function startTopbar() {
  listen("workspace", draw);
  draw();
}

function draw() {
  const drawer = h(
    "button",
    {
      type: "button",
      class: "icon-button drawer-button",
      "aria-label": "Conversations",
      "aria-expanded": "false",
      "aria-controls": "sidebar",
      on: { click: () => setDrawer(!document.body.classList.contains("drawer-open")) },
    },
    icon("menu", 20),
  );
  const jump = h(
    "button",
    { type: "button", class: "jump-to", on: { click: openSwitcher } },
    icon("search", 16),
    h("span", {}, `Jump to… in ${state.team.name || "the workspace"}`),
    h("kbd", { "aria-hidden": "true" }, /Mac/.test(navigator.platform) ? "⌘K" : "Ctrl K"),
  );
  const theme = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Theme",
      title: "Theme",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: () => openThemeMenu(theme) },
    },
    icon("sun", 20),
  );
  fill(root, drawer, jump, theme);
}
