/** The message box. */

import { h, icon } from "./dom.js";
import { state } from "./state.js";
import { Suggestions } from "./autocomplete.js";
import { openMenu } from "./menu.js";
import { runShortcut, send, sendFile } from "./session.js";
import { complain, hush } from "./notice.js";

const TALLEST_PX = 240;

/** What was sent, newest last, for the Up arrow; shared by all boxes. */
const sent = [];

export class Composer {
  /** @param {{inThread?: boolean, id: string}} options */
  constructor({ inThread = false, id }) {
    this.inThread = inThread;
    this.drafts = new Map();
    this.recalled = sent.length;
    this.box = h("textarea", { id, class: "composer-box", rows: 1, autocomplete: "off" });
    this.suggestions = new Suggestions(this.box);
    this.hint = h("div", { class: "composer-hint", hidden: true });
    this.sendButton = h(
      "button",
      {
        type: "button",
        class: "send",
        "aria-label": "Send now",
        title: "Send now",
        disabled: true,
        on: { click: () => this.submit() },
      },
      icon("send"),
    );
    this.plus = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Shortcuts",
        title: "Shortcuts",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        on: { click: () => this.openShortcuts() },
      },
      icon("plus"),
    );
    this.picker = h("input", {
      type: "file",
      hidden: true,
      "aria-label": "File to send",
      on: { change: () => void this.attach() },
    });
    const keys = h(
      "span",
      { class: "composer-keys", "aria-hidden": "true" },
      h("b", {}, "Shift + Enter"),
      " for a new line",
    );
    this.node = h(
      "div",
      { class: "composer" },
      this.suggestions.list,
      this.hint,
      h(
        "div",
        { class: "composer-frame" },
        this.box,
        h("div", { class: "composer-row" }, inThread ? h("span") : this.plus, keys, this.sendButton),
        this.picker,
      ),
    );
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.box.addEventListener("click", () => this.suggestions.look());
    this.box.addEventListener("blur", () => this.suggestions.close());
  }

  /** Turns to another conversation, keeping what was typed for this one. */
  turnTo(place, label, placeholder) {
    const key = JSON.stringify(place);
    if (key !== this.key) {
      if (this.key) this.drafts.set(this.key, this.box.value);
      this.box.value = this.drafts.get(key) ?? "";
      this.recalled = sent.length;
      Object.assign(this, { key, place });
      this.changed({ quiet: true });
    }
    this.box.setAttribute("aria-label", label);
    this.box.placeholder = placeholder;
    this.plus.hidden = this.inThread;
  }

  changed({ quiet = false } = {}) {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, TALLEST_PX)}px`;
    this.sendButton.disabled = !this.box.value.trim();
    if (!quiet) this.suggestions.look();
    this.showHint();
  }

  /** After a command and a space: what may follow. */
  showHint() {
    const typed = /^(\/\S+)\s$/.exec(this.box.value);
    const command = typed && state.app.commands.find((known) => known.command === typed[1]);
    this.hint.hidden = !command?.usage_hint;
    if (!this.hint.hidden) this.hint.replaceChildren(h("b", {}, command.command), ` ${command.usage_hint}`);
  }

  press(event) {
    if (event.isComposing || this.suggestions.press(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void this.submit();
    } else if (event.key === "ArrowUp" && (!this.box.value || this.isRecalled())) {
      this.recall(event, -1);
    } else if (event.key === "ArrowDown" && this.box.value && this.isRecalled()) {
      this.recall(event, 1);
    }
  }

  /** Is what stands in the box exactly what was sent before? */
  isRecalled() {
    return this.recalled < sent.length && this.box.value === sent[this.recalled];
  }

  recall(event, step) {
    const to = this.recalled + step;
    if (to < 0 || to > sent.length || !sent.length) return;
    event.preventDefault();
    this.recalled = to;
    this.box.value = sent[to] ?? "";
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
    this.changed({ quiet: true });
  }

  async submit() {
    const typed = this.box.value;
    if (!typed.trim()) return;
    if (this.inThread && typed.startsWith("/")) {
      complain(`${typed.split(/\s/)[0]} is not supported in threads. Sorry!`);
      return;
    }
    hush();
    const { key, place } = this;
    this.replaceWith("");
    sent.push(typed);
    this.recalled = sent.length;
    const went = await send(typed.startsWith("/") ? typed.trimEnd() : typed.trim(), place);
    if (went) return;
    // Nothing that was typed is lost.
    if (key === this.key && !this.box.value) this.replaceWith(typed);
    else this.drafts.set(key, typed);
  }

  /** Sends the file that was picked, with the words in the box beside it. */
  async attach() {
    const [file] = this.picker.files;
    this.picker.value = "";
    if (!file) return;
    hush();
    const { key, place } = this;
    const words = this.box.value.startsWith("/") ? "" : this.box.value;
    if (words) this.replaceWith("");
    if (await sendFile(file, words.trim(), place)) return;
    // Nothing that was typed is lost.
    if (words && key === this.key && !this.box.value) this.replaceWith(words);
  }

  replaceWith(text) {
    this.box.value = text;
    this.changed({ quiet: true });
    this.suggestions.close();
  }

  openShortcuts() {
    const shortcuts = state.app.shortcuts.filter((shortcut) => shortcut.type === "global");
    const commands = state.app.commands.map(({ command, description, usage_hint: hint }) => ({
      label: command,
      note: description || hint,
      pick: () => this.begin(`${command} `),
    }));
    const items = [
      { label: "Upload a file", note: "With the words in the box beside it", pick: () => this.picker.click() },
      ...(shortcuts.length ? [{ heading: true, label: `${state.app.name} shortcuts` }] : []),
      ...shortcuts.map((shortcut) => ({
        label: shortcut.name,
        note: shortcut.description,
        pick: () => runShortcut(shortcut),
      })),
      ...(commands.length ? [{ heading: true, label: "Slash commands" }] : []),
      ...commands,
    ];
    openMenu(this.plus, "Shortcuts", items);
  }

  begin(text) {
    this.replaceWith(text);
    this.box.focus();
  }
}
