// virtual.js - a list of rows of one height, of which only those in sight are there. Rows are used again.

import { h } from './dom.js';

const OVERSCAN = 8;

/**
 * Makes a virtual list that scrolls with the page, or in an element.
 * @param {object} options
 * @param {number} options.rowHeight - Pixels; `setRowHeight` changes it.
 * @param {function(): HTMLElement} options.create - Makes an empty row.
 * @param {function(HTMLElement, number)} options.update - Fills a row; called again whenever it shows something else.
 * @param {HTMLElement} [options.scroller] - An element with `overflow: auto`; without it the page scrolls.
 * @param {function()} [options.onEnd] - Called when the end comes near.
 * @param {function(number)} [options.onActive] - Called when another row is the active one.
 * @param {string} [options.role='rowgroup'] - `rowgroup` in a table or grid, `tree` and so on.
 * @param {number} [options.firstIndex=1] - The `aria-rowindex` of the first row (2 below a header row).
 * @param {AbortSignal} options.signal - Ends it.
 * @returns {VirtualList} The list.
 */
export function virtualList(options) { return new VirtualList(options); }

/** See `virtualList`. `element` goes into the document. */
export class VirtualList {
  #options;
  #rows = new Map();
  #pool = [];
  #count = 0;
  #height;
  #frame = 0;
  #active = -1;
  #held = false;
  #stale = false;

  constructor(options) {
    this.#options = options;
    this.#height = options.rowHeight;
    this.element = h('div.virtual', { role: options.role ?? 'rowgroup' });
    const target = options.scroller ?? window;
    const plan = () => this.#plan();
    target.addEventListener('scroll', plan, { passive: true, signal: options.signal });
    const watch = new ResizeObserver(plan);
    watch.observe(options.scroller ?? document.documentElement);
    options.signal.addEventListener('abort', () => { watch.disconnect(); cancelAnimationFrame(this.#frame); });
    const { signal } = options;
    this.element.addEventListener('pointerdown', () => { this.#held = true; }, { signal });
    for (const end of ['pointerup', 'pointercancel', 'dragend']) addEventListener(end, () => this.#release(), { signal });
    this.element.addEventListener('focusin', (event) => this.#focused(event), { signal: options.signal });
  }

  /** How many rows there are. */
  get count() { return this.#count; }

  /** The row that the keys are at; -1 for none. */
  get active() { return this.#active; }

  /**
   * Says how many rows there are; those in sight are filled again.
   * @param {number} count - How many.
   */
  setCount(count) {
    this.#count = count;
    if (this.#active >= count) this.#active = count - 1;
    this.element.style.setProperty('height', `${count * this.#height}px`);
    this.refresh();
  }

  /**
   * Changes the height of rows.
   * @param {number} height - Pixels.
   */
  setRowHeight(height) {
    if (height === this.#height) return;
    this.#height = height;
    this.setCount(this.#count);
  }

  /** Fills the rows in sight again. */
  refresh() {
    if (this.#held) { this.#stale = true; return; }
    const former = [...this.#rows];
    this.#draw();
    // What came into sight just now is filled.
    for (const [index, row] of former) if (this.#rows.get(index) === row) this.#fill(row, index);
  }

  /**
   * Makes a row the active one, brings it into sight and gives it the focus.
   * @param {number} index - Which; kept within the list.
   * @param {object} [options]
   * @param {boolean} [options.focus=true] - Whether it gets the focus.
   * @param {boolean} [options.show=true] - Whether it is brought into sight.
   */
  activate(index, { focus = true, show = true } = {}) {
    if (this.#count === 0) return;
    const next = Math.max(0, Math.min(this.#count - 1, index));
    const former = this.#active;
    this.#active = next;
    if (show) this.show(next);
    this.#draw();
    for (const place of [former, next]) if (this.#rows.has(place)) this.#mark(this.#rows.get(place), place);
    if (focus) this.#rows.get(next)?.focus({ preventScroll: true });
    this.#options.onActive?.(next);
  }

  /**
   * Scrolls as little as it takes for a row to be in sight.
   * @param {number} index - Which.
   */
  show(index) {
    const scroller = this.#options.scroller ?? document.scrollingElement;
    const { top, size, inset } = this.#view();
    const start = index * this.#height;
    if (start < top + inset) scroller.scrollTop -= top + inset - start;
    else if (start + this.#height > top + size) scroller.scrollTop += start + this.#height - top - size;
  }

  /** What is in sight, in pixels of the list; `inset` is hidden below what sticks to the top. */
  #view() {
    const box = this.element.getBoundingClientRect();
    const scroller = this.#options.scroller;
    if (!scroller) return { top: -box.top, size: innerHeight, inset: this.#options.inset?.() ?? 84 };
    const frame = scroller.getBoundingClientRect();
    return { top: frame.top - box.top, size: scroller.clientHeight, inset: this.#options.inset?.() ?? 0 };
  }

  #plan() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#draw(); });
  }

  #draw() {
    if (!this.element.isConnected) { this.#plan(); return; }
    const { top, size } = this.#view();
    const first = Math.max(0, Math.floor(top / this.#height) - OVERSCAN);
    const last = Math.min(this.#count, Math.ceil((top + size) / this.#height) + OVERSCAN);
    for (const [index, row] of this.#rows) {
      // The active row stays, so that the focus does.
      if ((index >= first && index < last) || (index === this.#active && index < this.#count)) continue;
      this.#rows.delete(index);
      row.hidden = true;
      this.#pool.push(row);
    }
    for (let index = first; index < last; index += 1) this.#place(index);
    if (this.#active >= 0 && this.#active < this.#count) this.#place(this.#active);
    if (last >= this.#count - OVERSCAN) this.#options.onEnd?.();
  }

  #place(index) {
    if (this.#rows.has(index)) return;
    let row = this.#pool.pop();
    if (!row) {
      row = this.#options.create();
      row.classList.add('virtual-row');
      this.element.append(row);
    }
    row.hidden = false;
    this.#rows.set(index, row);
    this.#fill(row, index);
  }

  #fill(row, index) {
    row.style.setProperty('transform', `translateY(${index * this.#height}px)`);
    row.dataset.index = index;
    row.setAttribute('aria-rowindex', index + (this.#options.firstIndex ?? 1));
    this.#mark(row, index);
    this.#options.update(row, index);
  }

  /** Apart from its contents: what is replaced between press and release of a button gets no click. */
  #mark(row, index) {
    row.tabIndex = index === Math.max(0, this.#active) ? 0 : -1;
    row.setAttribute('aria-selected', String(index === this.#active));
  }

  /** After the click, which comes behind the release. */
  #release() {
    if (!this.#held) return;
    setTimeout(() => {
      this.#held = false;
      if (this.#stale) { this.#stale = false; this.refresh(); }
    }, 0);
  }

  #focused(event) {
    const row = event.target.closest('.virtual-row');
    const index = Number(row?.dataset.index ?? -1);
    if (index < 0 || index === this.#active) return;
    this.activate(index, { focus: false });
  }
}
