// live.js - follows /v1/live: server-sent events, read with fetch so that the key can go in a header.

import { address, errorOf, headers, send } from './api.js';

const SILENCE_MS = 40_000;
const MAX_PAUSE_MS = 30_000;

/** Takes the bytes of an event stream apart (HTML Standard, 9.2.6). */
export class EventReader {
  #rest = '';
  #fields = { data: [] };

  /**
   * Reads a piece.
   * @param {string} text - What came.
   * @returns {Array<{event: string, data: string|null, id: string|undefined, retry: number|undefined}>} Whole events.
   */
  read(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop();
    const events = [];
    for (const line of lines) {
      if (line !== '') { this.#take(line); continue; }
      const { event = 'message', data, id, retry } = this.#fields;
      events.push({ event, data: data.length ? data.join('\n') : null, id, retry });
      this.#fields = { data: [] };
    }
    return events;
  }

  #take(line) {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#fields.data.push(value);
    else if (name === 'event' || name === 'id') this.#fields[name] = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.#fields.retry = Number(value);
  }
}

/**
 * Follows new and changed traces until the signal says stop. Nothing is followed while the page is hidden: a browser has
 * six connections for all of its tabs. It goes on behind the last event.
 * @param {object|URLSearchParams} query - Filters, as for the list; what only lists have is left out.
 * @param {object} on - What is called.
 * @param {function(string, object)} on.event - `trace`, `deleted`, `skipped` or `reset`, and its data.
 * @param {function(string)} [on.state] - `live`, `waiting` (pause, or hidden), `lost` (tries again) or `refused` (does not).
 * @param {AbortSignal} signal - Stops it.
 */
export function follow(query, on, signal) {
  const filters = Object.fromEntries(query instanceof URLSearchParams ? query : Object.entries(query));
  for (const name of ['limit', 'cursor', 'sort', 'order', 'count', 'view']) delete filters[name];
  new Follower(address('/v1/live', filters), on, signal).run();
}

const tell = (state) => document.dispatchEvent(new CustomEvent('skein:connection', { detail: state }));

class Follower {
  #last = null;
  #pause = 1000;
  #retry = 1000;

  constructor(url, on, signal) {
    this.url = url;
    this.on = on;
    this.signal = signal;
  }

  async run() {
    // Nothing is followed then, until somebody else does.
    this.signal.addEventListener('abort', () => tell(null));
    while (!this.signal.aborted) {
      if (document.hidden) {
        this.#say('waiting');
        await this.#until('visibilitychange', Infinity);
        continue;
      }
      try {
        await this.#stream();
        this.#pause = this.#retry;
      } catch (error) {
        if (this.signal.aborted) return;
        // What is wrong with the request stays wrong.
        if (error.status >= 400 && error.status < 500 && error.status !== 429) { this.#say('refused'); return; }
        this.#pause = Math.min(MAX_PAUSE_MS, this.#pause * 2);
      }
      if (this.signal.aborted) return;
      if (document.hidden) continue;
      this.#say('lost');
      await this.#until('visibilitychange', this.#pause * (0.75 + Math.random() / 2));
    }
  }

  /** One connection; ends when the stream does, when it is silent for too long, or when the page is hidden. */
  async #stream() {
    const stop = new AbortController();
    const end = () => stop.abort();
    const hide = () => { if (document.hidden) end(); };
    this.signal.addEventListener('abort', end);
    document.addEventListener('visibilitychange', hide);
    let timer;
    try {
      const id = this.#last ? { 'Last-Event-ID': this.#last } : {};
      const answer = await send(this.url, { signal: stop.signal, headers: { Accept: 'text/event-stream', ...headers(), ...id } });
      if (!answer.ok) throw await errorOf(answer);
      this.#say('live');
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const events = new EventReader();
      for (;;) {
        clearTimeout(timer);
        timer = setTimeout(end, SILENCE_MS);
        const { value, done } = await reader.read();
        if (done) return;
        for (const event of events.read(value)) this.#take(event);
      }
    } finally {
      clearTimeout(timer);
      this.signal.removeEventListener('abort', end);
      document.removeEventListener('visibilitychange', hide);
    }
  }

  #take({ event, data, id, retry }) {
    if (id !== undefined) this.#last = id;
    if (retry !== undefined) this.#retry = retry;
    if (data === null) return;
    this.on.event(event, JSON.parse(data));
  }

  #say(state) {
    this.on.state?.(state);
    tell(state);
  }

  #until(event, ms) {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? null : setTimeout(done, ms);
      const { signal } = this;
      function done() {
        clearTimeout(timer);
        document.removeEventListener(event, done);
        signal.removeEventListener('abort', done);
        resolve();
      }
      document.addEventListener(event, done);
      signal.addEventListener('abort', done);
    });
  }
}
