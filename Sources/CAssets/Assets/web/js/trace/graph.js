// graph.js - a run as a graph: steps by name from left to right, their cost and time, and how they follow each other.

import { h, svg } from '../dom.js';
import { cost, count, duration } from '../format.js';
import { current, go, href } from '../router.js';
import { visible } from '../text.js';
import { KINDS } from './kinds.js';

const WIDTH = 196;
const HEIGHT = 52;
const GAP_X = 32;
const GAP_Y = 20;
const MOST = 300;

/** Spans below one step with the same name and kind become one step. */
function groupsOf(tree) {
  const groups = [];
  const placeOf = new Map();
  const byKey = new Map();
  const isPlain = (node) => node.kind === 'other' && node.sum.calls === 0 && node.children.length === 0;
  const hasKinds = tree.order.some((node) => node.kind !== 'other');
  let cut = 0;
  for (const node of tree.order) {
    const parent = node.parent ? placeOf.get(node.parent) : null;
    if (hasKinds && isPlain(node) && !node.failed) { placeOf.set(node, parent); continue; }
    const key = `${parent?.number ?? ''} ${node.kind} ${node.name}`;
    let group = byKey.get(key);
    if (!group) {
      if (groups.length >= MOST) { cut += 1; placeOf.set(node, parent); continue; }
      group = { number: groups.length, parent, name: node.name, kind: node.kind, first: node, nodes: 0, cost: null, below: 0, duration: 0, failed: 0, children: [], depth: parent ? parent.depth + 1 : 0 };
      groups.push(group);
      byKey.set(key, group);
      parent?.children.push(group);
    }
    placeOf.set(node, group);
    group.nodes += 1;
    group.duration += node.duration;
    group.failed += node.failed ? 1 : 0;
    group.below += Number(node.sum.cost ?? 0);
    if (node.llm?.counted === 'own' && node.llm.cost !== null) group.cost = (group.cost ?? 0) + Number(node.llm.cost);
  }
  return { groups, cut };
}

/** Each leaf gets a row; a step stands beside the first of what is below it. */
function place(groups) {
  let row = 0;
  const stack = groups.filter((group) => !group.parent).reverse();
  let depth = 0;
  while (stack.length) {
    const group = stack.pop();
    group.row = row;
    depth = Math.max(depth, group.depth);
    if (!group.children.length) row += 1;
    for (let at = group.children.length - 1; at >= 0; at -= 1) stack.push(group.children[at]);
  }
  return { rows: row, columns: depth + 1 };
}

const left = (group) => group.depth * (WIDTH + GAP_X) + 8;
const top = (group) => group.row * (HEIGHT + GAP_Y) + 8;

function edges(group) {
  const lines = [];
  const middle = top(group) + HEIGHT / 2;
  if (group.parent) {
    const x = left(group.parent) + WIDTH;
    const y = top(group.parent) + HEIGHT / 2;
    const bend = x + GAP_X / 2;
    lines.push(svg('path', { class: 'g-edge', d: y === middle ? `M${x} ${y}H${left(group)}` : `M${x} ${y}H${bend}V${middle}H${left(group)}`, fill: 'none' }));
  }
  for (const [at, child] of group.children.entries()) {
    const next = group.children[at + 1];
    if (next) lines.push(svg('path', { class: 'g-next', d: `M${left(child) + 18} ${top(child) + HEIGHT + 2}V${top(next) - 2}m-3.500 -5l3.500 5 3.500 -5`, fill: 'none' }));
  }
  return lines;
}

const fit = (text, most) => { const line = visible(text).replace(/\s+/g, ' '); return [...line].length > most ? `${[...line].slice(0, most - 1).join('')}…` : line; };

function box(group, dearest, most) {
  const kind = KINDS[group.kind];
  const query = new URLSearchParams(current().query);
  query.delete('view');
  query.set('span', group.first.id);
  const open = () => go(href(current().path, query));
  const said = [group.cost === null ? group.below && group.children.length ? `${cost(group.below)} below` : null : cost(group.cost), duration(group.duration), group.failed ? `${count(group.failed)} failed` : null].filter(Boolean).join(' · ');
  const isDearest = group === dearest;
  const element = svg('g', { class: `g-box${group.failed ? ' failed' : ''}${isDearest ? ' dearest' : ''}`, transform: `translate(${left(group)} ${top(group)})`, tabindex: 0, role: 'link',
    'aria-label': `${kind.label} ${fit(group.name, 80)}${group.nodes > 1 ? `, ${group.nodes} times` : ''}, ${said}${isDearest ? ', the most expensive step' : ''}`, on: { click: open, keydown: (event) => { if (event.key === 'Enter') { event.preventDefault(); open(); } } } },
  svg('rect', { class: 'g-frame', width: WIDTH, height: HEIGHT, rx: 6 }),
  svg('rect', { width: 4, height: HEIGHT, rx: 2, fill: `var(${kind.color})` }),
  group.cost && most ? svg('rect', { class: 'g-share', x: 12, y: HEIGHT - 7, width: Math.max(2, (WIDTH - 24) * (group.cost / most)), height: 3, rx: 1.5, fill: `var(${kind.color})` }) : null,
  svg('g', { transform: 'translate(11 8) scale(0.85)', fill: 'none', stroke: `var(${kind.color})`, 'stroke-width': 1.5 }, svg('path', { d: kind.icon })),
  svg('text', { class: 'g-name', x: 30, y: 20 }, fit(group.name, group.nodes > 1 ? 16 : 20)),
  group.nodes > 1 ? svg('text', { class: 'g-times', x: WIDTH - 10, y: 20, 'text-anchor': 'end' }, `× ${count(group.nodes)}`) : null,
  svg('text', { class: 'g-said', x: 12, y: 38 }, said));
  element.append(svg('title', null, `${fit(group.name, 300)}\n${kind.label}${group.nodes > 1 ? `, ${count(group.nodes)} times` : ''}\n${said}`));
  return element;
}

/**
 * The graph of the steps of a trace.
 * @param {object} context - `tree`.
 * @returns {HTMLElement} SVG; each step leads to its first span.
 */
export function view({ tree }) {
  const { groups, cut } = groupsOf(tree);
  const { rows, columns } = place(groups);
  const priced = groups.filter((group) => group.cost);
  const dearest = priced.reduce((best, group) => (group.cost > (best?.cost ?? 0) ? group : best), null);
  const width = columns * (WIDTH + GAP_X) - GAP_X + 16;
  const height = rows * (HEIGHT + GAP_Y) - GAP_Y + 16;
  return h('div.graph', null,
    h('p.small.muted', null, 'Steps of one name below the same step are one box. Solid lines: what was called; arrows: what came next.',
      dearest ? [' The most expensive step is outlined.'] : null, cut ? ` ${count(cut)} more spans are not shown.` : null),
    h('div.g-scroll', { tabindex: 0, role: 'region', 'aria-label': 'Graph of steps' }, svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': 'Steps' },
      groups.flatMap(edges), groups.map((group) => box(group, dearest, dearest?.cost)))));
}
