/** Dialogs: in the top layer, holding the focus, giving it back when they go. */

import { h } from "./dom.js";

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex='0']";

/**
 * Shows a modal dialog.
 *
 * @param {object} attributes of the dialog, its label among them
 * @param {Node[]} content
 * @param {{onEscape: () => void, focus?: HTMLElement}} options `focus` gets the focus first
 * @returns {HTMLDialogElement & {dismiss: () => void}} `dismiss` takes it away again
 */
export function showDialog(attributes, content, { onEscape, focus = null }) {
  const before = document.activeElement;
  const dialog = h("dialog", { role: "dialog", "aria-modal": "true", ...attributes }, content);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    onEscape();
  });
  // Chromium closes a dialog at the second Escape whatever "cancel" says, so the key is taken here.
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      onEscape();
    }
    if (event.key === "Tab") keepInside(dialog, event);
  });
  document.body.append(dialog);
  dialog.showModal();
  (focus ?? focusable(dialog)[0])?.focus();
  dialog.dismiss = () => {
    dialog.close();
    dialog.remove();
    // What had the focus may have been redrawn meanwhile; the message box is always a good place to go on.
    const target =
      before?.isConnected && before !== document.body ? before : document.getElementById("composer");
    target?.focus({ preventScroll: true });
  };
  return dialog;
}

/** What can have the focus inside a node, in order. */
export function focusable(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter((node) => node.checkVisibility() && node.tabIndex >= 0);
}

function keepInside(dialog, event) {
  const stops = focusable(dialog);
  const [first, last] = [stops[0], stops.at(-1)];
  if (!first) return event.preventDefault();
  const leaving = event.shiftKey ? first : last;
  if (document.activeElement !== leaving && dialog.contains(document.activeElement)) return undefined;
  event.preventDefault();
  return (event.shiftKey ? last : first).focus();
}
