/** Building the page from values. Text always enters as text nodes, so nothing written can become markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with its attributes and children.
 *
 * `on` maps event names to handlers, `data` goes to the dataset; false, null and undefined leave an
 * attribute out, true sets it empty. Children may be nodes, strings, numbers, nested lists or nothing.
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on")
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else if (name === "checked") node.checked = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Appends nodes, strings and nested lists, leaving out nothing-values. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Replaces everything inside a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** A link target that is safe to follow, or null: only web, mail and phone addresses are. */
export function safeHref(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link to elsewhere; an address that is not safe to follow is shown as plain text. */
export function link(address, content, className = "") {
  const href = safeHref(address);
  if (!href) return h("span", {}, content);
  return h("a", { href, class: className, target: "_blank", rel: "noopener noreferrer" }, content);
}

let lastId = 0;

/** An id used nowhere else in the page. */
export function uniqueId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/**
 * Runs a redraw and puts the focus, and the caret with it, back where it was: on the control with the same
 * `data-key`, else on what stands around it.
 *
 * Without it every update from the bot would throw a keyboard user back to the top of the page.
 */
export function keepingFocus(root, redraw, fallback = null) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const keys = [];
  for (let node = active; node && node !== root; node = node.parentElement)
    if (node.dataset.key) keys.push(node.dataset.key);
  const caret = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  redraw();
  if (!active || root.contains(active)) return;
  const found = keys
    .map((key) => root.querySelector(`[data-key="${CSS.escape(key)}"]`))
    .find((node) => node && !node.disabled);
  (found ?? fallback)?.focus({ preventScroll: true });
  if (found?.dataset.key === active.dataset.key && caret && caret[0] !== null)
    found.setSelectionRange(...caret);
}

/** Line drawings on a 20 x 20 grid, by name. */
const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  plus: "M10 4v12M4 10h12",
  send: "M3 4.2 17 10 3 15.8 4.8 10zM4.8 10H10",
  close: "M5 5l10 10M15 5 5 15",
  down: "M5.5 8 10 12.5 14.5 8",
  right: "M8 5.5 12.5 10 8 14.5",
  back: "M16 10H4.5M9 5l-5 5 5 5",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  thread:
    "M3 5.5A1.5 1.5 0 0 1 4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-4 3v-3h-.5A1.5 1.5 0 0 1 3 12.500zM6.500 7.500h7M6.500 10.500h4.500",
  more: "M4.500 10h.01M10 10h.01M15.500 10h.01",
  file: "M5 2.500h6.500L15 6v11.500H5zM11 2.500V6.500h4",
  download: "M10 3.500v9M6 9l4 4 4-4M4 16.500h12",
  search: "M8.800 3.500a5.300 5.300 0 1 0 0 10.600 5.300 5.300 0 0 0 0-10.600zM12.800 12.800 17 17",
  sun: "M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM10 1.800v1.700M10 16.500v1.700M1.800 10h1.700M16.500 10h1.700M4.200 4.200l1.200 1.200M14.600 14.600l1.200 1.200M15.800 4.200l-1.200 1.200M5.400 14.600l-1.200 1.200",
  moon: "M16.500 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.500 8.500z",
  system: "M2.500 4h15v10h-15zM7.500 17h5M10 14v3",
  warning: "M10 3 18 16.500H2zM10 8v4M10 14.200v.1",
  bolt: "M11 2.500 4.500 11.500H9.500L8.500 17.500 15.500 8H10.500z",
  image: "M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 4M13 7.500h.01",
  info: "M10 2.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15zM10 9v5M10 6.300v.1",
  check: "M4.500 10.500 8.500 14.500 15.500 6",
};

/** A drawing that says nothing to a screen reader; its button carries the words. */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 20 20",
    width: size,
    height: size,
    "aria-hidden": "true",
  })) {
    svg.setAttribute(key, value);
  }
  svg.classList.add("icon");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
