// content.js - what went into a span and what came out: request and response side by side.

import { h } from '../dom.js';
import { count } from '../format.js';
import { short } from '../text.js';
import { asText, valueView } from './json.js';
import { messageList, messageText, partView } from './messages.js';
import { copyMark, fold, section } from './parts.js';

const MANY = 30;

/**
 * The error of a span.
 * @param {object} span - Whole.
 * @returns {HTMLElement|null} A red banner; null without an error.
 */
export function errorBanner(span) {
  const failures = (span.events ?? []).filter((event) => event.name === 'exception');
  if (span.status?.code !== 'ERROR' && !span.llm?.error_type) return null;
  const last = failures.at(-1)?.attributes ?? {};
  const type = last['exception.type'] ?? span.llm?.error_type ?? span.attributes?.['error.type'];
  const message = last['exception.message'] ?? span.status?.message ?? '';
  const stack = last['exception.stacktrace'];
  return h('div.banner.error.error-banner', { role: 'alert' },
    h('div.error-head', null, h('strong', null, type ? short(type) : 'Error'), copyMark(() => [type, message, stack].filter(Boolean).join('\n'), 'Copy error')),
    message && message !== type ? valueView(message, { open: 3, first: 2000 }) : null,
    span.status?.message && span.status.message !== message ? valueView(span.status.message, { first: 1000 }) : null,
    failures.length > 1 ? h('p.small', null, `${count(failures.length)} exceptions, the last is shown; the others are among the events`) : null,
    stack ? fold('Stack trace', () => valueView(String(stack), { first: 8000 }), { class: 'stack' }) : null);
}

/**
 * Request and response of a span.
 * @param {object} span - Whole.
 * @param {object} options
 * @param {number} [options.wanted] - The number of the message that the address names.
 * @param {*} [options.actions] - Buttons for the request.
 * @param {boolean} [options.isParent=false] - Whether there is more to say than that nothing was recorded.
 * @returns {HTMLElement|null} Says so where nothing was recorded.
 */
export function contentView(span, { wanted, actions, isParent }) {
  const content = span.llm ?? span.content ?? {};
  const request = [requestParts(content, wanted)].flat().filter(Boolean);
  const response = responseParts(content, span, wanted);
  if (!request.length && !response.length) {
    if (isParent) return null;
    return h('p.muted.d-none', null, span.llm ? 'This call was recorded without its content.' : 'Nothing was recorded that went in or came out. What the span says of itself is among its attributes.');
  }
  return h('div.d-columns', null,
    h('div.d-column', null, h('header.d-title', null, h('h3', null, span.llm ? 'Request' : 'Input'), h('span.grow'), actions), request.length ? request : h('p.muted', null, 'not recorded')),
    h('div.d-column', null, h('header.d-title', null, h('h3', null, span.llm ? 'Response' : 'Output'), h('span.grow'),
      content.output_messages?.length ? copyMark(() => content.output_messages.map(messageText).join('\n\n'), 'Copy response') : null),
    response.length ? response : h('p.muted', null, span.status?.code === 'ERROR' ? 'none: the call failed' : 'not recorded')));
}

