/** Modals: a stack of up to three views, of which the last is on the screen. */

import { h, icon, keepingFocus } from "./dom.js";
import { post, RequestFailed } from "./api.js";
import { focusable, showDialog } from "./dialog.js";
import { drawBlocks } from "./blocks/index.js";
import { Surface } from "./blocks/surface.js";
import { complaint, elementsOf } from "./blocks/values.js";
import { plain } from "./text/mrkdwn.js";
import { state } from "./state.js";
import { avatar } from "./people.js";

/** The views that are open, the one on the screen last: {view, surface, errors, failure, busy}. */
let stack = [];
let dialog = null;

/** Opens a view, or puts it on top of the stack it belongs to. */
export function openView(view) {
  if (stack.some((frame) => frame.view.id === view.id)) return updateView(view);
  const belongs = stack.length && stack[0].view.root_view_id === view.root_view_id;
  stack = belongs ? [...stack, frameOf(view)] : [frameOf(view)];
  draw({ fresh: true });
}

/** Shows the new form of a view. What was typed stays where block and action are still the same. */
export function updateView(view) {
  const frame = stack.find((other) => other.view.id === view.id);
  if (!frame) return;
  Object.assign(frame, { view, errors: {}, failure: null });
  if (frame === stack.at(-1)) draw({ fresh: false });
}

/** Takes a view away, and those above it. */
export function closeView(viewId) {
  const place = stack.findIndex((frame) => frame.view.id === viewId);
  if (place < 0) return;
  stack = stack.slice(0, place);
  draw({ fresh: true });
}

/** Takes everything away. */
export function closeAllViews() {
  if (!stack.length) return;
  stack = [];
  draw({ fresh: true });
}

function frameOf(view) {
  const surface = new Surface({ type: "view", view_id: view.id });
  const frame = { view, surface, errors: {}, failure: null, busy: false };
  surface.viewState = () => surface.stateOf(elementsOf(frame.view.blocks));
  return frame;
}

function draw({ fresh }) {
  const frame = stack.at(-1);
  if (!frame) {
    dialog?.dismiss();
    dialog = null;
    return;
  }
  if (!dialog) {
    dialog = showDialog({ class: "dialog dialog-view" }, [], { onEscape: () => dismiss({ all: false }) });
    dialog.addEventListener("keydown", submitOnEnter);
  }
  dialog.setAttribute("aria-label", plain(frame.view.title));
  dialog.dataset.viewId = frame.view.id;
  const body = h("div", { class: "dialog-body", tabindex: -1 });
  const scrolled = fresh ? 0 : (dialog.querySelector(".dialog-body")?.scrollTop ?? 0);
  keepingFocus(
    dialog,
    () => {
      drawBlocks(body, frame.view.blocks, frame.surface, frame.errors);
      dialog.replaceChildren(head(frame), failureLine(frame), body, foot(frame));
    },
    body,
  );
  body.scrollTop = scrolled;
  if (fresh)
    (
      dialog.querySelector("[data-focus]") ??
      focusable(body)[0] ??
      dialog.querySelector(".dialog-foot button:last-child")
    )?.focus();
}

function head(frame) {
  const back =
    stack.length > 1 &&
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Back",
        on: { click: () => dismiss({ all: false }) },
      },
      icon("back"),
    );
  return h(
    "header",
    { class: "dialog-head" },
    back || avatar({ name: state.app.name, seed: state.app.id, isApp: true }, 28),
    h("h2", {}, plain(frame.view.title)),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Close dialog",
        on: { click: () => dismiss({ all: true }) },
      },
      icon("close", 20),
    ),
  );
}

function failureLine(frame) {
  return h(
    "div",
    { class: "dialog-failure", role: "alert", ...(frame.failure ? {} : { hidden: true }) },
    frame.failure,
  );
}

function foot({ view, busy }) {
  const close = h(
    "button",
    { type: "button", class: "button", "data-key": "close", on: { click: () => dismiss({ all: false }) } },
    plain(view.close) || (view.submit ? "Cancel" : "Close"),
  );
  const submitButton =
    view.submit &&
    h(
      "button",
      {
        type: "button",
        class: "button primary",
        "data-key": "submit",
        disabled: Boolean(view.submit_disabled),
        "aria-busy": busy ? "true" : null,
        on: { click: () => submit() },
      },
      plain(view.submit),
    );
  return h("footer", { class: "dialog-foot" }, close, submitButton);
}

function submitOnEnter(event) {
  const box = event.target;
  const submits =
    box.matches("input:not([role='combobox'], [type='checkbox'], [type='radio'])") ||
    (box.matches("textarea") && (event.ctrlKey || event.metaKey));
  if (
    event.key !== "Enter" ||
    event.isComposing ||
    event.defaultPrevented ||
    !submits ||
    !stack.at(-1)?.view.submit
  )
    return;
  event.preventDefault();
  void submit();
}

/** Closes the view on the screen, or the whole stack, and says so to the app. */
function dismiss({ all }) {
  const frame = stack.at(-1);
  if (!frame) return;
  stack = all ? [] : stack.slice(0, -1);
  draw({ fresh: true });
  void post("/page/view_close", { as: state.me.id, view_id: frame.view.id, clear: all }).catch(
    () => undefined,
  );
}

async function submit() {
  const frame = stack.at(-1);
  if (!frame || frame.busy || frame.view.submit_disabled) return;
  const { view, surface } = frame;
  const inputs = elementsOf(view.blocks);
  frame.errors = Object.fromEntries(
    inputs
      .filter(({ block }) => block.type === "input")
      .map(({ block, element }) => [block.block_id, complaint(block, element, surface.value(block, element))])
      .filter(([, wrong]) => wrong),
  );
  frame.failure = null;
  if (Object.keys(frame.errors).length) return showErrors();
  frame.busy = true;
  draw({ fresh: false });
  try {
    take(
      frame,
      await post("/page/view_submit", { as: state.me.id, view_id: view.id, state: surface.stateOf(inputs) }),
    );
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    frame.failure = error.message;
  }
  frame.busy = false;
  if (stack.includes(frame)) draw({ fresh: false });
  if (Object.keys(frame.errors).length) showErrors();
}

/** Does what the app answered to a submission. */
function take(frame, answer) {
  if (answer.action === "errors") {
    frame.errors = answer.errors;
    const ids = new Set(frame.view.blocks.map((block) => block.block_id));
    const lost = Object.entries(answer.errors)
      .filter(([id]) => !ids.has(id))
      .map(([, words]) => words);
    if (lost.length) frame.failure = lost.join(" ");
  } else if (answer.action === "failed") {
    frame.failure = `We had some trouble connecting. Try again? (${answer.error})`;
  } else if (answer.action === "update") {
    replace(frame, answer.view);
  } else if (answer.action === "push") {
    openView(answer.view);
  } else if (answer.clear) {
    closeAllViews();
  } else {
    closeView(frame.view.id);
  }
}

/** An answer may put another view in the place of the one that was sent. */
function replace(frame, view) {
  if (view.id === frame.view.id) return updateView(view);
  stack = stack.map((other) => (other === frame ? frameOf(view) : other));
  draw({ fresh: true });
}

function showErrors() {
  draw({ fresh: false });
  const first = dialog?.querySelector("[aria-invalid='true']");
  const box = first?.matches("input, textarea") ? first : first && focusable(first)[0];
  box?.focus();
  first?.scrollIntoView({ block: "center" });
}
