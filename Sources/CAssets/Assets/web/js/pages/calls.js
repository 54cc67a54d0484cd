// calls.js - one row for each call of a model.

import { h, replace } from '../dom.js';
import { cost, duration } from '../format.js';
import { bind } from '../keys.js';
import { timeCell, tokensCell } from '../list/cells.js';
import { showCall } from '../list/call-dialog.js';
import { listPage } from '../list/list-page.js';
import { callLink } from '../links.js';
import { short } from '../text.js';

const link = (row) => callLink(row.request_id);
const KINDS = { success: ['muted', 'ok'], error: ['badge error', 'error'], timeout: ['badge warn', 'timeout'] };

const columns = (signal) => [
  { class: 'c-time', label: 'Time', sort: 'start_time', fill: (cell, row) => timeCell(cell, row.created_at, link(row)) },
  { class: 'c-name', label: 'Model', fill: (cell, row) => replace(cell, h('a.main-link', { href: link(row), tabindex: -1 }, short(row.model))) },
  { class: 'c-model', label: 'Provider', fill: (cell, row) => replace(cell, short(row.provider)) },
  { class: 'c-tokens num', label: 'Tokens in / out', sort: 'tokens', fill: (cell, row) => tokensCell(cell, row.tokens_in, row.tokens_out) },
  { class: 'c-cost num', label: 'Cost', sort: 'cost', fill: (cell, row) => replace(cell, cost(row.cost_usd)) },
  { class: 'c-duration num', label: 'Latency', sort: 'duration_ms', fill: (cell, row) => replace(cell, duration(row.latency_ms)) },
  { class: 'c-status', label: 'Status', fill: (cell, { status }) => {
    const [name, label] = KINDS[status] ?? ['muted', status];
    replace(cell, h('span', { class: name }, label));
  } },
  { class: 'c-more', label: h('span.sr-only', null, 'Details'), fill: (cell, row) => replace(cell, h('button.button.small', {
    type: 'button', tabindex: -1, 'aria-label': `Details of the call at ${row.created_at}`, on: { click: () => showCall(row, signal) } }, 'Details')) },
];

/**
 * Shows the list.
 * @param {object} context - `element`, `route`, `signal`, `isBack`.
 * @returns {object} `update` for other filters, `ready` when rows are there.
 */
export function page(context) {
  const { signal } = context;
  const list = listPage(context, {
    title: 'Calls', noun: ['call', 'calls'], name: 'calls', path: '/v1/calls', view: 'calls', columns: columns(signal), link,
    sorts: true, counts: true, exports: true, time: 'created_at',
    id: (row) => row.request_id,
    mark: (row, element) => element.classList.toggle('failed', row.status !== 'success'),
    read: (answer) => ({ rows: answer.traces, cursor: answer.next_cursor, total: answer.total, partial: answer.partial,
      lag: answer.search_lag_parts }),
  });
  bind({ keys: 'i', label: 'Details of the call', group: 'List', run: ({ target }) => {
    const row = list.activeRow;
    if (!row || !target.closest('.virtual-row')) return false;
    showCall(row, signal);
  } }, signal);
  return list;
}
