// period.js - the period of the dashboard: its intervals, and the period before it.

import { RANGES } from '../filters/fields.js';
import { floorTime, intervalFor, nextTime } from './scale.js';

/** The ranges of the dashboard. */
export const PERIODS = RANGES.filter(([, , length]) => length >= 86_400_000);
const USUAL = '7d';
const MOST = 1500;

/**
 * The period of an address.
 * @param {URLSearchParams} query - Of the page.
 * @param {number} [now] - Milliseconds since the epoch.
 * @returns {{interval: string, times: Array<number>, from: string, to: string|null, end: number, before: {from: string, to: string}}}
 *   `times` are the beginnings of the intervals; `end` is the end of the last one.
 */
export function periodOf(query, now = Date.now()) {
  const custom = query.has('start_time') || query.has('end_time');
  const stop = custom ? timeOf(query.get('end_time'), now) : now;
  const range = RANGES.find(([name]) => name === query.get('range')) ?? RANGES.find(([name]) => name === USUAL);
  const begin = custom ? timeOf(query.get('start_time'), stop - 30 * 86_400_000) : now - range[2];
  const asked = query.get('interval');
  const interval = ['hour', 'day', 'week', 'month'].includes(asked) ? asked : intervalFor(stop - begin);
  // A range that ends now has as many whole intervals as it says, with the one that is not over yet.
  let time = floorTime(custom ? begin : begin + Math.min(range[2], nextTime(0, interval === 'month' ? 'week' : interval)) - 1, interval);
  const times = [];
  while (time < stop && times.length < MOST) { times.push(time); time = nextTime(time, interval); }
  if (times.length === 0) times.push(floorTime(begin, interval));
  const from = custom ? begin : times[0];
  const hour = 3_600_000;
  const length = Math.ceil(((custom ? stop : time) - from) / hour) * hour;
  return { interval, times, from: iso(from), to: custom && query.has('end_time') ? iso(stop) : null, end: time,
    before: { from: iso(from - length), to: iso(Math.min(from, custom ? stop - length : Math.ceil((now - length) / hour) * hour)) } };
}

function timeOf(text, usual) {
  const time = new Date(text ?? '').getTime();
  return Number.isNaN(time) ? usual : time;
}

const iso = (time) => new Date(time).toISOString();
