// bar.js - the filter bar: what it shows is the address, and what is changed in it changes the address.

import { h, icon, replace } from '../dom.js';
import { bind } from '../keys.js';
import { later } from '../later.js';
import { current, setQuery } from '../router.js';
import { short } from '../text.js';
import { FIELDS, ORDERS, RANGES, STATUSES, activeFilters, withoutFilters } from './fields.js';

/**
 * Makes the filter bar of a page.
 * @param {object} options
 * @param {'traces'|'calls'} options.view - Which values of `status` there are.
 * @param {boolean} [options.sorts=false] - Whether the order can be chosen too.
 * @param {Array<string>} [options.without] - Filters that this page does not know.
 * @param {Array<Array>} [options.ranges] - The ranges offered, as `RANGES`.
 * @param {string} [options.range=''] - The range without a word about it.
 * @param {AbortSignal} options.signal - Of the page.
 * @returns {{element: HTMLElement, tools: HTMLElement, sync: function(): void}} `tools` is the end of the bar; `sync` shows
 *   the address again.
 */
export function filterBar({ view, sorts = false, without = [], ranges = RANGES, range = '', signal }) {
  const fields = FIELDS.filter(({ name }) => !without.includes(name));
  const inputs = new Map();
  const add = (name, element) => { inputs.set(name, element); return element; };
  const field = (name) => fields.find((entry) => entry.name === name);
  const panel = h('div.filter-panel.panel', { id: 'filter-panel', hidden: true, role: 'group', 'aria-label': 'More filters' });
  const badge = h('span.badge.accent', { hidden: true });
  const toggle = h('button.button', { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'filter-panel' },
    icon('M2 4h12M4.500 8h7M6.500 12h3'), 'Filters', badge);
  const open = async (wanted, first = 'input, select') => {
    if (wanted && !panel.hasChildNodes()) {
      const { fillPanel } = await later(() => import('./panel.js'));
      if (!panel.hasChildNodes()) fillPanel(panel, { fields: fields.filter(({ more }) => more), add, orders: sorts ? ORDERS : null, signal });
      sync();
    }
    panel.hidden = !wanted;
    toggle.setAttribute('aria-expanded', String(wanted));
    if (wanted) panel.querySelector(first)?.focus();
  };
  toggle.addEventListener('click', () => open(panel.hidden));
  const chips = h('ul.chips', { 'aria-label': 'Active filters' });
  const tools = h('div.filter-tools');
  const element = h('form.filters', { role: 'search', 'aria-label': 'Filters', on: { submit: (event) => event.preventDefault() } },
    h('div.filter-row', null,
      field('q') ? searchField(add, signal) : null, field('model') ? modelField(field('model'), add, signal) : null,
      field('status') ? choice(add, 'status', 'Status', [['', 'Any status'], ...STATUSES[view]]) : null,
      rangeChoice(add, ranges, range, () => open(true, '#filter-start_time')), toggle, tools),
    panel, chips);
  bind({ keys: 'Escape', label: 'Leave the field, close the filters', group: 'List', inFields: true, run: (event) => {
    if (!panel.hidden && element.contains(event.target)) { open(false); toggle.focus(); return; }
    if (!element.contains(event.target)) return false;
    event.target.blur();
  } }, signal);
  document.addEventListener('pointerdown', ({ target }) => {
    if (!panel.hidden && !panel.contains(target) && !toggle.contains(target)) open(false);
  }, { signal });

  const sync = () => {
    const { query } = current();
    for (const [name, input] of inputs) if (input !== document.activeElement || input.tagName === 'SELECT') input.show(query);
    const active = activeFilters(query);
    const hidden = active.filter(({ name }) => !['q', 'model', 'status', 'range'].includes(name)).length;
    badge.hidden = hidden === 0;
    badge.textContent = hidden;
    chips.hidden = active.length === 0;
    replace(chips, active.map(chip), active.length > 1 ? h('li', null, h('button.button.small.plain', {
      type: 'button', on: { click: () => setQuery(withoutFilters(current().query), { push: true }) } }, 'Clear all')) : null);
  };
  sync();
  return { element, tools, sync };
}

function chip({ name, label, sign, value }) {
  const remove = () => setQuery({ [name]: null }, { push: true });
  return h('li.chip', null, h('span.muted', null, short(label, { max: 40 }), sign ? ` ${sign}` : ':'), ' ', short(value, { max: 60 }),
    h('button', { type: 'button', 'aria-label': `Remove the filter ${label}`, on: { click: remove } }, '×'));
}

function searchField(add, signal) {
  const input = h('input.input.q', { id: 'filter-q', type: 'search', 'aria-label': 'Words in prompts, answers, tools and errors',
    placeholder: 'Search prompts, answers, errors  ( / )', maxlength: 1024, autocomplete: 'off', spellcheck: 'false' });
  input.addEventListener('change', () => setQuery({ q: input.value.trim() }, { push: true }));
  input.addEventListener('search', () => setQuery({ q: input.value.trim() }, { push: true }));
  input.show = (query) => { input.value = query.get('q') ?? ''; };
  bind({ keys: '/', label: 'Search', group: 'List', run: () => { input.focus(); input.select(); } }, signal);
  return add('q', input);
}

function modelField(field, add, signal) {
  const input = h('input.input.model', { id: 'filter-model', type: 'search', 'aria-label': 'Model', placeholder: 'Model',
    title: 'A part of the name, such as opus; in quotes all of it', autocomplete: 'off', spellcheck: 'false' });
  const set = () => setQuery({ model: input.value.trim() }, { push: true });
  input.addEventListener('change', set);
  input.addEventListener('search', set);
  input.show = (query) => { input.value = query.get('model') ?? ''; };
  input.addEventListener('focus', async () => {
    const { suggestions } = await later(() => import('./suggest.js'));
    input.after(suggestions(input, field, signal));
  }, { once: true, signal });
  return add('model', input);
}

function choice(add, name, label, options) {
  const select = h('select.select', { id: `filter-${name}`, 'aria-label': label },
    options.map(([value, text]) => h('option', { value }, text)));
  select.addEventListener('change', () => setQuery({ [name]: select.value }, { push: true }));
  select.show = (query) => { select.value = query.get(name) ?? ''; };
  return add(name, select);
}

function rangeChoice(add, ranges, usual, custom) {
  const select = h('select.select', { id: 'filter-range', 'aria-label': 'Time' },
    usual ? null : h('option', { value: '' }, 'Any time'), ranges.map(([value, label]) => h('option', { value }, label)),
    h('option', { value: 'custom' }, 'From … to …'));
  const show = (query) => {
    const isCustom = query.has('start_time') || query.has('end_time');
    select.value = isCustom ? 'custom' : query.get('range') ?? usual;
  };
  select.addEventListener('change', () => {
    if (select.value === 'custom') { show(current().query); custom(); return; }
    setQuery({ range: select.value === usual ? null : select.value, start_time: null, end_time: null }, { push: true });
  });
  select.show = show;
  return add('range', select);
}
