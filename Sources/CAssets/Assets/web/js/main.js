// main.js - begins.

import { start } from './router.js';
import { ROUTES } from './routes.js';
import { buildShell } from './shell.js';

buildShell(document.getElementById('header'), ROUTES);
start(document.getElementById('main'), ROUTES);
