// prompts.js - prompts that are sent again and again: what a cache would save.

import { get, isAborted } from '../api.js';
import { h, replace } from '../dom.js';
import { askedFor } from '../filters/fields.js';
import { filterBar } from '../filters/bar.js';
import { cost, count, time } from '../format.js';
import { callLink } from '../links.js';
import { current, href, setQuery } from '../router.js';
import { longText, short } from '../text.js';

/**
 * Shows the prompts.
 * @param {object} context - `element`, `route`, `signal`.
 * @returns {object} `ready` when they are shown, `update` for other filters.
 */
export function page({ element, route, signal }) {
  const bar = filterBar({ view: 'calls', range: '7d', signal });
  const order = h('select.select', { 'aria-label': 'Order' }, h('option', { value: '' }, 'Sent most often first'), h('option', { value: 'cost' }, 'Dearest first'));
  order.addEventListener('change', () => setQuery({ sort: order.value }, { push: true }));
  bar.tools.append(order);
  const body = h('div');
  replace(element, h('div.page-head', null, h('h1', null, 'Repeated prompts'), h('span.muted', null, 'What a cache would save')), bar.element, body);
  const update = async ({ query }) => {
    bar.sync();
    order.value = query.get('sort') === 'cost' ? 'cost' : '';
    const asked = new URLSearchParams(query);
    if (!asked.has('range') && !asked.has('start_time')) asked.set('range', '7d');
    try {
      const answer = await get('/v1/prompts', withLimit(askedFor(asked, { times: ['from', 'to'], own: ['order'] })), { signal });
      if (current().query.toString() === query.toString()) replace(body, shown(answer));
    } catch (error) {
      if (!isAborted(error)) replace(body, h('div.banner.error', { role: 'alert' }, error.message));
    }
  };
  return { ready: update(route), update };
}

function withLimit(asked) {
  if (!asked.has('limit')) asked.set('limit', 100);
  return asked;
}

function shown({ data, search_lag_parts: lag }) {
  if (data.length === 0) {
    return h('div.empty', null, h('h2', null, 'No prompt was sent twice'), h('p', null, lag
      ? `${count(lag)} parts that arrived lately are not looked through yet.`
      : 'In this period every prompt was different. Prompts are the same when model, instructions, messages and tools are.'));
  }
  return h('div.stack', null, lag ? h('div.banner', null, `${count(lag)} parts that arrived lately are not looked through yet.`) : null,
    h('div.table-wrap', { tabindex: 0, role: 'region', 'aria-label': 'Repeated prompts' }, h('table.table.prompts', null,
      h('thead', null, h('tr', null, h('th', null, 'Prompt'), h('th', null, 'Model'), h('th.num', null, 'Sent'), h('th.num', null, 'Cost'),
        h('th.num', null, 'Per month'), h('th.num', null, 'Tokens in / out'), h('th', null, 'Last'), h('th', null, h('span.sr-only', null, 'Links')))),
      h('tbody', null, data.map(row)))));
}

function row(prompt) {
  const words = callsWith(prompt);
  return h('tr', null,
    h('td.prompt-text', null, prompt.input_text ? longText(prompt.input_text, { first: 240 }) : h('span.muted', null, 'Its text is not stored any more')),
    h('td.nowrap', null, short(prompt.model)), h('td.num', null, count(prompt.count)), h('td.num', null, cost(prompt.cost)),
    h('td.num', { title: 'The cost scaled to 30 days' }, cost(prompt.cost_per_month)),
    h('td.num', null, `${count(prompt.tokens_input)} / ${count(prompt.tokens_output)}`), h('td.nowrap', null, time(prompt.last_time)),
    h('td', null, h('div.links', null, h('a', { href: callLink(prompt.example_request_id) }, 'Example'),
      words ? h('a', { href: words, title: 'Calls of the model with the words of the prompt' }, 'Calls') : null)));
}

/** The calls with the words of the prompt, from the first time it was sent to the last. */
function callsWith({ input_text: text, model, first_time: first, last_time: last }) {
  const words = (text ?? '').match(/[\p{L}\p{N}]+/gu)?.slice(0, 16);
  if (!words) return null;
  const end = new Date(new Date(last).getTime() + 1).toISOString();
  return href('/calls', { q: words.join(' '), model_id: model, start_time: first, end_time: end });
}
