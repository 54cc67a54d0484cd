// toolbar.js - views of a trace, and what finds spans in it.

import { h } from '../dom.js';
import { count } from '../format.js';
import { current, href } from '../router.js';

const VIEWS = [['', 'Spans'], ['conversation', 'Conversation'], ['graph', 'Steps']];

/**
 * The bar above the spans.
 * @param {object} on
 * @param {function(string)} on.filter - Gets the text of the filter.
 * @param {function(string)} on.find - `error`, `expensive` or `slowest`.
 * @param {function(boolean)} on.critical - Whether the critical path stands out.
 * @param {function(boolean)} on.all - Opens or closes everything.
 * @returns {{element: HTMLElement, show: function(string, object), input: HTMLInputElement, critical: HTMLElement}} The bar.
 */
export function toolbar(on) {
  const tabs = h('nav.tabs.t-tabs', { 'aria-label': 'Views of the trace' });
  const input = h('input.input.t-filter', { type: 'search', placeholder: 'Filter spans by name, kind, model', 'aria-label': 'Filter spans by name, kind or model' });
  input.addEventListener('input', () => on.filter(input.value.trim()));
  const button = (label, title, run) => h('button.button.small', { type: 'button', title, on: { click: run } }, label);
  const errors = button('Next error', 'Next error (e)', () => on.find('error'));
  const expensive = button('Most expensive', 'The call with the highest cost ($)', () => on.find('expensive'));
  const slowest = button('Slowest', 'The span that the trace waited for the longest', () => on.find('slowest'));
  const critical = button('Critical path', 'What the trace waited for', () => {
    const pressed = critical.getAttribute('aria-pressed') !== 'true';
    critical.setAttribute('aria-pressed', String(pressed));
    on.critical(pressed);
  });
  critical.setAttribute('aria-pressed', 'false');
  const tools = h('div.t-tools', { role: 'toolbar', 'aria-label': 'Find spans' }, input, errors, expensive, slowest, critical,
    button('Expand all', 'Shows every span', () => on.all(true)), button('Collapse all', 'Shows the first level', () => on.all(false)));
  const element = h('div.t-bar', null, tabs, tools);
  return {
    element, input,
    show(view, { failed, dearest }) {
      const query = new URLSearchParams(current().query);
      tabs.replaceChildren(...VIEWS.map(([name, label]) => {
        if (name) query.set('view', name); else query.delete('view');
        return h('a.tab', { href: href(current().path, query), 'aria-current': view === name ? 'page' : null }, label);
      }));
      tools.hidden = view !== '';
      errors.disabled = !failed;
      errors.textContent = failed ? `Next error (${count(failed)})` : 'Next error';
      expensive.disabled = !dearest;
    },
  };
}
