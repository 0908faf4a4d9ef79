/** Menus of things to do. */

import { h, icon } from "./dom.js";
import { hang } from "./popup.js";

let closeOpen = null;

/**
 * Opens a menu at an anchor; a second press on the same anchor closes it.
 *
 * @param {{label: string, note?: string, mark?: Node, checked?: boolean, heading?: boolean, pick?: () => void}[]} items
 */
export function openMenu(anchor, label, items, { align = "start" } = {}) {
  const again = closeOpen?.anchor === anchor;
  closeOpen?.();
  if (again) return;
  const panel = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label },
    items.map((item) => itemNode(item, () => close(true))),
  );
  const close = (giveBack) => {
    hanging.release();
    anchor.setAttribute("aria-expanded", "false");
    closeOpen = null;
    if (giveBack) anchor.focus({ preventScroll: true });
  };
  close.anchor = anchor;
  closeOpen = close;
  anchor.setAttribute("aria-expanded", "true");
  panel.addEventListener("keydown", (event) => travel(event, panel, close));
  const hanging = hang(panel, anchor, { align, onLeave: () => close(false) });
  (panel.querySelector("[aria-checked='true']") ?? panel.querySelector("button"))?.focus();
}

function itemNode(item, close) {
  if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.label);
  const radio = item.checked !== undefined;
  const press = () => {
    close();
    item.pick();
  };
  return h(
    "button",
    {
      type: "button",
      class: "menu-item",
      role: radio ? "menuitemradio" : "menuitem",
      tabindex: -1,
      "aria-checked": radio ? String(item.checked) : null,
      on: { click: press },
    },
    item.mark,
    h(
      "span",
      { class: "menu-words" },
      h("span", {}, item.label),
      item.note && h("span", { class: "menu-note" }, item.note),
    ),
    item.checked && icon("check", 16),
  );
}

function travel(event, panel, close) {
  const items = [...panel.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close(true);
  } else if (event.key.length === 1 && /\S/.test(event.key)) {
    const turned = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    turned.find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  }
}
