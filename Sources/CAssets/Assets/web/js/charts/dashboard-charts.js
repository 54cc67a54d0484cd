// dashboard-charts.js - rows of /v1/stats as the charts of the dashboard.

import { compact, cost, count, duration, percent } from '../format.js';
import { go } from '../router.js';
import { chart } from './chart.js';

const MOST = 6;
const color = (place) => `var(--series-${place + 1})`;
const OTHER = 'var(--series-other)';

/**
 * Draws all charts.
 * @param {object} data - `period` (see `periodOf`), `group`, `groups` (totals, the dearest first), `overTime`, `grouped` (rows by time),
 *   `link` (see `groupLink`), `signal`.
 * @returns {Array<HTMLElement>} Figures.
 */
export function drawCharts({ period, group, groups, overTime, grouped, link, signal }) {
  const { times, interval } = period;
  const places = new Map(times.map((time, place) => [time, place]));
  // The server cuts the first interval where the period begins.
  const placeOf = (row) => places.get(new Date(row.start_time).getTime()) ?? 0;
  const shown = ranked(groups).slice(0, MOST).map((row) => row.group[group]);
  const hasOther = groups.length > shown.length;

  const byGroup = (pick) => {
    const series = shown.map((value, place) => ({ value, label: value ?? 'unknown', color: color(place), values: times.map(() => 0) }));
    if (hasOther) series.push({ label: 'other', color: OTHER, values: times.map(() => 0) });
    for (const row of grouped) {
      const place = shown.indexOf(row.group[group]);
      const one = series[place < 0 ? series.length - 1 : place];
      if (place >= 0 || hasOther) one.values[placeOf(row)] += pick(row) ?? 0;
    }
    return series;
  };
  const along = (entries) => entries.map(([label, pick, place, dash]) => {
    const values = times.map(() => null);
    for (const row of overTime) values[placeOf(row)] = pick(row) ?? null;
    return { label, color: color(place), dash, values };
  });
  const lead = (series, more = {}, path = '/') => (place, order) => go(link({ path, more, start: times[place],
    end: times[place + 1] ?? period.end, value: series[order]?.value }));
  const draw = (title, kind, series, format, extra = {}) => chart({ title, kind, times, interval, series, format, signal,
    pick: lead(kind === 'bars' ? series : [], extra.more, extra.path), axis: extra.axis, most: extra.most, isWhole: extra.axis === compact });

  return [
    draw('Cost', 'bars', byGroup((row) => row.cost), cost, { axis: shortCost, more: { sort: 'cost' } }),
    draw('Calls', 'bars', byGroup((row) => row.calls), count, { axis: compact }),
    draw('Tokens by kind', 'bars', along(TOKENS).filter(({ values }) => values.some((value) => value > 0)), count, { axis: compact, more: { sort: 'tokens' } }),
    draw('Failed calls', 'bars', byGroup((row) => row.errors), count, { axis: compact, path: '/calls', more: { status: 'error' } }),
    draw('Share of calls that failed', 'lines', along([['Failed', (row) => row.errors / row.calls, 2]]), percent, { path: '/calls', more: { status: 'error' } }),
    draw('Latency', 'lines', along(percentiles('latency_ms')), duration, { more: { sort: 'duration_ms' } }),
    draw('Time to first token', 'lines', along(percentiles('time_to_first_token_ms')), duration),
    draw('Input read from the cache', 'lines', along([['Share of input tokens', (row) => row.cache_hit_share, 0]]), percent, { most: 1 }),
  ];
}

/** The dearest first; those without a cost by their calls. */
function ranked(groups) {
  return [...groups].sort((a, b) => (b.cost ?? -1) - (a.cost ?? -1) || b.calls - a.calls);
}

const rest = (whole, ...parts) => (whole === null ? null : Math.max(0, whole - parts.reduce((sum, part) => sum + (part ?? 0), 0)));

const TOKENS = [
  ['Input', (row) => rest(row.tokens_input, row.tokens_cache_read, row.tokens_cache_write), 0],
  ['Cache read', (row) => row.tokens_cache_read, 1], ['Cache written', (row) => row.tokens_cache_write, 2],
  ['Output', (row) => rest(row.tokens_output, row.tokens_reasoning), 3], ['Reasoning', (row) => row.tokens_reasoning, 4],
  ['Embedding', (row) => row.tokens_embedding, 5],
];

const percentiles = (name) => [['p50', (row) => row[name]?.p50, 0], ['p90', (row) => row[name]?.p90, 1, '6 3'],
  ['p95', (row) => row[name]?.p95, 2, '2 3'], ['p99', (row) => row[name]?.p99, 3, '8 3 2 3']];

const shortCost = (usd) => (usd >= 1000 ? `$${compact(usd)}` : usd >= 10 ? `$${Number(usd.toFixed(1))}` : cost(usd));
