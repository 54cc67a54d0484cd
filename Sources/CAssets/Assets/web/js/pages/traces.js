// traces.js - the list of traces, newest first, as they arrive.

import { h, replace } from '../dom.js';
import { cost, count, duration } from '../format.js';
import { later } from '../later.js';
import { linkCell, timeCell, tokensCell } from '../list/cells.js';
import { listPage } from '../list/list-page.js';
import { href } from '../router.js';
import { short } from '../text.js';

const link = (row) => href(`/traces/${row.trace_id}`, row.project && row.also_in_projects ? { project: row.project } : {});

const COLUMNS = [
  { class: 'c-time', label: 'Time', sort: 'start_time', fill: (cell, row) => timeCell(cell, row.start_time, link(row)) },
  { class: 'c-name', label: 'Name', fill: (cell, row) => linkCell(cell, row.root_span.name, link(row)) },
  { class: 'c-model', label: 'Model', fill: (cell, { llm_summary: llm }) => replace(cell, short(llm?.model),
    llm?.models.length > 1 ? h('span.muted', { title: `${llm.models.length} models` }, ` +${llm.models.length - 1}`) : null) },
  { class: 'c-tokens num', label: 'Tokens in / out', sort: 'tokens',
    fill: (cell, { llm_summary: llm }) => tokensCell(cell, llm?.tokens_input ?? llm?.tokens_embedding, llm?.tokens_output) },
  { class: 'c-cost num', label: 'Cost', sort: 'cost', fill: fillCost },
  { class: 'c-duration num', label: 'Duration', sort: 'duration_ms', fill: (cell, row) => replace(cell, duration(row.duration_ms)) },
  { class: 'c-status', label: 'Status', fill: (cell, { status }) => replace(cell,
    status === 'error' ? h('span.badge.error', null, 'error') : h('span.muted', null, status)) },
  { class: 'c-spans num wide', label: 'Spans', fill: (cell, row) => replace(cell, count(row.span_count)) },
  { class: 'c-service wide', label: 'Service', fill: (cell, row) => replace(cell, short(row.service)) },
];

function fillCost(cell, { llm_summary: llm }) {
  const isPart = llm && !llm.cost_complete && llm.cost !== null;
  replace(cell, isPart ? '≥ ' : null, cost(llm?.cost));
  cell.title = llm && !llm.cost_complete ? 'The cost of some calls is not known' : '';
}

/**
 * Shows the list.
 * @param {object} context - `element`, `route`, `signal`, `isBack`.
 * @returns {object} `update` for other filters, `ready` when rows are there.
 */
export function page(context) {
  return listPage(context, {
    title: 'Traces', noun: ['trace', 'traces'], name: 'traces', path: '/v1/traces', view: 'traces', columns: COLUMNS, link,
    sorts: true, counts: true, exports: true, live: true,
    id: (row) => `${row.trace_id} ${row.project ?? ''}`,
    mark: (row, element) => element.classList.toggle('failed', row.status === 'error'),
    read: ({ data, pagination }) => ({ rows: data, cursor: pagination.next_cursor, total: pagination.total,
      partial: pagination.partial, lag: pagination.search_lag_parts }),
    empty: async (box, signal) => (await later(() => import('../start/guide.js'))).showGuide(box, signal),
  });
}
