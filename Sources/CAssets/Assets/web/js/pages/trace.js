// trace.js - one trace: its spans on a time scale, and the one that was chosen; the address says which.

import { isAborted } from '../api.js';
import { h, replace } from '../dom.js';
import { later } from '../later.js';
import { follow } from '../live.js';
import { current, href, setQuery } from '../router.js';
import { short, visible } from '../text.js';
import { detailPanel } from '../trace/detail.js';
import { matcher, nextError } from '../trace/find.js';
import { traceHeader } from '../trace/header.js';
import { bindTraceKeys } from '../trace/keys.js';
import { breath, loadTrace, SpanSource } from '../trace/load.js';
import { splitter } from '../trace/splitter.js';
import { toolbar } from '../trace/toolbar.js';
import { SpanTree } from '../trace/tree.js';
import { waterfall } from '../trace/waterfall.js';

/**
 * Shows a trace.
 * @param {object} context - `element`, `route`, `signal`.
 * @returns {object} `ready` when its first spans are shown; `update` for another span, view or part.
 */
export function page({ element, route, signal }) {
  const view = new TraceView(element, route.params.trace_id, signal);
  return { ready: view.start(), update: () => view.apply() };
}

class TraceView {
  tree = new SpanTree();
  trace = null;
  #chosen = null;
  #other = null;
  #timer = 0;
  #took = 0;
  #isClosed = false;
  #tags = [];

