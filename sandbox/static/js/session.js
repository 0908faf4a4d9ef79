/** One person's sitting: what is fetched, what the stream brings, and how the two are put together. */

import { get, post, RequestFailed } from "./api.js";
import { state, tell, currentChannel, isAppConversation } from "./state.js";
import { Stream } from "./stream.js";
import { goTo, readRoute } from "./route.js";
import { complain } from "./notice.js";
import { openView, updateView, closeView, closeAllViews } from "./modal.js";

let stream = null;
/** Fetches under way, and the message events that came meanwhile: they are laid on top of each answer. */
let fetching = 0;
const held = [];
let lastPending = 0;

/** Bytes that are made words of at once. */
const CHUNK = 0x8000;

/** Follows the address: another person, another channel, another tab or thread. */
export async function follow() {
  const route = readRoute();
  if (!state.me || (route.as && route.as !== state.me.id)) await sitDown(route.as);
  if (!state.me) return;
  const channel =
    state.channels.get(route.channel) ??
    (route.channel === "app" ? appConversation() : null) ??
    homeChannel();
  if (!channel) return tell("selection");
  const tab = isAppConversation(channel) ? (route.tab ?? (channel.unread ? "messages" : "home")) : null;
  if (route.as !== state.me.id || route.channel !== channel.id || route.tab !== tab) {
    return goTo(
      { as: state.me.id, channel: channel.id, tab: route.thread ? null : tab, thread: route.thread },
      { replace: true },
    );
  }
  await select(channel, route.thread ? "messages" : tab, route.thread);
}

/** The first place to show a person: their first channel. */
function homeChannel() {
  const channels = [...state.channels.values()].filter((channel) => channel.is_member !== false);
  return channels.find((channel) => channel.kind === "public") ?? channels[0];
}

/** The conversation with the app, which has another id for everybody: the address may just say `app`. */
function appConversation() {
  return [...state.channels.values()].find(isAppConversation);
}

/** Starts the sitting of one person: their stream first, so that nothing falls between it and what is read. */
async function sitDown(as) {
  stream?.close();
  closeAllViews();
  Object.assign(state, {
    channelId: null,
    threadTs: null,
    messages: new Map(),
    thread: new Map(),
    pending: [],
    home: undefined,
    stream: "connecting",
  });
  if (!(await loadWorkspace(as))) return;
  await new Promise((settled) => {
    stream = new Stream(state.me.id, {
      onEvent: receive,
      onOpen: () => catchUp().then(settled),
      onLost: () => settled(lost()),
    });
  });
}

async function loadWorkspace(as) {
  try {
    const answer = await get("/page/state", { as });
    state.me = answer.me;
    state.team = answer.team;
    state.users = new Map(answer.users.map((user) => [user.id, user]));
    state.channels = new Map(answer.channels.map((channel) => [channel.id, channel]));
    state.app = answer.app;
    state.connected = answer.connected;
    state.clockNote = answer.clock_note;
    state.controls = answer.controls;
    setClock(answer.now);
    // What was read of another world is of no use in this one.
    if (state.world && state.world !== answer.world) location.reload();
    state.world = answer.world;
    tell("workspace", "channels", "connection", "selection");
    return true;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    if (as) goTo({ as: "" }, { replace: true });
    complain(error.message);
    return false;
  }
}

function lost() {
  if (state.stream !== "lost") {
    state.stream = "lost";
    tell("connection");
  }
}

/** After every opening of the stream: whatever happened before it stood is fetched. */
async function catchUp() {
  state.stream = "open";
  await loadWorkspace(state.me.id);
  await refetch();
  if (state.channelId && state.tab === "home") await openHome();
}

async function select(channel, tab, threadTs) {
  const moved = channel.id !== state.channelId;
  const turned = moved || tab !== state.tab;
  Object.assign(state, { channelId: channel.id, tab: tab ?? "messages", threadTs });
  if (moved || !threadTs) state.thread = new Map();
  tell("selection", "messages", "thread");
  await refetch();
  if (isAppConversation(channel) && turned) await openHome();
  if (state.tab === "messages") await markSeen();
}

/** Reads the open channel and the open thread anew. */
export async function refetch() {
  const { channelId, threadTs } = state;
  const as = state.me.id;
  if (!channelId) return;
  fetching += 1;
  try {
    const [channel, thread] = await Promise.all([
      get("/page/messages", { as, channel: channelId }),
      threadTs ? get("/page/messages", { as, channel: channelId, thread_ts: threadTs }) : null,
    ]);
    if (as !== state.me.id) return;
    state.messages.set(channelId, byTs(channel.messages.filter(belongsInChannel)));
    if (thread && threadTs === state.threadTs) state.thread = byTs(thread.messages);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    complain(error.message);
  } finally {
    fetching -= 1;
    for (const event of held) layOn(event);
    if (!fetching) held.length = 0;
  }
  tell("messages", "thread");
}

