// guide.js - how the first span gets here, and the wait for it.

import { get, key } from '../api.js';
import { h, replace } from '../dom.js';
import { follow } from '../live.js';
import { go, href } from '../router.js';
import { copyButton, short } from '../text.js';
import { stacks, variables } from './snippets.js';

/**
 * Shows the guide.
 * @param {HTMLElement} box - Where.
 * @param {AbortSignal} signal - Of the page.
 * @param {object} [options]
 * @param {boolean} [options.isEmpty=true] - Whether nothing was received yet: then the first trace is opened when it comes.
 */
export function showGuide(box, signal, { isEmpty = true } = {}) {
  const origin = location.origin;
  const hasKey = Boolean(key());
  const wait = h('div.waiting.panel', { role: 'status' });
  replace(box, h('div.guide', null,
    h('div.guide-head', null, h('h2', null, 'Send your first trace'),
      h('p.muted', null, 'Skein takes OpenTelemetry. Most applications need two variables and a library that knows your SDK.')),
    step('1', 'Point your application here', code(variables(origin, hasKey)),
      hasKey ? h('p.muted.small', null, 'YOUR_KEY stands for a key with the scope “ingest”, as made by ', h('code', null, 'skein keys create'), '.')
        : h('p.muted.small', null, 'No key is needed on this machine. An exporter that speaks gRPC goes to port 4317.')),
    step('2', 'Tell your stack to send', tabs(stacks(origin, hasKey))),
    step('3', isEmpty ? 'Watch it arrive' : 'See what arrives', wait)));
  watch(wait, signal, isEmpty);
}

const step = (number, title, ...content) => h('section.step', { 'aria-label': title },
  h('h3', null, h('span.step-number', { 'aria-hidden': 'true' }, number), title), ...content);

function code(text) {
  return h('div.code', null, h('pre', { tabindex: 0, role: 'region', 'aria-label': 'Text to copy' }, text), copyButton(() => text));
}

const STACK = 'skein.stack';
const storedStack = () => { try { return localStorage.getItem(STACK); } catch { return null; } };

function tabs(all) {
  const body = h('div.tab-body', { id: 'stack', role: 'tabpanel', tabindex: -1 });
  const buttons = all.map((stack) => h('button.tab', { type: 'button', role: 'tab', id: `stack-${stack.id}`, 'aria-controls': 'stack' }, stack.label));
  const show = (place) => {
    const stack = all[place];
    buttons.forEach((button, other) => {
      button.setAttribute('aria-selected', String(other === place));
      button.tabIndex = other === place ? 0 : -1;
    });
    body.setAttribute('aria-labelledby', buttons[place].id);
    replace(body, h('p.muted', null, stack.note, stack.own ? null : ' With the variables of step 1.'),
      stack.parts.map(([title, text]) => h('div.stack-part', null, h('h4', null, title), code(text))));
    try { localStorage.setItem(STACK, stack.id); } catch { /* Then it is the first one next time. */ }
  };
  const list = h('div.tabs', { role: 'tablist', 'aria-label': 'Stacks' }, buttons);
  buttons.forEach((button, place) => button.addEventListener('click', () => show(place)));
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (buttons.indexOf(event.target) + step + buttons.length) % buttons.length;
    show(next);
    buttons[next].focus();
  });
  show(Math.max(0, all.findIndex(({ id }) => id === storedStack())));
  return h('div.panel', null, list, body);
}

function watch(box, signal, isEmpty) {
  replace(box, h('span.pulse', { 'aria-hidden': 'true' }), isEmpty ? 'Waiting for your first span…' : 'Waiting for the next trace…');
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort());
  const found = (trace) => {
    const url = href(`/traces/${trace.trace_id}`);
    if (isEmpty) { stop.abort(); go(url); return; }
    replace(box, h('span.badge.ok', null, 'arrived'), h('a', { href: url }, short(trace.root_span.name)));
  };
  follow({}, { event: (name, data) => { if (name === 'trace' && !stop.signal.aborted) found(data.trace); } }, stop.signal);
  // What came between the first question and the stream.
  if (isEmpty) get('/v1/traces', { limit: 1 }, { signal }).then(({ data }) => { if (data[0] && !stop.signal.aborted) found(data[0]); }).catch(() => {});
}
