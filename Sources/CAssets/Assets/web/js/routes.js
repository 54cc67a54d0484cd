// routes.js - every page: its path, its module, its place in the navigation.

/**
 * The pages, in the order of the navigation. `nav` is the label there; pages without one are reached by links.
 * `key` is the second key behind `g`. Paths have to be in `WebPages.pages` too.
 */
export const ROUTES = [
  { path: '/', title: 'Traces', nav: 'Traces', key: 't', load: () => import('./pages/traces.js') },
  { path: '/traces', title: 'Traces', load: () => import('./pages/traces.js') },
  { path: '/traces/:trace_id', title: 'Trace', within: '/', load: () => import('./pages/trace.js') },
];
