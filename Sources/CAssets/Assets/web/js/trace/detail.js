// detail.js - the panel of the selected span.

import { isAborted } from '../api.js';
import { h, icon, replace } from '../dom.js';
import { count, duration } from '../format.js';
import { current, href, setQuery } from '../router.js';
import { copyButton, short } from '../text.js';
import { belowView } from './below.js';
import { contentView, errorBanner } from './content.js';
import { curlCommand, requestBody } from './curl.js';
import { valueView } from './json.js';
import { KINDS, warningText } from './kinds.js';
import { linkMark, skeleton } from './parts.js';
import { attributeTable, eventsView, sourceView } from './raw.js';
import { tokenCard } from './tokens.js';

const TABS = [['', 'Content'], ['attributes', 'Attributes'], ['events', 'Events'], ['source', 'Source'], ['json', 'JSON']];

/**
 * Makes the panel.
 * @param {object} options
 * @param {SpanSource} options.source - Whole spans.
 * @param {function(): SpanTree} options.tree - The spans that are there.
 * @param {function(): object|null} options.trace - The trace.
 * @param {function()} options.onClose - Called when the panel shall go.
 * @returns {{element: HTMLElement, show: function(object): Promise, settle: function(), refresh: function()}} The panel.
 */
export function detailPanel(options) { return new DetailPanel(options); }

class DetailPanel {
  #node = null;
  #span = null;
  #shown = '';

  constructor({ source, tree, trace, onClose }) {
    this.source = source;
    this.tree = tree;
    this.trace = trace;
    this.head = h('header.d-head');
    this.tabs = h('div.tabs.d-tabs', { role: 'tablist', 'aria-label': 'Parts of the span' });
    this.body = h('div.d-body', { tabindex: 0, role: 'tabpanel', 'aria-label': 'Span' });
    this.close = h('button.button.plain.icon.d-close', { type: 'button', 'aria-label': 'Close the span', title: 'Close (Esc)', on: { click: onClose } }, icon('M4 4l8 8M12 4l-8 8'));
    this.element = h('section.detail', { 'aria-label': 'Selected span' }, this.head, this.tabs, this.body);
  }

