// lines.js - lines with gaps where nothing is known.

import { svg } from '../dom.js';

/**
 * Draws lines.
 * @param {object} chart - `series` (`color`, `values`, `dash`), `x(place)`, `band`, `y(value)`.
 * @returns {Array<SVGElement>} A group for each series.
 */
export function lines({ series, x, band, y }) {
  return series.map(({ color, values, dash }) => {
    const points = values.map((value, place) => (value === null || value === undefined ? null : [x(place) + band / 2, y(value)]));
    let path = '';
    points.forEach((point, place) => { if (point) path += `${points[place - 1] ? 'L' : 'M'}${point[0].toFixed(1)} ${point[1].toFixed(1)}`; });
    const isAlone = (place) => points[place] && !points[place - 1] && !points[place + 1];
    const dots = points.filter((point, place) => point && (points.length <= 40 || isAlone(place)));
    return svg('g', null,
      svg('path', { d: path || 'M0 0', fill: 'none', stroke: color, 'stroke-width': 1.75, 'stroke-linejoin': 'round', 'stroke-linecap': 'round', 'stroke-dasharray': dash }),
      dots.map(([cx, cy]) => svg('circle', { cx, cy, r: 2.25, fill: color })));
  });
}

/**
 * The highest point.
 * @param {Array<object>} series - See `lines`.
 * @returns {number} Of all values.
 */
export function highestPoint(series) { return Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))); }
