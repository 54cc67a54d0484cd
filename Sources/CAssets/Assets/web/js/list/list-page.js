// list-page.js - a page that lists what matches the filters of its address: traces, calls, sessions, users.

import { isAborted } from '../api.js';
import { h, replace } from '../dom.js';
import { askedFor, activeFilters, withoutFilters } from '../filters/fields.js';
import { filterBar } from '../filters/bar.js';
import { count, localTime } from '../format.js';
import { later } from '../later.js';
import { current, setQuery } from '../router.js';
import { exportMenu } from './export.js';
import { grid } from './grid.js';
import { Source } from './source.js';

const PATIENCE_MS = 150;

/** What was loaded last, by page: the way back finds it as it was. */
const kept = new Map();

/**
 * Shows a list.
 * @param {object} context - `element`, `route`, `signal`, `isBack`.
 * @param {object} kind - `title`, `noun` (one, many), `path`, `view` (of the filters), `name` (class), `columns`, `id`, `read`,
 *   `link`, `mark`; `sorts`, `counts`, `exports` where the server can; `live` where traces arrive; `without` (filters that are not
 *   known); `empty(box, signal)` shows that nothing was received yet.
 * @returns {object} `ready` when rows are there, `update` for other filters.
 */
export function listPage(context, kind) { return new ListPage(context, kind); }

