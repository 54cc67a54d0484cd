// links.js - addresses of things that several pages lead to.

import { href } from './router.js';

/**
 * Where a call is shown: its span, in its trace.
 * @param {string} request - Its `request_id`: `t_`, the trace, the span.
 * @returns {string} For `href` and `go`.
 */
export function callLink(request) {
  return spanLink(request.slice(2, 34), request.slice(34));
}

/**
 * Where a span is shown.
 * @param {string} trace - Its trace id.
 * @param {string} span - Its id.
 * @returns {string} For `href` and `go`.
 */
export function spanLink(trace, span) { return href(`/traces/${encodeURIComponent(trace)}`, { span }); }
