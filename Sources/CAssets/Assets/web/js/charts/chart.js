// chart.js - the frame of a chart: axes, legend, readout by pointer and by keys, the same as a table.

import { h, replace, svg } from '../dom.js';
import { visible } from '../text.js';
import { highestBar, stackedBars } from './bars.js';
import { highestPoint, lines } from './lines.js';
import { niceTicks, timeLabel } from './scale.js';

const HEIGHT = 190;
const EDGE = { left: 58, right: 8, top: 8, bottom: 22 };

/**
 * Makes a chart over time.
 * @param {object} options
 * @param {string} options.title - Its heading.
 * @param {'bars'|'lines'} options.kind - How it is drawn.
 * @param {Array<number>} options.times - The beginning of each interval.
 * @param {string} options.interval - Their length.
 * @param {Array<object>} options.series - `label`, `color`, `values` (one for each time, null where unknown), `dash`.
 * @param {function(number): string} options.format - A value in the readout.
 * @param {function(number): string} [options.axis] - A value on the axis.
 * @param {boolean} [options.isWhole=false] - Whether values are counts.
 * @param {number} [options.most] - The highest value of the axis, where it is known.
 * @param {function(number, number|null)} [options.pick] - Called with the place and the series that were chosen.
 * @param {AbortSignal} options.signal - Of the page.
 * @returns {HTMLElement} A `figure`.
 */
export function chart(options) { return new Chart(options).element; }

class Chart {
  #place = -1;

