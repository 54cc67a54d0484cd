// figures.js - the totals of a period against the one before, and the totals of each group.

import { h } from '../dom.js';
import { exactModel } from '../filters/fields.js';
import { compact, cost, count, duration, percent } from '../format.js';
import { href } from '../router.js';
import { short } from '../text.js';

/** What the dashboard can be grouped by; `filter` gives the parameter and the value of a group. */
export const GROUPS = {
  model: { label: 'model', filter: (value) => ['model', exactModel(value)] },
  service: { label: 'service', filter: (value) => ['service', value] },
  user: { label: 'user', filter: (value) => ['user_id', value] },
  provider: { label: 'provider', filter: (value) => ['provider', value] },
};

const OWN = ['group', 'interval', 'range', 'sort', 'order'];

/**
 * Makes links to what is behind a figure.
 * @param {URLSearchParams} query - Of the dashboard: its filters go along.
 * @param {string} group - What it is grouped by.
 * @param {object} period - See `periodOf`.
 * @returns {function(object): string} Of `path`, `value` (of the group), `start`, `end` (milliseconds), `more` (parameters).
 */
export function groupLink(query, group, period) {
  return ({ path = '/', value, start, end, more = {} }) => {
    const asked = new URLSearchParams(query);
    for (const name of OWN) asked.delete(name);
    asked.set('start_time', start === undefined ? period.from : new Date(Math.max(start, new Date(period.from))).toISOString());
    if (end !== undefined) asked.set('end_time', new Date(Math.min(end, period.to ? new Date(period.to) : end)).toISOString());
    else if (period.to) asked.set('end_time', period.to);
    if (path === '/' && ['success', 'timeout'].includes(asked.get('status'))) asked.delete('status');
    if (value !== undefined && value !== null) asked.set(...GROUPS[group].filter(value));
    for (const [name, text] of Object.entries(more)) asked.set(name, text);
    return href(path, asked);
  };
}

const SHOWN = [
  ['Cost', (row) => row.cost, cost], ['Calls', (row) => row.calls, count], ['Errors', (row) => row.errors, count],
  ['Error share', (row) => (row.calls ? row.errors / row.calls : null), percent],
  ['Tokens in', (row) => row.tokens_input, compact], ['Tokens out', (row) => row.tokens_output, compact],
  ['Latency p50', (row) => row.latency_ms?.p50, duration], ['Latency p95', (row) => row.latency_ms?.p95, duration],
  ['First token p50', (row) => row.time_to_first_token_ms?.p50, duration], ['Read from cache', (row) => row.cache_hit_share, percent],
];

/**
 * Makes the row of totals.
 * @param {object} total - Of `/v1/stats`.
 * @param {object|null} before - Of the period before; null when it had no calls.
 * @returns {HTMLElement} A panel.
 */
export function figures(total, before) {
  return h('section.panel', { 'aria-label': 'Totals' }, h('ul.big-figures', null, SHOWN.map(([label, value, format]) => {
    const now = value(total) ?? null;
    const then = before ? value(before) ?? null : null;
    return h('li', null, h('span.label', null, label), h('strong', null, format(now)), change(now, then, format));
  })));
}

function change(now, then, format) {
  if (now === null || then === null) return h('span.change.muted', { title: 'The period before has nothing to compare with' }, ' ');
  if (then === 0) return h('span.change.muted', { title: `Period before: ${format(then)}` }, now === 0 ? 'as before' : 'none before');
  const share = now / then - 1;
  const size = Math.abs(share);
  const text = size < 0.0005 ? 'as before' : size >= 9.995 ? `${share > 0 ? '×' : '÷'} ${count(share > 0 ? now / then : then / now)}`
    : `${share > 0 ? '+' : '−'}${(size * 100).toFixed(size < 0.1 ? 1 : 0)} %`;
  return h('span.change.muted', { title: `Period before: ${format(then)}` }, text, h('span.sr-only', null, ' against the period before'));
}

/**
 * Makes the table of groups.
 * @param {Array<object>} groups - Rows of `/v1/stats`.
 * @param {string} group - What they are grouped by.
 * @param {function(object): string} link - See `groupLink`.
 * @returns {HTMLElement} A table.
 */
export function groupTable(groups, group, link) {
  const heads = ['Calls', 'Errors', 'Tokens in', 'Tokens out', 'Cost', 'Share of cost', 'p50', 'p95'];
  const whole = groups.reduce((sum, row) => sum + (row.cost ?? 0), 0);
  return h('div.table-wrap', { tabindex: 0, role: 'region', 'aria-label': `By ${GROUPS[group].label}` }, h('table.table', null,
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, `By ${GROUPS[group].label}`), heads.map((label) => h('th.num', { scope: 'col' }, label)))),
    h('tbody', null, groups.slice(0, 100).map((row) => {
      const value = row.group[group];
      return h('tr', null, h('td', null, value === null ? h('span.muted', null, 'unknown') : h('a.main-link', { href: link({ value }) }, short(value))),
        [count(row.calls), count(row.errors), compact(row.tokens_input), compact(row.tokens_output), cost(row.cost),
          row.cost === null || !whole ? '–' : percent(row.cost / whole), duration(row.latency_ms?.p50), duration(row.latency_ms?.p95)].map((text) => h('td.num', null, text)));
    }))));
}
