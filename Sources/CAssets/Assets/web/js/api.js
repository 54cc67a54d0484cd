// api.js - questions to the server. The key goes in a header, never in an address.

import { current } from './router.js';

/** An answer that says no, with the words of the server. */
export class ApiError extends Error {
  /**
   * @param {number} status - The HTTP status; 0 when nothing answered.
   * @param {string} code - Such as `invalid_request`; `offline` when nothing answered.
   * @param {string} message - For people.
   * @param {object} [details] - Such as the parameter.
   */
  constructor(status, code, message, details = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** An integer that a number of JavaScript cannot hold; reads as its digits. */
export class LargeInteger {
  /** @param {string} source - The digits. */
  constructor(source) { this.source = source; }
  toString() { return this.source; }
  toJSON() { return JSON.rawJSON ? JSON.rawJSON(this.source) : this.source; }
}

const KEY = 'skein.key';
const stores = () => [globalThis.sessionStorage, globalThis.localStorage];

/**
 * The key of this browser.
 * @returns {string|null} Null without one.
 */
export function key() {
  try { return stores().map((store) => store.getItem(KEY)).find(Boolean) ?? null; } catch { return null; }
}

/**
 * Keeps a key, or forgets it.
 * @param {string|null} value - The key; null forgets it.
 * @param {boolean} [stay=false] - Whether it outlives the tab.
 */
export function setKey(value, stay = false) {
  for (const store of stores()) store.removeItem(KEY);
  if (value) (stay ? localStorage : sessionStorage).setItem(KEY, value);
}

let asking = null;
let askForKey = async () => false;

/**
 * Says how a key is asked for when the server wants one.
 * @param {function(string): Promise<boolean>} ask - Gets the server's message; true when there is another key now.
 */
export function onKeyNeeded(ask) { askForKey = ask; }

/**
 * The header fields that a request needs.
 * @returns {object} Names and values.
 */
export function headers() {
  const value = key();
  return value ? { Authorization: `Bearer ${value}` } : {};
}

/**
 * The address of a question; the project of the page is added, unless `project` is there (null: all projects).
 * @param {string} path - Such as `/v1/traces`.
 * @param {object|URLSearchParams} [query] - Null and empty values are left out.
 * @returns {string} Path and query.
 */
export function address(path, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of query instanceof URLSearchParams ? query : Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.append(name, value);
  }
  const project = current().query.get('project');
  const isSaid = search.has('project') || (!(query instanceof URLSearchParams) && 'project' in query);
  if (project && !isSaid) search.set('project', project);
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * The error that an answer tells of.
 * @param {Response} answer - Not ok.
 * @returns {Promise<ApiError>} With the server's message where it has one.
 */
export async function errorOf(answer) {
  const body = await answer.json().catch(() => null);
  const error = body?.error ?? {};
  return new ApiError(answer.status, error.code ?? 'unknown',
    error.message ?? body?.message ?? `the server answered ${answer.status} ${answer.statusText}`, error.details);
}

/**
 * Sends a request; asks for a key and sends it again where one is needed.
 * @param {string} url - See `address`.
 * @param {object} [options] - As for `fetch`.
 * @returns {Promise<Response>} An answer that is ok.
 * @throws {ApiError} Else; a stopped request throws `AbortError`.
 */
export async function send(url, options = {}) {
  const used = key();
  let answer;
  try {
    answer = await fetch(url, { cache: 'no-store', credentials: 'omit', ...options, headers: { ...headers(), ...options.headers } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'offline', 'the server cannot be reached');
  }
  if (answer.ok) return answer;
  const error = await errorOf(answer);
  if (answer.status !== 401) throw error;
  if (key() === used) {
    asking ??= askForKey(error.message).finally(() => { asking = null; });
    if (!await asking) throw error;
  }
  return send(url, options);
}

/**
 * Reads JSON in which integers may be larger than 2^53.
 * @param {string} text - JSON.
 * @returns {*} The value; such integers are `LargeInteger` where the browser can tell.
 */
export function parse(text) {
  if (!/[:[,]\s*-?\d{16,}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value, context) => (
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? new LargeInteger(context.source) : value));
}

/**
 * Asks a question.
 * @param {string} path - Such as `/v1/traces`.
 * @param {object|URLSearchParams} [query] - See `address`.
 * @param {object} [options]
 * @param {AbortSignal} [options.signal] - Stops it.
 * @returns {Promise<*>} The answer.
 * @throws {ApiError} See `send`.
 */
export async function get(path, query, { signal } = {}) {
  const url = address(path, query);
  const text = await early(url);
  signal?.throwIfAborted();
  return parse(text ?? await (await send(url, { signal })).text());
}

/** What early.js was told before the modules were there, for the first question of the page; null where it cannot help. */
function early(url) {
  const asked = globalThis.skeinEarly;
  globalThis.skeinEarly = null;
  return asked?.url === url ? asked.text : null;
}

/**
 * Whether an error only says that nobody waits any more.
 * @param {*} error - What was thrown.
 * @returns {boolean} True when there is nothing to show.
 */
export function isAborted(error) { return error?.name === 'AbortError'; }
