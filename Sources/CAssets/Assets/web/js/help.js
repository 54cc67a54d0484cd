// help.js - the keys that work now.

import { openDialog } from './dialog.js';
import { h } from './dom.js';
import { bindings } from './keys.js';

const NAMES = { Escape: 'Esc', Enter: 'Enter', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };

/** Opens the help on keys. */
export function showHelp() {
  openDialog('Keys', () => h('div.key-list', null, [...bindings()].map(([group, entries]) => [
    h('h3', null, group),
    entries.map(({ keys, label }) => [h('span', null, label),
      h('span', null, keys.split(' ').map((part) => [h('kbd', null, NAMES[part] ?? part), ' ']))]),
  ])));
}