  constructor(options) {
    this.options = options;
    this.isEmpty = !options.series.some(({ values }) => values.some((value) => (options.kind === 'bars' ? value > 0 : value !== null && value !== undefined)));
    const { title, signal } = options;
    this.tip = h('div.chart-tip', { hidden: true });
    this.said = h('div.sr-only', { 'aria-live': 'polite' });
    this.plot = h('div.chart-plot', this.isEmpty ? null : { tabindex: 0, role: 'application', 'aria-roledescription': 'chart',
      'aria-label': `${title}. Arrow keys read one interval after the other${options.pick ? ', Enter shows what is behind it' : ''}.` });
    this.element = h('figure.chart.panel', null, h('figcaption', null, h('h2', null, title), this.#legend()), this.plot, this.said,
      this.isEmpty ? null : this.#table());
    if (this.isEmpty) { replace(this.plot, h('p.muted.no-data', null, 'Nothing in this period')); return; }
    const watch = new ResizeObserver(() => this.#draw());
    watch.observe(this.plot);
    signal.addEventListener('abort', () => watch.disconnect());
    this.#listen();
  }

  #draw() {
    const { kind, times, series, most, axis, format, interval, isWhole } = this.options;
    const width = this.plot.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    const ticks = niceTicks(most ?? (kind === 'bars' ? highestBar(series) : highestPoint(series)), isWhole);
    const inner = HEIGHT - EDGE.top - EDGE.bottom;
    this.band = (width - EDGE.left - EDGE.right) / times.length;
    const x = (place) => EDGE.left + place * this.band;
    const y = (value) => EDGE.top + inner * (1 - value / ticks.at(-1));
    this.cursor = svg('rect', { y: EDGE.top, height: inner, width: Math.max(1, this.band), class: 'cursor' });
    const every = Math.ceil(times.length / Math.max(1, Math.floor((width - EDGE.left) / 64)));
    const drawing = svg('svg', { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, 'aria-hidden': 'true', focusable: 'false' },
      ticks.map((tick) => [svg('line', { x1: EDGE.left, x2: width - EDGE.right, y1: y(tick), y2: y(tick), class: 'grid-line' }),
        svg('text', { x: EDGE.left - 8, y: y(tick), 'text-anchor': 'end', 'dominant-baseline': 'middle' }, (axis ?? format)(tick))]),
      times.map((time, place) => (place % every ? null : svg('text', { x: x(place) + this.band / 2, y: HEIGHT - 6, 'text-anchor': 'middle' }, timeLabel(time, interval)))),
      this.cursor, (kind === 'bars' ? stackedBars : lines)({ series, x, y, band: this.band }));
    replace(this.plot, drawing, this.tip);
    this.#show(this.#place);
  }

  #legend() {
    const { series } = this.options;
    if (series.length < 2 || this.isEmpty) return null;
    return h('ul.legend', null, series.map(({ label, color }) => h('li', null, swatch(color), h('bdi', null, visible(label)))));
  }

  #listen() {
    const { plot, options: { times, pick } } = this;
    const placeOf = (event) => {
      const place = Math.floor((event.clientX - plot.getBoundingClientRect().left - EDGE.left) / this.band);
      return place >= 0 && place < times.length ? place : -1;
    };
    plot.addEventListener('pointermove', (event) => this.#show(placeOf(event)));
    plot.addEventListener('pointerleave', () => this.#show(-1));
    plot.addEventListener('blur', () => this.#show(-1));
    plot.addEventListener('keydown', (event) => {
      const next = { ArrowRight: this.#place + 1, ArrowLeft: this.#place < 0 ? times.length - 1 : this.#place - 1, Home: 0, End: times.length - 1 }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        this.#show(Math.max(0, Math.min(times.length - 1, next)), true);
      } else if (event.key === 'Escape' && this.#place >= 0) {
        event.preventDefault();
        this.#show(-1);
      } else if (event.key === 'Enter' && this.#place >= 0 && pick) {
        event.preventDefault();
        pick(this.#place, null);
      }
    });
    if (!pick) return;
    plot.classList.add('can-pick');
    plot.addEventListener('click', (event) => {
      const place = placeOf(event);
      if (place >= 0) pick(place, event.target.dataset?.series === undefined ? null : Number(event.target.dataset.series));
    });
  }

  #show(place, isSaid = false) {
    this.#place = place;
    this.tip.hidden = place < 0;
    this.cursor?.classList.toggle('shown', place >= 0);
    if (place < 0) return;
    const { times, interval, series, format, kind } = this.options;
    const center = EDGE.left + (place + 0.5) * this.band;
    this.cursor.setAttribute('x', String(EDGE.left + place * this.band));
    const known = series.map((entry) => ({ ...entry, value: entry.values[place] })).filter(({ value }) => (kind === 'bars' ? value : value !== null && value !== undefined));
    const total = kind === 'bars' && known.length > 1 ? known.reduce((sum, { value }) => sum + value, 0) : null;
    replace(this.tip, h('strong', null, timeLabel(times[place], interval, true)),
      known.length === 0 ? h('div.muted', null, 'Nothing') : known.map(({ label, color, value }) => h('div.tip-row', null, swatch(color), h('bdi.cut', null, visible(label)), h('span.num', null, format(value)))),
      total === null ? null : h('div.tip-row.total', null, h('span'), h('span', null, 'Total'), h('span.num', null, format(total))));
    const isRight = center > this.width / 2;
    this.tip.style.setProperty('left', isRight ? 'auto' : `${center + this.band / 2 + 6}px`);
    this.tip.style.setProperty('right', isRight ? `${this.width - center + this.band / 2 + 6}px` : 'auto');
    if (isSaid) this.said.textContent = [...this.tip.children].map((row) => [...row.childNodes].map((node) => node.textContent).join(' ')).join('; ');
  }

  #table() {
    const { title, times, interval, series, format } = this.options;
    const box = h('details.chart-table', null, h('summary.muted.small', null, 'As a table'));
    box.addEventListener('toggle', () => {
      if (!box.open || box.children.length > 1) return;
      box.append(h('div.table-wrap', { tabindex: 0, role: 'region', 'aria-label': `${title} as a table` }, h('table.table', null,
        h('thead', null, h('tr', null, h('th', null, 'Time'), series.map(({ label }) => h('th.num', null, h('bdi', null, visible(label)))))),
        h('tbody', null, times.map((time, place) => h('tr', null, h('td', null, timeLabel(time, interval, true)),
          series.map(({ values }) => h('td.num', null, format(values[place])))))))));
    });
    return box;
  }
}

function swatch(color) {
  return svg('svg', { width: 10, height: 10, viewBox: '0 0 10 10', 'aria-hidden': 'true', class: 'swatch' }, svg('rect', { width: 10, height: 10, rx: 2, fill: color }));
}
