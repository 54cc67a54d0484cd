// below.js - what happened below a span: its calls by cost, its spans by time, its errors.

import { h, icon } from '../dom.js';
import { compact, cost, count, duration } from '../format.js';
import { current, href } from '../router.js';
import { short } from '../text.js';
import { KINDS } from './kinds.js';
import { section } from './parts.js';

const MOST = 5;

/** Everything below a span; never deeper than the tree is long. */
function descendants(node) {
  const found = [];
  const stack = [...node.children];
  while (stack.length) {
    const next = stack.pop();
    found.push(next);
    for (const child of next.children) stack.push(child);
  }
  return found;
}

/**
 * What happened below a span.
 * @param {object} node - A span of the tree.
 * @returns {HTMLElement|null} Null for a span without children.
 */
export function belowView(node) {
  if (!node.children.length) return null;
  const all = descendants(node);
  const { sum } = node;
  const failed = all.filter((own) => own.failed && !own.children.some((child) => child.failed));
  const byCost = all.filter((own) => own.llm?.counted === 'own' && own.llm.cost > 0).sort((a, b) => b.llm.cost - a.llm.cost);
  const byTime = all.filter((own) => own.critical > 0.001).sort((a, b) => b.critical - a.critical);
  const list = (title, nodes, value) => (nodes.length ? section(title, nodes.length > MOST ? h('span.muted.small', null, `${MOST} of ${count(nodes.length)}`) : null,
    h('ul.below', null, nodes.slice(0, MOST).map((own) => line(own, value(own))))) : null);
  return h('div.stack', null,
    h('p.muted', null, `${count(all.length)} ${all.length === 1 ? 'span' : 'spans'} below`,
      sum.calls ? ` · ${count(sum.calls)} ${sum.calls === 1 ? 'call' : 'calls'}` : '',
      sum.input !== null || sum.output !== null ? ` · ${compact(sum.input)} / ${compact(sum.output)} tokens · ${cost(sum.cost, 'unpriced')}` : ''),
    list('Errors below', failed, (own) => duration(own.duration)),
    list('Most expensive below', byCost, (own) => cost(own.llm.cost)),
    list('Waited for the longest', byTime, (own) => duration(own.critical)));
}

function line(node, value) {
  const query = new URLSearchParams(current().query);
  query.set('span', node.id);
  const kind = KINDS[node.kind];
  return h('li', null, h('span.w-icon', { style: { color: `var(${kind.color})` } }, icon(kind.icon)), h('a.cut', { href: href(current().path, query) }, short(node.name)),
    node.failed ? h('span.badge.error', null, 'error') : null, h('span.num', null, value));
}
