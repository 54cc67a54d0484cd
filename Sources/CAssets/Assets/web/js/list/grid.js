// grid.js - the table of a list: heads that sort, rows that are links, keys.

import { h } from '../dom.js';
import { bind } from '../keys.js';
import { current, go, setQuery } from '../router.js';
import { virtualList } from '../virtual.js';

const NARROW = '(max-width: 760px)';

/**
 * Makes the grid.
 * @param {object} options
 * @param {string} options.label - What it lists, for screen readers.
 * @param {string} options.name - The class that sets `--columns`.
 * @param {Array<object>} options.columns - `label`, `class`, `fill(cell, row)`, and `sort` where the server sorts by it.
 * @param {function(): Array<object>} options.rows - The rows now.
 * @param {function(object): string} options.link - Where a row leads.
 * @param {function(object, HTMLElement)} [options.mark] - Marks a row, such as a failed one.
 * @param {function()} options.onEnd - Called when the end comes near.
 * @param {AbortSignal} options.signal - Of the page.
 * @returns {{element: HTMLElement, list: VirtualList, foot: HTMLElement, sync: function()}} `sync` shows the order again.
 */
export function grid({ label, name, columns, rows, link, mark, onEnd, signal }) {
  const narrow = matchMedia(NARROW);
  const height = () => (narrow.matches ? 52 : 32);
  const list = virtualList({
    rowHeight: height(), signal, firstIndex: 2, onEnd,
    create: () => h('div.grid-row', { role: 'row' }, columns.map((column) => h('span', { role: 'gridcell', class: column.class }))),
    update: (element, index) => {
      const row = rows()[index];
      if (!row) return;
      mark?.(row, element);
      columns.forEach((column, place) => column.fill(element.children[place], row));
    },
  });
  narrow.addEventListener('change', () => list.setRowHeight(height()), { signal });
  const foot = h('div.grid-foot', { 'aria-live': 'polite' }, 'Loading…');
  const heads = columns.map((column) => head(column));
  const element = h('div.grid', { class: name, role: 'grid', 'aria-label': label, 'aria-rowcount': -1 },
    h('div.grid-head', { role: 'row', 'aria-rowindex': 1 }, heads), list.element);
  list.element.addEventListener('click', (event) => {
    if (event.target.closest('a, button') || getSelection()?.toString()) return;
    const row = event.target.closest('.virtual-row');
    if (row) follow(rows()[Number(row.dataset.index)], link, event);
  }, { signal });
  bindKeys(list, rows, link, signal);
  const sync = () => heads.forEach((cell, place) => showOrder(cell, columns[place]));
  sync();
  return { element: h('div.grid-frame', null, element, foot), grid: element, list, foot, sync };
}

function follow(row, link, event) {
  if (!row) return;
  if (event.ctrlKey || event.metaKey) open(link(row), '_blank', 'noopener'); else go(link(row));
}

function bindKeys(list, rows, link, signal) {
  const group = 'List';
  const step = (by) => () => { if (list.count === 0) return false; list.activate(list.active + by); };
  const inList = (run) => (event) => (list.element.contains(event.target) ? run() : false);
  bind({ keys: 'j', label: 'Next row', group, run: step(1) }, signal);
  bind({ keys: 'k', label: 'Row before', group, run: step(-1) }, signal);
  bind({ keys: 'ArrowDown', label: 'Next row', group, run: inList(step(1)) }, signal);
  bind({ keys: 'ArrowUp', label: 'Row before', group, run: inList(step(-1)) }, signal);
  bind({ keys: 'Enter', label: 'Open the row', group, run: (event) => {
    const isRow = event.target === document.body || event.target.id === 'main' || event.target.closest('.virtual-row');
    if (list.active < 0 || !isRow || event.target.closest('a, button')) return false;
    follow(rows()[list.active], link, event);
  } }, signal);
}

function head({ label, class: name, sort }) {
  if (!sort) return h('span', { role: 'columnheader', class: name }, label);
  const button = h('button.sort', { type: 'button' }, label);
  button.addEventListener('click', () => {
    const { query } = current();
    const isMine = (query.get('sort') ?? 'start_time') === sort;
    const isUp = isMine && query.get('order') !== 'asc';
    setQuery({ sort: sort === 'start_time' ? null : sort, order: isUp ? 'asc' : null }, { push: true });
  });
  return h('span', { role: 'columnheader', class: name }, button);
}

function showOrder(cell, { sort }) {
  if (!sort) return;
  const { query } = current();
  const isMine = (query.get('sort') ?? 'start_time') === sort;
  if (isMine) cell.setAttribute('aria-sort', query.get('order') === 'asc' ? 'ascending' : 'descending');
  else cell.removeAttribute('aria-sort');
}
