// tokens.js - the token card of a call: what it used, what that cost, whether it counts, and how its cache did.

import { h } from '../dom.js';
import { cost, count, percent } from '../format.js';
import { short } from '../text.js';
import { countedOf } from './kinds.js';

const number = (value) => (value === null || value === undefined ? null : Number(value));

/**
 * What the use of the cache tells (U-10).
 * @param {object} llm - The facts of the call.
 * @param {Array<object>} siblings - The same of the own calls of the trace with the same model.
 * @returns {{kind: string, text: string}|null} Null where no cache was used.
 */
export function cacheAid(llm, siblings) {
  const read = number(llm.cache_read_tokens) ?? 0;
  const write = number(llm.cache_write_tokens) ?? 0;
  const input = number(llm.input_tokens) ?? 0;
  if (!read && !write) return null;
  const share = input ? read / input : 0;
  const writers = siblings.filter((call) => Number(call.write ?? 0) > Number(call.read ?? 0)).length;
  if (write > read && siblings.length > 2 && writers > siblings.length / 2) {
    return { kind: 'warn', text: `${count(writers)} of ${count(siblings.length)} calls of this model write more to the cache than they read: the beginning of the prompt changes too often.` };
  }
  if (read && read >= write * 3) return { kind: 'ok', text: `Warm: ${percent(share)} of the input came from the cache.` };
  if (write && !read) return { kind: 'info', text: 'Cold: this call wrote the cache; the next one with the same beginning reads it.' };
  if (write > read) return { kind: 'warn', text: 'More was written to the cache than read: if that stays so, the beginning of the prompt changes too often.' };
  return { kind: 'info', text: `${percent(share)} of the input came from the cache.` };
}

/**
 * The token card.
 * @param {object} llm - The facts of the call, whole.
 * @param {object} context
 * @param {Array<object>} context.siblings - See `cacheAid`.
 * @param {function(string, string): HTMLElement} context.spanLink - A link to a span of this trace; gets its id and a text.
 * @param {function(object): HTMLElement} context.otherLink - A link to a span of another trace.
 * @returns {HTMLElement} The card.
 */
export function tokenCard(llm, { siblings, spanLink, otherLink }) {
  const figure = (label, value, title) => h('li', { title }, h('span.label', null, label), h('strong', null, value));
  const counted = countedOf(llm);
  const aid = cacheAid(llm, siblings);
  return h('section.token-card', { 'aria-label': 'Tokens and cost' },
    h('ul', null,
      figure('Input', count(llm.input_tokens), 'Tokens in, cached ones included'), figure('Output', count(llm.output_tokens), 'Tokens out, reasoning included'),
      figure('Cache created', count(llm.cache_write_tokens), llm.cache_write_1h_tokens ? `${count(llm.cache_write_1h_tokens)} of them for an hour` : 'Tokens written to the cache'),
      figure('Cache read', count(llm.cache_read_tokens), 'Tokens read from the cache'), figure('Reasoning', count(llm.reasoning_tokens), 'Tokens of thinking, part of the output'),
      figure('Cost', cost(llm.cost_usd, llm.input_tokens === null || !counted.counted ? undefined : 'unpriced'), 'US dollars')),
    shares(llm),
    h('p.small', null, h('span.badge', { class: counted.counted ? 'ok' : 'warn' }, counted.counted ? 'counted' : 'not counted'), ' ', counted.reason,
      counted.counted ? null : (llm.counted_spans ?? []).slice(0, 8).map((id) => [' ', spanLink(id, id.slice(0, 8))]), llm.counted_spans?.length > 8 ? ' …' : null,
      llm.also_in?.length ? [' · also shown in ', llm.also_in.slice(0, 4).map((other, place) => [place ? ', ' : '', otherLink(other)])] : null),
    h('p.small.muted', null, priceText(llm)),
    aid ? h('p.cache-aid.small', { class: aid.kind }, aid.text) : null);
}

/** Where the tokens went, as a strip. */
function shares(llm) {
  const read = number(llm.cache_read_tokens) ?? 0;
  const write = number(llm.cache_write_tokens) ?? 0;
  const input = Math.max(0, (number(llm.input_tokens) ?? 0) - read - write);
  const reasoning = number(llm.reasoning_tokens) ?? 0;
  const output = Math.max(0, (number(llm.output_tokens) ?? 0) - reasoning);
  const parts = [['input', input, 1], ['cache created', write, 3], ['cache read', read, 5], ['reasoning', reasoning, 4], ['output', output, 2]].filter(([, size]) => size > 0);
  const all = parts.reduce((total, [, size]) => total + size, 0);
  if (!all) return null;
  return h('div.shares', { role: 'img', 'aria-label': parts.map(([name, size]) => `${name} ${count(size)}`).join(', ') },
    parts.map(([name, size, series]) => h('i', { title: `${name}: ${count(size)}`, style: { width: `${(size / all) * 100}%`, '--kind': `var(--series-${series})` } })));
}

function priceText(llm) {
  const parts = [];
  const computed = llm.cost_computed_usd;
  if (llm.cost_source === 'reported') parts.push(`reported ${cost(llm.cost_usd)}`, computed === null ? 'no price to compare it with' : `computed ${cost(computed)}`);
  else if (llm.cost_source === 'computed') parts.push(`computed ${cost(computed)}`);
  else parts.push('cost unknown: neither reported nor priced');
  if (llm.cost_charged_usd !== null && llm.cost_charged_usd !== undefined && llm.cost_charged_usd !== computed) parts.push(`${cost(llm.cost_charged_usd)} when it arrived`);
  const price = llm.price;
  const nodes = [parts.join(' · ')];
  if (price) {
    nodes.push(' · price: ', short([price.provider, price.model].filter(Boolean).join(' / '), { class: 'mono' }),
      ` (${[price.basis, price.variant, price.above ? `above ${count(price.above)} tokens` : null, price.estimated ? 'estimated' : null, price.as_of ? `of ${price.as_of}` : null].filter(Boolean).join(', ')})`);
  }
  return nodes;
}
