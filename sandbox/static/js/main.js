/** Where the page begins. */

import { follow, markSeen } from "./session.js";
import { startSidebar } from "./sidebar.js";
import { startTopbar } from "./topbar.js";
import { startPane } from "./pane.js";
import { startThread } from "./thread.js";
import { startTimebar } from "./timebar.js";
import { openSwitcher } from "./switcher.js";
import { state } from "./state.js";

startTopbar();
startTimebar();
startSidebar();
startPane();
startThread();

// One step after another: a second step before the first has been taken would mix two people's messages.
let steps = Promise.resolve();
function step() {
  steps = steps.then(follow);
}
window.addEventListener("hashchange", step);
step();

document.addEventListener("keydown", (event) => {
  if (
    (event.ctrlKey || event.metaKey) &&
    !event.shiftKey &&
    !event.altKey &&
    event.key.toLowerCase() === "k"
  ) {
    event.preventDefault();
    openSwitcher();
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && state.me && state.tab === "messages") void markSeen();
});

document.querySelector(".skip-link").addEventListener("click", (event) => {
  // The address belongs to the route, so the link moves the focus only.
  event.preventDefault();
  document.getElementById("composer").focus();
});
