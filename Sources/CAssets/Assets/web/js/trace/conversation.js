// conversation.js - a run as it was said: the user, each step in order with its result, the answer, and the running cost.

import { isAborted } from '../api.js';
import { h, icon, replace } from '../dom.js';
import { compact, cost, count, duration } from '../format.js';
import { current, href } from '../router.js';
import { short } from '../text.js';
import { asText, fromJSON, valueView } from './json.js';
import { KINDS } from './kinds.js';
import { partView } from './messages.js';
import { copyMark, fold } from './parts.js';
import { agentOf, stepsOf } from './steps.js';

const PAGE = 40;
const AT_ONCE = 4;

/**
 * The conversation of a trace.
 * @param {object} context - `tree`, `source`, `trace`, `signal`.
 * @returns {HTMLElement} Filled while spans arrive.
 */
export function view(context) { return new Conversation(context).element; }

class Conversation {
  #seen = new Set();
  #results = new Set();
  #told = new Set();
  #hasUser = false;
  #spent = 0;
  #last = null;

  constructor({ tree, source, trace, signal }) {
    Object.assign(this, { tree, source, trace, signal });
    this.steps = stepsOf(tree);
    this.dearest = tree.mostExpensive();
    this.list = h('ol.c-list');
    this.foot = h('div.c-foot');
    this.element = h('div.conversation', null,
      trace.content === 'expired' ? h('div.banner', null, 'The content of this trace has expired; what is left are its steps, tokens and costs.') : null, this.list, this.foot);
    this.#more(0);
  }

