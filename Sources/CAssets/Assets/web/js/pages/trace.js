// trace.js - one trace: what it came to, and its spans.

import { get } from '../api.js';
import { h, replace } from '../dom.js';
import { cost, count, duration, time } from '../format.js';
import { short } from '../text.js';

/**
 * Shows a trace.
 * @param {object} context - `element`, `route`, `signal`.
 * @returns {object} `ready` when it is shown.
 */
export function page({ element, route, signal }) {
  return { ready: show(element, route, signal) };
}

async function show(element, route, signal) {
  const { data } = await get(`/v1/traces/${encodeURIComponent(route.params.trace_id)}`, { fields: 'summary' }, { signal });
  const llm = data.llm_summary;
  const figure = (label, value) => h('li', null, h('span.label', null, label), h('strong', null, value));
  document.title = `${data.root_span.name} · Skein`;
  replace(element, h('div.stack', null,
    h('div.page-head', null, h('h1', null, short(data.root_span.name)),
      data.status === 'error' ? h('span.badge.error', null, 'error') : h('span.badge.ok', null, 'ok')),
    h('section.panel', null, h('div.body', null, h('ul.figures', null,
      figure('Started', time(data.start_time)), figure('Duration', duration(data.duration_ms)), figure('Cost', cost(llm?.cost)),
      figure('Tokens in / out', `${count(llm?.tokens_input)} / ${count(llm?.tokens_output)}`), figure('Spans', count(data.span_count))))),
    h('div.table-wrap', { tabindex: 0, role: 'region', 'aria-label': 'Spans' }, h('table.table', null,
      h('thead', null, h('tr', null, h('th', null, 'Span'), h('th', null, 'Model'), h('th.num', null, 'Duration'), h('th.num', null, 'Cost'))),
      h('tbody', null, data.spans.slice(0, 500).map((span) => h('tr', null, h('td', null, short(span.name)), h('td', null, short(span.llm?.model)),
        h('td.num', null, duration(span.duration_ms)), h('td.num', null, cost(span.llm?.cost_usd)))))))));
}
