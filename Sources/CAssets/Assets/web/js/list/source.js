// source.js - the rows of a list: loaded a page at a time, kept for the way back, changed by what arrives.

import { get, isAborted } from '../api.js';

/** Enough for a window; early.js asks for as many. */
const FIRST = 50;
const PAGE = 100;

/** Rows that match a question. */
export class Source {
  rows = [];
  cursor = null;
  done = false;
  loading = false;
  error = null;
  /** Whether the last page ended because time was up. */
  partial = false;
  /** Parts that are stored and not found by words yet; null where nobody asked for words. */
  lag = null;
  total = null;

  /**
   * @param {object} options
   * @param {string} options.path - Of the API.
   * @param {URLSearchParams} options.asked - Filters and order.
   * @param {function(object): object} options.read - Gives `rows`, `cursor`, `total`, `partial`, `lag` of an answer.
   * @param {function(object): string} options.id - What tells rows apart.
   */
  constructor({ path, asked, read, id }) {
    this.path = path;
    this.asked = asked;
    this.read = read;
    this.id = id;
    this.places = new Map();
  }

  /** Where a row is; undefined for none. */
  place(row) { return this.places.get(this.id(row)); }

  /**
   * Loads the next page, if there is one and none is on its way.
   * @param {AbortSignal} signal - Stops it.
   * @returns {Promise<boolean>} Whether something changed.
   */
  async more(signal) {
    if (this.loading || this.done) return false;
    this.loading = true;
    this.error = null;
    try {
      const answer = this.read(await get(this.path, this.#page(), { signal }));
      // What arrived live meanwhile is not shown twice.
      this.rows.push(...answer.rows.filter((row) => this.place(row) === undefined));
      Object.assign(this, { cursor: answer.cursor, done: !answer.cursor, partial: answer.partial === true, lag: answer.lag ?? null });
      this.index();
    } catch (error) {
      this.loading = false;
      if (isAborted(error)) return false;
      this.error = error;
    }
    this.loading = false;
    return true;
  }

  /**
   * Counts everything that matches.
   * @param {AbortSignal} signal - Stops it.
   * @returns {Promise<void>} `total` is there then; null when it could not be counted in time.
   */
  async count(signal) {
    const asked = new URLSearchParams(this.asked);
    asked.set('limit', 1);
    asked.set('count', 'true');
    this.total = this.read(await get(this.path, asked, { signal })).total ?? null;
  }

  #page() {
    const asked = new URLSearchParams(this.asked);
    asked.set('limit', this.cursor ? PAGE : FIRST);
    if (this.path === '/v1/calls') asked.set('count', 'false');
    if (this.cursor) asked.set('cursor', this.cursor);
    return asked;
  }

  /** Notes anew where each row is. */
  index() { this.places = new Map(this.rows.map((row, place) => [this.id(row), place])); }
}