function requestParts(content, wanted) {
  const messages = content.input_messages ?? [];
  return [
    paramsView(content),
    content.system_instructions?.length ? fold(['System prompt', sizeOf(content.system_instructions)],
      () => h('div.message', { 'data-role': 'system' }, content.system_instructions.map(partView)), { open: textSize(content.system_instructions) < 600, class: 'system' }) : null,
    content.tools?.length ? fold(['Tools offered', h('span.muted', null, ` ${count(content.tools.length)}`)], () => content.tools.slice(0, 500).map(toolView)) : null,
    messages.length ? messageList(messages, { from: 1, wanted }) : null,
    content.embedding_inputs?.length ? section('Texts', h('span.muted.small', null, count(content.embedding_inputs.length)),
      content.embedding_inputs.slice(0, MANY).map((text) => h('div.message', null, valueView(text, { first: 1000 }))),
      content.embedding_inputs.length > MANY ? fold(`${count(content.embedding_inputs.length - MANY)} more`, () => content.embedding_inputs.slice(MANY, 1000).map((text) => h('div.message', null, valueView(text, { first: 300 })))) : null) : null,
    content.tool ? [
      h('p', null, h('span.muted', null, 'tool '), h('strong', null, short(content.tool.name)), content.tool.call_id ? short(` ${content.tool.call_id}`, { class: 'muted mono small' }) : null),
      hasValue(content.tool.arguments) ? boxed('Arguments', content.tool.arguments) : null] : null,
    content.retrieval?.query !== undefined ? boxed('Query', content.retrieval.query) : null,
    hasValue(content.input) && !messages.length ? boxed(null, content.input) : hasValue(content.input) ? fold('Input of the step', () => boxed(null, content.input)) : null,
  ].flat();
}

function responseParts(content, span, wanted) {
  const outputs = content.output_messages ?? [];
  const from = (content.input_messages?.length ?? 0) + 1;
  const reasons = content.finish_reasons ?? [];
  return [
    outputs.length ? messageList(outputs, { from, wanted }) : null,
    outputs.length || !reasons.length ? null : h('p', null, h('span.muted', null, 'ended because: '), reasons.map((reason) => [h('span.badge', null, short(reason)), ' '])),
    content.tool && hasValue(content.tool.result) ? boxed('Result', content.tool.result) : null,
    content.retrieval?.documents?.length ? section('Documents', h('span.muted.small', null, count(content.retrieval.documents.length)),
      content.retrieval.documents.slice(0, 200).map(documentView)) : null,
    hasValue(content.output) && !(content.tool && hasValue(content.tool.result)) ? (outputs.length ? fold('Output of the step', () => boxed(null, content.output)) : boxed(null, content.output)) : null,
  ].filter(Boolean);
}

const hasValue = (value) => value !== undefined && value !== null && value !== '';

function boxed(title, value) {
  return h('div.boxed', null, h('div.part-head', null, title ? h('span.muted.small', null, title) : null, h('span.grow'), copyMark(() => asText(value))), valueView(value, { open: 2 }));
}

const textSize = (parts) => parts.reduce((size, part) => size + String(part.content ?? '').length, 0);
const sizeOf = (parts) => h('span.muted.small', null, ` ${count(textSize(parts))} characters`);

/** Model and parameters in one line each. */
function paramsView(content) {
  const rows = Object.entries(content.request_params ?? {});
  if (content.request_model) rows.unshift(['model', content.request_model]);
  if (!rows.length) return null;
  return h('dl.facts.params', null, rows.slice(0, 60).map(([name, value]) => [h('dt', null, short(name, { max: 60 })),
    h('dd', null, typeof value === 'object' && value !== null ? valueView(value, { open: 0 }) : short(value, { class: 'mono' }))]));
}

function toolView(tool) {
  return fold([h('strong', null, short(tool.name)), ' ', tool.description ? short(tool.description, { class: 'muted small', max: 120 }) : null],
    () => [tool.description?.length > 120 ? valueView(tool.description) : null, hasValue(tool.parameters) ? valueView(tool.parameters, { open: 3 }) : h('p.muted', null, 'no schema')], { class: 'tool-offer' });
}

function documentView(document, place) {
  const { content, id, score, metadata, ...rest } = typeof document === 'object' && document !== null ? document : { content: document };
  return h('article.message', null, h('header', null, h('span.badge', null, `${place + 1}`), id ? short(id, { class: 'mono small cut' }) : null,
    score === undefined || score === null ? null : h('span.muted.small', null, 'score ', short(score)), h('span.grow'), copyMark(() => asText(content ?? document), 'Copy document')),
  hasValue(content) ? valueView(content, { first: 1000 }) : null,
  hasValue(metadata) ? fold('Metadata', () => valueView(metadata)) : null, Object.keys(rest).length ? fold('More', () => valueView(rest)) : null);
}
