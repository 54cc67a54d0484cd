// start.js - getting started, at any time.

import { get } from '../api.js';
import { h, replace } from '../dom.js';
import { showGuide } from '../start/guide.js';

/**
 * Shows how traces get here.
 * @param {object} context - `element`, `signal`.
 * @returns {object} `ready` when it is shown.
 */
export function page({ element, signal }) { return { ready: show(element, signal) }; }

async function show(element, signal) {
  const { data } = await get('/v1/traces', { limit: 1 }, { signal });
  const box = h('div');
  replace(element, h('div.page-head', null, h('h1', null, 'Getting started')), box);
  showGuide(box, signal, { isEmpty: data.length === 0 });
}
