// scale.js - ticks that people can read, and the intervals that time is split into.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Round values from 0 up to at least a maximum.
 * @param {number} most - The highest value.
 * @param {boolean} [isWhole=false] - Whether there is nothing between whole numbers.
 * @returns {Array<number>} The first is 0.
 */
export function niceTicks(most, isWhole = false) {
  if (!(most > 0)) return [0, 1];
  const rough = isWhole ? Math.max(1, most / 4) : most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, place) => Number((place * step).toPrecision(12)));
}

const floors = {
  hour: (t) => t - t % HOUR,
  day: (t) => t - t % DAY,
  // 1970-01-01 was a Thursday; weeks begin on Monday.
  week: (t) => { const day = t - t % DAY; return day - ((day / DAY + 3) % 7) * DAY; },
  month: (t) => { const date = new Date(t); return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1); },
};

/**
 * The beginning of the interval that a time is in, as the server splits time (UTC).
 * @param {number} time - Milliseconds since the epoch.
 * @param {'hour'|'day'|'week'|'month'} interval - The interval.
 * @returns {number} Milliseconds since the epoch.
 */
export function floorTime(time, interval) { return floors[interval](time); }

/**
 * The beginning of the next interval.
 * @param {number} start - The beginning of one.
 * @param {'hour'|'day'|'week'|'month'} interval - The interval.
 * @returns {number} Milliseconds since the epoch.
 */
export function nextTime(start, interval) {
  if (interval === 'month') { const date = new Date(start); return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1); }
  return start + { hour: HOUR, day: DAY, week: 7 * DAY }[interval];
}

/**
 * The interval that suits a period.
 * @param {number} length - Milliseconds.
 * @returns {'hour'|'day'|'week'|'month'} The interval.
 */
export function intervalFor(length) {
  if (length <= 2.1 * DAY) return 'hour';
  if (length <= 120 * DAY) return 'day';
  return length <= 800 * DAY ? 'week' : 'month';
}

const two = (number) => String(number).padStart(2, '0');
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/**
 * The label of an interval on an axis; hours are local, days and longer ones UTC, as they are counted.
 * @param {number} start - Its beginning.
 * @param {'hour'|'day'|'week'|'month'} interval - Its length.
 * @param {boolean} [isLong=false] - Whether there is room.
 * @returns {string} Such as `14:00` or `Nov 21`.
 */
export function timeLabel(start, interval, isLong = false) {
  const t = new Date(start);
  if (interval === 'hour') {
    const clock = `${two(t.getHours())}:${two(t.getMinutes())}`;
    return isLong ? `${MONTHS[t.getMonth()]} ${t.getDate()}, ${clock}` : clock;
  }
  const day = `${MONTHS[t.getUTCMonth()]} ${t.getUTCDate()}`;
  if (interval === 'month') return `${MONTHS[t.getUTCMonth()]} ${t.getUTCFullYear()}`;
  return isLong ? `${interval === 'week' ? 'Week of ' : ''}${day}, ${t.getUTCFullYear()} (UTC)` : day;
}
