// later.js - loads a module when it is needed.

/** Where the files of this version are. */
const FOLDER = new URL('..', import.meta.url).pathname;

/**
 * Loads a module. Where the server has become another version meanwhile, the files of this one are gone: then the whole page
 * loads itself again.
 * @param {function(): Promise<object>} load - Such as `() => import('./help.js')`.
 * @returns {Promise<object>} The module.
 */
export async function later(load) {
  try {
    return await load();
  } catch (error) {
    if (!await isGone()) throw error;
    location.reload();
    return new Promise(() => {});
  }
}

async function isGone() {
  const answer = await fetch('/', { cache: 'no-store', credentials: 'omit' }).catch(() => null);
  return Boolean(answer?.ok) && !(await answer.text()).includes(FOLDER);
}
