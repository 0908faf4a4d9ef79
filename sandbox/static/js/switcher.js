/** Ctrl/Cmd+K: to any conversation by a few letters of its name. */

import { h, icon } from "./dom.js";
import { showDialog } from "./dialog.js";
import { isAppConversation, state } from "./state.js";
import { avatarOf, channelName } from "./people.js";
import { goTo } from "./route.js";
import { setDrawer } from "./sidebar.js";

let open = null;

/** Opens the switcher; a second call closes it. */
export function openSwitcher() {
  if (!state.me) return;
  if (open) return void open.close();
  open = new Switcher();
}

class Switcher {
  constructor() {
    this.box = h("input", {
      type: "text",
      class: "field",
      role: "combobox",
      "aria-label": "Jump to",
      "aria-expanded": "true",
      "aria-controls": "jump-list",
      "aria-autocomplete": "list",
      placeholder: "Jump to a channel, person or app",
      autocomplete: "off",
      on: { input: () => this.list(), keydown: (event) => this.press(event) },
    });
    this.rows = h("div", {
      id: "jump-list",
      class: "jump-list",
      role: "listbox",
      "aria-label": "Conversations",
    });
    this.dialog = showDialog(
      { class: "dialog dialog-jump", "aria-label": "Jump to" },
      [h("div", { class: "jump-box" }, icon("search"), this.box), this.rows],
      { onEscape: () => this.close(), focus: this.box },
    );
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.close();
    });
    this.list();
  }

  list() {
    const wanted = this.box.value.trim().replace(/^[#@]/, "").toLowerCase();
    const rank = (channel) => channelName(channel).toLowerCase().indexOf(wanted);
    this.found = [...state.channels.values()]
      .filter((channel) => channel.is_member !== false && rank(channel) >= 0)
      .sort(
        (a, b) =>
          Number(b.unread > 0) - Number(a.unread > 0) ||
          rank(a) - rank(b) ||
          channelName(a).localeCompare(channelName(b)),
      );
    this.rows.replaceChildren(
      ...(this.found.length
        ? this.found.map((channel, place) => this.row(channel, place))
        : [h("div", { class: "menu-empty" }, "No conversation by that name")]),
    );
    this.mark(0);
  }

  row(channel, place) {
    const user = state.users.get(channel.user);
    const mark = user
      ? avatarOf({ ...user, is_bot: user.is_bot || isAppConversation(channel) }, 20)
      : icon(channel.kind === "private" ? "lock" : "hash");
    return h(
      "div",
      { id: `jump-${place}`, role: "option", class: "menu-item", on: { click: () => this.go(channel) } },
      mark,
      h("span", { class: "menu-words" }, channelName(channel)),
      channel.unread > 0 && h("span", { class: "badge" }, channel.unread),
    );
  }

  mark(place) {
    if (!this.found.length) return this.box.removeAttribute("aria-activedescendant");
    this.marked = (place + this.found.length) % this.found.length;
    for (const [at, node] of [...this.rows.children].entries()) {
      node.classList.toggle("marked", at === this.marked);
      node.setAttribute("aria-selected", String(at === this.marked));
    }
    this.rows.children[this.marked].scrollIntoView({ block: "nearest" });
    return this.box.setAttribute("aria-activedescendant", `jump-${this.marked}`);
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.mark(this.marked + step);
    } else if (event.key === "Enter" && this.found.length) {
      event.preventDefault();
      this.go(this.found[this.marked]);
    }
  }

  go(channel) {
    this.close();
    setDrawer(false);
    goTo({ as: state.me.id, channel: channel.id });
  }

  close() {
    open = null;
    this.dialog.dismiss();
  }
}
