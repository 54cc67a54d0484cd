// panel.js - the filters that have no room in the bar: bounds, ids, attributes.

import { h } from '../dom.js';
import { setQuery } from '../router.js';
import { suggestions } from './suggest.js';

/**
 * Fills the panel below the filter bar.
 * @param {HTMLElement} panel - Empty.
 * @param {object} options
 * @param {Array<object>} options.fields - Of `FIELDS`.
 * @param {function(string, HTMLElement): HTMLElement} options.add - Registers a field with its `show(query)`.
 * @param {Array<Array<string>>|null} options.orders - Value and label of each order; null without a choice.
 * @param {AbortSignal} options.signal - Of the page.
 */
export function fillPanel(panel, { fields, add, orders, signal }) {
  panel.append(h('div.filter-grid', null, timeField('start_time', 'From', add), timeField('end_time', 'To', add),
    orders ? orderField(orders, add) : null, fields.map((field) => oneField(field, add, signal)), attributeField()));
}

const labelled = (id, label, ...controls) => h('div.field', null, h('label', { for: id }, label), ...controls);

function oneField(field, add, signal) {
  const id = `filter-${field.name}`;
  if (field.kind === 'choice') {
    const select = h('select.select', { id }, h('option', { value: '' }, 'with or without'),
      field.options.map(([value, label]) => h('option', { value }, label)));
    select.addEventListener('change', () => setQuery({ [field.name]: select.value }, { push: true }));
    select.show = (query) => { select.value = query.get(field.name) ?? ''; };
    return labelled(id, field.label, add(field.name, select));
  }
  const isNumber = field.kind === 'number';
  const input = h('input.input', { id, type: isNumber ? 'number' : 'text', min: isNumber ? 0 : null, step: field.step,
    autocomplete: 'off', spellcheck: 'false' });
  input.addEventListener('change', () => {
    if (!input.checkValidity()) { input.reportValidity(); return; }
    setQuery({ [field.name]: input.value.trim() }, { push: true });
  });
  input.show = (query) => { input.value = query.get(field.name) ?? ''; };
  return labelled(id, field.label, add(field.name, input), field.facet ? suggestions(input, field, signal) : null);
}

/** The address has UTC, the field the local time. */
function timeField(name, label, add) {
  const id = `filter-${name}`;
  const input = h('input.input', { id, type: 'datetime-local', step: 1 });
  input.addEventListener('change', () => {
    const value = input.value ? new Date(input.value).toISOString() : null;
    setQuery({ [name]: value, range: null }, { push: true });
  });
  input.show = (query) => {
    const when = new Date(query.get(name) ?? '');
    input.value = Number.isNaN(when.getTime()) ? ''
      : new Date(when.getTime() - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  };
  return labelled(id, `${label} (local time)`, add(name, input));
}

function orderField(orders, add) {
  const select = h('select.select', { id: 'filter-sort' }, orders.map(([value, label]) => h('option', { value }, label)));
  select.addEventListener('change', () => {
    const [sort, order] = select.value.split(' ');
    setQuery({ sort, order: order ?? null }, { push: true });
  });
  select.show = (query) => {
    const order = query.get('order') === 'asc' ? ' asc' : '';
    const value = (query.get('sort') ?? 'start_time') + order;
    select.value = value === 'start_time' ? '' : value;
  };
  return labelled('filter-sort', 'Order', add('sort', select));
}

function attributeField() {
  const key = h('input.input', { id: 'filter-attr-key', placeholder: 'deployment.environment', 'aria-label': 'Name of the attribute',
    autocomplete: 'off', spellcheck: 'false' });
  const value = h('input.input', { id: 'filter-attr-value', placeholder: 'production', 'aria-label': 'Value of the attribute',
    autocomplete: 'off', spellcheck: 'false' });
  const apply = () => {
    if (!key.value.trim() || !value.value) { (key.value.trim() ? value : key).focus(); return; }
    setQuery({ [`attr.${key.value.trim()}`]: value.value }, { push: true });
    key.value = '';
    value.value = '';
    key.focus();
  };
  for (const input of [key, value]) {
    input.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); apply(); } });
  }
  return h('div.field.wide-field', { role: 'group', 'aria-label': 'Attribute' }, h('span.label', null, 'Attribute of a span or its resource'),
    h('div.pair', null, key, h('span.muted', null, '='), value, h('button.button', { type: 'button', on: { click: apply } }, 'Add')));
}
