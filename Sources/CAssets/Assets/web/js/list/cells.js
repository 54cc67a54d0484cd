// cells.js - cells that several lists have.

import { h, replace } from '../dom.js';
import { count, setTime, time } from '../format.js';
import { short } from '../text.js';

/**
 * Fills a cell with a time that leads somewhere.
 * @param {HTMLElement} cell - The cell.
 * @param {string} when - ISO 8601.
 * @param {string} [link] - Where it leads.
 */
export function timeCell(cell, when, link) {
  const shown = cell.querySelector('time');
  if (shown) setTime(shown, when);
  else replace(cell, link ? h('a.quiet', { tabindex: -1, href: link }, time(when)) : time(when));
  if (link) cell.firstChild.setAttribute('href', link);
}

/**
 * Fills a cell with the text that names the row, as a link.
 * @param {HTMLElement} cell - The cell.
 * @param {string} text - From outside.
 * @param {string} link - Where it leads.
 */
export function linkCell(cell, text, link) {
  replace(cell, h('a.main-link', { href: link, tabindex: -1 }, short(text)));
}

/**
 * Fills a cell with tokens in and out.
 * @param {HTMLElement} cell - The cell.
 * @param {number|null} input - Null is unknown.
 * @param {number|null} output - Null is unknown.
 */
export function tokensCell(cell, input, output) {
  replace(cell, count(input), h('span.muted', null, ' / '), count(output));
}