  /**
   * Shows a span.
   * @param {object} node - Of the tree.
   */
  async show(node) {
    const isOther = this.#node?.id !== node.id;
    this.#node = node;
    if (isOther) { this.#span = null; this.#shown = ''; }
    this.#drawHead();
    if (this.#span) { this.#drawBody(); return; }
    const wait = setTimeout(() => replace(this.body, skeleton(9)), 120);
    try {
      const span = await this.source.span(node.id);
      clearTimeout(wait);
      if (this.#node !== node) return;
      this.#span = span;
      this.#drawHead();
      this.#drawBody();
    } catch (error) {
      clearTimeout(wait);
      if (this.#node !== node || isAborted(error)) return;
      replace(this.body, h('div.banner.error', { role: 'alert' }, error.message, h('button.button.small', { type: 'button', on: { click: () => this.show(node) } }, 'Try again')));
    }
  }

  /** Says again what is below the span, now that all of it is there. */
  settle() {
    if (!this.#span || !this.#node.children.length || this.body.scrollTop > 0) return;
    this.#shown = '';
    this.#drawHead();
    this.#drawBody();
  }

  /** Fetches the span again. */
  refresh() {
    const node = this.#node && this.tree().byId.get(this.#node.id);
    if (!node) return;
    this.#node = null;
    this.show(node);
  }

  #drawHead() {
    const node = this.#node;
    const kind = KINDS[node.kind];
    const llm = this.#span?.llm ?? node.llm;
    replace(this.head,
      h('div.d-name', null, h('span.w-icon', { style: { color: `var(${kind.color})` } }, icon(kind.icon)), h('h2', null, short(node.name)),
        node.failed ? h('span.badge.error', null, 'error') : null, linkMark('', 'Link to this span'), this.close),
      h('p.d-facts.muted.small', null, kind.label, llm?.model ? [' · ', short(llm.model, { class: 'mono' })] : null, llm?.provider ? [' · ', short(llm.provider)] : null,
        ` · ${duration(node.duration)} · begins after ${duration(Math.max(0, node.start - this.tree().start))}`,
        llm?.ttft_ms ? ` · first token after ${duration(llm.ttft_ms)}` : null, llm?.streaming ? ' · streamed' : null,
        node.critical > 0.001 ? ` · ${duration(node.critical)} of the critical path` : null));
    const part = current().query.get('part') ?? '';
    const counts = { attributes: Object.keys(this.#span?.attributes ?? {}).length, events: (this.#span?.events?.length ?? 0) + (this.#span?.links?.length ?? 0) };
    replace(this.tabs, TABS.map(([name, label]) => h('button.tab', { type: 'button', role: 'tab', 'aria-selected': String(part === name), tabindex: part === name ? 0 : -1,
      on: { click: () => setQuery({ part: name || null }), keydown: (event) => this.#arrow(event, name) } }, label, counts[name] ? h('span.muted.small', null, ` ${count(counts[name])}`) : null)));
  }

  #arrow(event, name) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const place = (TABS.findIndex(([own]) => own === name) + step + TABS.length) % TABS.length;
    setQuery({ part: TABS[place][0] || null });
    this.tabs.children[place]?.focus();
  }

  #drawBody() {
    const { query, hash } = current();
    const part = query.get('part') ?? '';
    const key = `${this.#node.id} ${part}`;
    if (key !== this.#shown) {
      this.#shown = key;
      replace(this.body, this.#part(part));
      this.body.scrollTop = 0;
    }
    const message = /^m-\d+$/.test(hash) ? document.getElementById(hash) : null;
    for (const marked of this.body.querySelectorAll('.message.target')) if (marked !== message) marked.classList.remove('target');
    if (message && !message.classList.contains('target')) { message.classList.add('target'); message.scrollIntoView({ block: 'start' }); }
  }

  #part(part) {
    const span = this.#span;
    switch (part) {
      case 'attributes': return attributeTable(span.attributes);
      case 'events': return eventsView(span, otherLink);
      case 'source': return sourceView(span);
      case 'json': return h('div', null, h('p', null, copyButton(() => JSON.stringify(span, null, 2), 'Copy JSON')), valueView(span, { open: 2 }));
      default: return this.#content(span);
    }
  }

  #content(span) {
    const { llm } = span;
    const wanted = Number(/^m-(\d+)$/.exec(current().hash)?.[1] ?? 0);
    const curl = curlCommand(llm);
    const siblings = llm ? this.tree().order.filter((node) => node.llm?.counted === 'own' && node.llm.model === llm.model).map((node) => node.llm) : [];
    const actions = llm?.input_messages?.length ? [curl ? copyButton(() => curl, 'Copy as curl') : null, copyButton(() => JSON.stringify(requestBody(llm), null, 2), 'Copy JSON')] : null;
    return [
      errorBanner(span),
      this.trace()?.content === 'expired' ? h('div.banner', null, 'The content of this trace has expired; tokens and costs are as they were.') : null,
      span.warnings?.length ? h('div.banner.warn', null, h('ul', null, span.warnings.map((name) => h('li', null, warningText(name))))) : null,
      llm ? tokenCard(llm, { siblings, spanLink, otherLink }) : null,
      contentView(span, { wanted, actions, isParent: this.#node.children.length > 0 }),
      belowView(this.#node),
    ];
  }
}

function spanLink(id, text) {
  const query = new URLSearchParams(current().query);
  query.set('span', id);
  return h('a.mono', { href: href(current().path, query) }, short(text));
}

function otherLink({ trace_id: trace, span_id: span }) {
  if (!/^[0-9a-f]{32}$/i.test(trace ?? '')) return h('span.mono', null, short(`${trace} ${span}`));
  return h('a.mono', { href: href(`/traces/${trace}`, { span }) }, short(`${trace.slice(0, 8)}…/${String(span ?? '').slice(0, 8)}`));
}
