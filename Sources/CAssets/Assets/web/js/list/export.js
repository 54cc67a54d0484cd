// export.js - what is filtered, as a file.

import { address, isAborted, key, send } from '../api.js';
import { h } from '../dom.js';
import { later } from '../later.js';

const FORMATS = {
  traces: [['otlp', 'OTLP JSON', 'everything, as received'], ['jsonl', 'JSON lines', 'a trace in each line'], ['csv', 'CSV', 'a row for each trace']],
  calls: [['jsonl', 'JSON lines', 'a call in each line'], ['csv', 'CSV', 'a row for each call']],
};

/**
 * Makes the menu of exports.
 * @param {'traces'|'calls'} view - What is listed.
 * @param {function(): URLSearchParams} asked - The filters now.
 * @param {AbortSignal} signal - Of the page.
 * @returns {HTMLElement} A button with its menu.
 */
export function exportMenu(view, asked, signal) {
  const links = FORMATS[view].map(([format, label, note]) => {
    const name = `skein-${view}.${format === 'otlp' ? 'otlp.jsonl' : format}`;
    return { format, name, link: h('a', { href: '/v1/export', download: name }, h('strong', null, label), h('span.muted.small', null, note)) };
  });
  const aim = () => {
    for (const { format, link } of links) {
      const query = new URLSearchParams(asked());
      query.set('format', format);
      query.set('view', view);
      if (view === 'calls') { query.delete('sort'); query.delete('order'); }
      link.setAttribute('href', address('/v1/export', query));
    }
  };
  const menu = h('details.menu', null, h('summary.button', null, 'Export'), h('div.menu-items.panel', null, links.map(({ link }) => link)));
  menu.addEventListener('toggle', aim);
  for (const { link, name } of links) {
    link.addEventListener('click', (event) => {
      aim();
      menu.open = false;
      // A link cannot carry a key: then the page fetches the file itself.
      if (key()) { event.preventDefault(); save(link.getAttribute('href'), name, signal); }
    });
  }
  document.addEventListener('pointerdown', ({ target }) => { if (!menu.contains(target)) menu.open = false; }, { signal });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.preventDefault();
    menu.open = false;
    menu.firstChild.focus();
  });
  return menu;
}

async function save(url, name, signal) {
  const { toast } = await later(() => import('../dialog.js'));
  toast('The export is being fetched.');
  try {
    const body = await (await send(url, { signal })).blob();
    const blob = URL.createObjectURL(body);
    h('a', { href: blob, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(blob), 60_000);
  } catch (error) {
    if (!isAborted(error)) toast(error.message, { kind: 'error' });
  }
}
