// keys.js - what keys do in a trace.

import { bind } from '../keys.js';

/**
 * Binds the keys of a trace.
 * @param {TraceView} view - The page.
 * @param {AbortSignal} signal - Unbinds them.
 */
export function bindTraceKeys(view, signal) {
  const { rows } = view;
  const { list } = rows;
  const isHere = () => !view.split.hidden;
  // Arrows belong to whatever has the focus: tabs, the panel that scrolls.
  const isFree = (event) => isHere() && !event.target.closest?.('.detail, .tabs, .splitter, .header, dialog');
  const on = (keys, label, run) => bind({ keys, label, group: 'Trace', run }, signal);
  const move = (step) => (isHere() ? list.activate(list.active + step) : false);
  on('j', 'Next span', () => move(1));
  on('k', 'Span before', () => move(-1));
  on('ArrowDown', 'Next span', (event) => (isFree(event) ? move(1) : false));
  on('ArrowUp', 'Span before', (event) => (isFree(event) ? move(-1) : false));
  on('ArrowRight', 'Expand, or go into it', (event) => (isFree(event) ? rows.open() : false));
  on('ArrowLeft', 'Collapse, or go to the parent', (event) => (isFree(event) ? rows.close() : false));
  on('Home', 'First span', (event) => (isFree(event) ? list.activate(0) : false));
  on('End', 'Last span', (event) => (isFree(event) ? list.activate(list.count - 1) : false));
  on('Enter', 'Show the span', (event) => {
    const row = rows.rows[list.active];
    if (!isFree(event) || !row || event.target.closest?.('a, button')) return false;
    if (row.fold) rows.open();
    else { view.choose(row); view.detail.body.focus(); }
    return true;
  });
  on('e', 'Next error', () => isHere() && view.find('error'));
  on('$', 'The most expensive call', () => isHere() && view.find('expensive'));
  on('/', 'Filter spans', () => { if (!isHere()) return false; view.bar.input.focus(); return true; });
  on('+', 'Zoom in', () => (isHere() ? zoom(rows, 2) : false));
  on('-', 'Zoom out', () => (isHere() ? zoom(rows, 0.5) : false));
  on('0', 'All of the time', () => (isHere() ? rows.axis.reset() : false));
  bind({ keys: 'Escape', label: 'Leave the filter, close the span', group: 'Trace', inFields: true, run: (event) => {
    if (event.target === view.bar.input) { view.bar.input.value = ''; view.filter(''); list.activate(Math.max(0, list.active)); return true; }
    if (event.target.matches?.('input, textarea, select') || !isHere() || !view.isOpen) return false;
    view.close();
    return true;
  } }, signal);
}

/** Around the middle of the active row, where it is in sight. */
function zoom(rows, factor) {
  const row = rows.rows[rows.list.active];
  rows.zoomAt(factor, row);
}
