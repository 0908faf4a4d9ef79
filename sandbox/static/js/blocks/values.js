/** What the elements of Block Kit hold: the form of each value, where it begins, and when it will not do. */

import { plain } from "../text/mrkdwn.js";

/** Element type -> [the key of its value, the key it begins with, what nothing looks like]. */
const FIELDS = {
  plain_text_input: ["value", "initial_value", null],
  email_text_input: ["value", "initial_value", null],
  url_text_input: ["value", "initial_value", null],
  number_input: ["value", "initial_value", null],
  rich_text_input: ["rich_text_value", "initial_value", null],
  datepicker: ["selected_date", "initial_date", null],
  timepicker: ["selected_time", "initial_time", null],
  datetimepicker: ["selected_date_time", "initial_date_time", null],
  static_select: ["selected_option", "initial_option", null],
  external_select: ["selected_option", "initial_option", null],
  radio_buttons: ["selected_option", "initial_option", null],
  checkboxes: ["selected_options", "initial_options", []],
  multi_static_select: ["selected_options", "initial_options", []],
  multi_external_select: ["selected_options", "initial_options", []],
  users_select: ["selected_user", "initial_user", null],
  channels_select: ["selected_channel", "initial_channel", null],
  conversations_select: ["selected_conversation", "initial_conversation", null],
  multi_users_select: ["selected_users", "initial_users", []],
  multi_channels_select: ["selected_channels", "initial_channels", []],
  multi_conversations_select: ["selected_conversations", "initial_conversations", []],
};

/** The key under which an element's value stands: `selected_date`. */
export function valueKey(element) {
  return FIELDS[element.type][0];
}

/** Does the element hold a value at all? Buttons and overflow menus do not. */
export function holdsValue(element) {
  return element.type in FIELDS;
}

/** The value an element begins with. */
export function initialValue(element) {
  const [key, initial, nothing] = FIELDS[element.type];
  return { type: element.type, [key]: element[initial] ?? nothing };
}

function isEmpty(value) {
  return (
    value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** The blocks' elements that hold values, each with its block. */
export function elementsOf(blocks) {
  return blocks.flatMap((block) => {
    const elements =
      block.type === "input"
        ? [block.element]
        : block.type === "actions"
          ? block.elements
          : block.type === "section" && block.accessory
            ? [block.accessory]
            : [];
    return elements.filter((element) => holdsValue(element)).map((element) => ({ block, element }));
  });
}

/**
 * What is wrong with an input before it is sent, in one sentence, or null.
 *
 * These are the checks that Slack itself makes; what the app thinks of the value comes after.
 */
export function complaint(block, element, held) {
  const value = held[valueKey(element)];
  if (isEmpty(value)) return block.optional ? null : "Please complete this required field.";
  const check = CHECKS[element.type];
  return check ? check(element, value) : null;
}

const CHECKS = {
  plain_text_input: (element, value) => {
    if (element.min_length && value.length < element.min_length)
      return `Please enter at least ${element.min_length} characters.`;
    if (element.max_length && value.length > element.max_length)
      return `Please shorten this to ${element.max_length} characters.`;
    return null;
  },
  email_text_input: (_, value) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : "Please enter a valid email address.",
  url_text_input: (_, value) =>
    /^https?:\/\/[^\s]+$/.test(value) ? null : "Please enter a valid URL, beginning with https://.",
  number_input: (element, value) => {
    if (!/^-?\d+(\.\d+)?$/.test(value)) return "Please enter a number.";
    if (!element.is_decimal_allowed && value.includes(".")) return "Please enter a whole number.";
    if (element.min_value && Number(value) < Number(element.min_value))
      return `Please enter a number of at least ${element.min_value}.`;
    if (element.max_value && Number(value) > Number(element.max_value))
      return `Please enter a number of at most ${element.max_value}.`;
    return null;
  },
};

const KINDS = {
  datepicker: "Select a date",
  timepicker: "Select a time",
  datetimepicker: "Select a date and time",
  users_select: "Select a user",
  channels_select: "Select a channel",
  conversations_select: "Select a conversation",
  multi_users_select: "Select users",
  multi_channels_select: "Select channels",
  multi_conversations_select: "Select conversations",
  multi_static_select: "Select options",
  multi_external_select: "Select options",
  external_select: "Select an option",
  static_select: "Select an option",
  checkboxes: "Choices",
  radio_buttons: "Choices",
};

/** What a control is called when no label stands beside it. */
export function nameOfElement(element) {
  return (
    element.accessibility_label ||
    plain(element.placeholder) ||
    KINDS[element.type] ||
    plain(element.text) ||
    "Input"
  );
}
