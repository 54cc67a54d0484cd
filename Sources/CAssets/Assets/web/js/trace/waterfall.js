// waterfall.js - the spans as rows with bars on one time scale; of 50,000 only those in sight are there.

import { h, icon, replace } from '../dom.js';
import { briefCost, compact, cost, count, duration } from '../format.js';
import { short } from '../text.js';
import { virtualList } from '../virtual.js';
import { timeAxis } from './axis.js';
import { countedOf, KINDS, warningText } from './kinds.js';

const ROW = 28;
const DEEPEST = 24;

const keyOf = (row) => (row?.fold ? `fold ${row.id}` : row?.id ?? null);

/**
 * Makes the waterfall.
 * @param {object} options
 * @param {function(object)} options.onActive - Called with the row that the keys are at.
 * @param {AbortSignal} options.signal - Ends it.
 * @returns {Waterfall} `element` goes into the document.
 */
export function waterfall(options) { return new Waterfall(options); }

/** See `waterfall`. */
export class Waterfall {
  #tree = null;
  #quiet = false;
  #numbers = new Map();
  closed = new Set();
  unfolded = new Set();
  match = null;
  rows = [];
  /** The row that the keys are at, however the rows around it change. */
  at = null;

  constructor({ onActive, signal }) {
    this.axis = timeAxis(() => this.list.refresh(), signal);
    this.scroller = h('div.w-scroll');
    this.list = virtualList({
      rowHeight: ROW, signal, scroller: this.scroller, firstIndex: 2, create: () => this.#create(),
      update: (row, index) => this.#fill(row, this.rows[index]),
      onActive: (index) => {
        this.at = keyOf(this.rows[index]);
        if (!this.#quiet) onActive(this.rows[index]);
      },
    });
    this.scroller.append(this.list.element);
    this.overview = h('div.w-overview', { 'aria-hidden': 'true' });
    this.note = h('div.w-note.muted', { hidden: true });
    this.element = h('div.waterfall', { role: 'treegrid', 'aria-label': 'Spans' },
      h('div.w-head', { role: 'row', 'aria-rowindex': 1 }, h('span', { role: 'columnheader' }, 'Span'), h('span.num.w-tokens', { role: 'columnheader' }, 'Tokens'),
        h('span.num.w-cost', { role: 'columnheader' }, 'Cost'), h('span.num.w-time', { role: 'columnheader' }, 'Duration'), this.axis.element),
      h('div.w-body', null, this.scroller, this.overview, this.note));
    this.list.element.addEventListener('click', (event) => this.#clicked(event), { signal });
  }

  /**
   * Shows a tree, which may have grown.
   * @param {SpanTree} tree - The tree.
   */
  show(tree) {
    this.#tree = tree;
    this.axis.setTotal(tree.end - tree.start);
    this.refresh();
  }

  /** Makes the rows again. */
  refresh() {
    const { closed, unfolded, match } = this;
    const hadFocus = this.list.element.contains(document.activeElement);
    this.rows = this.#tree?.rows({ closed, unfolded, match }) ?? [];
    this.#numbers = null;
    this.element.setAttribute('aria-rowcount', this.rows.length + 1);
    this.list.setCount(this.rows.length);
    this.note.hidden = this.rows.length > 0 || !match;
    this.note.textContent = 'No span matches.';
    let place = this.indexOf(this.at);
    for (let up = this.#tree?.byId.get(this.at)?.parent; place < 0 && up; up = up.parent) place = this.indexOf(up.id);
    if (place >= 0) this.#goTo(place, { focus: hadFocus, show: false });
    this.#drawOverview();
  }

  /** Where a span is among the rows; -1 when it is not to be seen. */
  indexOf(id) {
    if (!id) return -1;
    this.#numbers ??= new Map(this.rows.map((row, index) => [keyOf(row), index]));
    return this.#numbers.get(id) ?? -1;
  }

  #goTo(index, options) {
    this.#quiet = true;
    this.list.activate(index, options);
    this.#quiet = false;
  }

  /**
   * Brings a span into sight: opens what hides it, and makes it the active one.
   * @param {object} node - A span of the tree.
   * @param {object} [options]
   * @param {boolean} [options.focus=false] - Whether it gets the focus.
   */
  reveal(node, { focus = false } = {}) {
    this.at = node.id;
    if (this.indexOf(node.id) < 0) {
      for (let up = node.parent; up; up = up.parent) this.closed.delete(up.id);
      if (this.match && !this.match(node)) this.match = null;
      this.refresh();
      const key = this.indexOf(node.id) < 0 ? this.#tree.foldKey(node) : null;
      if (key) { this.unfolded.add(key); this.refresh(); }
    }
    const index = this.indexOf(node.id);
    if (index < 0) return;
    this.#center(index);
    this.#goTo(index, { focus });
    this.list.refresh();
  }

  /** Scrolls a row that is out of sight to the middle. */
  #center(index) {
    const top = index * ROW;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop || top + ROW > scrollTop + clientHeight) this.scroller.scrollTop = top - clientHeight / 2;
  }