  constructor(element, id, signal) {
    this.element = element;
    this.id = id;
    this.signal = signal;
    this.narrow = matchMedia('(max-width: 900px)');
    this.source = new SpanSource(id, signal);
    this.header = traceHeader(id);
    this.bar = toolbar({ filter: (text) => this.filter(text), find: (what) => this.find(what), critical: (on) => this.rows.element.classList.toggle('only-critical', on), all: (open) => this.rows.setAll(open) });
    this.rows = waterfall({ onActive: (row) => this.#follow(row), signal });
    this.detail = detailPanel({ source: this.source, tree: () => this.tree, trace: () => this.trace, onClose: () => this.close() });
    this.split = h('div.t-split');
    this.split.append(this.rows.element, splitter(this.split, signal), this.detail.element);
    this.other = h('div.t-other', { hidden: true, tabindex: -1 });
    this.banner = h('div', { role: 'status' });
    element.classList.add('trace-page');
    this.bar.show(current().query.get('view') ?? '', { failed: 0, dearest: null });
    replace(element, this.header.element, this.banner, this.bar.element, this.split, this.other);
    this.rows.list.element.addEventListener('click', (event) => this.#clicked(event), { signal });
    this.narrow.addEventListener('change', () => this.apply(), { signal });
    bindTraceKeys(this, signal);
    signal.addEventListener('abort', () => clearTimeout(this.#timer));
  }

  /** Loads the trace, and follows it. */
  async start() {
    const loaded = this.load();
    this.#listen();
    await loaded;
  }

  /** Loads all spans; what came is shown at once, unless an older state of the trace is shown. */
  async load() {
    const begin = performance.now();
    const isFirst = this.trace === null;
    const tree = isFirst ? this.tree : new SpanTree();
    try {
      await loadTrace(this.id, (trace, isLast) => {
        this.trace = trace;
        tree.add(trace.spans);
        trace.spans = null;
        const isReady = tree.settle(isLast);
        if (isReady && (isFirst || isLast)) { this.tree = tree; this.#show(isLast); }
        else if (isFirst) this.header.loaded(tree.byId.size);
      }, this.signal);
      if (this.signal.aborted) return;
      replace(this.banner);
      await breath();
      tree.markCritical();
      this.rows.list.refresh();
      this.detail.settle();
      this.#took = performance.now() - begin;
      if (this.trace && isFirst) this.#loadTags();
    } catch (error) {
      if (!isAborted(error)) this.#failed(error);
    }
  }

  #show(isLast) {
    document.title = `${visible(this.trace.root_span.name).slice(0, 80)} · Skein`;
    this.rows.dearest = this.tree.mostExpensive();
    this.header.show(this.trace, { tags: this.#tags, loaded: isLast ? undefined : this.tree.byId.size });
    this.rows.show(this.tree);
    this.element.setAttribute('aria-busy', String(!isLast));
    this.apply(isLast);
  }

  /** Tags are among the contents of the root, which summaries do not have. */
  async #loadTags() {
    try {
      const span = await this.source.span(this.trace.root_span.span_id);
      this.#tags = span.llm?.tags ?? span.content?.tags ?? [];
      if (this.#tags.length) this.header.show(this.trace, { tags: this.#tags });
    } catch { /* The panel says what is wrong. */ }
  }

  #failed(error) {
    if (this.trace) {
      replace(this.banner, h('div.banner.error', { role: 'alert' }, error.message, h('button.button.small', { type: 'button', on: { click: () => this.load() } }, 'Try again')));
      return;
    }
    const isGone = error.status === 404;
    document.title = isGone ? 'No such trace · Skein' : 'Trace · Skein';
    replace(this.element, h('div.empty', { role: 'alert' }, h('h2', null, isGone ? 'This trace is not here' : 'The trace could not be loaded'),
      h('p', null, isGone ? 'It may have been deleted, retention may have removed it, or it belongs to another project. If it is still on its way it appears here by itself.' : error.message),
      h('p.mono.muted', null, short(this.id)),
      h('p', null, h('a.button', { href: href('/') }, 'All traces'), ' ', isGone ? null : h('button.button', { type: 'button', on: { click: () => location.reload() } }, 'Try again'))));
  }

  /** Does what the address says. */
  apply(isLast = true) {
    if (!this.trace) return;
    const { query } = current();
    const view = query.get('view') ?? '';
    const wanted = query.get('span');
    const known = wanted ? this.tree.byId.get(wanted) : null;
    const node = known ?? (this.narrow.matches || !isLast && wanted ? null : this.tree.tops[0] ?? null);
    this.bar.show(view, { failed: this.tree.order.filter((own) => own.failed).length, dearest: this.rows.dearest });
    this.split.hidden = view !== '';
    this.other.hidden = view === '';
    this.element.classList.toggle('has-span', Boolean(known) && view === '');
    this.element.classList.toggle('no-detail', this.#isClosed && !this.narrow.matches);
    if (wanted && !known && isLast) replace(this.banner, h('div.banner.warn', null, 'The span of this address is not in the trace: ', short(wanted, { class: 'mono' })));
    if (view) { this.#showOther(view); return; }
    if (!node) return;
    if (node.id !== this.#chosen) {
      this.#chosen = node.id;
      const index = this.rows.indexOf(node.id);
      if (index < 0 || index !== this.rows.list.active) this.rows.reveal(node);
    }
    if (!this.#isClosed || this.narrow.matches) this.detail.show(node);
  }

  async #showOther(view) {
    const key = `${view} ${this.tree.order.length}`;
    if (this.#other === key) return;
    this.#other = key;
    const module = await later(() => (view === 'graph' ? import('../trace/graph.js') : import('../trace/conversation.js')));
    if (this.#other !== key) return;
    replace(this.other, module.view({ tree: this.tree, source: this.source, trace: this.trace, signal: this.signal }));
  }

  #follow(row) {
    clearTimeout(this.#timer);
    if (!row || row.fold || this.narrow.matches || this.#isClosed) return;
    this.#timer = setTimeout(() => setQuery({ span: row.id }), 90);
  }

  #clicked(event) {
    const row = this.rows.rows[this.rows.list.active];
    if (!row || row.fold || event.target.closest('.w-twist')) return;
    this.choose(row);
  }

  /**
   * Chooses a span and shows it.
   * @param {object} row - A span of the tree.
   */
  choose(row) {
    clearTimeout(this.#timer);
    this.#isClosed = false;
    // On a narrow screen the span is a screen of its own: the way back leads to the spans.
    setQuery({ span: row.id }, { push: this.narrow.matches });
    this.apply();
  }

  /** Closes the panel. */
  close() {
    if (this.narrow.matches) { setQuery({ span: null, part: null }); return; }
    this.#isClosed = true;
    this.apply();
    this.rows.list.activate(this.rows.list.active);
  }

  /**
   * Filters the spans.
   * @param {string} text - What is looked for.
   */
  filter(text) {
    this.rows.match = matcher(text);
    this.rows.refresh();
  }

  /**
   * Goes to a span.
   * @param {string} what - `error`, `expensive` or `slowest`.
   * @returns {boolean} False when there is none.
   */
  find(what) {
    const { tree, rows } = this;
    const at = rows.rows[rows.list.active];
    const node = what === 'error' ? nextError(tree, at?.id ?? null) : what === 'expensive' ? tree.mostExpensive() : tree.slowest();
    if (!node) return false;
    this.rows.reveal(node, { focus: true });
    this.choose(node);
    return true;
  }

  get isOpen() { return this.narrow.matches ? this.element.classList.contains('has-span') : !this.#isClosed && !this.split.hidden; }

  #listen() {
    let again = 0;
    const changed = () => {
      clearTimeout(again);
      again = setTimeout(async () => {
        if (!this.trace) { location.reload(); return; }
        this.source.clear();
        await this.load();
        this.detail.refresh();
      }, Math.max(700, this.#took * 2));
    };
    this.signal.addEventListener('abort', () => clearTimeout(again));
    follow({}, { event: (name, data) => {
      if (name === 'trace' && data.trace.trace_id === this.id) changed();
      else if (this.trace && (name === 'reset' || (name === 'skipped' && !this.trace.complete))) changed();
      else if (name === 'deleted' && data.trace_id === this.id) replace(this.banner, h('div.banner.warn', null, 'This trace was deleted; what is shown is what it was.'));
    } }, this.signal);
  }
}
