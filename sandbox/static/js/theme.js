/** Light, dark, or as the machine has it. */

import { icon } from "./dom.js";
import { openMenu } from "./menu.js";

const KEY = "sandbox-theme";
const THEMES = [
  ["system", "Same as the system", "system"],
  ["light", "Light", "sun"],
  ["dark", "Dark", "moon"],
];

function chosen() {
  return document.documentElement.dataset.theme ?? "system";
}

/** Sets the theme and remembers it on this machine. */
export function setTheme(theme) {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
}

/** The menu that chooses a theme. */
export function openThemeMenu(anchor) {
  const items = THEMES.map(([theme, label, drawing]) => ({
    label,
    mark: icon(drawing),
    checked: chosen() === theme,
    pick: () => setTheme(theme),
  }));
  openMenu(anchor, "Theme", items, { align: "end" });
}
