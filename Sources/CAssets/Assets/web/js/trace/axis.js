// axis.js - the time axis above the bars: ticks, and zoom by dragging.

import { h, replace } from '../dom.js';
import { duration } from '../format.js';

const STEPS = [1, 2, 5];

/** A time on the axis, short. */
function label(ms) {
  if (ms === 0) return '0';
  if (ms < 60_000) return duration(ms).replace(/\.0+ /, ' ');
  const s = Math.round(ms / 1000);
  const rest = [Math.floor(s / 60) % 60, s % 60].map((part) => String(part).padStart(2, '0'));
  return s < 3600 ? `${Math.floor(s / 60)}:${rest[1]}` : `${Math.floor(s / 3600)}:${rest.join(':')}`;
}

/** Round times within a range, about as many as wanted. */
function ticks(from, to, wanted) {
  const rough = (to - from) / wanted;
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((factor) => factor * power >= rough) ?? 10);
  const found = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) found.push(at);
  return found;
}

/**
 * A time axis. `range` is what is shown, in milliseconds behind the start of the trace.
 * @param {function()} changed - Called when the range is another one.
 * @param {AbortSignal} signal - Ends it.
 * @returns {{element: HTMLElement, range: {from: number, to: number}, setTotal: function(number), zoom: function(number), reset: function()}} The axis.
 */
export function timeAxis(changed, signal) {
  const marks = h('div.axis-marks');
  const drag = h('div.axis-drag', { hidden: true });
  const reset = h('button.button.small.axis-reset', { type: 'button', hidden: true, title: 'Show all of the time (0)' }, 'All');
  const element = h('div.axis', { role: 'columnheader', 'aria-label': 'Time; drag to zoom', title: 'Drag to zoom in; + and - zoom, 0 shows all' }, marks, drag, reset);
  const axis = { element, range: { from: 0, to: 1 }, total: 1 };
  const draw = () => {
    const { from, to } = axis.range;
    const size = to - from;
    // A label needs 64 px; the last one is left out where it would be cut.
    const width = element.clientWidth;
    replace(marks, ticks(from, to, Math.max(1.5, width / 64)).map((at) => {
      const text = label(at);
      const room = (1 - (at - from) / size) * width;
      return h('span', { style: { left: `${((at - from) / size) * 100}%` } }, room > 7 * text.length + 5 ? text : null);
    }));
    reset.hidden = from === 0 && to === axis.total;
  };
  const show = (from, to) => {
    const least = Math.max(axis.total / 1e6, 1e-3);
    let size = Math.min(axis.total, Math.max(least, to - from));
    if (!(size > 0)) size = 1;
    const start = Math.max(0, Math.min(axis.total - size, from));
    axis.range = { from: start, to: start + size };
    draw();
    changed();
  };
  axis.setTotal = (total) => {
    const all = axis.range.from === 0 && axis.range.to === axis.total;
    axis.total = total > 0 ? total : 1;
    if (all) axis.range = { from: 0, to: axis.total };
    draw();
  };
  axis.zoom = (factor, around = null) => {
    const { from, to } = axis.range;
    const middle = around ?? (from + to) / 2;
    const size = (to - from) / factor;
    show(middle - size / 2, middle + size / 2);
  };
  axis.reset = () => show(0, axis.total);
  reset.addEventListener('click', axis.reset);
  listenToDrag(axis, drag, show);
  const watch = new ResizeObserver(draw);
  watch.observe(element);
  signal.addEventListener('abort', () => watch.disconnect());
  return axis;
}

function listenToDrag(axis, drag, show) {
  let begin = null;
  const { element } = axis;
  const share = (event) => {
    const box = element.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.target.closest('button')) return;
    begin = share(event);
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    if (begin === null) return;
    const at = share(event);
    drag.hidden = false;
    drag.style.setProperty('left', `${Math.min(begin, at) * 100}%`);
    drag.style.setProperty('width', `${Math.abs(begin - at) * 100}%`);
  });
  const finish = (event) => {
    if (begin === null) return;
    const [low, high] = [begin, share(event)].sort((a, b) => a - b);
    begin = null;
    drag.hidden = true;
    const { from, to } = axis.range;
    if (event.type === 'pointerup' && high - low > 0.01) show(from + low * (to - from), from + high * (to - from));
  };
  element.addEventListener('pointerup', finish);
  element.addEventListener('pointercancel', finish);
  element.addEventListener('dblclick', axis.reset);
}
