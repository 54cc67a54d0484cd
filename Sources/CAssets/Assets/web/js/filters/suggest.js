// suggest.js - values for a field, with how often they occur.

import { get } from '../api.js';
import { h, replace } from '../dom.js';
import { count } from '../format.js';
import { current } from '../router.js';
import { visible } from '../text.js';
import { exactModel, startOf } from './fields.js';

const MOST = 200;

/**
 * Offers the values that there are while somebody is in a field.
 * @param {HTMLInputElement} input - The field; gets a list.
 * @param {object} field - Of `FIELDS`, with `facet`.
 * @param {AbortSignal} signal - Of the page.
 * @returns {HTMLElement} The list, to be put beside the field.
 */
export function suggestions(input, field, signal) {
  const list = h('datalist', { id: `${input.id}-values` });
  input.setAttribute('list', list.id);
  let filled = null;
  const fill = async () => {
    const { query } = current();
    const asked = { fields: field.facet, from: startOf(query), to: query.get('end_time') };
    const wanted = `${query.get('range')} ${asked.from && !query.get('range') ? asked.from : ''} ${asked.to} ${query.get('project')}`;
    if (wanted === filled) return;
    filled = wanted;
    const answer = await load(asked, signal);
    replace(list, (answer?.data[field.facet] ?? []).filter(({ value }) => typeof value === 'string' && value.length <= MOST)
      .map((entry) => h('option', { value: field.name === 'model' ? exactModel(entry.value) : entry.value,
        label: `${visible(entry.value)} · ${count(entry.calls)} ${field.facet === 'tool' ? 'runs' : 'calls'}` })));
  };
  input.addEventListener('focus', fill, { signal });
  if (document.activeElement === input) fill();
  return list;
}

/** What cannot be counted in time is counted for the last day; suggestions are a help, so that a failure says nothing. */
async function load(asked, signal) {
  try {
    return await get('/v1/facets', asked, { signal });
  } catch (error) {
    if (error.code !== 'period_too_long') return null;
    const day = new Date(Date.now() - 86_400_000).toISOString();
    return get('/v1/facets', { ...asked, from: day, to: null }, { signal }).catch(() => null);
  }
}
