// shell.js - the frame: navigation, project, connection, theme, key, help.

import { get, isAborted, key, onKeyNeeded } from './api.js';
import { h, icon, replace, svg } from './dom.js';
import { bind } from './keys.js';
import { later } from './later.js';
import { current, go, href, setQuery } from './router.js';
import { visible } from './text.js';

const ICONS = {
  auto: 'M8 2a6 6 0 1 0 0 12V2z M8 2a6 6 0 0 1 0 12',
  light: 'M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6z M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  dark: 'M13.5 9.5A6 6 0 1 1 6.5 2.5a5 5 0 0 0 7 7z',
  key: 'M10.5 2a3.5 3.5 0 1 1-2.6 5.9L3 12.800V14h2.200v-1.500h1.500V11h1.500l.9-.9 M11.300 4.700h.01',
  help: 'M6 6a2 2 0 1 1 2.800 1.800c-.5.25-.8.6-.8 1.200v.3M8 11.800v.01M8 1.500a6.500 6.500 0 1 1 0 13a6.500 6.500 0 0 1 0-13z',
};

const showHelp = async () => (await later(() => import('./help.js'))).showHelp();
const enterKey = async (message) => (await later(() => import('./key-dialog.js'))).enterKey(message);

/**
 * Builds the frame.
 * @param {HTMLElement} header - Empty.
 * @param {Array<object>} routes - See `routes.js`.
 */
export function buildShell(header, routes) {
  const nav = h('nav.nav', { 'aria-label': 'Pages' });
  const project = h('select.select.project', { 'aria-label': 'Project', hidden: true });
  replace(header, brand(), nav,
    h('div.tools', null, connection(), project, themeButton(), keyButton(), helpButton()));
  const links = routes.filter((entry) => entry.nav).map((entry) => ({ entry, link: h('a', null, entry.nav) }));
  replace(nav, links.map(({ link }) => link));
  const mark = (entry) => {
    for (const { entry: own, link } of links) {
      link.setAttribute('href', href(own.path));
      if (own === entry || own.path === entry?.within || own.load === entry?.load) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  };
  document.addEventListener('skein:route', ({ detail }) => { mark(detail.entry); syncProject(project); });
  for (const { path, nav: label, key: letter } of routes) {
    if (letter) bind({ keys: `g ${letter}`, label: `Go to ${label}`, group: 'Go', run: () => go(href(path)) });
  }
  bind({ keys: '?', label: 'This help', run: () => { showHelp(); } });
  onKeyNeeded(async (message) => { const done = await enterKey(message); if (done) loadProjects(project); return done; });
  project.addEventListener('change', () => setQuery({ project: project.value, cursor: null }, { push: true }));
  // What the page is opened for goes first.
  document.addEventListener('skein:shown', () => loadProjects(project), { once: true });
}

function brand() {
  return h('a.brand', { href: '/' }, svg('svg', { viewBox: '0 0 16 16', width: 18, height: 18, 'aria-hidden': 'true' },
    svg('rect', { width: 16, height: 16, rx: 4, fill: 'var(--accent)' }),
    svg('path', { d: 'M3.5 4.500h6M5.500 8h7M3.500 11.500h4.500', stroke: 'var(--on-accent)', 'stroke-width': 1.8, 'stroke-linecap': 'round' })),
  'Skein');
}

/** Tells whether the page hears of what arrives; hidden on pages that do not follow. */
function connection() {
  const texts = { live: 'Live', waiting: 'Paused', lost: 'Reconnecting', refused: 'Not live' };
  const label = h('span');
  const element = h('div.connection', { hidden: true, role: 'status' }, label);
  const show = (state) => {
    element.hidden = !texts[state];
    element.dataset.state = state ?? '';
    element.title = texts[state] ?? '';
    label.textContent = texts[state] ?? '';
  };
  let timer;
  document.addEventListener('skein:connection', ({ detail }) => {
    clearTimeout(timer);
    // Other filters are another stream: no flicker between two of them.
    if (detail === null) timer = setTimeout(show, 500, null); else show(detail);
  });
  return element;
}

function themeButton() {
  const order = ['auto', 'light', 'dark'];
  const root = document.documentElement;
  const button = h('button.button.plain.icon', { type: 'button' });
  const draw = () => {
    const theme = root.dataset.theme ?? 'auto';
    const label = `Theme: ${theme === 'auto' ? 'as the system' : theme}`;
    button.setAttribute('aria-label', label);
    button.title = label;
    replace(button, icon(ICONS[theme]));
  };
  button.addEventListener('click', () => {
    const theme = order[(order.indexOf(root.dataset.theme ?? 'auto') + 1) % order.length];
    if (theme === 'auto') delete root.dataset.theme; else root.dataset.theme = theme;
    try { localStorage.setItem('skein.theme', theme); } catch { /* Then only until the page is left. */ }
    draw();
  });
  draw();
  return button;
}

function keyButton() {
  const button = h('button.button.plain.icon', { type: 'button', title: 'API key', 'aria-label': 'API key' }, icon(ICONS.key));
  button.addEventListener('click', async () => {
    const before = key();
    await enterKey();
    if (key() !== before) location.reload();
  });
  return button;
}

function helpButton() {
  return h('button.button.plain.icon', { type: 'button', title: 'Keys (?)', 'aria-label': 'Help on keys', on: { click: showHelp } },
    icon(ICONS.help));
}

/** Offers the projects when there are several. */
async function loadProjects(select) {
  try {
    // Null: all of them are wanted, whatever the page shows.
    const answer = await get('/v1/facets', { fields: 'project', project: null });
    const names = (answer.data.project ?? []).map(({ value }) => value).filter((value) => value !== null);
    const chosen = current().query.get('project');
    if (chosen && !names.includes(chosen)) names.push(chosen);
    replace(select, h('option', { value: '' }, 'All projects'), names.sort().map((name) => h('option', { value: name }, visible(name))));
    select.hidden = names.length < 2 && !chosen;
    syncProject(select);
  } catch (error) {
    if (!isAborted(error)) select.hidden = true;
  }
}

function syncProject(select) { select.value = current().query.get('project') ?? ''; }
