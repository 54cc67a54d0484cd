// arrivals.js - what comes while a list is read: put in at the top, or kept back until somebody wants it.

/** New and changed rows of a list that is sorted by start, the newest first. */
export class Arrivals {
  #source;
  #waiting = new Map();
  missed = 0;
  /** What was taken out; an answer that was on its way may still have it. */
  gone = new Set();

  /**
   * @param {Source} source - The rows.
   * @param {boolean} isNewestFirst - Whether new rows belong at the top; else they only are counted.
   */
  constructor(source, isNewestFirst) {
    this.#source = source;
    this.isNewestFirst = isNewestFirst;
  }

  /**
   * The same for rows that were read anew.
   * @param {Source} source - The rows.
   * @returns {Arrivals} Nothing waits.
   */
  again(source) { return new Arrivals(source, this.isNewestFirst); }

  /** How many new rows wait. */
  get waiting() { return this.#waiting.size + this.missed; }

  /**
   * Takes a row that arrived.
   * @param {object} row - As in the list.
   * @returns {boolean} Whether it was in the list already and is changed there.
   */
  take(row) {
    const place = this.#source.place(row);
    if (place !== undefined) { this.#source.rows[place] = row; return true; }
    const last = this.#source.rows.at(-1);
    // Further down than what is loaded: the next page has it.
    if (this.isNewestFirst && !this.#source.done && last && row.start_time < last.start_time) return false;
    this.#waiting.set(this.#source.id(row), row);
    return false;
  }

  /**
   * Takes a row out.
   * @param {object} gone - What tells which.
   * @returns {boolean} Whether it was there.
   */
  remove(gone) {
    this.gone.add(this.#source.id(gone));
    this.#waiting.delete(this.#source.id(gone));
    const place = this.#source.place(gone);
    if (place === undefined) return false;
    this.#source.rows.splice(place, 1);
    this.#source.index();
    return true;
  }

  /**
   * Puts what waits where it belongs.
   * @returns {number} How many rows came in above the place of the first that was there.
   */
  putIn() {
    const { rows } = this.#source;
    const first = rows[0];
    for (const row of [...this.#waiting.values()].sort((a, b) => (a.start_time < b.start_time ? -1 : 1))) {
      const known = this.#source.place(row);
      // The page that was on its way brought it.
      if (known !== undefined) { rows[rows.findIndex((other) => this.#source.id(other) === this.#source.id(row))] = row; continue; }
      let place = 0;
      while (place < rows.length && rows[place].start_time > row.start_time) place += 1;
      rows.splice(place, 0, row);
    }
    this.#waiting.clear();
    this.#source.index();
    return first ? this.#source.place(first) : 0;
  }
}