function byTs(messages) {
  return new Map(messages.map((message) => [message.ts, message]));
}

function belongsInChannel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";
}

/** Brings one event of the stream into the state. */
function receive(event) {
  switch (event.type) {
    case "message":
    case "message_changed":
    case "message_deleted":
      return receiveMessage(event);
    case "view_opened":
    case "view_pushed":
      return openView(event.view);
    case "view_updated":
      return event.view.type === "home" ? keepHome(event.view) : updateView(event.view);
    case "view_closed":
      return closeView(event.view_id);
    case "home":
      return keepHome(event.view);
    case "clock":
      setClock(event.now);
      return tell("clock", "messages", "thread", "home");
    case "connected":
      state.connected = event.connected;
      return tell("connection");
    default:
      return undefined;
  }
}

/** Takes over what time it is in the world. */
function setClock(seconds) {
  state.ahead = seconds * 1000 - Date.now();
}

function keepHome(view) {
  state.home = view;
  tell("home");
}

function receiveMessage(event) {
  if (fetching) held.push(event);
  const { message } = event;
  const known =
    message && (state.messages.get(message.channel)?.has(message.ts) || state.thread.has(message.ts));
  layOn(event);
  if (event.type === "message" && !known) greet(message);
  tell("messages", "thread");
}

/** Puts a message, or its absence, where it belongs; doing so twice changes nothing more. */
function layOn({ type, message, channel, ts }) {
  if (type === "message_deleted") {
    state.messages.get(channel)?.delete(ts);
    if (channel === state.channelId) state.thread.delete(ts);
    return;
  }
  if (belongsInChannel(message)) state.messages.get(message.channel)?.set(message.ts, message);
  const thread = message.thread_ts ?? message.ts;
  if (message.channel === state.channelId && thread === state.threadTs) state.thread.set(message.ts, message);
}

/** What a message that was not known before brings with it: badges, counts, a conversation just opened. */
function greet(message) {
  const channel = state.channels.get(message.channel);
  if (!channel) return void loadWorkspace(state.me.id);
  if (!belongsInChannel(message)) {
    // The count of replies is the server's to keep, so the parent is read again rather than guessed.
    if (message.channel === state.channelId) void refetch();
  } else if (message.user !== state.me.id) noteUnread(channel);
}

function noteUnread(channel) {
  const onScreen =
    channel.id === state.channelId && state.tab === "messages" && document.visibilityState === "visible";
  if (onScreen) return void markSeen();
  channel.unread = (channel.unread ?? 0) + 1;
  tell("channels");
}

/** Tells the sandbox that the open channel has been read up to here. */
export async function markSeen() {
  const channel = currentChannel();
  if (!channel) return;
  if (channel.unread) {
    channel.unread = 0;
    tell("channels");
  }
  await post("/page/seen", { as: state.me.id, channel: channel.id }).catch(() => undefined);
}

/** Shows the open tab of the app's conversation to the app, which may answer with a new Home view. */
async function openHome() {
  if (state.tab === "about") return;
  try {
    const before = state.home;
    const answer = await post("/page/home", { as: state.me.id, tab: state.tab });
    // The app may have published a newer one before this answer, which holds the last, was read.
    if (state.tab === "home" && state.home === before) keepHome(answer.view);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    complain(error.message);
  }
}

/**
 * Sends what was typed, a command when it starts with a slash.
 *
 * @returns {Promise<boolean>} whether it went; if not, the words stay in the box
 */
export async function send(text, { channel, threadTs = null }) {
  const as = state.me.id;
  const isCommand = text.startsWith("/");
  lastPending += 1;
  const pending = { id: lastPending, channel, threadTs, text, isCommand };
  state.pending.push(pending);
  tell("messages", "thread");
  try {
    // What goes wrong on the app's side arrives on the stream as a message only this person sees.
    if (isCommand) await post("/page/command", { as, channel, text });
    else await post("/page/message", { as, channel, text, ...(threadTs ? { thread_ts: threadTs } : {}) });
    return true;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    complain(error.message);
    return false;
  } finally {
    state.pending = state.pending.filter((other) => other !== pending);
    tell("messages", "thread");
  }
}

/** Sends a file, with words beside it or without. Returns whether it went. */
export async function sendFile(file, text, { channel }) {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let start = 0; start < bytes.length; start += CHUNK)
      binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
    const as = state.me.id;
    await post("/page/file", { as, channel, name: file.name, content: btoa(binary), text });
    return true;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    complain(error.message);
    return false;
  }
}

/** Starts one of the app's shortcuts, on a message or anywhere. */
export async function runShortcut(shortcut, message = null) {
  try {
    const where = message ? { channel: message.channel, ts: message.ts } : {};
    const answer = await post("/page/shortcut", {
      as: state.me.id,
      callback_id: shortcut.callback_id,
      ...where,
    });
    if (answer.ok === false) complain(`${shortcut.name} failed with the error "${answer.error}".`);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    complain(error.message);
  }
}
