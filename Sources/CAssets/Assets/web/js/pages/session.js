// session.js - one session as a conversation, and what it cost up to each turn.

import { get, isAborted } from '../api.js';
import { h, replace } from '../dom.js';
import { cost, count, duration, time } from '../format.js';
import { bind } from '../keys.js';
import { href } from '../router.js';
import { longText, short } from '../text.js';

/**
 * Shows a session.
 * @param {object} context - `element`, `route`, `signal`.
 * @returns {object} `ready` when it is shown.
 */
export function page({ element, route, signal }) {
  const ask = (cursor) => get(`/v1/sessions/${encodeURIComponent(route.params.session_id)}`, { cursor, limit: 50 }, { signal });
  const missing = (error) => {
    if (error.status !== 404) throw error;
    replace(element, h('div.empty', null, h('h2', null, 'No such session'), h('p', null, 'It may have been deleted, or belong to another project.'),
      h('a.button', { href: href('/sessions') }, 'All sessions')));
  };
  return { ready: show(element, ask, signal).catch(missing) };
}

async function show(element, ask, signal) {
  const first = await ask(null);
  const { data } = first;
  document.title = `${data.session_id.slice(0, 100)} · Skein`;
  const turns = h('ol.turns');
  const foot = h('div.grid-foot');
  replace(element, h('div.page-head', null, h('a', { href: href('/sessions') }, 'Sessions'), h('span.muted', { 'aria-hidden': 'true' }, '/'),
    h('h1', null, short(data.session_id)), h('span.grow'),
    h('a.button', { href: href('/', { session_id: data.session_id, project: data.project }) }, 'Its traces')),
  h('div.stack', null, others(data), totals(data), turns, foot));
  const running = { cost: 0, isKnown: true, number: 0 };
  const add = (answer) => {
    const rows = new Map(answer.data.traces.map((row) => [row.trace_id, row]));
    for (const turn of answer.data.conversation) turns.append(oneTurn(turn, rows.get(turn.trace_id), running, data));
    more(answer.pagination.next_cursor);
  };
  const more = (cursor) => {
    if (!cursor) { replace(foot, 'That is all.'); return; }
    replace(foot, h('button.button', { type: 'button', on: { click: async () => {
      replace(foot, 'Loading…');
      try { add(await ask(cursor)); } catch (error) {
        if (isAborted(error)) return;
        more(cursor);
        foot.append(h('span.error-text', { role: 'alert' }, ` ${error.message}`));
      }
    } } }, 'Show more turns'));
  };
  add(first);
  bindKeys(turns, signal);
}

function bindKeys(turns, signal) {
  const links = () => [...turns.querySelectorAll('a.turn-link')];
  const step = (by) => () => {
    const all = links();
    const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + by))];
    next?.focus();
  };
  bind({ keys: 'j', label: 'Next turn', group: 'Session', run: step(1) }, signal);
  bind({ keys: 'k', label: 'Turn before', group: 'Session', run: step(-1) }, signal);
}

function others(data) {
  if (!data.also_in_projects?.length) return null;
  return h('div.banner', null, 'Other projects have a session of this name: ', data.also_in_projects.map((project) => [
    h('a', { href: href(`/sessions/${encodeURIComponent(data.session_id)}`, { project }) }, short(project)), ' ']));
}

function totals(data) {
  const figure = (label, value) => h('li', null, h('span.label', null, label), h('strong', null, value));
  return h('section.panel', { 'aria-label': 'Totals' }, h('div.body', null, h('ul.figures', null,
    figure('User', data.user_id ? h('a', { href: href('/', { user_id: data.user_id }) }, short(data.user_id)) : '–'),
    figure('Began', time(data.first_time)), figure('Length', duration(new Date(data.last_time) - new Date(data.first_time))),
    figure('Turns', count(data.trace_count)), figure('Calls', count(data.calls)),
    figure('Errors', h('span', { class: data.errors ? 'error-text' : null }, count(data.errors))),
    figure('Tokens in / out', `${count(data.tokens_input)} / ${count(data.tokens_output)}`), figure('Cost', cost(data.cost)))));
}

function oneTurn(turn, row, running, session) {
  running.number += 1;
  running.cost += turn.cost ?? 0;
  if (turn.cost === null && row?.llm_summary) running.isKnown = false;
  const link = href(`/traces/${turn.trace_id}`, { project: session.project });
  const isFailed = turn.status === 'error';
  return h('li.turn', { class: isFailed ? 'failed' : null },
    h('div.turn-head', null, h('a.turn-link', { href: link }, `Turn ${count(running.number)}`), time(turn.start_time),
      h('span.muted', null, short(turn.model)), isFailed ? h('span.badge.error', null, 'error') : null, h('span.grow'),
      h('span.muted', null, duration(turn.duration_ms)), h('span', { title: 'Cost of this turn' }, cost(turn.cost)),
      h('span.running', { title: running.isKnown ? 'Cost up to here' : 'Cost up to here, without turns whose cost is not known' },
        h('span.muted', null, 'so far '), `${running.isKnown ? '' : '≥ '}${cost(running.cost)}`)),
    message('User', 'user', turn.input_text), message('Assistant', 'assistant', turn.output_text),
    turn.truncated ? h('p.muted.small', null, 'Long texts are cut here; the trace has all of them.') : null);
}

function message(label, role, text) {
  if (text === undefined || text === null) {
    return role === 'user' ? h('p.muted.small.no-text', null, 'No text is stored.') : null;
  }
  return h('div.message', { class: role }, h('span.role', null, label), longText(text, { first: 1500 }));
}
