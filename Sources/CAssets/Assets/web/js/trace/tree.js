// tree.js - the spans of a trace as a tree, built while they arrive; every step takes time linear to the spans.

import { kindOf } from './kinds.js';

const FOLD_FROM = 5;

/** What the waterfall needs of a span; the rest is fetched when it is looked at. */
function slim(span) {
  const llm = span.llm ?? null;
  const start = Number(span.start_time_unix_nano) / 1e6;
  return {
    id: span.span_id, parentId: span.parent_span_id, name: span.name, kind: kindOf(span),
    start, duration: span.duration_ms ?? 0, end: start + (span.duration_ms ?? 0),
    failed: span.status?.code === 'ERROR' || Boolean(llm?.error_type), warnings: span.warnings ?? null,
    pending: Boolean(span.warnings?.includes('pending')), agent: span.attributes?.['gen_ai.agent.name'] ?? null,
    step: Number(span.attributes?.step_index ?? NaN),
    llm: llm && {
      model: llm.model, input: llm.input_tokens, output: llm.output_tokens, read: llm.cache_read_tokens, write: llm.cache_write_tokens,
      cost: llm.cost_usd, counted: llm.counted, counted_rule: llm.counted_rule, error_type: llm.error_type,
    },
    parent: null, children: [], sum: null, critical: 0,
  };
}

/** A tree of spans. `order` has all of them, parents before children, siblings by start. */
export class SpanTree {
  #waiting = new Map();
  byId = new Map();
  roots = [];
  order = [];
  start = Infinity;
  end = -Infinity;

  /**
   * Adds a page of spans; `settle` puts them in order.
   * @param {Array<object>} spans - As the API gives them, ordered by start.
   */
  add(spans) {
    for (const span of spans) {
      if (this.byId.has(span.span_id)) continue;
      const node = slim(span);
      this.byId.set(node.id, node);
      if (node.start > 0) {
        this.start = Math.min(this.start, node.start);
        this.end = Math.max(this.end, node.end);
      }
      this.#join(node);
    }
  }

  /**
   * Makes order and sums of what is there.
   * @param {boolean} isLast - Whether all spans are there. Before that nothing is done until there are half as many more,
   *   so that the whole takes time linear to the spans.
   * @returns {boolean} Whether anything was done.
   */
  settle(isLast) {
    if (!isLast && this.byId.size < this.order.length * 1.5) return false;
    if (!Number.isFinite(this.start)) { this.start = 0; this.end = 0; }
    this.#settle();
    return true;
  }

