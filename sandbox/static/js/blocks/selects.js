/** Select menus: options of the app's own, people, channels and conversations, one or several. */

import { AskingCombo } from "./asking.js";
import { Combo } from "./combo.js";
import { nameOfElement, valueKey } from "./values.js";
import { state } from "../state.js";
import { plain } from "../text/mrkdwn.js";
import { SLACKBOT, avatarOf, channelName, nameOf } from "../people.js";
import { icon } from "../dom.js";

/** What must be typed before the app is asked, where it does not say otherwise. */
const LEAST_TYPED = 3;

function optionChoice(option) {
  return { key: option.value, text: plain(option.text), note: plain(option.description), stored: option };
}

function userChoice(user) {
  return {
    key: user.id,
    text: nameOf(user),
    note: user.real_name && user.real_name !== nameOf(user) ? user.real_name : "",
    mark: avatarOf(user, 20),
    stored: user.id,
  };
}

function channelChoice(channel) {
  const mark =
    channel.kind === "im"
      ? state.users.has(channel.user)
        ? avatarOf(state.users.get(channel.user), 20)
        : undefined
      : icon(channel.kind === "private" ? "lock" : "hash", 16);
  return { key: channel.id, text: channelName(channel), mark, stored: channel.id };
}

const users = () => [...state.users.values()].filter((user) => user.id !== SLACKBOT).map(userChoice);
const publicChannels = () =>
  [...state.channels.values()].filter((channel) => channel.kind === "public").map(channelChoice);

function conversations(element) {
  const {
    include,
    exclude_bot_users: noBots,
    exclude_external_shared_channels: noShared,
  } = element.filter ?? {};
  return [...state.channels.values()]
    .filter((channel) => !include || include.includes(channel.kind))
    .filter((channel) => !(noShared && channel.is_shared))
    .filter((channel) => !(noBots && channel.kind === "im" && state.users.get(channel.user)?.is_bot))
    .map(channelChoice);
}

function optionGroups(element) {
  if (element.option_groups)
    return element.option_groups.map((group) => ({
      label: group.label ? plain(group.label) : "",
      choices: group.options.map(optionChoice),
    }));
  return [{ label: "", choices: (element.options ?? []).map(optionChoice) }];
}

function kindOf(element) {
  return element.type.replace("multi_", "");
}

function groupsOf(element) {
  const kind = kindOf(element);
  if (kind === "static_select") return optionGroups(element);
  if (kind === "external_select") return [];
  const choices =
    kind === "users_select"
      ? users()
      : kind === "channels_select"
        ? publicChannels()
        : conversations(element);
  return [{ label: "", choices }];
}

function stored(value) {
  return [value ?? []].flat();
}

/** The key that finds a stored value among the choices. */
function keyOf(one) {
  return typeof one === "string" ? one : one.value;
}

/** A select menu of any kind. */
export function selectNode(block, element, { surface, name, attributes, changed, input }) {
  const key = valueKey(element);
  const several = element.type.startsWith("multi_");
  const groups = () => groupsOf(element);
  const chosenFrom = (value) => {
    const all = groups().flatMap((group) => group.choices);
    return stored(value).map(
      (one) =>
        all.find((choice) => choice.key === keyOf(one)) ??
        (typeof one === "string" ? { key: one, text: one, stored: one } : optionChoice(one)),
    );
  };
  // "The current conversation" is where the message stands, or where the person was when the modal opened.
  if (
    element.default_to_current_conversation &&
    !stored(surface.value(block, element)[key]).length &&
    state.channelId
  ) {
    surface.keep(block, element, { [key]: several ? [state.channelId] : state.channelId });
  }
  const external = kindOf(element) === "external_select";
  const asked = async (typed) => optionGroups(await surface.suggest(block, element, typed));
  const combo = new (external ? AskingCombo : Combo)({
    name: name || nameOfElement(element),
    placeholder: plain(element.placeholder) || nameOfElement({ type: element.type }),
    groups,
    ask: asked,
    least: element.min_query_length ?? LEAST_TYPED,
    several,
    attributes,
    chosen: chosenFrom(surface.value(block, element)[key]),
    most: element.max_selected_items,
    clearable: Boolean(input && block.optional),
    onChange: async (chosen) => {
      const values = chosen.map((choice) => choice.stored);
      const kept = await changed({ type: element.type, [key]: several ? values : (values[0] ?? null) });
      if (!kept) combo.set(chosenFrom(surface.value(block, element)[key]));
    },
  });
  return combo.node;
}
