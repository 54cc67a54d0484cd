// keys.js - what keys do; one list, so that the help can show them all.

const bound = new Set();
let before = '';
let timer;

/**
 * Binds keys.
 * @param {object} binding
 * @param {string} binding.keys - As `KeyboardEvent.key` names it: `j`, `/`, `Escape`; two in a row with a space: `g t`.
 * @param {string} binding.label - What it does, for the help.
 * @param {string} [binding.group] - Its heading in the help.
 * @param {function(KeyboardEvent): (boolean|void)} binding.run - Returns false when it did nothing.
 * @param {boolean} [binding.inFields=false] - Whether it also works while somebody types.
 * @param {AbortSignal} [signal] - Unbinds it; a page gives its own.
 */
export function bind(binding, signal) {
  const entry = { group: 'Everywhere', ...binding };
  bound.add(entry);
  signal?.addEventListener('abort', () => bound.delete(entry));
}

/**
 * Everything that is bound.
 * @returns {Map<string, Array<{keys: string, label: string}>>} By group.
 */
export function bindings() {
  const groups = new Map();
  for (const { group, keys, label } of bound) groups.set(group, [...(groups.get(group) ?? []), { keys, label }]);
  return groups;
}

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = isTyping(event.target);
  if (document.querySelector('dialog[open]')) return;
  const both = before ? `${before} ${event.key}` : null;
  clearTimeout(timer);
  before = '';
  // The latest first: a page goes before the frame.
  for (const binding of [...bound].reverse()) {
    if (typing && !binding.inFields) continue;
    if (binding.keys !== event.key && binding.keys !== both) continue;
    if (binding.run(event) === false) continue;
    event.preventDefault();
    return;
  }
  if (!typing && [...bound].some((binding) => binding.keys.startsWith(`${event.key} `))) {
    before = event.key;
    timer = setTimeout(() => { before = ''; }, 1000);
  }
});
