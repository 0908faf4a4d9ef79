/** A box whose list comes from the app: opening it asks, and so does every pause in typing. */

import { h, icon } from "../dom.js";
import { announce } from "../notice.js";
import { Combo } from "./combo.js";

const PAUSE_MS = 250;
const LOADING = "Loading…";

export class AskingCombo extends Combo {
  /**
   * @param {object} options those of Combo but `groups`, and
   *     `ask: (typed: string) => Promise<{label: string, choices: object[]}[]>`, which rejects with an Error that
   *     says why there is nothing, and `least`, how many characters must be typed before it is asked
   */
  constructor(options) {
    super({ ...options, groups: () => [] });
    this.asked = 0;
  }

  open() {
    if (this.list) return;
    this.standing = { kind: "loading" };
    super.open();
    this.ask(0);
  }

  close() {
    clearTimeout(this.pause);
    this.asked += 1;
    super.close();
  }

  type() {
    this.openAround();
    this.typed = true;
    this.ask(PAUSE_MS);
  }

  /** What is being looked for: nothing, until something has been typed over the present choice. */
  wanted() {
    return this.typed ? this.box.value.trim() : "";
  }

  /** Asks the app in a while; whatever was asked before is no longer waited for. */
  ask(wait) {
    clearTimeout(this.pause);
    this.asked += 1;
    const missing = this.options.least - this.wanted().length;
    if (missing > 0) return this.stand({ kind: "short" });
    this.stand({ kind: "loading" });
    this.pause = setTimeout(() => void this.askNow(), wait);
    return undefined;
  }

  async askNow() {
    this.asked += 1;
    const turn = this.asked;
    try {
      const groups = await this.options.ask(this.wanted());
      if (turn === this.asked && this.list) this.stand({ kind: "found", groups });
    } catch (error) {
      if (turn === this.asked && this.list) this.stand({ kind: "failed", words: error.message });
    }
  }

  /** Shows how things stand. The first row is marked, so that Enter picks it. */
  stand(standing) {
    this.standing = standing;
    this.list.setAttribute("aria-busy", String(standing.kind === "loading"));
    this.fillList();
    this.hanging?.place();
    this.mark(0);
    if (standing.kind === "found")
      announce(this.rows.length === 1 ? "1 result" : `${this.rows.length || "No"} results`);
    else if (standing.kind === "failed") announce(standing.words);
  }

  fillList() {
    this.rows = [];
    this.list.replaceChildren(...this.lines());
  }

  lines() {
    const { kind, groups = [], words } = this.standing;
    if (kind === "loading") return [h("div", { class: "menu-empty" }, LOADING)];
    if (kind === "short")
      return [
        h(
          "div",
          { class: "menu-empty" },
          `Type ${this.options.least} or more ${this.options.least === 1 ? "character" : "characters"}`,
        ),
      ];
    if (kind === "failed")
      return [
        h(
          "div",
          { class: "menu-empty menu-failed", role: "alert", on: { click: () => this.ask(0) } },
          icon("warning", 16),
          h("span", {}, `${words} Press Enter to try again.`),
        ),
      ];
    const rows = groups.flatMap((group) => [
      ...(group.label && group.choices.length
        ? [h("div", { class: "menu-heading", role: "presentation" }, group.label)]
        : []),
      ...group.choices.map((choice) => this.row(choice)),
    ]);
    return rows.length ? rows : [h("div", { class: "menu-empty" }, "No results")];
  }

  press(event) {
    if (event.key === "Enter" && this.list && this.standing.kind === "failed") {
      event.preventDefault();
      this.ask(0);
    } else super.press(event);
  }
}
