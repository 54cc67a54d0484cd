// call-dialog.js - what a row of the list of calls has no room for.

import { get } from '../api.js';
import { openDialog } from '../dialog.js';
import { h, replace } from '../dom.js';
import { cost, count, duration, percent, time } from '../format.js';
import { callLink } from '../links.js';
import { longText, short } from '../text.js';

/**
 * Shows one call: its tokens with the cache, its first token, its error, its texts.
 * @param {object} row - Of the list of calls.
 * @param {AbortSignal} signal - Of the page.
 */
export function showCall(row, signal) {
  const body = h('div.stack.call-details', { 'aria-busy': 'true' }, h('p.muted', null, 'Loading…'));
  openDialog(row.model ?? 'Call', (close) => [body, h('div.actions', null,
    h('a.button.primary', { href: callLink(row.request_id), on: { click: () => close() } }, 'Open in its trace'))]);
  load(row, signal).then((found) => { replace(body, found); body.setAttribute('aria-busy', 'false'); },
    (error) => replace(body, h('p.banner.error', { role: 'alert' }, error.message)));
}

async function load(row, signal) {
  const id = row.request_id;
  const [call, { data: span }] = await Promise.all([get(`/v1/calls/${id}`, {}, { signal }),
    get(`/v1/traces/${id.slice(2, 34)}/spans/${id.slice(34)}`, {}, { signal })]);
  const llm = span.llm ?? {};
  const fact = (label, value) => [h('dt', null, label), h('dd', null, value)];
  const failed = call.status === 'success' ? null
    : h('div.banner.error', null, short([llm.error_type, span.status.message].filter(Boolean).join(': ') || call.status, { max: 500 }));
  return [failed, h('dl.facts', null,
    fact('Started', time(span.start_time, { exact: true })),
    fact('Latency', duration(span.duration_ms)), fact('First token', duration(llm.ttft_ms)),
    fact('Input', tokens(llm.input_tokens)), fact('– read from cache', cached(llm)), fact('– written to cache', tokens(llm.cache_write_tokens)),
    fact('Output', tokens(llm.output_tokens)), fact('– reasoning', tokens(llm.reasoning_tokens)),
    fact('Cost', `${cost(llm.cost_usd)}${llm.cost_source === 'reported' ? ', as reported' : ''}`),
    call.same_prompt ? fact('Same prompt', `${count(call.same_prompt.calls_this_week)} × this week, ${cost(call.same_prompt.cost_per_month)} a month`) : null),
  side('Prompt', call.input_text), side('Answer', call.output_text)];
}

const tokens = (number) => `${count(number)}${number === null || number === undefined ? '' : ' tokens'}`;

function cached({ cache_read_tokens: read, input_tokens: all }) {
  return read && all ? `${tokens(read)}, ${percent(read / all)}` : tokens(read);
}

function side(label, text) {
  return text ? h('section', { 'aria-label': label }, h('h3', null, label), longText(text, { first: 600 })) : null;
}
