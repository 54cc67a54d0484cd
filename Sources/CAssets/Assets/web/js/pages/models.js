// models.js - each model: how much it was used, what it cost, how quick it was, and whether it has a price.

import { get, isAborted } from '../api.js';
import { openDialog } from '../dialog.js';
import { h, replace } from '../dom.js';
import { askedFor, exactModel } from '../filters/fields.js';
import { filterBar } from '../filters/bar.js';
import { compact, cost, count, duration, percent } from '../format.js';
import { current, href, setQuery } from '../router.js';
import { copyButton, short } from '../text.js';

const HEADS = [
  ['Model', '', null], ['Provider', '', null], ['Calls', 'num', 'calls'], ['Errors', 'num', 'errors'], ['Tokens in', 'num', 'tokens_input'],
  ['Tokens out', 'num', 'tokens_output'], ['Cache', 'num', 'cache_hit_share'], ['Cost', 'num', 'cost'], ['p50', 'num', 'p50'], ['p95', 'num', 'p95'],
  ['p99', 'num', 'p99'], ['First token', 'num', 'ttft'],
];

const value = (row, name) => ({ p50: row.latency_ms?.p50, p95: row.latency_ms?.p95, p99: row.latency_ms?.p99,
  ttft: row.time_to_first_token_ms?.p50 })[name] ?? row[name] ?? null;

/**
 * Shows the models.
 * @param {object} context - `element`, `route`, `signal`.
 * @returns {object} `ready` when they are shown, `update` for other filters.
 */
export function page({ element, route, signal }) {
  const bar = filterBar({ view: 'calls', range: '30d', signal });
  const body = h('div');
  replace(element, h('div.page-head', null, h('h1', null, 'Models')), bar.element, body);
  const update = async ({ query }) => {
    bar.sync();
    const asked = new URLSearchParams(query);
    if (!asked.has('range') && !asked.has('start_time')) asked.set('range', '30d');
    try {
      const filters = askedFor(asked, { times: ['from', 'to'], own: ['sort', 'order'] });
      filters.set('group_by', 'model,provider');
      const { data, truncated } = await get('/v1/stats', filters, { signal });
      if (current().query.toString() === query.toString()) replace(body, shown(data, truncated, asked));
    } catch (error) {
      if (!isAborted(error)) replace(body, h('div.banner.error', { role: 'alert' }, error.message));
    }
  };
  return { ready: update(route), update };
}

/** Calls that failed without using anything have no cost either. */
const isUnpriced = (row) => row.cost === null && (row.tokens_input ?? row.tokens_output ?? 0) > 0;

function shown(data, truncated, asked) {
  if (data.length === 0) return h('div.empty', null, h('h2', null, 'No calls'), h('p', null, 'No model was called in this period.'));
  const unpriced = data.filter(isUnpriced);
  return h('div.stack', null,
    unpriced.length ? h('div.banner.warn', null, unpriced.length === 1 ? 'A model without a price, so that its cost is not known: '
      : `${count(unpriced.length)} models without a price, so that their cost is not known: `,
    unpriced.slice(0, 5).map((row) => [short(row.group.model, { max: 60 }), ' '])) : null,
    h('div.table-wrap', { tabindex: 0, role: 'region', 'aria-label': 'Models' }, h('table.table.models', null,
      h('thead', null, h('tr', null, HEADS.map(head))), h('tbody', null, sorted(data).map((row) => line(row, asked))))),
    truncated ? h('p.muted', null, 'There are more models than are shown.') : null);
}

function head([label, name, sort]) {
  if (!sort) return h('th', { class: name, scope: 'col' }, label);
  const { query } = current();
  const isMine = (query.get('sort') ?? 'cost') === sort;
  const isUp = query.get('order') === 'asc';
  return h('th', { class: name, scope: 'col', 'aria-sort': isMine ? (isUp ? 'ascending' : 'descending') : null },
    h('button.sort', { type: 'button', on: { click: () => setQuery({ sort: sort === 'cost' ? null : sort, order: isMine && !isUp ? 'asc' : null }) } }, label));
}

function sorted(data) {
  const { query } = current();
  const name = query.get('sort') ?? 'cost';
  const sign = query.get('order') === 'asc' ? 1 : -1;
  // Unknown ones are last, whatever the order.
  return [...data].sort((a, b) => {
    const [x, y] = [value(a, name), value(b, name)];
    if (x === null || y === null) return (x === null) - (y === null);
    return sign * (x - y);
  });
}

function line(row, asked) {
  const { model, provider } = row.group;
  const query = new URLSearchParams(asked);
  for (const name of ['sort', 'order']) query.delete(name);
  if (model) query.set('model', exactModel(model));
  if (provider) query.set('provider', provider);
  const calls = href('/calls', query);
  const failed = new URLSearchParams(query);
  failed.set('status', 'error');
  const figure = (text, title) => h('td.num', { title }, text);
  return h('tr', null, h('td', null, h('a.main-link', { href: calls }, short(model))), h('td', null, short(provider)),
    figure(count(row.calls)),
    h('td.num', null, row.errors ? h('a.error-text', { href: href('/calls', failed), title: percent(row.errors / row.calls) }, count(row.errors)) : h('span.muted', null, '0')),
    figure(compact(row.tokens_input), count(row.tokens_input)), figure(compact(row.tokens_output), count(row.tokens_output)),
    figure(percent(row.cache_hit_share), 'Share of the input that was read from the cache'),
    h('td.num', null, isUnpriced(row) ? h('button.button.small', { type: 'button', on: { click: () => addPrice(row.group) } }, 'Add a price') : cost(row.cost)),
    ...['p50', 'p95', 'p99', 'ttft'].map((name) => figure(duration(value(row, name)))));
}

/** A scalar of YAML that is only ever this text: JSON strings are YAML too. */
const scalar = (text) => (/^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text));

function addPrice({ model, provider }) {
  const text = `prices:\n  - model: ${scalar(model ?? '*')}\n${provider ? `    provider: ${scalar(provider)}\n` : ''}` +
    '    input: 0.50         # USD for a million tokens\n    output: 1.50\n    cache_read: 0.05    # leave out what it does not have\n';
  const same = `prices:\n  - {model: ${scalar(model ?? '*')}, same_as: gpt-4o}\n`;
  const command = 'skein reprice';
  const code = (content) => h('div.code', null, h('pre', { tabindex: 0, role: 'region', 'aria-label': 'Text to copy' }, content), copyButton(() => content));
  openDialog('Add a price', (close) => h('div.stack', null,
    h('p', null, 'The price table does not know ', h('strong', null, short(model)), '. This page cannot write the settings of the server. Put this into ',
      h('code', null, 'skein.yaml'), ' in the data folder, with the amounts of your contract, and start the server again:'),
    code(text), h('p.muted', null, 'Or say that it costs as much as another model:'), code(same),
    h('p', null, 'New calls have a cost then. For those that are stored:'), code(command),
    h('div.actions', null, h('button.button.primary', { type: 'button', on: { click: () => close() } }, 'Done'))));
}
