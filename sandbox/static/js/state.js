/** What the page knows, and who wants to hear when it changes. The only shared mutable value. */

export const state = {
  /** The acting person, or null before the first answer. */
  me: null,
  team: { name: "" },
  /** User id -> user. */
  users: new Map(),
  /** Channel id -> channel. */
  channels: new Map(),
  app: { name: "", commands: [], shortcuts: [] },
  /** Does the bot have a way to be reached? */
  connected: false,
  /** Is the page's own stream up: "connecting", "open" or "lost". */
  stream: "connecting",
  /** What is on the screen: a channel id, a tab of the app's conversation, an open thread. */
  channelId: null,
  tab: "messages",
  threadTs: null,
  /** Channel id -> (ts -> message): the channel's own messages, without replies. */
  messages: new Map(),
  /** ts -> message: the open thread, its parent first. */
  thread: new Map(),
  /** Commands and messages under way: {id, channel, threadTs, text}. */
  pending: [],
  /** Which world this is; another one stands at the same address after a restart. */
  world: null,
  /** Milliseconds that the world's clock is ahead of this machine's. */
  ahead: 0,
  /** What the page says beside the world's time, and the buttons there: {name, label, hint, ask}. */
  clockNote: "",
  controls: [],
  /** The app's Home view for this person; undefined until asked for, null when there is none. */
  home: undefined,
};

const listeners = new Map();

/** Calls back whenever one of the topics is told. */
export function listen(topics, callback) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(callback);
  }
}

/** Says that something changed. A listener of several topics told at once is called once. */
export function tell(...topics) {
  const called = new Set(topics.flatMap((topic) => [...(listeners.get(topic) ?? [])]));
  for (const callback of called) callback();
}

/** The present instant of the world, in milliseconds. */
export function present() {
  return Date.now() + state.ahead;
}

/** The channel on the screen, or undefined. */
export function currentChannel() {
  return state.channels.get(state.channelId);
}

/** Is this the conversation with the app, the one that has tabs? */
export function isAppConversation(channel) {
  return channel?.kind === "im" && channel.user === state.app.bot_user_id;
}