  #join(node) {
    const parent = node.parentId && node.parentId !== node.id ? this.byId.get(node.parentId) : null;
    if (parent) {
      node.parent = parent;
      parent.children.push(node);
    } else if (node.parentId) {
      const siblings = this.#waiting.get(node.parentId);
      if (siblings) siblings.push(node); else this.#waiting.set(node.parentId, [node]);
    } else {
      this.roots.push(node);
    }
    const children = this.#waiting.get(node.id);
    if (!children || node.parentId === node.id) return;
    this.#waiting.delete(node.id);
    for (const child of children) { child.parent = node; node.children.push(child); }
    node.children.sort((a, b) => a.start - b.start);
  }

  /** Order, sums, and the roots of what hangs on nothing. */
  #settle() {
    const orphans = [...this.#waiting.values()].flat();
    const tops = [...this.roots, ...orphans].sort((a, b) => a.start - b.start);
    this.order = [];
    const seen = new Set();
    this.#walk(tops, seen);
    // What closes a circle is reached from nowhere.
    if (seen.size < this.byId.size) {
      for (const node of this.byId.values()) {
        if (seen.has(node)) continue;
        if (node.parent) node.parent.children.splice(node.parent.children.indexOf(node), 1);
        node.parent = null;
        this.roots.push(node);
        tops.push(node);
        this.#walk([node], seen);
      }
    }
    this.tops = tops;
    this.#sum();
  }

  #walk(tops, seen) {
    const stack = [...tops].reverse();
    for (const top of tops) top.depth = 0;
    while (stack.length) {
      const node = stack.pop();
      if (seen.has(node)) continue;
      seen.add(node);
      this.order.push(node);
      for (let place = node.children.length - 1; place >= 0; place -= 1) {
        const child = node.children[place];
        child.depth = node.depth + 1;
        stack.push(child);
      }
    }
  }

  /** Counted usage of a span and everything below it. */
  #sum() {
    for (let place = this.order.length - 1; place >= 0; place -= 1) {
      const node = this.order[place];
      const own = node.llm?.counted === 'own' ? node.llm : null;
      const sum = { cost: own?.cost ?? null, input: own?.input ?? null, output: own?.output ?? null, calls: own ? 1 : 0, errors: node.failed ? 1 : 0, spans: 1 };
      for (const child of node.children) addSum(sum, child.sum);
      node.sum = sum;
    }
  }

  /**
   * The rows that are to be seen.
   * @param {object} view
   * @param {Set<string>} view.closed - Spans whose children are hidden.
   * @param {Set<string>} view.unfolded - Rows of siblings that are shown one by one, by their first span.
   * @param {function(object): boolean} [view.match] - Shows only spans that match, with those above them.
   * @returns {Array<object>} Spans, and folds: `{fold, nodes, depth}`.
   */
  rows({ closed, unfolded, match }) {
    const wanted = match ? this.#wanted(match) : null;
    const rows = [];
    const stack = [...this.tops].reverse();
    while (stack.length) {
      const row = stack.pop();
      if (row.fold || !wanted || wanted.has(row)) rows.push(row);
      if (row.fold || (closed.has(row.id) && !wanted)) continue;
      const below = wanted ? row.children : this.#below(row, unfolded);
      for (let place = below.length - 1; place >= 0; place -= 1) stack.push(below[place]);
    }
    return rows;
  }

  #wanted(match) {
    const wanted = new Set();
    for (const node of this.order) {
      if (!match(node)) continue;
      for (let up = node; up && !wanted.has(up); up = up.parent) wanted.add(up);
    }
    return wanted;
  }

  /** The children of a span, with runs of like ones folded; kept until their number changes. */
  #below(node, unfolded) {
    if (node.children.length < FOLD_FROM) return node.children;
    if (node.foldsOf !== node.children.length) {
      node.foldsOf = node.children.length;
      node.runs = runsOf(node.children);
    }
    if (node.runs.every((run) => run.length < FOLD_FROM)) return node.children;
    return node.runs.flatMap((run) => (run.length < FOLD_FROM || unfolded.has(run[0].id) ? run : [foldOf(run)]));
  }

  /**
   * The fold that a span would be hidden in.
   * @param {object} node - A span of the tree.
   * @returns {string|null} The id of the first of its run.
   */
  foldKey(node) {
    const run = node.parent?.runs?.find((candidate) => candidate.length >= FOLD_FROM && candidate.includes(node));
    return run ? run[0].id : null;
  }

  /** Which spans the trace waited for, from its end backwards: `critical` has the milliseconds of each. */
  markCritical() {
    for (const node of this.order) node.critical = 0;
    const top = this.tops.reduce((best, node) => (!best || node.duration > best.duration ? node : best), null);
    if (!top) return;
    const stack = [{ node: top, until: top.end }];
    while (stack.length) {
      const { node, until } = stack.pop();
      let at = Math.min(until, node.end);
      const children = node.children.length > 1 ? [...node.children].sort((a, b) => b.end - a.end) : node.children;
      for (const child of children) {
        if (child.start >= at || child.end <= node.start) continue;
        if (child.end > at && child.end > node.end) continue;
        const end = Math.min(child.end, at);
        node.critical += Math.max(0, at - end);
        stack.push({ node: child, until: end });
        at = Math.max(node.start, child.start);
      }
      node.critical += Math.max(1e-6, at - node.start);
    }
  }

  /**
   * The call with the highest cost.
   * @returns {object|null} Null when no cost is known.
   */
  mostExpensive() {
    return this.order.reduce((best, node) => (node.llm?.counted === 'own' && node.llm.cost > (best?.llm.cost ?? 0) ? node : best), null);
  }

  /**
   * The span that itself took the longest: without what its children took, as far as the trace waited for it.
   * @returns {object|null} Null in an empty trace.
   */
  slowest() {
    return this.order.reduce((best, node) => (node.critical > (best?.critical ?? 0) ? node : best), null);
  }
}

function addSum(sum, other) {
  for (const name of ['cost', 'input', 'output']) if (other[name] !== null && other[name] !== undefined) sum[name] = Number(sum[name] ?? 0) + Number(other[name]);
  sum.calls += other.calls;
  sum.errors += other.errors;
  sum.spans += other.spans;
}

function runsOf(children) {
  const runs = [];
  let run = null;
  for (const child of children) {
    if (run && child.children.length === 0 && run[0].children.length === 0 && run[0].name === child.name) run.push(child);
    else { run = [child]; runs.push(run); }
  }
  return runs;
}

function foldOf(nodes) {
  const [first] = nodes;
  if (first.fold_of && first.fold_of.nodes.length === nodes.length) return first.fold_of;
  const sum = { cost: null, input: null, output: null, calls: 0, errors: 0, spans: 0 };
  let duration = 0;
  let end = first.end;
  for (const node of nodes) { addSum(sum, node.sum); duration += node.duration; end = Math.max(end, node.end); }
  const fold = { fold: true, id: first.id, nodes, name: first.name, kind: first.kind, depth: first.depth, start: first.start, end, duration, sum, parent: first.parent,
    failed: sum.errors > 0, critical: 0, children: [] };
  Object.defineProperty(first, 'fold_of', { value: fold, writable: true, configurable: true });
  return fold;
}
