/** A list of messages, drawn so that what did not change stays untouched: focus, menus and screen readers rely on it. */

import { h, icon, keepingFocus } from "./dom.js";
import { dayKey, dayLabel, instantOf } from "./time.js";
import { messageNode } from "./message.js";
import { withoutDismissed } from "./ephemeral.js";
import { state } from "./state.js";

const GROUP_SECONDS = 300;
const NEAR_BOTTOM_PX = 80;

export class Log {
  /** @param {"channel" | "thread"} place */
  constructor(place) {
    this.place = place;
    this.rows = new Map();
    this.list = h("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-relevant": "additions",
      tabindex: 0,
    });
    this.list.addEventListener("keydown", (event) => this.travel(event));
    this.list.addEventListener("scroll", () => this.noteScroll());
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, on: { click: () => this.toBottom() } },
      "New messages ",
      icon("down", 14),
    );
    this.node = h("div", { class: "log-frame" }, this.list, this.jump);
    this.stuck = true;
    this.waiting = 0;
    // A taller message box or a hint takes room away; the end of the list stays in sight.
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(this.list);
  }

  /** Starts anew, at the bottom. */
  reset(label) {
    this.rows.clear();
    this.list.replaceChildren();
    this.list.setAttribute("aria-label", label);
    this.stuck = true;
    this.jump.hidden = true;
  }

  /**
   * Shows these messages, oldest first, and what is under way after them.
   *
   * @param {Node[]} head what stands above the first message
   */
  draw(messages, pending, head = []) {
    const shown = withoutDismissed([...messages].sort((a, b) => (a.ts < b.ts ? -1 : 1)));
    const before = this.rows.size;
    // Who sends something wants to see what comes of it.
    if (pending.length > this.waiting) this.stuck = true;
    this.waiting = pending.length;
    const wanted = this.wanted(shown, pending, head);
    keepingFocus(this.list, () => this.reconcile(wanted), this.list);
    if (this.stuck) this.toBottom();
    else if (this.rows.size > before) this.jump.hidden = false;
  }

  /** What the list should hold: [key, signature, how to draw it] for every row. */
  wanted(messages, pending, head) {
    const rows = head.map((node, place) => [`head-${place}`, node.textContent, () => node]);
    let previous = null;
    let day = null;
    for (const message of messages) {
      const thisDay = dayKey(instantOf(message.ts));
      if (thisDay !== day && this.place === "channel")
        rows.push(...dayRows(thisDay, dayLabel(instantOf(message.ts))));
      const compact = thisDay === day && follows(previous, message);
      const key = `${message.channel}/${message.ts}`;
      rows.push([
        key,
        JSON.stringify([message, compact]),
        () => messageNode(message, { compact, place: this.place }),
      ]);
      if (this.place === "thread" && message.ts === state.threadTs && message.reply_count)
        rows.push(["replies", String(message.reply_count), () => repliesDivider(message.reply_count)]);
      previous = message;
      day = thisDay;
    }
    for (const item of pending) rows.push([`pending-${item.id}`, "", () => pendingRow(item)]);
    return rows;
  }

  reconcile(wanted) {
    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue;
      row.node.remove();
      this.rows.delete(key);
    }
    let place = this.list.firstChild;
    for (const [key, signature, draw] of wanted) {
      const row = this.rows.get(key);
      if (row && row.signature === signature) {
        if (row.node === place) place = place.nextSibling;
        else this.list.insertBefore(row.node, place);
        continue;
      }
      const node = draw();
      if (row) {
        if (row.node === place) place = place.nextSibling;
        row.node.replaceWith(node);
        if (node.nextSibling !== place) this.list.insertBefore(node, place);
      } else {
        this.list.insertBefore(node, place);
      }
      this.rows.set(key, { node, signature });
    }
  }

  toBottom() {
    this.stuck = true;
    this.jump.hidden = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  noteScroll() {
    const left = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight;
    this.stuck = left < NEAR_BOTTOM_PX;
    if (this.stuck) this.jump.hidden = true;
  }

  /** Arrow keys walk from message to message. */
  travel(event) {
    const messages = [...this.list.querySelectorAll(".message")];
    const at = messages.indexOf(document.activeElement);
    const inList = event.target === this.list;
    if (!messages.length || (at < 0 && !inList)) return;
    const last = messages.length - 1;
    const to = {
      ArrowUp: inList ? last : Math.max(0, at - 1),
      ArrowDown: inList ? last : Math.min(last, at + 1),
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    messages[to].focus();
  }
}

function follows(previous, message) {
  return Boolean(
    previous &&
    previous.user === message.user &&
    previous.bot_id === message.bot_id &&
    previous.username === message.username &&
    Boolean(previous.ephemeral) === Boolean(message.ephemeral) &&
    !message.ephemeral &&
    !previous.subtype &&
    !message.subtype &&
    message.ts - previous.ts < GROUP_SECONDS,
  );
}

function dayRows(day, words) {
  return [
    [`line-${day}`, "", () => h("div", { class: "day-line" })],
    [
      `day-${day}`,
      words,
      () =>
        h(
          "div",
          { class: "day", role: "separator", "aria-label": words },
          h("span", { class: "day-words" }, words),
        ),
    ],
  ];
}

function repliesDivider(count) {
  return h("div", { class: "thread-count" }, h("span", {}, count === 1 ? "1 reply" : `${count} replies`));
}

function pendingRow(item) {
  const first = item.text.split("\n")[0];
  const short = first.length > 80 || first !== item.text ? `${first.slice(0, 80)}…` : first;
  return h(
    "div",
    { class: "pending", role: "status" },
    h("span", { class: "spinner", "aria-hidden": "true" }),
    item.isCommand
      ? [`Waiting for ${state.app.name}: `, h("code", {}, short)]
      : ["Sending: ", h("span", {}, short)],
  );
}
