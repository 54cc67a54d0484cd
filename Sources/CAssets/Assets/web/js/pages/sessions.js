// sessions.js - conversations, the one with the newest trace first.

import { replace } from '../dom.js';
import { cost, count, duration } from '../format.js';
import { linkCell, timeCell, tokensCell } from '../list/cells.js';
import { listPage } from '../list/list-page.js';
import { href } from '../router.js';
import { short } from '../text.js';

const link = (row) => href(`/sessions/${encodeURIComponent(row.session_id)}`, { project: row.project });
const length = (row) => new Date(row.last_time) - new Date(row.first_time);

const COLUMNS = [
  { class: 'c-time', label: 'Last active', fill: (cell, row) => timeCell(cell, row.last_time, link(row)) },
  { class: 'c-name', label: 'Session', fill: (cell, row) => linkCell(cell, row.session_id, link(row)) },
  { class: 'c-model', label: 'User', fill: (cell, row) => replace(cell, short(row.user_id)) },
  { class: 'c-spans num wide', label: 'Traces', fill: (cell, row) => replace(cell, count(row.traces)) },
  { class: 'c-calls num wide', label: 'Calls', fill: (cell, row) => replace(cell, count(row.calls)) },
  { class: 'c-tokens num', label: 'Tokens in / out', fill: (cell, row) => tokensCell(cell, row.tokens_input, row.tokens_output) },
  { class: 'c-cost num', label: 'Cost', fill: (cell, row) => replace(cell, cost(row.cost)) },
  { class: 'c-duration num', label: 'Length', fill: (cell, row) => replace(cell, duration(length(row))) },
  { class: 'c-status num', label: 'Errors', fill: fillErrors },
];

/**
 * Fills a cell with a number of errors.
 * @param {HTMLElement} cell - The cell.
 * @param {object} row - With `errors`.
 */
export function fillErrors(cell, row) {
  cell.classList.toggle('error-text', row.errors > 0);
  cell.classList.toggle('muted', row.errors === 0);
  replace(cell, count(row.errors));
}

/**
 * Shows the list.
 * @param {object} context - `element`, `route`, `signal`, `isBack`.
 * @returns {object} `update` for other filters, `ready` when rows are there.
 */
export function page(context) {
  return listPage(context, {
    title: 'Sessions', noun: ['session', 'sessions'], name: 'sessions', path: '/v1/sessions', view: 'traces', columns: COLUMNS, link,
    time: 'last_time', id: (row) => `${row.project} ${row.session_id}`,
    read: ({ data, pagination }) => ({ rows: data, cursor: pagination.next_cursor, partial: pagination.partial,
      lag: pagination.search_lag_parts }),
  });
}
