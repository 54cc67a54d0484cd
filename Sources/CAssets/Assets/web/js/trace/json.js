// json.js - JSON as a tree of text nodes; what is closed is not there yet.

import { LargeInteger } from '../api.js';
import { h, icon } from '../dom.js';
import { count } from '../format.js';
import { longText, piece, visible } from '../text.js';

const PAGE = 100;
const PARSED = 2_000_000;

const isTree = (value) => value !== null && typeof value === 'object' && !(value instanceof LargeInteger);

/**
 * What a text says as JSON.
 * @param {*} text - Anything.
 * @returns {object|Array|undefined} Undefined where it is no object or array in JSON.
 */
export function fromJSON(text) {
  if (typeof text !== 'string' || text.length > PARSED || !/^\s*[[{]/.test(text)) return undefined;
  try { return JSON.parse(text); } catch { return undefined; }
}

/**
 * A value as text, as it is copied.
 * @param {*} value - A text, or a value of JSON.
 * @returns {string} The text itself, or JSON in lines.
 */
export function asText(value) { return typeof value === 'string' ? value : JSON.stringify(value, null, 2) ?? ''; }

/**
 * Shows any value: text as text, JSON (also in a text) as a tree.
 * @param {*} value - What came.
 * @param {object} [options]
 * @param {number} [options.open=2] - How many levels are open.
 * @param {number} [options.first] - See `longText`.
 * @returns {HTMLElement} Text nodes only.
 */
export function valueView(value, { open = 2, first } = {}) {
  const tree = isTree(value) ? value : fromJSON(value);
  if (tree !== undefined) return h('div.json', null, node(null, tree, open));
  return longText(value === null || value === undefined ? '–' : String(value), { first });
}

function node(name, value, open) {
  if (!isTree(value)) return h('div.json-line', null, nameOf(name), leaf(value));
  const isList = Array.isArray(value);
  const keys = isList ? value.length : Object.keys(value).length;
  if (keys === 0) return h('div.json-line', null, nameOf(name), h('span.muted', null, isList ? '[]' : '{}'));
  const body = h('div.json-body', { hidden: true });
  const twist = h('button.json-twist', { type: 'button', 'aria-expanded': 'false' }, icon('M6 4l4 4-4 4'), nameOf(name),
    h('span.muted', null, isList ? `[${count(keys)}]` : `{${count(keys)}}`), name === null ? null : h('span.json-hint.muted.cut', null, hint(value)));
  const toggle = (show) => {
    if (show && !body.firstChild) fillBody(body, isList ? value.map((item, place) => [place, item]) : Object.entries(value), open - 1);
    body.hidden = !show;
    twist.setAttribute('aria-expanded', String(show));
  };
  twist.addEventListener('click', () => toggle(body.hidden));
  if (open > 0) toggle(true);
  return h('div.json-node', null, twist, body);
}

function fillBody(body, entries, open) {
  let done = 0;
  const more = () => {
    for (const [name, value] of entries.slice(done, done + PAGE)) body.append(node(name, value, open));
    done += PAGE;
    if (done >= entries.length) return;
    const button = h('button.button.small', { type: 'button' }, `Show more (${count(entries.length - done)})`);
    button.addEventListener('click', () => { button.remove(); more(); });
    body.append(button);
  };
  more();
}

function nameOf(name) {
  if (name === null) return null;
  return [h('bdi.json-name', null, visible(piece(String(name), 200))), h('span.muted', null, ': ')];
}

function leaf(value) {
  if (typeof value !== 'string') return h('span.json-plain', null, String(value));
  if (value.length > 200 || value.includes('\n')) return longText(value, { first: 1000, class: 'json-text' });
  return h('bdi.json-text', null, visible(value) || '""');
}

/** The beginning of what is closed. */
function hint(value) {
  const parts = [];
  for (const name in value) {
    const item = value[name];
    parts.push((Array.isArray(value) ? '' : `${name}: `) + (isTree(item) ? (Array.isArray(item) ? '[…]' : '{…}') : String(item).slice(0, 40)));
    if (parts.length === 4) break;
  }
  return visible(piece(parts.join(', '), 120)).replace(/\s+/g, ' ');
}
