// text.js - text from outside, made safe to read: nothing invisible, nothing reordered, never too much at once.

import { h } from './dom.js';
import { bytes, count } from './format.js';

const CONTROLS = 'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(' ');
const NAMES = {
  0x7f: 'DEL',   0x00ad: 'SHY', 0x061c: 'ALM', 0x180e: 'MVS', 0x200b: 'ZWSP', 0x200e: 'LRM', 0x200f: 'RLM', 0x2028: 'LS', 0x2029: 'PS',
  0x202a: 'LRE', 0x202b: 'RLE', 0x202c: 'PDF', 0x202d: 'LRO', 0x202e: 'RLO', 0x2060: 'WJ', 0x2066: 'LRI', 0x2067: 'RLI',
  0x2068: 'FSI', 0x2069: 'PDI', 0xfeff: 'BOM',
};

// Controls but tab and line feed, marks of direction, what has no width, and tags, which hide text from people.
const ODD = /\r\n?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

function shown(mark) {
  if (mark === '\r\n') return '\n';
  const code = mark.codePointAt(0);
  if (code >= 0xe0020 && code < 0xe007f) return `⟦tag ${String.fromCodePoint(code - 0xe0000)}⟧`;
  return `⟦${CONTROLS[code] ?? NAMES[code] ?? 'U+' + code.toString(16).toUpperCase().padStart(4, '0')}⟧`;
}

/**
 * The text with everything invisible made visible: `⟦ESC⟧[31m` for an escape sequence, `⟦RLO⟧` for a mark of direction.
 * @param {*} text - Anything; what is no string is turned into one.
 * @returns {string} Text without control characters but tab and line feed.
 */
export function visible(text) {
  const string = String(text ?? '');
  return (string.isWellFormed?.() === false ? string.toWellFormed() : string).replace(ODD, shown);
}

/**
 * At most so many UTF-16 units of a text; never half a character.
 * @param {string} text - The text.
 * @param {number} limit - How many.
 * @param {number} [from] - Where to begin.
 * @returns {string} The piece.
 */
export function piece(text, limit, from = 0) {
  let end = Math.min(text.length, from + limit);
  const last = text.charCodeAt(end - 1);
  if (end < text.length && last >= 0xd800 && last < 0xdc00) end -= 1;
  return text.slice(from, end);
}

/**
 * A short text in one line: visible, isolated, cut.
 * @param {*} text - The text; null shows as "–".
 * @param {object} [options]
 * @param {number} [options.max=200] - The most characters; the whole start is the title.
 * @param {string} [options.class] - Classes.
 * @returns {HTMLElement} A `bdi`.
 */
export function short(text, { max = 200, class: name } = {}) {
  if (text === null || text === undefined || text === '') return h('bdi', { class: name }, '–');
  const whole = String(text);
  const start = visible(piece(whole, max)).replace(/\s+/g, ' ');
  const cut = whole.length > max;
  return h('bdi', { class: name, title: visible(piece(whole, 1000)) }, cut ? start + '…' : start);
}

const FIRST = 4000;
const STEP = 50_000;
const MOST = 1_000_000;

/**
 * A long text, a part of it at a time: 10 MB in one line do no harm.
 * @param {*} text - The text.
 * @param {object} [options]
 * @param {number} [options.first=4000] - Characters shown at first.
 * @param {string} [options.class] - Classes, such as `mono`.
 * @returns {HTMLElement} Shows more on request, a million characters at most.
 */
export function longText(text, { first = FIRST, class: name } = {}) {
  const whole = String(text ?? '');
  const box = h('div.long-text', { class: name });
  const more = h('div.more');
  let done = 0;
  const showMore = (size) => {
    const part = piece(whole, size, done);
    done += part.length;
    box.insertBefore(h('pre', { dir: 'auto' }, h('bdi', null, visible(part))), more.isConnected || more.parentNode ? more : null);
    more.replaceChildren();
    if (done >= whole.length) return;
    const note = h('span.muted.small', null, `${count(done)} of ${count(whole.length)} characters (${bytes(whole.length)})`);
    if (done < MOST) more.append(h('button.button.small', { type: 'button', on: { click: () => showMore(STEP) } }, 'Show more'));
    more.append(note);
  };
  box.append(more);
  showMore(whole.length <= first * 1.2 ? whole.length : first);
  return box;
}

/**
 * A button that copies a text.
 * @param {function(): string} text - Gives the text, exactly as it came.
 * @param {string} [label] - What the button says.
 * @returns {HTMLElement} The button; it says for a moment whether that worked.
 */
export function copyButton(text, label = 'Copy') {
  const button = h('button.button.small', { type: 'button' }, label);
  button.addEventListener('click', async () => {
    let said = 'Copied';
    try { await navigator.clipboard.writeText(text()); } catch { said = 'Not allowed'; }
    button.textContent = said;
    setTimeout(() => { button.textContent = label; }, 1200);
  });
  return button;
}
