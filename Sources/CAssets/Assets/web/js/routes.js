// routes.js - every page: its path, its module, its place in the navigation.

/**
 * The pages, in the order of the navigation. `nav` is the label there; pages without one are reached by links.
 * `key` is the second key behind `g`. Paths have to be in `WebPages.pages` too. Pages for endpoints, budgets and alerts have
 * their place behind the dashboard.
 */
export const ROUTES = [
  { path: '/', title: 'Traces', nav: 'Traces', key: 't', load: () => import('./pages/traces.js') },
  { path: '/traces', title: 'Traces', within: '/', load: () => import('./pages/traces.js') },
  { path: '/traces/:trace_id', title: 'Trace', within: '/', load: () => import('./pages/trace.js') },
  { path: '/calls', title: 'Calls', nav: 'Calls', key: 'c', load: () => import('./pages/calls.js') },
  { path: '/sessions', title: 'Sessions', nav: 'Sessions', key: 's', load: () => import('./pages/sessions.js') },
  { path: '/sessions/:session_id', title: 'Session', within: '/sessions', load: () => import('./pages/session.js') },
  { path: '/users', title: 'Users', nav: 'Users', key: 'u', load: () => import('./pages/users.js') },
  { path: '/prompts', title: 'Repeated prompts', nav: 'Prompts', key: 'p', load: () => import('./pages/prompts.js') },
  { path: '/models', title: 'Models', nav: 'Models', key: 'm', load: () => import('./pages/models.js') },
  { path: '/dashboard', title: 'Dashboard', nav: 'Dashboard', key: 'd', load: () => import('./pages/dashboard.js') },
  { path: '/start', title: 'Getting started', nav: 'Start', key: 'b', load: () => import('./pages/start.js') },
];
