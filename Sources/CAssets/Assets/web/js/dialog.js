// dialog.js - dialogs and short messages.

import { h, icon } from './dom.js';

/**
 * Opens a dialog; Escape and the cross close it.
 * @param {string} title - Its heading.
 * @param {function(function(*)): Array<Node>} fill - Gives its contents; gets what closes it with a result.
 * @returns {Promise<*>} The result; undefined when it was left.
 */
export function openDialog(title, fill) {
  return new Promise((resolve) => {
    let result;
    const id = `dialog-${Math.random().toString(36).slice(2)}`;
    const close = (value) => { result = value; dialog.close(); };
    const dialog = h('dialog.dialog', { 'aria-labelledby': id },
      h('header', null, h('h2', { id }, title),
        h('button.button.plain.icon', { type: 'button', 'aria-label': 'Close', on: { click: () => close() } }, icon('M4 4l8 8M12 4l-8 8'))),
      h('div.body', null, fill(close)));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(result); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Says something for some seconds.
 * @param {string} message - Shown as text.
 * @param {object} [options]
 * @param {'info'|'error'} [options.kind='info'] - How it looks.
 */
export function toast(message, { kind = 'info' } = {}) {
  const element = h('div.toast', { class: kind }, message);
  const box = document.getElementById('toasts');
  while (box.children.length > 3) box.firstChild.remove();
  box.append(element);
  setTimeout(() => element.remove(), kind === 'error' ? 8000 : 4000);
}
