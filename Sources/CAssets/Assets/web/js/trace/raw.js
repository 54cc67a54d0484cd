// raw.js - a span as it was sent: attributes, events, links, resource.

import { h, replace } from '../dom.js';
import { count, duration } from '../format.js';
import { short, visible } from '../text.js';
import { asText, valueView } from './json.js';
import { copyMark, fold, section } from './parts.js';

const FIRST = 300;

/**
 * Attributes as a table that can be searched.
 * @param {object} attributes - By name.
 * @param {string} label - What they belong to.
 * @returns {HTMLElement} The table.
 */
export function attributeTable(attributes, label = 'Attributes') {
  const entries = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (!entries.length) return h('p.muted', null, 'none');
  const box = h('dl.attributes');
  const search = h('input.input', { type: 'search', placeholder: 'Filter names and values', 'aria-label': `Filter: ${label}` });
  const note = h('span.muted.small', { role: 'status' });
  const draw = (limit = FIRST) => {
    const wanted = search.value.toLowerCase();
    const found = entries.filter(([name, value]) => !wanted || name.toLowerCase().includes(wanted) || asText(value).slice(0, 100_000).toLowerCase().includes(wanted));
    note.textContent = `${count(found.length)} of ${count(entries.length)}`;
    replace(box, found.slice(0, limit).map(([name, value]) => [h('dt', null, h('bdi', null, visible(name.slice(0, 500)))), h('dd', null, valueView(value, { open: 0, first: 400 }), copyMark(() => asText(value), 'Copy value'))]));
    if (found.length > limit) box.append(h('dd.all', null, h('button.button.small', { type: 'button', on: { click: () => draw(limit + 1000) } }, 'Show more')));
  };
  search.addEventListener('input', () => draw());
  draw();
  return h('div', null, entries.length > 8 ? h('div.attribute-search', null, search, note) : null, box);
}

/**
 * Events and links of a span.
 * @param {object} span - Whole.
 * @param {function(object): HTMLElement} otherLink - A link to a span of another trace.
 * @returns {Array<HTMLElement>} Sections.
 */
export function eventsView(span, otherLink) {
  const start = BigInt(span.start_time_unix_nano ?? 0);
  const behind = (event) => {
    try { return Number(BigInt(event.time_unix_nano ?? Date.parse(event.time) * 1e6) - start) / 1e6; } catch { return null; }
  };
  return [
    section('Events', h('span.muted.small', null, count(span.events?.length ?? 0)), span.events?.length
      ? span.events.slice(0, 500).map((event) => fold([h('strong', null, short(event.name)), h('span.muted.small', null, ` after ${duration(behind(event))}`)],
        () => attributeTable(event.attributes, 'Event'), { open: span.events.length <= 3 })) : h('p.muted', null, 'none')),
    section('Links', h('span.muted.small', null, count(span.links?.length ?? 0)), span.links?.length
      ? span.links.slice(0, 500).map((link) => h('div.boxed', null, otherLink(link), Object.keys(link.attributes ?? {}).length ? attributeTable(link.attributes, 'Link') : null)) : h('p.muted', null, 'none')),
  ];
}

/**
 * Ids, resource and scope of a span.
 * @param {object} span - Whole.
 * @returns {Array<HTMLElement>} Sections.
 */
export function sourceView(span) {
  const fact = (name, value) => (value === null || value === undefined || value === '' ? null
    : [h('dt', null, name), h('dd', null, short(value, { class: 'mono' }), copyMark(() => String(value)))]);
  const llm = span.llm ?? {};
  return [
    section('Span', null, h('dl.facts', null, fact('span id', span.span_id), fact('parent', span.parent_span_id), fact('kind', span.kind), fact('status', span.status?.code),
      fact('start', span.start_time), fact('end', span.end_time), fact('trace state', span.trace_state), fact('response id', llm.response_id), fact('request id', llm.request_id),
      fact('service tier', llm.service_tier), fact('made of', span.synthesized ? 'a log record' : null),
      fact('input read from', (llm.content_source ?? span.content?.content_source)?.input), fact('output read from', (llm.content_source ?? span.content?.content_source)?.output))),
    section('Resource', null, attributeTable(span.resource?.attributes, 'Resource')),
    section('Scope', span.scope?.name ? short(`${span.scope.name} ${span.scope.version ?? ''}`, { class: 'mono small' }) : null, attributeTable(span.scope?.attributes, 'Scope')),
  ];
}
