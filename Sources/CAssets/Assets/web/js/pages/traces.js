// traces.js - the list of traces, newest first; the address has its filters.

import { get, isAborted } from '../api.js';
import { h, replace } from '../dom.js';
import { cost, count, duration, setTime, time } from '../format.js';
import { bind } from '../keys.js';
import { go, href } from '../router.js';
import { short } from '../text.js';
import { virtualList } from '../virtual.js';

const COLUMNS = [
  ['c-time', 'Time'], ['c-name', 'Name'], ['c-model', 'Model'], ['c-tokens num', 'Tokens in / out'], ['c-cost num', 'Cost'],
  ['c-duration num', 'Duration'], ['c-status', 'Status'], ['c-spans num wide', 'Spans'], ['c-service wide', 'Service'],
];

/** What was loaded last: the way back finds it as it was. */
let kept = null;

/**
 * Shows the list.
 * @param {object} context - `element`, `route`, `signal`, `isBack`.
 * @returns {object} `update` for other filters, `ready` when rows are there.
 */
export function page({ element, route, signal, isBack }) {
  let state;
  const note = h('span.muted', { role: 'status' });
  const foot = h('div.grid-foot');
  const narrow = matchMedia('(max-width: 760px)');
  const list = virtualList({
    rowHeight: narrow.matches ? 52 : 32, signal, firstIndex: 2, create: createRow,
    update: (row, index) => fillRow(row, state.rows[index]),
    onEnd: () => more(),
  });
  narrow.addEventListener('change', () => list.setRowHeight(narrow.matches ? 52 : 32), { signal });
  const grid = h('div.grid.traces', { role: 'grid', 'aria-label': 'Traces', 'aria-rowcount': -1 },
    h('div.grid-head', { role: 'row', 'aria-rowindex': 1 }, COLUMNS.map(([name, label]) => h('span', { role: 'columnheader', class: name }, label))),
    list.element, foot);
  const empty = h('div', { hidden: true });
  replace(element, h('div.page-head', null, h('h1', null, 'Traces'), note), grid, empty);

  const draw = () => {
    list.setCount(state.rows.length);
    const none = state.done && state.rows.length === 0;
    grid.hidden = none;
    empty.hidden = !none;
    grid.setAttribute('aria-rowcount', state.done ? state.rows.length + 1 : -1);
    note.textContent = state.rows.length ? `${count(state.rows.length)}${state.done ? '' : '+'}` : '';
    replace(foot, state.error ? failure(state.error, () => { state.error = null; more(); }) : state.done ? 'That is all.' : 'Loading…');
    if (none) replace(empty, h('div.empty', null, h('h2', null, 'No traces'), h('p', null, [...state.query.keys()].length
      ? 'No trace matches these filters.' : 'Nothing has been received yet.')));
  };
  async function more() {
    const mine = state;
    if (mine.loading || mine.done || mine.error) return;
    mine.loading = true;
    try {
      const query = new URLSearchParams(mine.query);
      query.set('limit', 100);
      if (mine.cursor) query.set('cursor', mine.cursor);
      const answer = await get('/v1/traces', query, { signal });
      mine.rows.push(...answer.data);
      mine.cursor = answer.pagination.next_cursor;
      mine.done = !mine.cursor;
      mine.error = null;
    } catch (error) {
      if (isAborted(error)) return;
      mine.error = error;
    }
    mine.loading = false;
    if (mine === state) draw();
  }
  const begin = ({ query }, again) => {
    const reuse = again && kept?.query.toString() === query.toString();
    state = reuse ? kept : { query: new URLSearchParams(query), rows: [], cursor: null, done: false, loading: false, error: null };
    kept = state;
    draw();
    return reuse ? null : more();
  };
  bindKeys(list, () => state.rows, signal);
  list.element.addEventListener('dblclick', () => open(state.rows[list.active]), { signal });
  return { ready: begin(route, isBack), update: (next) => begin(next, false) };
}

function bindKeys(list, rows, signal) {
  const group = 'List';
  bind({ keys: 'j', label: 'Next trace', group, run: () => list.activate(list.active + 1) }, signal);
  bind({ keys: 'k', label: 'Trace before', group, run: () => list.activate(list.active - 1) }, signal);
  bind({ keys: 'Enter', label: 'Open the trace', group, run: (event) => (
    event.target.closest('a, button') || list.active < 0 ? false : open(rows()[list.active])) }, signal);
}

function open(row) { if (row) go(traceLink(row)); }

function traceLink(row) { return href(`/traces/${row.trace_id}`, row.project && row.also_in_projects ? { project: row.project } : {}); }

function createRow() {
  return h('div.grid-row', { role: 'row' }, COLUMNS.map(([name]) => h('span', { role: 'gridcell', class: name })));
}

function fillRow(row, trace) {
  const [when, name, model, tokens, price, length, status, spans, service] = row.children;
  const llm = trace.llm_summary;
  row.classList.toggle('failed', trace.status === 'error');
  if (when.firstChild) setTime(when.firstChild, trace.start_time); else when.append(time(trace.start_time));
  replace(name, h('a.main-link', { href: traceLink(trace), tabindex: -1 }, short(trace.root_span.name)));
  replace(model, short(llm?.model), llm && llm.models.length > 1 ? h('span.muted', null, ` +${llm.models.length - 1}`) : null);
  replace(tokens, count(llm?.tokens_input), h('span.muted', null, ' / '), count(llm?.tokens_output));
  replace(price, cost(llm?.cost));
  price.title = llm && !llm.cost_complete ? 'Of some calls the cost is not known' : '';
  replace(length, duration(trace.duration_ms));
  replace(status, trace.status === 'error' ? h('span.badge.error', null, 'error') : h('span.muted', null, 'ok'));
  replace(spans, count(trace.span_count));
  replace(service, short(trace.service));
}

function failure(error, again) {
  return h('div.banner.error', { role: 'alert' }, error.message,
    h('button.button.small', { type: 'button', on: { click: () => again() } }, 'Try again'));
}
