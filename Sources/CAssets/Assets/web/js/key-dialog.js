// key-dialog.js - where a key is entered.

import { key, setKey } from './api.js';
import { openDialog } from './dialog.js';
import { h } from './dom.js';

/**
 * Asks for a key.
 * @param {string} [message] - Why, in the words of the server.
 * @returns {Promise<boolean>} True when there is another key now.
 */
export async function enterKey(message) {
  return (await openDialog('API key', (close) => {
    const input = h('input.input', { id: 'key-input', type: 'password', autocomplete: 'off', spellcheck: 'false', placeholder: 'skein_…', required: true, autofocus: true });
    const stay = h('input', { id: 'key-stay', type: 'checkbox' });
    const submit = (event) => {
      event.preventDefault();
      const value = input.value.trim();
      if (!/^[\x21-\x7e]+$/.test(value)) { input.setAttribute('aria-invalid', 'true'); input.focus(); return; }
      setKey(value, stay.checked);
      close(true);
    };
    return h('form.stack', { on: { submit } },
      message ? h('p.banner.warn', null, message) : null,
      h('p.muted', null, 'A key with the scope “read”, as made by ', h('code', null, 'skein keys create'),
        '. It is kept in this browser and sent to this server alone.'),
      h('div.field', null, h('label', { for: 'key-input' }, key() ? 'Another key' : 'Key'), input),
      h('label.check', { for: 'key-stay' }, stay, 'Keep it when the tab is closed'),
      h('div.actions', null,
        key() ? h('button.button.danger', { type: 'button', on: { click: () => { setKey(null); close(true); } } }, 'Forget the key') : null,
        h('button.button', { type: 'button', on: { click: () => close(false) } }, 'Cancel'),
        h('button.button.primary', { type: 'submit' }, 'Use the key')));
  })) === true;
}