  /** Hides what is below the active row, or goes to the row above it. */
  close() {
    const row = this.rows[this.list.active];
    if (!row) return;
    const key = row.fold ? null : this.#tree.foldKey(row);
    if (row.children.length && !this.closed.has(row.id)) this.#toggle(row);
    else if (key && this.unfolded.has(key)) { this.unfolded.delete(key); this.at = `fold ${key}`; this.refresh(); }
    else if (row.parent) this.list.activate(this.indexOf(row.parent.id));
  }

  /** Shows what is below the active row, or goes there. */
  open() {
    const row = this.rows[this.list.active];
    if (!row) return;
    if (row.fold || this.closed.has(row.id)) this.#toggle(row);
    else if (row.children.length) this.list.activate(this.list.active + 1);
  }

  /**
   * Opens or closes everything.
   * @param {boolean} open - Which.
   */
  setAll(open) {
    this.closed = new Set(open ? [] : this.#tree.order.filter((node) => node.children.length && node.depth > 0).map((node) => node.id));
    this.unfolded.clear();
    this.refresh();
  }

  /**
   * Zooms the time axis around a row.
   * @param {number} factor - Above 1 shows more of less.
   * @param {object} [row] - The row; without it the middle.
   */
  zoomAt(factor, row) {
    this.axis.zoom(factor, row ? row.start - this.#tree.start + Math.min(row.duration, this.axis.range.to) / 2 : null);
  }

  #toggle(row) {
    if (row.fold) { this.unfolded.add(row.id); this.at = row.id; }
    else if (!this.closed.delete(row.id)) this.closed.add(row.id);
    this.refresh();
  }

  #clicked(event) {
    const index = Number(event.target.closest('.virtual-row')?.dataset.index ?? -1);
    const row = this.rows[index];
    if (!row) return;
    if (event.target.closest('.w-twist') || (row.fold && !event.target.closest('a'))) this.#toggle(row);
  }

