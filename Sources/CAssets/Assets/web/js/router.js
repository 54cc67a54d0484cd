// router.js - the address is the state: which page, which filters. Links are real links.

import { h, replace } from './dom.js';
import { later } from './later.js';

let table = [];
let outlet = null;
let shown = null;
let route = read();

function read() {
  return { path: location.pathname, params: {}, query: new URLSearchParams(location.search), hash: location.hash.slice(1) };
}

function match(pattern, path) {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params = {};
  for (const [place, step] of wanted.entries()) {
    if (!step.startsWith(':')) { if (step !== given[place]) return null; continue; }
    try { params[step.slice(1)] = decodeURIComponent(given[place]); } catch { return null; }
    if (params[step.slice(1)] === '') return null;
  }
  return params;
}

/**
 * Where the page is.
 * @returns {{path: string, params: object, query: URLSearchParams, hash: string}} Not to be changed.
 */
export function current() { return route; }

/**
 * The address of a place; the project goes along.
 * @param {string} path - Such as `/traces/…`; its steps encoded already (`encodeURIComponent`).
 * @param {object|URLSearchParams} [query] - Null and empty values are left out.
 * @param {string} [hash] - Behind `#`.
 * @returns {string} For `href` and `go`.
 */
export function href(path, query = {}, hash = '') {
  const search = new URLSearchParams();
  for (const [name, value] of query instanceof URLSearchParams ? query : Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.append(name, value);
  }
  const project = route.query.get('project');
  if (project && !search.has('project')) search.set('project', project);
  const text = search.toString();
  return path + (text ? `?${text}` : '') + (hash ? `#${hash}` : '');
}

/**
 * Goes to an address of this page.
 * @param {string} url - From `href`.
 * @param {object} [options]
 * @param {boolean} [options.replace=false] - Whether the way back skips where we are.
 */
export function go(url, { replace: instead = false } = {}) {
  keepScroll();
  history[instead ? 'replaceState' : 'pushState']({ scroll: 0 }, '', url);
  arrive(false);
}

/**
 * Changes parameters of the address and stays on the page, whose `update` is called.
 * @param {object} changes - Values by name; null and empty remove one.
 * @param {object} [options]
 * @param {boolean} [options.push=false] - Whether the way back comes here again.
 */
export function setQuery(changes, { push = false } = {}) {
  const query = new URLSearchParams(route.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') query.delete(name); else query.set(name, value);
  }
  const text = query.toString();
  const url = location.pathname + (text ? `?${text}` : '') + location.hash;
  if (url === location.pathname + location.search + location.hash) return;
  keepScroll();
  history[push ? 'pushState' : 'replaceState']({ scroll: scrollY }, '', url);
  arrive(false, true);
}

/**
 * Begins: shows the page of the address and follows links.
 * @param {HTMLElement} element - Where pages are put.
 * @param {Array<object>} routes - `path` with `:names`, `load` (gives a module with `page(context)`), `title`.
 */
export function start(element, routes) {
  outlet = element;
  table = routes;
  history.scrollRestoration = 'manual';
  addEventListener('popstate', () => arrive(true));
  addEventListener('pagehide', keepScroll);
  document.addEventListener('click', followLink);
  let timer;
  addEventListener('scroll', () => { clearTimeout(timer); timer = setTimeout(keepScroll, 150); }, { passive: true });
  arrive(true);
}

function keepScroll() {
  if (shown) history.replaceState({ ...history.state, scroll: scrollY }, '');
}

function followLink(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a[href]');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
  if (!table.some((entry) => match(entry.path, link.pathname))) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}

async function arrive(isBack, isQuery = false) {
  route = read();
  const entry = table.find((candidate) => match(candidate.path, route.path));
  route.params = entry ? match(entry.path, route.path) : {};
  const place = route;
  const samePage = shown && shown.entry === entry && shown.path === place.path;
  document.dispatchEvent(new CustomEvent('skein:route', { detail: { route: place, entry } }));
  if (samePage && shown.page?.update) {
    await shown.page.update(place);
  } else {
    await mount(entry, place, isBack);
  }
  if (route !== place || isQuery) return;
  scrollTo(0, isBack ? history.state?.scroll ?? 0 : 0);
}

async function mount(entry, place, isBack) {
  shown?.stop.abort();
  shown?.page?.dispose?.();
  const stop = new AbortController();
  const isFirst = shown === null;
  shown = { entry, path: place.path, stop, page: null };
  const mine = shown;
  const element = h('div.page');
  try {
    const module = entry ? await later(entry.load) : null;
    if (mine !== shown) return;
    document.title = entry ? `${entry.title} · Skein` : 'Nothing here · Skein';
    replace(outlet, element);
    mine.page = module ? module.page({ element, route: place, signal: stop.signal, isBack }) ?? {} : nothing(element);
    if (!isFirst) outlet.focus({ preventScroll: true });
    await mine.page.ready;
    document.dispatchEvent(new CustomEvent('skein:shown'));
  } catch (error) {
    if (mine !== shown || error?.name === 'AbortError') return;
    console.error(error);
    replace(element, h('div.empty', { role: 'alert' }, h('h2', null, 'This page could not be shown'), h('p', null, error.message),
      h('a.button', { href: location.pathname + location.search, target: '_self' }, 'Try again')));
    if (!element.isConnected) replace(outlet, element);
  }
}

function nothing(element) {
  replace(element, h('div.empty', null, h('h2', null, 'There is nothing at this address'),
    h('p', null, h('a', { href: href('/') }, 'Go to the traces'))));
  return {};
}
