/** The bar of whoever runs the sandbox: what time it is in its world, and what can be done with it. */

import { fill, h, icon, keepingFocus } from "./dom.js";
import { post, RequestFailed } from "./api.js";
import { confirmed } from "./confirm.js";
import { goTo } from "./route.js";
import { complain } from "./notice.js";
import { listen, present, state, tell } from "./state.js";
import { dayAndTime, dayKey } from "./time.js";

const MINUTE_MS = 60_000;
const root = document.getElementById("timebar");
/** The control under way, by name, and what the last one did. */
let busy = null;
let said = "";

/** Draws the bar, where there is anything to press, and keeps its time. */
export function startTimebar() {
  listen("workspace clock", draw);
  let day = dayKey(new Date(present()));
  const next = () => {
    draw();
    // What was said today was said yesterday from now on: the labels of days follow.
    const now = dayKey(new Date(present()));
    if (now !== day) tell("day");
    day = now;
    setTimeout(next, MINUTE_MS - (present() % MINUTE_MS));
  };
  next();
}

function draw() {
  root.hidden = !state.controls.length || !state.me;
  if (root.hidden) return;
  keepingFocus(root, () =>
    fill(
      root,
      h(
        "span",
        { class: "timebar-time" },
        "It is ",
        h("strong", {}, dayAndTime(new Date(present()))),
        ` ${state.clockNote}`,
      ),
      h("div", { class: "timebar-buttons" }, state.controls.map(controlButton)),
      outcome(),
    ),
  );
}

function controlButton(control) {
  return h(
    "button",
    {
      type: "button",
      class: "button",
      title: control.hint || null,
      // The others wait too: two at once would leave the clock at whichever came last.
      "aria-disabled": busy ? "true" : null,
      "aria-busy": busy === control.name ? "true" : null,
      "data-key": `control-${control.name}`,
      on: { click: () => void run(control) },
    },
    control.label,
  );
}

function outcome() {
  const line = h("div", { class: "timebar-said", role: "status" });
  if (said)
    line.append(
      h("span", {}, said),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Hide this",
          "data-key": "control-hide",
          on: { click: () => say("") },
        },
        icon("close", 14),
      ),
    );
  else line.hidden = true;
  return line;
}

function say(words) {
  said = words;
  draw();
}

async function run(control) {
  if (busy) return;
  if (control.ask && !(await confirmed(question(control)))) return;
  busy = control.name;
  say("");
  try {
    const done = await post("/page/control", { as: state.me.id, name: control.name });
    said = done.words;
    if (done.place)
      goTo({ as: state.me.id, channel: done.place, tab: done.place === "app" ? "messages" : null });
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    complain(error.message);
  } finally {
    busy = null;
    draw();
  }
}

function question(control) {
  const plain = (text) => ({ type: "plain_text", text });
  return {
    title: plain(`${control.label}?`),
    text: plain(control.ask),
    confirm: plain(control.label),
    deny: plain("Cancel"),
    style: "danger",
  };
}