  #create() {
    const name = h('span.w-name', { role: 'gridcell' }, h('span.w-guides'), h('button.w-twist', { type: 'button', tabindex: -1 }, icon('M6 4l4 4-4 4')),
      h('span.w-icon'), h('span.w-text.cut'), h('span.w-badges'));
    return h('div.w-row', { role: 'row' }, name, h('span.num.w-tokens', { role: 'gridcell' }), h('span.num.w-cost', { role: 'gridcell' }),
      h('span.num.w-time', { role: 'gridcell' }), h('span.w-lane', { role: 'gridcell' }, h('span.w-bar')));
  }

  #fill(element, row) {
    const [name, tokens, price, time, lane] = element.children;
    const open = !row.fold && row.children.length > 0 && !this.closed.has(row.id);
    const canOpen = row.fold || row.children.length > 0;
    const depth = Math.min(row.depth, DEEPEST);
    element.setAttribute('aria-level', row.depth + 1);
    if (canOpen) element.setAttribute('aria-expanded', String(open)); else element.removeAttribute('aria-expanded');
    element.classList.toggle('failed', row.failed);
    element.classList.toggle('critical', row.fold ? row.nodes.some((node) => node.critical > 0) : row.critical > 0);
    element.classList.toggle('dearest', this.dearest === row || Boolean(row.fold && row.nodes.includes(this.dearest)));
    element.style.setProperty('--depth', depth);
    this.#fillName(name, row, canOpen, open);
    this.#fillNumbers(row, tokens, price, time, open);
    this.#fillBar(lane, row);
  }

  #fillName(name, row, canOpen, open) {
    const [, twist, sign, text, badges] = name.children;
    const kind = KINDS[row.kind];
    twist.classList.toggle('none', !canOpen);
    twist.classList.toggle('open', open);
    twist.setAttribute('aria-label', row.fold ? 'Show each' : open ? 'Collapse' : 'Expand');
    if (sign.dataset.kind !== row.kind) {
      sign.dataset.kind = row.kind;
      sign.style.setProperty('color', `var(${kind.color})`);
      replace(sign, icon(kind.icon), h('span.sr-only', null, kind.label));
    }
    const model = row.llm?.model && !row.name.includes(row.llm.model) ? row.llm.model : null;
    replace(text, short(row.name), model ? [' ', short(model, { class: 'muted small' })] : null,
      row.depth > DEEPEST ? h('span.muted.small', null, ` · level ${count(row.depth)}`) : null);
    // Beside the name and not in it, which is cut where there is no room.
    const marks = row.fold ? [h('b.w-times', null, ` × ${count(row.nodes.length)}`)] : [];
    if (row.failed) marks.push(h('span.badge.error', null, row.fold ? `${count(row.sum.errors)} ${row.sum.errors === 1 ? 'error' : 'errors'}` : 'error'));
    else if (!open && row.sum.errors) marks.push(h('span.badge.error', { title: 'Errors below' }, `${count(row.sum.errors)} below`));
    if (this.dearest && this.dearest === row) marks.push(h('span.badge.warn', { title: 'The call with the highest cost' }, '$ max', h('span.sr-only', null, 'most expensive call')));
    if (row.llm && row.llm.counted !== 'own') {
      const { label, reason } = countedOf(row.llm);
      marks.push(h('span.badge', { title: `Not counted: ${reason}` }, label));
    }
    if (row.pending) marks.push(h('span.badge.accent', null, 'running'));
    else if (row.warnings?.length) marks.push(h('span.badge.warn', { title: row.warnings.map(warningText).join('; ') }, '!', h('span.sr-only', null, row.warnings.map(warningText).join('; '))));
    replace(badges, marks);
  }

  #fillNumbers(row, tokens, price, time, open) {
    const own = row.llm;
    const uses = own ?? (row.fold || row.sum.calls ? row.sum : null);
    const isSum = !own || own.counted !== 'own';
    for (const cell of [tokens, price]) cell.classList.toggle('muted', isSum);
    const known = uses && (uses.input !== null || uses.output !== null);
    tokens.textContent = known ? `${compact(uses.input)} / ${compact(uses.output)}` : '';
    tokens.title = known ? `${count(uses.input)} in, ${count(uses.output)} out${own ? '' : ', counted calls below'}` : '';
    const usd = isSum ? uses?.cost ?? row.sum.cost : uses.cost;
    price.textContent = usd === null || usd === undefined ? '' : briefCost(usd);
    const exact = price.textContent.startsWith('<') ? `${cost(usd)}. ` : '';
    price.title = exact + (uses && isSum ? (own ? `Not counted: ${countedOf(own).reason}` : 'Counted calls below') : '');
    time.textContent = duration(row.duration);
    time.title = row.fold ? 'Sum of their durations' : '';
  }

  #fillBar(lane, row) {
    const { from, to } = this.axis.range;
    const size = to - from;
    const left = ((row.start > 0 ? row.start - this.#tree.start : 0) - from) / size;
    const right = left + (row.fold ? row.end - row.start : row.duration) / size;
    const bar = lane.firstChild;
    bar.hidden = right < 0 || left > 1;
    if (bar.hidden) return;
    const begin = Math.max(0, Math.min(1, left));
    bar.style.setProperty('left', `${begin * 100}%`);
    bar.style.setProperty('width', `${(Math.min(1, right) - begin) * 100}%`);
    bar.style.setProperty('--kind', `var(${KINDS[row.kind].color})`);
    bar.classList.toggle('many', Boolean(row.fold));
    bar.classList.toggle('call', Boolean(row.llm && row.llm.counted === 'own'));
    lane.title = `begins after ${duration(Math.max(0, row.start - this.#tree.start))}, takes ${duration(row.duration)}` +
      (row.critical > 0.001 ? `; the trace waited ${duration(row.critical)} for it alone` : '');
  }

  /** Errors and the most expensive call beside the scroll bar, wherever they are. */
  #drawOverview() {
    const places = new Map();
    const share = Math.min(1, (this.rows.length * ROW) / (this.scroller.clientHeight || 1));
    for (const [index, row] of this.rows.entries()) {
      const bad = row.failed || (row.sum.errors > 0 && this.closed.has(row.id));
      if (bad) places.set(Math.floor((index / this.rows.length) * 300), 'error');
    }
    const dear = this.dearest ? this.indexOf(this.dearest.id) : -1;
    if (dear >= 0) places.set(Math.floor((dear / this.rows.length) * 300), 'dear');
    replace(this.overview, [...places].map(([place, name]) => h('i', { class: name, style: { top: `${(place / 3) * share}%` } })));
  }
}
