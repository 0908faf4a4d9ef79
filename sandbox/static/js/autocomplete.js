/** Suggestions above the message box: slash commands, people, channels. */

import { h, icon, uniqueId } from "./dom.js";
import { state } from "./state.js";
import { avatar, avatarOf, nameOf } from "./people.js";

const MOST = 8;

/**
 * What the text before the caret asks for.
 *
 * @returns {{start: number, rows: {insert: string, words: string, note: string, mark: Node}[], kind: string} | null}
 */
export function suggestionsFor(text, caret) {
  const before = text.slice(0, caret);
  const command = /^\/\S*$/.exec(before);
  if (command && !text.slice(caret).trim()) return { start: 0, kind: "commands", rows: commands(before) };
  const person = /(?<![\p{L}\p{N}])@([\p{L}\p{N}._ -]{0,30})$/u.exec(before);
  if (person) return { start: caret - person[1].length - 1, kind: "people", rows: people(person[1]) };
  const channel = /(?<![\p{L}\p{N}&/])#([\p{L}\p{N}_-]{0,40})$/u.exec(before);
  if (channel) return { start: caret - channel[1].length - 1, kind: "channels", rows: channels(channel[1]) };
  return null;
}

function commands(typed) {
  return state.app.commands
    .filter(({ command }) => command.startsWith(typed.toLowerCase()) && command !== typed)
    .map(({ command, description, usage_hint: hint }) => ({
      insert: `${command} `,
      words: [command, hint && h("span", { class: "hint" }, ` ${hint}`)],
      note: description,
      mark: avatar({ name: state.app.name, seed: state.app.id, isApp: true }, 24),
    }));
}

function people(typed) {
  const wanted = typed.toLowerCase();
  const names = (user) =>
    [user.display_name, user.real_name, user.name].filter(Boolean).map((name) => name.toLowerCase());
  return (
    [...state.users.values()]
      .filter((user) =>
        names(user).some(
          (name) => name.startsWith(wanted) || name.split(/\s+/).some((word) => word.startsWith(wanted)),
        ),
      )
      // A name typed in full needs no help, and Enter should send.
      .filter((user) => !names(user).includes(wanted))
      .slice(0, MOST)
      .map((user) => ({
        insert: `@${nameOf(user)} `,
        words: nameOf(user),
        note: user.real_name === nameOf(user) ? "" : user.real_name,
        mark: avatarOf(user, 24),
      }))
  );
}

function channels(typed) {
  const wanted = typed.toLowerCase();
  return [...state.channels.values()]
    .filter(
      (channel) =>
        channel.name &&
        ["public", "private"].includes(channel.kind) &&
        channel.name.startsWith(wanted) &&
        channel.name !== wanted,
    )
    .slice(0, MOST)
    .map((channel) => ({
      insert: `#${channel.name} `,
      words: channel.name,
      note: "",
      mark: icon(channel.kind === "private" ? "lock" : "hash", 18),
    }));
}

/** The list itself, bound to one message box. */
export class Suggestions {
  constructor(box) {
    this.box = box;
    this.rows = [];
    this.list = h("div", {
      id: uniqueId("suggestions"),
      class: "suggestions menu",
      role: "listbox",
      "aria-label": "Suggestions",
      hidden: true,
    });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    box.setAttribute("aria-controls", this.list.id);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-haspopup", "listbox");
  }

  /** Looks at what is typed and shows what fits. */
  look() {
    const found = suggestionsFor(this.box.value, this.box.selectionStart);
    if (!found?.rows.length) return this.close();
    this.start = found.start;
    this.rows = found.rows;
    this.list.replaceChildren(...found.rows.map((row, place) => this.row(row, place)));
    this.list.hidden = false;
    return this.mark(0);
  }

  row({ words, note, mark }, place) {
    return h(
      "div",
      {
        id: `${this.list.id}-${place}`,
        role: "option",
        class: "menu-item",
        on: { click: () => this.take(place) },
      },
      mark,
      h(
        "span",
        { class: "menu-words" },
        h("span", {}, words),
        note && h("span", { class: "menu-note" }, note),
      ),
    );
  }

  mark(place) {
    this.marked = (place + this.rows.length) % this.rows.length;
    for (const [at, node] of [...this.list.children].entries()) {
      node.classList.toggle("marked", at === this.marked);
      node.setAttribute("aria-selected", String(at === this.marked));
    }
    this.list.children[this.marked].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.marked}`);
  }

  take(place) {
    this.box.setRangeText(this.rows[place].insert, this.start, this.box.selectionStart, "end");
    this.close();
    this.box.dispatchEvent(new Event("input"));
  }

  close() {
    this.rows = [];
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }

  /** Uses a key when the list is open; true when it did. */
  press(event) {
    if (!this.rows.length) return false;
    if (event.key === "ArrowDown") this.mark(this.marked + 1);
    else if (event.key === "ArrowUp") this.mark(this.marked - 1);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") this.take(this.marked);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }
}
