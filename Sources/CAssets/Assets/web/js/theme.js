// theme.js - the theme before the first paint; a classic script, since modules come later.
'use strict';
try {
  const theme = localStorage.getItem('skein.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch { /* Without storage the system decides. */ }
