// header.js - what a trace came to, above its spans.

import { address, send } from '../api.js';
import { toast } from '../dialog.js';
import { h, replace } from '../dom.js';
import { compact, cost, count, duration, time } from '../format.js';
import { href } from '../router.js';
import { short } from '../text.js';
import { warningText } from './kinds.js';
import { copyMark } from './parts.js';

const RECENT_MS = 120_000;

/**
 * The head of a trace.
 * @param {string} id - The trace id.
 * @returns {{element: HTMLElement, show: function(object, object), loaded: function(number)}} `show` takes the trace and what is known
 *   besides (`tags`, `loaded`); `loaded` takes the number of spans that are there.
 */
export function traceHeader(id) {
  const title = h('div.t-title', null, h('h1', null, h('span.skeleton', null, h('i', { style: { width: '220px' } }))));
  const figures = h('ul.figures.t-figures', null, ['Started', 'Duration', 'Cost', 'Tokens in / out', 'Calls', 'Spans', 'Errors'].map((label) => figure(label, '–')));
  const facts = h('div.t-facts.small', null, h('span', null, ' '));
  const element = h('header.t-head', null, title, figures, facts);
  return {
    element,
    /** Says how many spans are there by now. */
    loaded(size) { const value = figures.children[5]?.querySelector('strong'); if (value) value.textContent = value.textContent.replace(/^[\d,]+(?= of)/, count(size)); },
    show(trace, { tags = [], loaded } = {}) {
      replace(title, h('a.t-back', { href: href('/'), title: 'All traces', 'aria-label': 'All traces' }, 'Traces /'), h('h1.cut', null, short(trace.root_span.name)), badges(trace), h('span.grow'), actions(id, trace));
      const llm = trace.llm_summary;
      replace(figures, figure('Started', time(trace.start_time)), figure('Duration', duration(trace.duration_ms)),
        figure('Cost', [cost(llm?.cost), llm && !llm.cost_complete ? h('span.warn-text', { title: 'Of some calls the cost is not known' }, ' +?') : null], costTitle(llm)),
        figure('Tokens in / out', `${compact(llm?.tokens_input ?? llm?.tokens_embedding)} / ${compact(llm?.tokens_output)}`, tokensTitle(llm)),
        figure('Calls', llm ? count(llm.calls) : '–'),
        figure('Spans', loaded !== undefined && loaded < trace.span_count ? `${count(loaded)} of ${count(trace.span_count)}` : count(trace.span_count)),
        figure('Errors', trace.error_count ? h('span.error-text', null, count(trace.error_count)) : '0'));
      replace(facts, factsOf(trace, id, tags));
    },
  };
}

const figure = (label, value, title) => h('li', { title }, h('span.label', null, label), h('strong', null, value));

function tokensTitle(llm) {
  if (!llm) return null;
  const embedded = llm.tokens_embedding ? `, ${count(llm.tokens_embedding)} embedded` : '';
  return `${count(llm.tokens_input)} in, ${count(llm.tokens_output)} out, ${count(llm.tokens_cache_read)} read from the cache${embedded}`;
}

function costTitle(llm) {
  if (!llm) return null;
  const parts = [];
  if (llm.cost_reported !== null) parts.push(`reported ${cost(llm.cost_reported)}`);
  if (llm.cost_computed !== null) parts.push(`computed ${cost(llm.cost_computed)}`);
  return [...parts, ...(llm.models ?? []).map((own) => `${own.model}: ${count(own.calls)} calls, ${cost(own.cost)}`)].join('\n');
}

function badges(trace) {
  const marks = [trace.status === 'error' ? h('span.badge.error', null, 'error') : h('span.badge.ok', null, 'ok')];
  if (!trace.complete) {
    const recent = Date.now() - new Date(trace.end_time).getTime() < RECENT_MS;
    marks.push(h('span.badge', { class: recent ? 'accent' : 'warn', title: 'The root is not there, or a parent is missing' }, recent ? 'still running' : 'incomplete'));
  } else if (trace.warnings?.includes('pending')) {
    marks.push(h('span.badge.accent', null, 'still running'));
  } else {
    marks.push(h('span.badge.plain', { title: 'The root is there and no parent is missing' }, 'complete'));
  }
  if (trace.content === 'expired') marks.push(h('span.badge.warn', { title: 'Messages and attributes with content were removed by retention' }, 'content expired'));
  return marks;
}

function actions(id, trace) {
  const download = h('button.button.small.t-download', { type: 'button', 'aria-label': 'Download OTLP', title: 'The trace as OTLP/JSON, without loss' }, h('span', null, 'Download'), 'OTLP');
  download.addEventListener('click', async () => {
    download.disabled = true;
    try { await save(id, trace.project); } catch (error) { toast(error.message, { kind: 'error' }); }
    download.disabled = false;
  });
  return download;
}

/** With the key in a header: a plain link could not send it. */
async function save(id, project) {
  const answer = await send(address(`/v1/traces/${encodeURIComponent(id)}`, { view: 'otlp', project }));
  const url = URL.createObjectURL(await answer.blob());
  const link = h('a', { href: url, download: `trace-${id}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function factsOf(trace, id, tags) {
  const fact = (label, value) => h('span.t-fact', null, h('span.muted', null, label), ' ', value);
  const llm = trace.llm_summary;
  return [
    fact('trace', [h('span.mono', null, id), copyMark(() => id, 'Copy trace id')]),
    trace.service ? fact('service', h('a', { href: href('/', { service: trace.service }) }, short(trace.service, { max: 60 }))) : null,
    trace.project && trace.project !== 'default' ? fact('project', short(trace.project, { max: 60 })) : null,
    trace.session_id ? fact('session', h('a', { href: href(`/sessions/${encodeURIComponent(trace.session_id)}`, { project: trace.project }) }, short(trace.session_id, { max: 60 }))) : null,
    trace.user_id ? fact('user', h('a', { href: href('/', { user_id: trace.user_id }) }, short(trace.user_id, { max: 60 }))) : null,
    llm?.models?.length ? fact(llm.models.length > 1 ? 'models' : 'model', short(llm.models.map(({ model }) => model).join(', '), { max: 120, class: 'mono' })) : null,
    tags.length ? fact('tags', tags.slice(0, 20).map((tag) => [h('a.badge', { href: href('/', { tag }) }, short(tag, { max: 60 })), ' '])) : null,
    trace.also_in_projects?.length ? fact('also in', trace.also_in_projects.slice(0, 5).map((name) => [h('a', { href: href(`/traces/${id}`, { project: name }) }, short(name, { max: 60 })), ' '])) : null,
    trace.missing_parents ? h('span.t-fact.warn-text', null, `${count(trace.missing_parents)} missing ${trace.missing_parents === 1 ? 'parent' : 'parents'}`) : null,
    (trace.warnings ?? []).filter((name) => name !== 'parent_missing' && name !== 'pending').map((name) => h('span.t-fact.warn-text', { title: name }, warningText(name))),
  ];
}
