/* SPDX-License-Identifier: Apache-2.0 */
// One event stream for all tabs. A browser opens six connections to a host over HTTP/1.1, and a stream holds one for good:
// with one a tab, the seventh would not even load. So the tabs with the same filters agree on one that listens (who holds
// the lock) and tells the others over a channel; when it goes, the lock passes to another.
const STREAMS = 4; // at most, over all filters; two connections are left for questions
const POLL_MS = 5_000;
const TOPICS = ["hello", "resync", "trace", "issue", "op", "log", "metric", "health"];

export class SharedStream {
  /**
   * @param {string} query the filters, as the server takes them
   * @param {{onMessage: (topic: string, data: object) => void, onState: () => void}} listener
   */
  constructor(query, listener) {
    this.query = query;
    this.listener = listener;
    /** `on`, `off` (not connected now), `slow` (no connection to be had: asks now and then), `idle` (closed). */
    this.state = "idle";
  }

  open() {
    if (this.state !== "idle") return;
    this.become("off");
    this.goodbye = new AbortController();
    // outside of a secure context, as on another machine's address, there are no locks: one stream a tab, as far as they go
    if (!navigator.locks) return this.listen();
    this.channel = new BroadcastChannel("tracebridge.live?" + this.query);
    this.channel.onmessage = (event) => this.heard(event.data);
    this.channel.postMessage({ ask: true });
    this.hold("tracebridge.live?" + this.query, () => this.lead());
  }

  close() {
    this.goodbye?.abort();
    this.source?.close();
    this.channel?.close();
    clearInterval(this.polling);
    this.releases?.forEach((release) => release());
    this.source = this.channel = this.releases = this.polling = null;
    this.become("idle");
  }

  become(state) {
    if (this.state === state) return;
    this.state = state;
    if (this.source || this.polling) this.channel?.postMessage({ state });
    this.listener.onState();
  }

  // ---- the one that listens

  /** Runs `then` once the lock is ours and keeps it until this stream is closed. */
  hold(name, then) {
    const kept = () => new Promise((release) => {
      (this.releases ??= []).push(release);
      then();
    });
    navigator.locks.request(name, { signal: this.goodbye.signal }, kept).catch(() => {}); // closed while waiting
  }

  async lead() {
    if (await this.slot()) return this.listen();
    this.become("slow");
    this.polling = setInterval(async () => {
      if (!(await this.slot())) return this.pass("resync", {});
      clearInterval(this.polling);
      this.polling = null;
      this.listen();
    }, POLL_MS);
    this.channel?.postMessage({ state: this.state });
  }

  /** Takes one of the connections, if one is free. */
  async slot() {
    for (let n = 1; n <= STREAMS; n++) if (await this.free("tracebridge.stream." + n)) return true;
    return false;
  }

  free(name) {
    return new Promise((answer) =>
      navigator.locks.request(name, { ifAvailable: true }, (lock) => {
        answer(Boolean(lock));
        return lock ? new Promise((release) => (this.releases ??= []).push(release)) : null;
      }),
    );
  }

  listen() {
    if (this.goodbye.signal.aborted) return;
    this.source = new EventSource("/api/v1/live?" + this.query);
    this.source.onopen = () => this.become("on");
    this.source.onerror = () => this.become("off"); // the browser tries again by itself
    for (const topic of TOPICS) this.source.addEventListener(topic, (event) => this.pass(topic, JSON.parse(event.data)));
  }

  pass(topic, data) {
    if (topic === "hello") this.hello = data;
    this.channel?.postMessage({ topic, data });
    this.listener.onMessage(topic, data);
  }

  // ---- the others

  heard(message) {
    if (message.ask) {
      if (this.source || this.polling) this.channel.postMessage({ state: this.state, topic: this.hello && "hello", data: this.hello });
      return;
    }
    if (message.state) this.become(message.state);
    if (!message.topic) return;
    this.become(message.state ?? "on");
    this.listener.onMessage(message.topic, message.data);
  }
}
