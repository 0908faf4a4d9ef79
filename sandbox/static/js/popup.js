/** Panels that hang from a control: menus and lists. They lie in the top layer, so nothing cuts them off. */

const MARGIN = 8;
const LEAST_HEIGHT = 120;

/**
 * Shows a panel beside its anchor, inside the dialog the anchor stands in (all else is inert then).
 *
 * It follows when the page moves under it.
 *
 * @param {{align?: "start" | "end", matchWidth?: boolean, onLeave: () => void}} options
 *     `onLeave` is called when something else is pressed, or the anchor is gone
 * @returns {{place: () => void, release: () => void}} to place it anew, and to take it away
 */
export function hang(panel, anchor, { align = "start", matchWidth = false, onLeave }) {
  panel.setAttribute("popover", "manual");
  (anchor.closest("dialog") ?? document.body).append(panel);
  panel.showPopover();
  const place = () => {
    if (!anchor.isConnected) return onLeave();
    const at = anchor.getBoundingClientRect();
    if (matchWidth) panel.style.minWidth = `${at.width}px`;
    panel.style.maxHeight = "none";
    const { width, height } = panel.getBoundingClientRect();
    const below = window.innerHeight - at.bottom - MARGIN;
    const above = at.top - MARGIN;
    const up = height > below && above > below;
    const room = Math.max(LEAST_HEIGHT, Math.min(360, up ? above : below));
    panel.style.maxHeight = `${room}px`;
    const left = align === "end" ? at.right - width : at.left;
    panel.style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - width - MARGIN))}px`;
    panel.style.top = up
      ? `${Math.max(MARGIN, at.top - Math.min(height, room) - 4)}px`
      : `${at.bottom + 4}px`;
    return undefined;
  };
  const press = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) onLeave();
  };
  const moved = (event) => {
    if (!panel.contains(event.target)) place();
  };
  document.addEventListener("pointerdown", press, true);
  document.addEventListener("scroll", moved, true);
  window.addEventListener("resize", place);
  place();
  const release = () => {
    document.removeEventListener("pointerdown", press, true);
    document.removeEventListener("scroll", moved, true);
    window.removeEventListener("resize", place);
    panel.remove();
  };
  return { place, release };
}
