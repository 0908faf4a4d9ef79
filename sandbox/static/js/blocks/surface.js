/**
 * A surface holds blocks: a message, a modal, the Home tab. It keeps what was picked and typed in them,
 * by block and action, and tells the app when something is pressed.
 */

import { post } from "../api.js";
import { state } from "../state.js";
import { initialValue } from "./values.js";

export class Surface {
  /** @param {object} container `{type: "message", channel, ts}` or `{type: "view", view_id}` */
  constructor(container) {
    this.container = container;
    this.values = new Map();
    this.looks = new Map();
  }

  /** A key that is the same for the same control after a redraw. */
  static key(block, element) {
    return `${block.block_id ?? ""}/${element.action_id ?? ""}`;
  }

  /** What an element holds now; at first what the app gave it. */
  value(block, element) {
    const held = this.values.get(Surface.key(block, element));
    return held?.type === element.type ? held : initialValue(element);
  }

  /** Remembers what an element holds. */
  keep(block, element, value) {
    this.values.set(Surface.key(block, element), {
      ...value,
      type: element.type,
      block_id: block.block_id,
      action_id: element.action_id,
    });
  }

  /** How a block is being looked at (which page, sorted by what), kept while it is there under the same id. */
  lookOf(blockId, start) {
    if (!this.looks.has(blockId)) this.looks.set(blockId, start);
    return this.looks.get(blockId);
  }

  /** Forgets what was held by elements that are no longer there. */
  prune(elements) {
    const there = new Set(elements.map(({ block, element }) => Surface.key(block, element)));
    for (const key of this.values.keys()) if (!there.has(key)) this.values.delete(key);
  }

  /** `{values: {block_id: {action_id: value}}}` of the given elements, as Slack sends it. */
  stateOf(elements) {
    const values = {};
    for (const { block, element } of elements) {
      const { block_id: _block, action_id: _action, ...value } = this.value(block, element);
      (values[block.block_id] ??= {})[element.action_id] = value;
    }
    return { values };
  }

  /**
   * Tells the app that an element was used.
   *
   * @throws {ActionFailed} the app did not acknowledge it
   */
  async act(block, element, value = {}) {
    const answer = await post("/page/action", {
      as: state.me.id,
      container: this.container,
      block_id: block.block_id,
      action_id: element.action_id,
      element: value,
      ...this.filledIn(),
    });
    if (answer.ok === false) throw new ActionFailed(answer.error);
  }

  /**
   * Asks the app what may be picked in a menu of its own data.
   *
   * @returns {Promise<{option_groups: object[]}>}
   * @throws {ActionFailed} the app did not answer as it should
   */
  async suggest(block, element, typed) {
    const answer = await post("/page/options", {
      as: state.me.id,
      container: this.container,
      block_id: block.block_id,
      action_id: element.action_id,
      value: typed,
      ...this.filledIn(),
    });
    if (answer.error) throw new ActionFailed(answer.error);
    return { option_groups: answer.groups };
  }

  filledIn() {
    return this.container.type === "view" ? { state: this.viewState?.() ?? { values: {} } } : {};
  }
}

/** The app did not answer a press as it should. */
export class ActionFailed extends Error {
  constructor(code) {
    const why =
      code === "operation_timeout"
        ? `${state.app.name} did not answer within 3 seconds.`
        : code === "invalid_response"
          ? `${state.app.name} gave an answer that cannot be shown.`
          : `${state.app.name} could not be asked.`;
    super(`${why} (${code})`);
  }
}
