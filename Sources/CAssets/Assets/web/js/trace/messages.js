// messages.js - messages of a call: who says what, in parts.

import { h, replace } from '../dom.js';
import { bytes, count } from '../format.js';
import { short } from '../text.js';
import { asText, valueView } from './json.js';
import { copyMark, fold, linkMark } from './parts.js';

const HEAD = 2;
const TAIL = 20;
const ROLES = new Set(['system', 'user', 'assistant', 'tool', 'developer', 'model', 'human', 'ai']);

/**
 * The text of a message, as it is copied.
 * @param {object} message - With `parts`.
 * @returns {string} Texts as they are, everything else as JSON.
 */
export function messageText(message) {
  return (message.parts ?? []).map((part) => (typeof part.content === 'string' ? part.content : asText(part.result ?? part))).join('\n\n');
}

/**
 * One part of a message.
 * @param {object} part - As the API gives it.
 * @returns {HTMLElement} Nothing in it is loaded from anywhere.
 */
export function partView(part) {
  switch (part.type) {
    case 'text': return h('div.part', null, valueView(part.content ?? '', { open: 1 }));
    case 'reasoning': return fold(['Thinking', h('span.muted.small', null, ` ${count(String(part.content ?? '').length)} characters`)],
      () => valueView(part.content ?? ''), { class: 'thinking', open: String(part.content ?? '').length < 1500 });
    case 'tool_call': return h('div.part.tool-part', null,
      h('div.part-head', null, h('span.badge.accent', null, 'calls'), h('strong', null, short(part.name)), idOf(part.id), copyMark(() => asText(part.arguments))),
      part.arguments === undefined || part.arguments === null ? null : valueView(part.arguments, { open: 3 }));
    case 'tool_call_response': return h('div.part.tool-part', null,
      h('div.part-head', null, h('span.badge.ok', null, 'result'), part.name ? h('strong', null, short(part.name)) : null, idOf(part.id), copyMark(() => asText(part.result))),
      valueView(part.result, { open: 2 }));
    case 'uri': case 'file': case 'blob': return mediaView(part);
    default: return h('div.part', null, h('div.part-head', null, h('span.badge', null, short(part.original_type ?? part.type))), valueView(part.value ?? part, { open: 1 }));
  }
}

const idOf = (id) => (id ? short(id, { class: 'muted mono small cut', max: 40 }) : null);

/** Pictures and files by reference: an address is text, never a link that somebody else chose. */
function mediaView(part) {
  return h('div.part.tool-part', null, h('div.part-head', null, h('span.badge', null, short(part.modality ?? 'file')),
    part.mime_type ? short(part.mime_type, { class: 'muted small' }) : null,
    part.type === 'blob' ? h('span.muted.small', null, `sent inline, ${bytes(part.size)}`) : short(part.uri ?? part.file_id, { max: 400, class: 'mono small' }),
    part.uri ? copyMark(() => part.uri, 'Copy address') : null));
}

/**
 * A message.
 * @param {object} message - As the API gives it.
 * @param {object} [options]
 * @param {number} [options.number] - Its number in the call, for the permalink.
 * @returns {HTMLElement} With the id `m-…` where it has a number.
 */
export function messageView(message, { number } = {}) {
  const role = String(message.role ?? 'message');
  return h('article.message', { id: number ? `m-${number}` : null, 'data-role': ROLES.has(role) ? role : 'other' },
    h('header', null, h('span.badge.role', null, short(role, { max: 40 })), message.name ? short(message.name, { class: 'muted' }) : null,
      message.finish_reason ? h('span.badge', { title: 'Why the answer ended' }, short(message.finish_reason, { max: 40 })) : null,
      h('span.grow'), copyMark(() => messageText(message), 'Copy message'), number ? linkMark(`m-${number}`, `Link to message ${number}`) : null),
    (message.parts ?? []).map(partView),
    message.parts?.length ? null : h('p.muted', null, 'no content'));
}

/**
 * A list of messages; of a long one the middle is shown on request.
 * @param {Array<object>} messages - As the API gives them.
 * @param {object} options
 * @param {number} options.from - The number of the first.
 * @param {number} [options.wanted] - The number of a message that has to be there.
 * @returns {HTMLElement} The list.
 */
export function messageList(messages, { from, wanted }) {
  const all = messages.map((message, place) => ({ message, number: from + place }));
  const draw = ({ message, number }) => messageView(message, { number });
  const hidden = all.length > HEAD + TAIL + 4 ? all.slice(HEAD, -TAIL) : [];
  if (!hidden.length || hidden.some(({ number }) => number === wanted)) return h('div.messages', null, all.map(draw));
  const middle = h('div.messages-middle', null, h('button.button.small', { type: 'button', on: { click: () => replace(middle, hidden.map(draw)) } },
    `Show ${count(hidden.length)} messages between`));
  return h('div.messages', null, all.slice(0, HEAD).map(draw), middle, all.slice(-TAIL).map(draw));
}
