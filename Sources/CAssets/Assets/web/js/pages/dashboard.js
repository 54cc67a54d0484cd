// dashboard.js - cost, tokens, calls, errors, latency and cache over time.

import { get, isAborted } from '../api.js';
import { h, replace } from '../dom.js';
import { askedFor } from '../filters/fields.js';
import { filterBar } from '../filters/bar.js';
import { GROUPS, groupLink, groupTable, figures } from '../charts/figures.js';
import { drawCharts } from '../charts/dashboard-charts.js';
import { PERIODS, periodOf } from '../charts/period.js';
import { current, setQuery } from '../router.js';

const OWN = ['group', 'interval', 'sort', 'order'];

/**
 * Shows the dashboard.
 * @param {object} context - `element`, `route`, `signal`.
 * @returns {object} `ready` when it is shown, `update` for another period, group or filter.
 */
export function page({ element, route, signal }) {
  const bar = filterBar({ view: 'calls', ranges: PERIODS, range: '7d', signal });
  const group = select('group', 'Group by', Object.entries(GROUPS).map(([name, { label }]) => [name === 'model' ? '' : name, `By ${label}`]));
  const interval = select('interval', 'Interval', [['', 'Interval: auto'], ['hour', 'Hours'], ['day', 'Days'], ['week', 'Weeks'], ['month', 'Months']]);
  bar.tools.append(group, interval);
  const body = h('div.stack', { 'aria-busy': 'true' }, h('div.dashboard-blank'));
  replace(element, h('div.page-head', null, h('h1', null, 'Dashboard')), bar.element, body);
  let stop = new AbortController();
  const update = async ({ query }) => {
    bar.sync();
    for (const control of [group, interval]) control.value = query.get(control.name) ?? '';
    stop.abort();
    stop = new AbortController();
    body.setAttribute('aria-busy', 'true');
    try {
      await show(body, query, AbortSignal.any([signal, stop.signal]));
      body.setAttribute('aria-busy', 'false');
    } catch (error) {
      if (!isAborted(error)) replace(body, h('div.banner.error', { role: 'alert' }, error.message));
    }
  };
  return { ready: update(route), update };
}

function select(name, label, options) {
  const control = h('select.select', { name, 'aria-label': label }, options.map(([value, text]) => h('option', { value }, text)));
  control.addEventListener('change', () => setQuery({ [name]: control.value }, { push: true }));
  return control;
}

async function show(body, query, signal) {
  const period = periodOf(query);
  const group = GROUPS[query.get('group')] ? query.get('group') : 'model';
  const ask = (changes) => {
    const asked = askedFor(query, { times: ['from', 'to'], own: OWN });
    for (const [name, value] of Object.entries(changes)) if (value === null) asked.delete(name); else asked.set(name, value);
    return get('/v1/stats', asked, { signal });
  };
  const now = { from: period.from, to: period.to };
  const [groups, overTime, grouped, all, before] = await Promise.all([
    ask({ ...now, group_by: group }), ask({ ...now, interval: period.interval, limit: 10_000 }),
    ask({ ...now, interval: period.interval, group_by: group, limit: 10_000 }), ask(now), ask(period.before)]);
  if (current().query.toString() !== query.toString()) return;
  const total = all.data[0];
  if (!total) {
    replace(body, h('div.empty', null, h('h2', null, 'No calls in this period'), h('p', null, 'Choose a longer one, or clear the filters.')));
    return;
  }
  const link = groupLink(query, group, period);
  const isCut = groups.truncated || grouped.truncated;
  replace(body, figures(total, before.data[0] ?? null),
    isCut ? h('div.banner', null, 'There are more groups than can be shown; a shorter period or a filter helps.') : null,
    h('div.charts', null, drawCharts({ period, group, groups: groups.data, overTime: overTime.data, grouped: grouped.data, link, signal })),
    groupTable(groups.data, group, link));
}
