// parts.js - small parts that the panels share.

import { h, icon, replace } from '../dom.js';
import { current, href } from '../router.js';

const COPY = 'M6 5.500h7v8H6zM10 5.500V3H3v8h3';
const DONE = 'M3 8l3.500 3.500L13 5';
const LINK = 'M7 9a2.500 2.500 0 0 0 3.600 0l2-2a2.500 2.500 0 0 0-3.600-3.600l-.6.6M9 7a2.500 2.500 0 0 0-3.600 0l-2 2a2.500 2.500 0 0 0 3.600 3.600l.6-.6';

async function copy(button, text, sign) {
  let worked = true;
  try { await navigator.clipboard.writeText(text); } catch { worked = false; }
  const label = button.getAttribute('aria-label');
  replace(button, icon(worked ? DONE : 'M4 4l8 8M12 4l-8 8'));
  button.setAttribute('aria-label', worked ? 'Copied' : 'Not allowed');
  setTimeout(() => { replace(button, icon(sign)); button.setAttribute('aria-label', label); }, 1200);
}

/**
 * A small button that copies a text exactly as it came.
 * @param {function(): string} text - Gives the text.
 * @param {string} [label] - What is copied.
 * @returns {HTMLElement} The button.
 */
export function copyMark(text, label = 'Copy') {
  const button = h('button.mark', { type: 'button', title: label, 'aria-label': label }, icon(COPY));
  button.addEventListener('click', () => copy(button, text(), COPY));
  return button;
}

/**
 * A link to a place on this page, which also copies its address.
 * @param {string} hash - The place.
 * @param {string} label - What it is.
 * @returns {HTMLElement} The link.
 */
export function linkMark(hash, label) {
  return h('a.mark', { href: href(location.pathname, current().query, hash), title: label, 'aria-label': label }, icon(LINK));
}

/**
 * Something that opens; its contents are made when it first does.
 * @param {*} title - Children of the summary.
 * @param {function(): *} fill - Gives the contents.
 * @param {object} [options]
 * @param {boolean} [options.open=false] - Whether it is open.
 * @param {string} [options.class] - Classes.
 * @returns {HTMLElement} A `details`.
 */
export function fold(title, fill, { open = false, class: name } = {}) {
  const body = h('div.fold-body');
  const make = () => { if (!body.firstChild) replace(body, fill()); };
  const element = h('details.fold', { class: name, open }, h('summary', null, title), body);
  if (open) make();
  element.addEventListener('toggle', make);
  return element;
}

/**
 * A heading with what belongs to it.
 * @param {string} title - The heading.
 * @param {*} marks - Buttons beside it.
 * @param {...*} children - What is below.
 * @returns {HTMLElement} A `section`.
 */
export function section(title, marks, ...children) {
  return h('section.d-section', null, h('header', null, h('h3', null, title), marks), children);
}

/**
 * Grey boxes where something will be.
 * @param {number} lines - How many.
 * @returns {HTMLElement} Hidden from screen readers.
 */
export function skeleton(lines) {
  return h('div.skeleton', { 'aria-hidden': 'true' }, Array.from({ length: lines }, (_, place) => h('i', { style: { width: `${90 - ((place * 37) % 50)}%` } })));
}
