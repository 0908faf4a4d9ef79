/** Interactive elements: which one is drawn by what, and what happens when it is used. */

import { h, icon, safeHref } from "../dom.js";
import { RequestFailed } from "../api.js";
import { confirmed } from "../confirm.js";
import { openMenu } from "../menu.js";
import { plain } from "../text/mrkdwn.js";
import { ActionFailed, Surface } from "./surface.js";
import { selectNode } from "./selects.js";
import { pickerField, richTextField, textField } from "./fields.js";
import { choicesNode } from "./choices.js";
import { imageNode } from "./image.js";

const DRAWN_BY = {
  button: buttonNode,
  overflow: overflowNode,
  image: (_, element) => imageNode(element, "accessory-image"),
  checkboxes: choicesNode,
  radio_buttons: choicesNode,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  rich_text_input: richTextField,
  datepicker: pickerField,
  timepicker: pickerField,
  datetimepicker: pickerField,
  static_select: selectNode,
  external_select: selectNode,
  users_select: selectNode,
  channels_select: selectNode,
  conversations_select: selectNode,
  multi_static_select: selectNode,
  multi_external_select: selectNode,
  multi_users_select: selectNode,
  multi_channels_select: selectNode,
  multi_conversations_select: selectNode,
};

/**
 * An element of a block.
 *
 * @param {{surface: Surface, name?: string, attributes?: object, input?: boolean}} context
 *     `name` is the label beside it, `attributes` (ids, descriptions) go to its box, `input` says that it
 *     waits for the modal's button rather than acting at once
 */
export function elementNode(block, element, context) {
  const draw = DRAWN_BY[element.type];
  if (!draw) return h("span", { class: "not-played" }, `${element.type} is not played by the sandbox.`);
  const attributes = {
    ...context.attributes,
    "data-key": Surface.key(block, element),
    "data-action-id": element.action_id,
  };
  if (element.focus_on_load) attributes["data-focus"] = true;
  return draw(block, element, { ...context, attributes, ...responses(block, element, context) });
}

/**
 * What an element calls when it is used: `act` tells the app, after asking where a confirmation is wanted,
 * "kept back" when the person thought better of it; `changed` keeps a value and tells the app if due.
 */
function responses(block, element, { surface, input }) {
  const act = async (value) => {
    if (element.confirm && !(await confirmed(element.confirm))) return "kept back";
    const node = () => surface.root?.querySelector(`[data-key="${CSS.escape(Surface.key(block, element))}"]`);
    node()?.setAttribute("aria-busy", "true");
    showFailure(surface, block, null);
    try {
      await surface.act(block, element, value);
    } catch (error) {
      if (!(error instanceof ActionFailed || error instanceof RequestFailed)) throw error;
      showFailure(surface, block, error.message);
    } finally {
      node()?.removeAttribute("aria-busy");
    }
    return "done";
  };
  const changed = async (value) => {
    const before = surface.value(block, element);
    surface.keep(block, element, value);
    if (input && !block.dispatch_action) return true;
    const { type: _, ...sent } = value;
    if ((await act(sent)) === "done") return true;
    surface.keep(block, element, before);
    return false;
  };
  return { act, changed };
}

function showFailure(surface, block, sentence) {
  const place = surface.root?.querySelector(`[data-block-id="${CSS.escape(block.block_id ?? "")}"]`);
  place?.querySelector(":scope > .block-failure")?.remove();
  if (place && sentence)
    place.append(
      h("p", { class: "block-failure", role: "alert" }, icon("warning", 16), h("span", {}, sentence)),
    );
}

function buttonNode(block, element, { act, attributes }) {
  const words = plain(element.text);
  const className = `button${element.style === "primary" ? " primary" : element.style === "danger" ? " danger" : ""}`;
  const label = element.accessibility_label ?? null;
  const press = (event) => {
    if (event.currentTarget.getAttribute("aria-busy") !== "true") void act({});
  };
  const href = element.url ? safeHref(element.url) : null;
  if (href)
    return h(
      "a",
      {
        ...attributes,
        class: className,
        href,
        target: "_blank",
        rel: "noopener noreferrer",
        "aria-label": label,
        on: { click: press },
      },
      words,
    );
  return h(
    "button",
    { ...attributes, type: "button", class: className, "aria-label": label, on: { click: press } },
    words,
  );
}

function overflowNode(block, element, { act, attributes }) {
  const node = h(
    "button",
    {
      ...attributes,
      type: "button",
      class: "button overflow",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": "More options",
    },
    icon("more"),
  );
  const items = element.options.map((option) => ({
    label: plain(option.text),
    note: plain(option.description),
    pick: () => {
      const href = option.url ? safeHref(option.url) : null;
      if (href) window.open(href, "_blank", "noopener,noreferrer");
      void act({ selected_option: option });
    },
  }));
  node.addEventListener("click", () => openMenu(node, "More options", items, { align: "end" }));
  return node;
}
