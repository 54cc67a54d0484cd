// fields.js - what can be filtered by, how the address says it, and what the server is asked.

import { cost, count, duration, localTime } from '../format.js';

const MINUTE = 60_000;

/** The quick ranges: name in the address, label, milliseconds. */
export const RANGES = [
  ['15m', 'Last 15 min', 15 * MINUTE], ['1h', 'Last hour', 60 * MINUTE], ['24h', 'Last 24 h', 1440 * MINUTE],
  ['7d', 'Last 7 days', 7 * 1440 * MINUTE], ['30d', 'Last 30 days', 30 * 1440 * MINUTE], ['90d', 'Last 90 days', 90 * 1440 * MINUTE],
];

const asDuration = (value) => duration(Number(value));
const asCost = (value) => cost(Number(value));
const asCount = (value) => count(Number(value));

/** Every filter with a value of its own: `name` is the parameter, `facet` where values are suggested from. */
export const FIELDS = [
  { name: 'q', label: 'Text', kind: 'search' },
  { name: 'model', label: 'Model', facet: 'model' },
  { name: 'status', label: 'Status', kind: 'status' },
  { name: 'start_time', label: 'From', kind: 'time', sign: '≥', show: (value) => localTime(value).slice(0, 16) },
  { name: 'end_time', label: 'To', kind: 'time', sign: '<', show: (value) => localTime(value).slice(0, 16) },
  { name: 'service', label: 'Service', facet: 'service', more: true },
  { name: 'provider', label: 'Provider', facet: 'provider', more: true },
  { name: 'session_id', label: 'Session', facet: 'session', more: true },
  { name: 'user_id', label: 'User', facet: 'user', more: true },
  { name: 'name', label: 'Span name', more: true },
  { name: 'operation', label: 'Operation', facet: 'operation', more: true },
  { name: 'tool', label: 'Tool', facet: 'tool', more: true },
  { name: 'tag', label: 'Tag', more: true },
  { name: 'error_type', label: 'Error type', facet: 'error_type', more: true },
  { name: 'has_warning', label: 'Warnings', kind: 'choice', options: [['true', 'with'], ['false', 'without']], more: true },
  { name: 'min_latency_ms', label: 'Latency, ms, min', title: 'Latency', kind: 'number', step: 1, sign: '≥', show: asDuration, more: true },
  { name: 'max_latency_ms', label: 'Latency, ms, max', title: 'Latency', kind: 'number', step: 1, sign: '≤', show: asDuration, more: true },
  { name: 'min_cost', label: 'Cost, USD, min', title: 'Cost', kind: 'number', step: 'any', sign: '≥', show: asCost, more: true },
  { name: 'max_cost', label: 'Cost, USD, max', title: 'Cost', kind: 'number', step: 'any', sign: '≤', show: asCost, more: true },
  { name: 'min_tokens', label: 'Tokens, min', title: 'Tokens', kind: 'number', step: 1, sign: '≥', show: asCount, more: true },
];

/** Filters that come by links only; shown as chips. */
const BY_LINK = {
  model_id: 'Exact model', max_tokens: 'Tokens at most', warning: 'Warning', source: 'Source',
};

const byName = new Map(FIELDS.map((field) => [field.name, field]));

/** The values of `status` in each view. */
export const STATUSES = {
  traces: [['ok', 'OK'], ['error', 'Error']],
  calls: [['success', 'Success'], ['error', 'Error'], ['timeout', 'Timeout']],
};

/** The orders that lists know, as one choice. */
export const ORDERS = [
  ['', 'Newest first'], ['start_time asc', 'Oldest first'], ['duration_ms', 'Slowest first'], ['duration_ms asc', 'Quickest first'],
  ['cost', 'Dearest first'], ['cost asc', 'Cheapest first'], ['tokens', 'Most tokens first'], ['tokens asc', 'Fewest tokens first'],
];

const isExact = (value) => /^".+"$/s.test(value);

/**
 * The value of the filter "model" that means exactly this name, in place of a part of it.
 * @param {string} name - The model.
 * @returns {string} In quotes.
 */
export const exactModel = (name) => `"${name}"`;

function modelPattern(value) {
  if (isExact(value)) return value.slice(1, -1);
  return value.includes('*') ? value : `*${value}*`;
}

/**
 * Where the time of an address begins.
 * @param {URLSearchParams} query - Of the page.
 * @param {number} [now] - Milliseconds since the epoch.
 * @returns {string|null} ISO 8601; null without a beginning.
 */
export function startOf(query, now = Date.now()) {
  const range = RANGES.find(([name]) => name === query.get('range'));
  return range ? new Date(now - range[2]).toISOString() : query.get('start_time');
}

/**
 * What the server is asked for the filters of an address. Parameters that nobody here knows go along, so that the server
 * says what is wrong with them.
 * @param {URLSearchParams} query - Of the page.
 * @param {object} [options]
 * @param {Array<string>} [options.times] - The names of the two bounds.
 * @param {Array<string>} [options.own] - Parameters of the page that are no filters.
 * @returns {URLSearchParams} For `get`.
 */
export function askedFor(query, { times: [from, to] = ['start_time', 'end_time'], own = [] } = {}) {
  const asked = new URLSearchParams();
  for (const [name, value] of query) {
    if (own.includes(name) || name === 'range' || name === 'start_time' || value === '') continue;
    if (name === 'model') asked.append(name, modelPattern(value));
    else asked.append(name === 'end_time' ? to : name, value);
  }
  const start = startOf(query);
  if (start) asked.set(from, start);
  return asked;
}

/**
 * The filters of an address, for people.
 * @param {URLSearchParams} query - Of the page.
 * @returns {Array<{name: string, label: string, sign: string, value: string}>} In the order of the address.
 */
export function activeFilters(query) {
  const found = [];
  for (const [name, value] of query) {
    const field = byName.get(name);
    if (name === 'range') {
      const range = RANGES.find((entry) => entry[0] === value);
      found.push({ name, label: 'Time', sign: '', value: range ? range[1].toLowerCase() : value });
    } else if (name.startsWith('attr.')) {
      found.push({ name, label: name.slice(5), sign: '=', value });
    } else if (name === 'model') {
      found.push({ name, label: 'Model', sign: isExact(value) ? 'is' : 'has', value: isExact(value) ? value.slice(1, -1) : value });
    } else if (field) {
      found.push({ name, label: field.title ?? field.label, sign: field.sign ?? '', value: field.show?.(value) ?? value });
    } else if (BY_LINK[name]) {
      found.push({ name, label: BY_LINK[name], sign: '', value });
    }
  }
  return found;
}

/**
 * What takes every filter out of an address.
 * @param {URLSearchParams} query - Of the page.
 * @returns {object} For `setQuery`.
 */
export function withoutFilters(query) {
  return Object.fromEntries(activeFilters(query).map(({ name }) => [name, null]));
}
