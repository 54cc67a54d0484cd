// load.js - fetches a trace page by page, so that the first spans are there before the last.

import { get } from '../api.js';

const FIRST = 500;
const PAGE = 5000;

/** Lets the browser draw and take input between two pieces of work. */
export const breath = () => (globalThis.scheduler?.yield ? scheduler.yield() : new Promise((resolve) => { setTimeout(resolve); }));

/**
 * Loads a trace.
 * @param {string} id - The trace id.
 * @param {function(object, boolean)} take - Gets each answer of `GET /v1/traces/:trace_id` and whether it is the last.
 * @param {AbortSignal} signal - Stops it.
 * @throws {ApiError} When the server says no.
 */
export async function loadTrace(id, take, signal) {
  const ask = (cursor) => get(`/v1/traces/${encodeURIComponent(id)}`, { view: 'spans', fields: 'summary', limit: cursor ? PAGE : FIRST, cursor }, { signal });
  let coming = ask(null);
  while (coming) {
    const answer = await coming;
    const cursor = answer.pagination?.next_cursor ?? null;
    // The next page is on its way while this one is looked at.
    coming = cursor ? ask(cursor) : null;
    coming?.catch(() => {});
    await breath();
    if (signal.aborted) return;
    take(answer.data, cursor === null);
  }
}

/** Whole spans; the last ones that were looked at are kept. */
export class SpanSource {
  #kept = new Map();

  /**
   * @param {string} id - The trace id.
   * @param {AbortSignal} signal - Ends it.
   */
  constructor(id, signal) {
    this.id = id;
    this.signal = signal;
  }

  /**
   * A whole span.
   * @param {string} spanId - Which.
   * @returns {Promise<object>} As `GET /v1/traces/:trace_id/spans/:span_id` gives it.
   */
  span(spanId) {
    const kept = this.#kept.get(spanId);
    if (kept) return kept;
    const path = `/v1/traces/${encodeURIComponent(this.id)}/spans/${encodeURIComponent(spanId)}`;
    const found = get(path, {}, { signal: this.signal }).then((answer) => answer.data);
    this.#kept.set(spanId, found);
    found.catch(() => this.#kept.delete(spanId));
    if (this.#kept.size > 60) this.#kept.delete(this.#kept.keys().next().value);
    return found;
  }

  /** Forgets what may have changed. */
  clear() { this.#kept.clear(); }
}
