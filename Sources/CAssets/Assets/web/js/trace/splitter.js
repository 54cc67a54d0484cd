// splitter.js - the border between two panes, moved with the pointer or with arrows.

import { h } from '../dom.js';

const KEY = 'skein.trace.split';
const LEAST = 25;
const MOST = 80;

/**
 * A splitter; the share of the first pane is the property `--split` of the box.
 * @param {HTMLElement} box - Holds both panes.
 * @param {AbortSignal} signal - Ends it.
 * @returns {HTMLElement} Goes between the panes.
 */
export function splitter(box, signal) {
  const handle = h('div.splitter', { role: 'separator', tabindex: 0, 'aria-orientation': 'vertical', 'aria-label': 'Width of the spans', 'aria-valuemin': LEAST, 'aria-valuemax': MOST });
  let share = 54;
  try { share = Number(localStorage.getItem(KEY)) || share; } catch { /* Then as it is at first. */ }
  const set = (value, keep) => {
    share = Math.max(LEAST, Math.min(MOST, value));
    box.style.setProperty('--split', `${share}%`);
    handle.setAttribute('aria-valuenow', Math.round(share));
    try { if (keep) localStorage.setItem(KEY, share.toFixed(1)); } catch { /* As above. */ }
  };
  set(share);
  handle.addEventListener('pointerdown', (event) => { handle.setPointerCapture(event.pointerId); event.preventDefault(); handle.focus(); }, { signal });
  handle.addEventListener('pointermove', (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const { left, width } = box.getBoundingClientRect();
    set(((event.clientX - left) / width) * 100);
  }, { signal });
  handle.addEventListener('lostpointercapture', () => set(share, true), { signal });
  handle.addEventListener('dblclick', () => set(54, true), { signal });
  handle.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -3, ArrowRight: 3 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    set(share + step, true);
  }, { signal });
  return handle;
}
