// users.js - users with their totals; a row leads to what they did.

import { replace } from '../dom.js';
import { cost, count } from '../format.js';
import { linkCell, timeCell, tokensCell } from '../list/cells.js';
import { listPage } from '../list/list-page.js';
import { current, href } from '../router.js';
import { fillErrors } from './sessions.js';

/** The filters of this page go along: the row shows what matches them. */
function link(row, path = '/') {
  const query = new URLSearchParams(current().query);
  query.set('user_id', row.user_id);
  query.set('project', row.project);
  return href(path, query);
}

const COLUMNS = [
  { class: 'c-time', label: 'Last active', fill: (cell, row) => timeCell(cell, row.last_time, link(row)) },
  { class: 'c-name', label: 'User', fill: (cell, row) => linkCell(cell, row.user_id, link(row)) },
  { class: 'c-sessions num', label: 'Sessions', fill: (cell, row) => linkCell(cell, count(row.sessions), link(row, '/sessions')) },
  { class: 'c-spans num wide', label: 'Traces', fill: (cell, row) => replace(cell, count(row.traces)) },
  { class: 'c-calls num wide', label: 'Calls', fill: (cell, row) => replace(cell, count(row.calls)) },
  { class: 'c-tokens num', label: 'Tokens in / out', fill: (cell, row) => tokensCell(cell, row.tokens_input, row.tokens_output) },
  { class: 'c-cost num', label: 'Cost', fill: (cell, row) => replace(cell, cost(row.cost)) },
  { class: 'c-status num', label: 'Errors', fill: fillErrors },
];

/**
 * Shows the list.
 * @param {object} context - `element`, `route`, `signal`, `isBack`.
 * @returns {object} `update` for other filters, `ready` when rows are there.
 */
export function page(context) {
  return listPage(context, {
    title: 'Users', noun: ['user', 'users'], name: 'users', path: '/v1/users', view: 'traces', columns: COLUMNS, link,
    time: 'last_time', id: (row) => `${row.project} ${row.user_id}`,
    read: ({ data, pagination }) => ({ rows: data, cursor: pagination.next_cursor, partial: pagination.partial,
      lag: pagination.search_lag_parts }),
  });
}