class ListPage {
  constructor({ element, route, signal, isBack }, kind) {
    this.kind = kind;
    this.signal = signal;
    this.note = h('span.muted.note', { role: 'status' });
    this.pill = h('button.pill', { type: 'button', hidden: true, on: { click: () => this.#showNew() } });
    this.lag = h('div.banner', { hidden: true, role: 'status' });
    this.empty = h('div', { hidden: true });
    this.bar = filterBar({ view: kind.view, sorts: kind.sorts, without: kind.without, signal });
    this.grid = grid({ ...kind, label: kind.title, rows: () => this.source.rows, onEnd: () => this.#onEnd(), signal });
    if (kind.exports) this.bar.tools.append(exportMenu(kind.view, () => this.source.asked, signal));
    replace(element, h('div.page-head', null, h('h1', null, kind.title), this.note), this.bar.element, this.lag,
      h('div.pill-place', null, this.pill), this.grid.element, this.empty);
    addEventListener('scroll', () => { if (this.#isAtTop()) this.#takeIn(); }, { passive: true, signal });
    this.ready = this.#begin(route, isBack);
  }

  update(route) {
    this.bar.sync();
    this.grid.sync();
    scrollTo(0, 0);
    return this.#begin(route, false);
  }

  /** The row that the keys are at; undefined for none. */
  get activeRow() { return this.source.rows[this.grid.list.active]; }

  dispose() { this.live?.abort(); }

  async #begin({ query }, again) {
    const { kind } = this;
    const key = query.toString();
    const former = kept.get(kind.title);
    const reuse = again && former?.key === key && (former.source.done || former.source.rows.length > 0);
    const own = kind.sorts ? [] : ['sort', 'order'];
    this.source = reuse ? former.source : new Source({ ...kind, asked: askedFor(query, { own }) });
    kept.set(kind.title, { key, source: this.source });
    this.isFiltered = activeFilters(query).length > 0;
    this.#unfollow();
    const { source } = this;
    if (!reuse) {
      // The rows of before stay in sight, dimmed, until the new ones are there.
      this.grid.grid.setAttribute('aria-busy', 'true');
      // Rows go first; while a question takes long, what arrives is followed already.
      const timer = setTimeout(() => this.#follow(query), PATIENCE_MS);
      await source.more(this.signal);
      clearTimeout(timer);
      if (source !== this.source || this.signal.aborted) return;
      this.grid.list.setCount(0);
    }
    this.#draw();
    this.#follow(query);
  }

  /** Looks for what came while nobody followed: before the stream began, or while another page was shown. */
  async #catchUp() {
    const { source, arrivals, kind } = this;
    if (!kind.live || source.loading || source.partial || (source.rows.length === 0 && !source.done)) return;
    const now = new Source({ ...kind, asked: source.asked });
    if (!await now.more(this.signal) || now.error || source !== this.source) return;
    const rows = now.rows.filter((row) => !arrivals.gone.has(now.id(row)));
    const isChanged = rows.some((row) => JSON.stringify(row) !== JSON.stringify(source.rows[source.place(row)]));
    if (!isChanged) return;
    const isKnown = rows.map((row) => arrivals.take(row));
    if (source.rows.length && isKnown.length && !isKnown.includes(true)) arrivals.missed += 1;
    this.#refresh();
    this.#takeIn();
  }

  async #more() {
    const { source } = this;
    if (source.loading || source.done) return;
    const page = source.more(this.signal);
    replace(this.grid.foot, this.#foot());
    if (await page && source === this.source) this.#draw();
  }

  #onEnd() {
    const { source, grid } = this;
    if (!source.partial && !source.error && grid.list.count === source.rows.length) this.#more();
  }

  #draw() {
    const { source, kind, grid: { grid: element, element: frame, list } } = this;
    element.setAttribute('aria-busy', 'false');
    list.setCount(source.rows.length);
    const none = source.done && source.rows.length === 0;
    frame.hidden = none;
    this.empty.hidden = !none;
    element.setAttribute('aria-rowcount', source.done ? source.rows.length + 1 : -1);
    replace(this.note, this.#counted());
    replace(this.grid.foot, this.#foot());
    this.lag.hidden = !source.lag;
    if (source.lag) {
      replace(this.lag, `${count(source.lag)} parts that arrived lately are not looked through for words yet.`,
        h('button.button.small', { type: 'button', on: { click: () => this.#restart() } }, 'Search again'));
    }
    if (!none) this.emptyFor = null;
    else if (this.emptyFor !== source) {
      this.emptyFor = source;
      if (this.isFiltered || !kind.empty) replace(this.empty, nothing(kind, this.isFiltered));
      else kind.empty(this.empty, this.signal);
    }
  }

  #counted() {
    const { source, kind } = this;
    const noun = (number) => kind.noun[number === 1 ? 0 : 1];
    if (source.rows.length === 0) return null;
    if (source.total !== null) return `${count(Math.max(source.total, source.rows.length))} ${noun(source.total)}`;
    if (source.done) return `${count(source.rows.length)} ${noun(source.rows.length)}`;
    if (!kind.counts) return `${count(source.rows.length)}+ ${kind.noun[1]}`;
    return [`${count(source.rows.length)}+ ${kind.noun[1]} `, h('button.button.small.plain', { type: 'button',
      on: { click: (event) => this.#count(event.target) } }, 'Count all')];
  }

  async #count(button) {
    const { source } = this;
    button.disabled = true;
    button.textContent = 'Counting…';
    try {
      await source.count(this.signal);
    } catch (error) {
      if (isAborted(error)) return;
    }
    if (source !== this.source) return;
    if (source.total === null) button.textContent = 'Too many to count in time'; else replace(this.note, this.#counted());
  }

  #foot() {
    const { source } = this;
    const button = (label) => h('button.button.small', { type: 'button', on: { click: () => { source.partial = false; this.#more(); } } }, label);
    if (source.error) return h('div.banner.error', { role: 'alert' }, source.error.message, button('Try again'));
    if (source.loading) return 'Loading…';
    if (source.partial) {
      const last = source.rows.at(-1);
      const time = last?.[this.kind.time ?? 'start_time'];
      return [time && !current().query.has('sort') ? `Searched back to ${localTime(time).slice(0, 19)}. ` : 'Searched for 3 seconds. ', button('Go on')];
    }
    return source.done ? 'That is all.' : '';
  }

  // What arrives.

  #unfollow() {
    this.live?.abort();
    this.arrivals = null;
    this.pill.hidden = true;
  }

  async #follow(query) {
    if (!this.kind.live || this.live?.signal.aborted === false) return;
    const live = this.live = new AbortController();
    this.signal.addEventListener('abort', () => live.abort());
    const [{ follow }, { Arrivals }] = await later(() => Promise.all([import('../live.js'), import('./arrivals.js')]));
    if (live.signal.aborted) return;
    const isNewestFirst = !query.has('sort') && query.get('order') !== 'asc';
    this.arrivals = new Arrivals(this.source, isNewestFirst);
    let isFirst = true;
    const state = (name) => { if (name === 'live' && isFirst) { isFirst = false; this.#catchUp(); } };
    follow(this.source.asked, { event: (name, data) => this.#arrived(name, data), state }, live.signal);
  }

  #arrived(name, data) {
    const { arrivals } = this;
    if (name === 'trace' && arrivals.take(data.trace)) this.#refresh();
    else if (name === 'deleted' && arrivals.remove(data)) this.#draw();
    else if (name === 'skipped') arrivals.missed += data.count;
    else if (name === 'reset' && this.#isAtTop()) { this.#restart(); return; }
    else if (name === 'reset') arrivals.missed += 1;
    if (this.planned) return;
    this.planned = requestAnimationFrame(() => { this.planned = 0; this.#takeIn(); });
  }

  #refresh() { this.grid.list.refresh(); }

  #isAtTop() { return scrollY < 8 && this.grid.list.active <= 0; }

  /** Puts new rows in when nobody reads further down; else says that there are some. */
  #takeIn() {
    const { arrivals, grid: { list } } = this;
    if (!arrivals || this.signal.aborted) return;
    const isFirst = this.source.rows.length === 0;
    if (arrivals.isNewestFirst && arrivals.missed === 0 && (isFirst || this.#isAtTop()) && !this.source.loading) {
      if (arrivals.waiting) {
        const hadFocus = list.element.contains(document.activeElement);
        const moved = arrivals.putIn();
        this.#draw();
        if (list.active >= 0 && moved) list.activate(list.active + moved, { focus: hadFocus });
      }
    }
    this.pill.hidden = arrivals.waiting === 0;
    this.pill.textContent = arrivals.missed && arrivals.waiting === arrivals.missed && arrivals.missed === 1 ? 'New traces' : `${count(arrivals.waiting)} new`;
  }

  #showNew() {
    const { arrivals } = this;
    scrollTo(0, 0);
    if (!arrivals.isNewestFirst || arrivals.missed > 0) { this.#restart(); return; }
    arrivals.putIn();
    this.pill.hidden = true;
    this.#draw();
    this.grid.list.activate(0);
  }

  /** Reads the list again from its beginning; what is shown stays until it is there. */
  async #restart() {
    const { query } = current();
    const fresh = new Source({ ...this.kind, asked: this.source.asked });
    if (!await fresh.more(this.signal) || this.signal.aborted) return;
    this.source = fresh;
    kept.set(this.kind.title, { key: query.toString(), source: fresh });
    if (this.arrivals) this.arrivals = this.arrivals.again(fresh);
    this.pill.hidden = true;
    this.#draw();
  }
}

function nothing({ noun }, isFiltered) {
  return h('div.empty', null, h('h2', null, `No ${noun[1]}`),
    h('p', null, isFiltered ? `No ${noun[0]} matches these filters.` : 'Nothing has been received yet.'),
    isFiltered ? h('button.button', { type: 'button', on: { click: () => setQuery(withoutFilters(current().query), { push: true }) } },
      'Clear the filters') : null);
}