  async #more(from) {
    const steps = this.steps.slice(from, from + PAGE);
    // What is not there yet takes no room, so that nothing moves.
    replace(this.foot);
    this.element.setAttribute('aria-busy', 'true');
    // A few at a time, shown in order: what was said before is not shown again.
    for (let at = 0; at < steps.length; at += AT_ONCE) {
      const part = steps.slice(at, at + AT_ONCE);
      const found = await Promise.all(part.map((node) => this.source.span(node.id).catch((error) => ({ failure: error }))));
      if (this.signal.aborted) return;
      for (const [place, span] of found.entries()) {
        if (span.failure && isAborted(span.failure)) return;
        this.#draw(this.#place(part[place]), part[place], span, from + at + place);
      }
    }
    this.element.setAttribute('aria-busy', 'false');
    const left = this.steps.length - from - steps.length;
    if (left > 0) { replace(this.foot, h('button.button', { type: 'button', on: { click: () => this.#more(from + PAGE) } }, `Show more steps (${count(left)})`)); return; }
    this.#last?.classList.add('answer');
    this.#last?.querySelector('.c-who')?.append(' · answer');
    const sum = this.tree.tops.reduce((total, node) => total + Number(node.sum.cost ?? 0), 0);
    replace(this.foot, h('p.muted', null, `${count(this.steps.length)} ${this.steps.length === 1 ? 'step' : 'steps'} · ${cost(this.trace.llm_summary?.cost ?? (sum || null))} · ${duration(this.trace.duration_ms)}`));
  }

  #place(node) {
    return this.list.appendChild(h('li.c-step', { style: { '--kind': `var(${KINDS[node.kind].color})`, '--inner': Math.min(3, toolsAbove(node)) } }));
  }

  #draw(place, node, span, number) {
    if (span.failure) { replace(place, this.#head(node, number), h('div.banner.error', null, span.failure.message)); return; }
    const content = span.llm ?? span.content ?? {};
    const said = [];
    for (const message of this.#news(content)) said.push(this.#bubble(message, node));
    const body = this.#body(node, span, content);
    if (node.llm?.counted === 'own') this.#spent += Number(node.llm.cost ?? 0);
    replace(place, said, h('div.c-box', { class: [node.failed ? 'failed' : '', node === this.dearest && this.steps.length > 1 ? 'dearest' : ''].join(' ') }, this.#head(node, number, content.tool?.name), body));
    const answers = place.querySelectorAll('.c-bubble[data-role="assistant"]');
    if (node.kind === 'llm' && answers.length) this.#last = answers[answers.length - 1];
  }

  /** What this call was told that no call before it was. */
  #news(content) {
    const messages = [...(content.system_instructions?.length ? [{ role: 'system', parts: content.system_instructions }] : []), ...(content.input_messages ?? [])];
    return messages.filter((message) => {
      const key = keyOf(message);
      if (this.#seen.has(key)) return false;
      this.#seen.add(key);
      const isTool = message.parts?.length && message.parts.every((part) => part.type === 'tool_call_response');
      return message.role !== 'assistant' && !(isTool && message.parts.every((part) => this.#isTold(part)));
    });
  }

  /** Whether a step has shown this result: by its id, or by its text. */
  #isTold(part) {
    if (this.#results.has(resultKey(part))) return true;
    const text = plainText(part.result);
    return [...this.#told].some((said) => text === said || (said.length > 8 && text.includes(said)));
  }

  #bubble(message, node) {
    const role = String(message.role ?? '');
    if (role === 'system' || role === 'developer') {
      return fold([h('span.c-who', null, 'System prompt')], () => (message.parts ?? []).map(partView), { class: 'c-system' });
    }
    const isTool = role === 'tool' || message.parts?.some((part) => part.type === 'tool_call_response');
    const isUser = role === 'user' || role === 'human';
    const inner = isUser && this.#hasUser && isInner(node);
    this.#hasUser ||= isUser;
    const who = isTool ? 'Result of a tool' : !isUser ? short(role, { max: 40 }) : inner ? 'Asked within the run' : 'User';
    return h('div.c-bubble', { 'data-role': isTool ? 'tool' : isUser && !inner ? 'user' : 'other' }, h('div.c-who', null, who), (message.parts ?? []).map(partView));
  }

  #head(node, number, tool = null) {
    const agent = agentOf(node);
    const query = new URLSearchParams(current().query);
    query.delete('view');
    query.set('span', node.id);
    const own = node.llm?.counted === 'own' ? node.llm : null;
    const running = this.#spent;
    return h('header.c-head', null, h('span.c-number', null, number + 1), h('span.w-icon', { style: { color: `var(${KINDS[node.kind].color})` } }, icon(KINDS[node.kind].icon)),
      h('a', { href: href(current().path, query) }, short(tool ?? node.name, { max: 80 })), tool && !node.name.includes(tool) ? short(node.name, { class: 'muted small', max: 60 }) : null,
      own?.model && !node.name.includes(own.model) ? short(own.model, { class: 'muted small mono', max: 60 }) : null, agent ? h('span.muted.small', null, 'in ', short(agent.agent ?? agent.name, { max: 60 })) : null,
      node.failed ? h('span.badge.error', null, 'error') : null, node === this.dearest && this.steps.length > 1 ? h('span.badge.warn', null, 'most expensive') : null, h('span.grow'),
      h('span.c-figures.small.muted', null, own ? [`${compact(own.input)} / ${compact(own.output)} · `, h('strong', null, cost(own.cost, own.input === null ? undefined : 'unpriced')), running ? ` · ${cost(running)} so far · ` : ' · '] : null, duration(node.duration)));
  }

  /** Of a tool that has steps of its own the result comes behind them: what asked for it is told it there. */
  #result(node, tool) {
    const box = () => h('div.c-tool.result', null, h('div.part-head', null, h('span.muted.small', null, 'gave'), copyMark(() => asText(tool.result), 'Copy result')), readable(tool.result));
    if (this.steps.some((step) => isBelow(step, node))) return fold(h('span.muted.small', null, 'Result, after the steps that follow'), box);
    if (tool.call_id) this.#results.add(String(tool.call_id));
    const text = plainText(tool.result);
    if (text) this.#told.add(text);
    return box();
  }

  #body(node, span, content) {
    const nodes = [];
    if (node.failed) {
      const event = (span.events ?? []).find(({ name }) => name === 'exception')?.attributes ?? {};
      nodes.push(h('div.banner.error', null, h('strong', null, short(event['exception.type'] ?? span.llm?.error_type ?? 'Error')), ' ', event['exception.message'] || span.status?.message ? short(event['exception.message'] || span.status.message, { max: 600 }) : null));
    }
    if (content.tool) {
      nodes.push(h('div.c-tool', null, h('div.part-head', null, h('span.muted.small', null, 'called with')), argumentsView(content.tool.arguments)));
      if (content.tool.result !== undefined && content.tool.result !== null) nodes.push(this.#result(node, content.tool));
    } else if (content.retrieval) {
      nodes.push(content.retrieval.query === undefined ? null : h('div.c-tool', null, valueView(content.retrieval.query)),
        fold([count(content.retrieval.documents?.length ?? 0), ' documents'], () => valueView(content.retrieval.documents ?? [], { open: 2 }), { open: (content.retrieval.documents?.length ?? 0) < 4 }));
    } else if (content.embedding_inputs?.length) {
      nodes.push(fold([count(content.embedding_inputs.length), ' texts embedded'], () => valueView(content.embedding_inputs, { open: 1 })));
    }
    for (const message of content.output_messages ?? []) {
      this.#seen.add(keyOf(message));
      nodes.push(h('div.c-bubble', { 'data-role': 'assistant' }, h('div.c-who', null, node.kind === 'llm' ? 'Model' : 'Output', h('span.grow'), copyMark(() => message.parts.map((part) => part.content ?? asText(part)).join('\n'), 'Copy answer')), (message.parts ?? []).map(partView)));
    }
    if (!content.output_messages?.length && !content.tool && !content.retrieval) {
      if (content.input !== undefined && !content.input_messages?.length) nodes.push(h('div.c-tool', null, valueView(content.input, { open: 1, first: 1500 })));
      if (content.output !== undefined) nodes.push(h('div.c-tool.result', null, readable(content.output)));
    }
    if (!nodes.length) nodes.push(h('p.muted.small', null, 'No content was recorded for this step.'));
    return nodes;
  }
}

function keyOf(message) {
  const said = (message.parts ?? []).map((part) => (part.type === 'tool_call' ? `call ${part.id ?? part.name}` : part.type === 'tool_call_response' ? resultKey(part) : part.content ?? part));
  return `${message.role} ${JSON.stringify(said)}`;
}

/** The text in an envelope of a framework; null where there is none. */
function inner(value, depth = 4) {
  const whole = typeof value === 'string' ? fromJSON(value) : value;
  if (!whole || typeof whole !== 'object' || depth === 0) return typeof value === 'string' && depth < 4 ? value : null;
  for (const name of ['data', 'kwargs', 'content', 'output', 'raw_output']) {
    const found = whole[name] === undefined || Array.isArray(whole) ? null : inner(whole[name], depth - 1);
    if (found) return found;
  }
  return null;
}

const plainText = (value) => (inner(value) ?? asText(value)).trim();

function withAll(view, value) { return h('div', null, view, fold(h('span.muted.small', null, 'All of it'), () => valueView(value, { open: 2 }))); }

/** A value as people read it, and all of it on request. */
function readable(value) {
  const text = inner(value);
  return text ? withAll(valueView(text, { first: 1500 }), value) : valueView(value, { open: 2, first: 1500 });
}

/** Arguments without what frameworks add to them. */
function argumentsView(value) {
  const whole = typeof value === 'string' ? fromJSON(value) : value;
  const given = whole?.inputs ?? whole?.kwargs;
  if (given && typeof given === 'object' && Object.keys(given).length) return withAll(valueView(given, { open: 2 }), value);
  return value === undefined ? h('p.muted', null, 'nothing') : valueView(value, { open: 2, first: 1500 });
}

function isBelow(step, node) {
  for (let up = step.parent; up; up = up.parent) if (up === node) return true;
  return false;
}

/** How many tools a step runs in. */
function toolsAbove(node) {
  let found = 0;
  for (let up = node.parent; up; up = up.parent) if (up.kind === 'tool') found += 1;
  return found;
}

/** Whether a tool or another agent asks, and no person. */
function isInner(node) {
  const agents = new Set();
  for (let up = node.parent; up; up = up.parent) {
    if (up.kind === 'tool') return true;
    if (up.kind === 'agent') agents.add(up.agent ?? up.name);
  }
  return agents.size > 1;
}

const resultKey = (part) => String(part.id ?? asText(part.result));
