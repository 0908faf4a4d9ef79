/** The live stream of one acting person, which comes back by itself after a drop. */

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 4000;

export class Stream {
  /**
   * @param {string} as whose stream
   * @param {{onEvent: (event: object) => void, onOpen: () => void, onLost: () => void}} handlers
   *     `onOpen` is called at every opening, so that what was missed meanwhile can be fetched
   */
  constructor(as, handlers) {
    this.as = as;
    this.handlers = handlers;
    this.wait = FIRST_WAIT_MS;
    this.open();
  }

  open() {
    this.source = new EventSource(`/page/stream?as=${encodeURIComponent(this.as)}`);
    this.source.onopen = () => {
      this.wait = FIRST_WAIT_MS;
      this.handlers.onOpen();
    };
    this.source.onmessage = (event) => this.handlers.onEvent(JSON.parse(event.data));
    // The browser's own retry gives up after some errors, so the page closes and asks anew.
    this.source.onerror = () => {
      this.source.close();
      this.handlers.onLost();
      this.timer = setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    };
  }

  close() {
    clearTimeout(this.timer);
    this.source.close();
  }
}
