/** Boxes to type into: text, numbers, addresses, dates and times. */

import { h } from "../dom.js";
import { plain } from "../text/mrkdwn.js";
import { fromWallTime, toWallTime } from "../time.js";
import { nameOfElement, valueKey } from "./values.js";

const PAUSE_MS = 300;
const MODES = { email_text_input: "email", url_text_input: "url", number_input: "decimal" };

/** A text, number, email or URL box. */
export function textField(block, element, { surface, name, attributes, act }) {
  const held = surface.value(block, element).value ?? "";
  const many = element.multiline;
  const counter = element.max_length ? h("span", { class: "counter", "aria-hidden": "true" }) : null;
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let pause = null;
  const count = () => {
    if (!counter) return;
    const left = element.max_length - box.value.length;
    counter.textContent = String(left);
    counter.classList.toggle("over", left < 0);
  };
  const box = h(many ? "textarea" : "input", {
    ...(many ? { rows: 4 } : { type: "text", inputmode: MODES[element.type] ?? "text" }),
    class: "field",
    value: held,
    placeholder: plain(element.placeholder),
    "aria-label": name || nameOfElement(element),
    autocomplete: "off",
    ...attributes,
  });
  box.addEventListener("input", () => {
    surface.keep(block, element, { value: box.value || null });
    count();
    if (!block.dispatch_action || !on.includes("on_character_entered")) return;
    clearTimeout(pause);
    pause = setTimeout(() => act({ value: box.value || null }), PAUSE_MS);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || (many && !event.ctrlKey && !event.metaKey)) return;
    if (!block.dispatch_action || !on.includes("on_enter_pressed")) return;
    event.preventDefault();
    event.stopPropagation();
    act({ value: box.value || null });
  });
  count();
  return counter ? h("span", { class: "field-counted" }, box, counter) : box;
}

/** A box for a whole rich text; what is typed becomes one plain section of it. */
export function richTextField(block, element, { surface, name, attributes }) {
  const key = valueKey(element);
  const words = (surface.value(block, element)[key]?.elements ?? [])
    .flatMap((part) => part.elements ?? [])
    .map((leaf) => leaf.text ?? "")
    .join("");
  const box = h("textarea", {
    class: "field",
    rows: 4,
    value: words,
    placeholder: plain(element.placeholder),
    "aria-label": name || nameOfElement(element),
    ...attributes,
  });
  box.addEventListener("input", () => {
    const section = { type: "rich_text_section", elements: [{ type: "text", text: box.value }] };
    surface.keep(block, element, { [key]: box.value ? { type: "rich_text", elements: [section] } : null });
  });
  return box;
}

/** How a picker's value stands in the browser's own box, and back. */
const PICKERS = {
  datepicker: { type: "date", read: (value) => value, write: (text) => text },
  timepicker: { type: "time", read: (value) => value, write: (text) => text },
  datetimepicker: {
    type: "datetime-local",
    read: (value) => toWallTime(value),
    write: (text) => fromWallTime(text),
  },
};

/** A date, a time, or both. */
export function pickerField(block, element, { surface, name, attributes, changed }) {
  const key = valueKey(element);
  const { type, read, write } = PICKERS[element.type];
  const shown = () => {
    const value = surface.value(block, element)[key];
    return value === null ? "" : read(value);
  };
  const box = h("input", {
    type,
    class: "field picker",
    value: shown(),
    "aria-label": name || nameOfElement(element),
    title: plain(element.placeholder) || null,
    max: type === "date" ? "9999-12-31" : null,
    ...attributes,
  });
  let typing = false;
  let told = box.value;
  const tell = async () => {
    typing = false;
    if (box.value === told) return;
    told = box.value;
    const kept = await changed({ type: element.type, [key]: box.value ? write(box.value) : null });
    if (!kept) told = box.value = shown();
  };
  // While digits are typed the box passes through dates nobody meant, the year 2 among them.
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") void tell();
    else typing = true;
  });
  box.addEventListener("pointerdown", () => {
    typing = false;
  });
  box.addEventListener("change", () => {
    if (!typing) void tell();
  });
  box.addEventListener("blur", () => void tell());
  return box;
}
