// early.js - what cannot wait for the modules: the theme before the first paint, and the first question. A classic script.
'use strict';
(() => {
  const stored = (store, name) => { try { return globalThis[store].getItem(name); } catch { return null; } };
  const theme = stored('localStorage', 'skein.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

  // What the page will ask first, as `Source` and `loadTrace` do; `get` of api.js takes the answer when it is the same.
  const query = new URLSearchParams(location.search);
  const trace = /^\/traces\/([0-9a-f]{32})$/.exec(location.pathname)?.[1];
  const project = query.get('project');
  let url = null;
  if (trace) url = `/v1/traces/${trace}?${new URLSearchParams({ view: 'spans', fields: 'summary', limit: 500, ...(project ? { project } : {}) })}`;
  else if (/^\/(traces)?$/.test(location.pathname) && !['model', 'range', 'start_time', 'end_time'].some((name) => query.has(name))) {
    const asked = new URLSearchParams([...query].filter(([, value]) => value !== ''));
    asked.set('limit', 50);
    url = `/v1/traces?${asked}`;
  }
  if (!url) return;
  const key = stored('sessionStorage', 'skein.key') || stored('localStorage', 'skein.key');
  const asked = fetch(url, { cache: 'no-store', credentials: 'omit', headers: key ? { Authorization: `Bearer ${key}` } : {} });
  globalThis.skeinEarly = { url, text: asked.then((answer) => (answer.ok ? answer.text() : null)).catch(() => null) };
})();
