/**
 * Where the page is, kept in the address: `#/U1/C1`, `#/U1/D1/home`, `#/U1/C1/thread/1700000000.000100`.
 *
 * Everything that moves writes the address, and the page follows it: reload, back and links just work.
 */

const TABS = ["home", "messages", "about"];

/** The place the address names: {as, channel, tab, thread}, each null when not given. */
export function readRoute() {
  const [as, channel, kind, ts] = location.hash.replace(/^#\/?/, "").split("/");
  return {
    as: as || null,
    channel: channel || null,
    tab: TABS.includes(kind) ? kind : null,
    thread: kind === "thread" && /^\d+\.\d+$/.test(ts ?? "") ? ts : null,
  };
}

/** The address of a place. */
export function routeTo({ as, channel, tab = null, thread = null }) {
  const tail = thread ? `/thread/${thread}` : tab ? `/${tab}` : "";
  return `#/${as}${channel ? `/${channel}` : ""}${tail}`;
}

/** Goes to a place; `replace` leaves no step behind for the back button. */
export function goTo(place, { replace = false } = {}) {
  const address = routeTo(place);
  if (address === location.hash) return;
  if (!replace) {
    location.hash = address;
    return;
  }
  history.replaceState(null, "", address);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
