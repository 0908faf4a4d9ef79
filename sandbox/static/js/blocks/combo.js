/** A box that filters a list as one types, for one choice or several. */

import { h, icon, uniqueId } from "../dom.js";
import { hang } from "../popup.js";
import { announce } from "../notice.js";

/**
 * @typedef {{key: string, text: string, note?: string, mark?: Node}} Choice
 * @typedef {{label: string, choices: Choice[]}} Group  a label of "" shows none
 */

export class Combo {
  /**
   * @param {{
   *   name: string, placeholder: string, groups: () => Group[], chosen: Choice[], several: boolean,
   *   most?: number, clearable?: boolean, attributes?: object, onChange: (chosen: Choice[]) => void,
   * }} options `most` limits how many may be chosen; `attributes` go to the box itself
   */
  constructor(options) {
    this.options = options;
    this.chosen = [...options.chosen];
    this.list = null;
    this.typed = false;
    this.box = h("input", {
      type: "text",
      role: "combobox",
      class: "combo-box",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": options.name,
      placeholder: options.placeholder,
      ...options.attributes,
      on: {
        click: () => this.open(),
        input: () => this.type(),
        keydown: (event) => this.press(event),
        blur: () => this.close(),
      },
    });
    this.chips = h("span", { class: "chips" });
    this.clear = h(
      "button",
      {
        type: "button",
        class: "icon-button combo-clear",
        "aria-label": "Clear selection",
        on: { click: () => this.choose([]) },
      },
      icon("close", 14),
    );
    this.node = h(
      "span",
      {
        class: `combo${options.several ? " combo-several" : ""}`,
        on: { pointerdown: (event) => this.pressAround(event) },
      },
      this.chips,
      this.box,
      this.clear,
      icon("down", 16),
    );
    this.show();
  }

  show() {
    const { several, clearable, placeholder } = this.options;
    this.chips.replaceChildren(...(several ? this.chosen.map((choice) => this.chip(choice)) : []));
    if (!several) this.box.value = this.chosen[0]?.text ?? "";
    else this.box.placeholder = this.chosen.length ? "" : placeholder;
    this.clear.hidden = several || !clearable || !this.chosen.length;
  }

  chip(choice) {
    const drop = () => {
      this.choose(this.chosen.filter((other) => other.key !== choice.key));
      this.box.focus();
    };
    return h(
      "span",
      { class: "chip" },
      choice.text,
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": `Remove ${choice.text}`, on: { click: drop } },
        icon("close", 12),
      ),
    );
  }

  pressAround(event) {
    if (event.target === this.box || event.target.closest("button")) return;
    event.preventDefault();
    this.box.focus();
    this.open();
  }

  open() {
    if (this.list) return;
    this.typed = false;
    this.list = h("div", {
      id: uniqueId("list"),
      class: "menu listbox",
      role: "listbox",
      "aria-label": this.options.name,
      "aria-multiselectable": this.options.several ? "true" : null,
    });
    // The box keeps the focus while the list is pressed.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.fillList();
    this.hanging = hang(this.list, this.node, { matchWidth: true, onLeave: () => this.close() });
    this.box.setAttribute("aria-expanded", "true");
    this.box.setAttribute("aria-controls", this.list.id);
    if (!this.options.several) this.box.select();
    this.mark(
      Math.max(
        0,
        this.rows.findIndex(({ choice }) => this.has(choice)),
      ),
    );
  }

  close() {
    if (!this.list) return;
    this.hanging.release();
    this.list = null;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
    this.box.removeAttribute("aria-controls");
    if (this.options.several) this.box.value = "";
    this.show();
  }

  type() {
    this.openAround();
    this.typed = true;
    this.fillList();
    this.hanging.place();
    this.mark(0);
  }

  /** Opens the list and leaves what was typed, and the caret: opening selects all, for the next letter to replace. */
  openAround() {
    if (this.list) return;
    const { value, selectionStart } = this.box;
    this.open();
    this.box.value = value;
    this.box.setSelectionRange(selectionStart, selectionStart);
  }

  has(choice) {
    return this.chosen.some((other) => other.key === choice.key);
  }

  fillList() {
    const wanted = this.typed ? this.box.value.trim().toLowerCase() : "";
    this.rows = [];
    const nodes = this.options.groups().flatMap((group) => {
      const fitting = group.choices.filter((choice) =>
        `${choice.text} ${choice.note ?? ""}`.toLowerCase().includes(wanted),
      );
      if (!fitting.length) return [];
      const heading = group.label
        ? [h("div", { class: "menu-heading", role: "presentation" }, group.label)]
        : [];
      return [...heading, ...fitting.map((choice) => this.row(choice))];
    });
    this.list.replaceChildren(...(nodes.length ? nodes : [h("div", { class: "menu-empty" }, "No results")]));
    if (this.typed) announce(this.rows.length === 1 ? "1 result" : `${this.rows.length} results`);
  }

  row(choice) {
    const node = h(
      "div",
      {
        id: uniqueId("option"),
        role: "option",
        class: "menu-item",
        "aria-selected": String(this.has(choice)),
        on: { click: () => this.pick(choice) },
      },
      choice.mark?.cloneNode(true),
      h(
        "span",
        { class: "menu-words" },
        h("span", {}, choice.text),
        choice.note && h("span", { class: "menu-note" }, choice.note),
      ),
      this.has(choice) && icon("check", 16),
    );
    this.rows.push({ choice, node });
    return node;
  }

  mark(place) {
    for (const { node } of this.rows) node.classList.remove("marked");
    this.marked = this.rows.length ? (place + this.rows.length) % this.rows.length : -1;
    const row = this.rows[this.marked];
    row?.node.classList.add("marked");
    row?.node.scrollIntoView({ block: "nearest" });
    if (row) this.box.setAttribute("aria-activedescendant", row.node.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.list) this.mark(this.marked + moves[event.key]);
      else this.open();
    } else if (event.key === "Enter" || (event.key === " " && !this.list)) {
      event.preventDefault();
      if (!this.list) this.open();
      else if (this.rows[this.marked]) this.pick(this.rows[this.marked].choice);
    } else if (event.key === "Escape" && this.list) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && this.options.several && !this.box.value && this.chosen.length) {
      this.choose(this.chosen.slice(0, -1));
    }
  }

  pick(choice) {
    const { several, most } = this.options;
    if (!several) {
      this.close();
      if (!this.has(choice)) this.choose([choice]);
      return;
    }
    if (this.has(choice)) this.choose(this.chosen.filter((other) => other.key !== choice.key));
    else if (!most || this.chosen.length < most) this.choose([...this.chosen, choice]);
    else announce(`At most ${most} can be chosen.`);
    this.box.value = "";
    this.typed = false;
    const place = this.marked;
    this.fillList();
    this.hanging.place();
    this.mark(place);
  }

  choose(chosen) {
    this.set(chosen);
    this.options.onChange([...chosen]);
  }

  /** Shows another choice without telling anybody. */
  set(chosen) {
    this.chosen = [...chosen];
    this.show();
  }
}
