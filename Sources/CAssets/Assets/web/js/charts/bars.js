// bars.js - stacked bars.

import { svg } from '../dom.js';

/**
 * Draws stacked bars.
 * @param {object} chart - `series` (`color`, `values`), `x(place)`, `band`, `y(value)`.
 * @returns {Array<SVGElement>} A group for each series; its rects have `data-place` and `data-series`.
 */
export function stackedBars({ series, x, band, y }) {
  const gap = band > 6 ? Math.min(8, band * 0.2) : 0.5;
  const heights = [];
  return series.map(({ color, values }, order) => svg('g', { fill: color }, values.map((value, place) => {
    if (!(value > 0)) return null;
    const below = heights[place] ?? 0;
    heights[place] = below + value;
    const top = y(below + value);
    // Something is never too small to be seen.
    return svg('rect', { x: x(place) + gap / 2, y: top, width: Math.max(1, band - gap), height: Math.max(below === 0 ? 1.5 : 0.5, y(below) - top),
      'data-place': place, 'data-series': order });
  })));
}

/**
 * The highest bar.
 * @param {Array<object>} series - See `stackedBars`.
 * @returns {number} Of the sums of each place.
 */
export function highestBar(series) {
  const sums = [];
  for (const { values } of series) values.forEach((value, place) => { sums[place] = (sums[place] ?? 0) + (value ?? 0); });
  return Math.max(0, ...sums);
}
