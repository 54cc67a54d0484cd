// format.js - numbers, money, durations and times as people read them. Unknown is "–", never 0.

import { h } from './dom.js';

/** What stands for an unknown value. */
export const UNKNOWN = '–';

// Without Intl.NumberFormat, the first of which takes longer than the rows of a list.
const grouped = (digits) => digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
const isUnknown = (value) => value === null || value === undefined || Number.isNaN(value);

/**
 * A number with separators: `12,345`.
 * @param {number|bigint|null} value - Null is unknown.
 * @returns {string} The text.
 */
export function count(value) {
  if (isUnknown(value)) return UNKNOWN;
  return grouped(typeof value === 'number' ? (Math.round(value) || 0).toFixed(0) : String(value));
}

/**
 * A number in little room: `12.3k`, `4.5M`; give the exact one as the title.
 * @param {number|null} value - Null is unknown.
 * @returns {string} The text.
 */
export function compact(value) {
  if (isUnknown(value)) return UNKNOWN;
  let size = Math.abs(value);
  if (size < 10_000) return count(value);
  let unit = -1;
  while (size >= 999.95 && unit < 3) { size /= 1000; unit += 1; }
  return `${value < 0 ? '-' : ''}${grouped(String(Number(size.toFixed(1))))}${'kMBT'[unit]}`;
}

/**
 * Money with as many digits as it takes: something never reads as nothing.
 * @param {number|null} usd - US dollars; null is unknown.
 * @param {string} [unknown] - What an unknown cost reads as, such as "unpriced".
 * @returns {string} `$1,204.50`, `$0.019`, `$0.0001`; nothing is `$0`.
 */
export function cost(usd, unknown = UNKNOWN) {
  if (isUnknown(usd)) return unknown;
  const size = Math.abs(usd);
  const sign = usd < 0 ? '-$' : '$';
  if (size === 0) return '$0';
  if (size < 1e-12) return `${usd < 0 ? '>-' : '<'}$0.000000000001`;
  if (size >= 0.9995) return sign + grouped(size.toFixed(2));
  // Three significant digits, without noughts behind, but two places at least.
  const places = Math.max(2, 2 - Math.floor(Math.log10(size)));
  return sign + size.toFixed(Math.min(places, 14)).replace(/(\.\d\d\d*?)0+$/, '$1');
}

/**
 * A cost for a narrow column: below a hundredth of a cent only that it is less, but never nothing.
 * @param {number} usd
 * @returns {string}
 */
export function briefCost(usd) {
  return usd > 0 && usd < 1e-4 ? '<$0.0001' : cost(usd);
}

/**
 * A duration.
 * @param {number|null} ms - Milliseconds; null is unknown.
 * @returns {string} `840 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
 */
export function duration(ms) {
  if (isUnknown(ms)) return UNKNOWN;
  if (ms > 0 && ms < 1) return `${Number(ms.toPrecision(2))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)} s`;
  const s = Math.round(ms / 1000);
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  const min = Math.round(s / 60);
  if (min < 1440) return `${Math.floor(min / 60)} h ${min % 60} min`;
  const hours = Math.round(min / 60);
  return `${count(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/**
 * A share.
 * @param {number|null} share - 0 to 1; null is unknown.
 * @returns {string} `42.5 %`.
 */
export function percent(share) {
  return isUnknown(share) ? UNKNOWN : `${Number((share * 100).toFixed(share < 0.1 ? 2 : 1))} %`;
}

/**
 * A number of bytes.
 * @param {number|null} size - Null is unknown.
 * @returns {string} `512 B`, `12.5 KB`, `10 MB`; of 1,000.
 */
export function bytes(size) {
  if (isUnknown(size)) return UNKNOWN;
  if (size < 1000) return `${size} B`;
  const step = Math.min(4, Math.floor(Math.log10(size) / 3));
  return `${Number((size / 1000 ** step).toFixed(1))} ${['B', 'KB', 'MB', 'GB', 'TB'][step]}`;
}

const two = (number) => String(number).padStart(2, '0');

/**
 * The exact local time: `2026-11-21 06:28:20.123`.
 * @param {Date|string} when - The time.
 * @returns {string} The text; "–" where it is none.
 */
export function localTime(when) {
  const t = new Date(when);
  if (Number.isNaN(t.getTime())) return UNKNOWN;
  const ms = String(t.getMilliseconds()).padStart(3, '0');
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ` +
    `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}.${ms}`;
}

/**
 * How long ago: `just now`, `2 min ago`, and the day after a week.
 * @param {Date|string} when - The time.
 * @param {number} [now] - Milliseconds since the epoch.
 * @returns {string} The text.
 */
export function relative(when, now = Date.now()) {
  const then = new Date(when).getTime();
  if (Number.isNaN(then)) return UNKNOWN;
  const s = Math.round((now - then) / 1000);
  if (s < -5) return localTime(when).slice(0, 16);
  if (s < 5) return 'just now';
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
  if (s < 7 * 86_400) return `${Math.floor(s / 86_400)} d ago`;
  return localTime(when).slice(0, 10);
}

/** The title of a time: local and UTC. */
const exact = (when) => `${localTime(when)} local\n${new Date(when).toISOString().replace('T', ' ').replace('Z', '')} UTC`;

/**
 * A time, with the exact one on hover; a relative one is kept up to date.
 * @param {string|null} when - ISO 8601; null is unknown.
 * @param {object} [options]
 * @param {boolean} [options.exact=false] - Shows the exact local time in place of a relative one.
 * @returns {HTMLElement} A `time`.
 */
export function time(when, options = {}) {
  if (!when || Number.isNaN(new Date(when).getTime())) return h('span', null, UNKNOWN);
  return h('time', { datetime: when, title: exact(when), 'data-relative': options.exact ? null : '1' },
    options.exact ? localTime(when) : relative(when));
}

/**
 * Puts another time into an element of `time`.
 * @param {HTMLElement} element - Made by `time`.
 * @param {string} when - ISO 8601.
 */
export function setTime(element, when) {
  element.setAttribute('datetime', when);
  element.setAttribute('title', exact(when));
  element.textContent = element.dataset.relative ? relative(when) : localTime(when);
}

setInterval(() => {
  if (document.hidden) return;
  const now = Date.now();
  for (const element of document.querySelectorAll('time[data-relative]')) {
    const text = relative(element.getAttribute('datetime'), now);
    if (element.textContent !== text) element.textContent = text;
  }
}, 5000);
