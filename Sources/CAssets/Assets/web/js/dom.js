// dom.js - makes elements. Text only ever becomes a text node; no markup is parsed anywhere.

const SVG = 'http://www.w3.org/2000/svg';

/** Attributes that may be set, besides aria-* and data-*. */
const ATTRIBUTES = new Set((
  'id class title lang dir role tabindex hidden href target rel download type name value placeholder checked disabled ' +
  'readonly required selected multiple min max step maxlength minlength pattern autocomplete autofocus spellcheck inputmode ' +
  'for colspan rowspan scope datetime open src alt width height label list open inert popover popovertarget ' +
  'viewBox d x y x1 x2 y1 y2 cx cy r rx ry fill stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray opacity ' +
  'points transform text-anchor dominant-baseline preserveAspectRatio font-size focusable'
).split(' '));

/**
 * Whether a link or picture may have this address: a path of this server, or http, https and mailto; pictures also as data.
 * @param {string} name - `href` or `src`.
 * @param {string} url - The address.
 * @returns {boolean} False for anything that could run.
 */
export function isSafeURL(name, url) {
  if (/^[/?#](?!\/)/.test(url) && !url.startsWith('/\\')) return true;
  if (name === 'src') return /^(data:image\/(png|jpeg|gif|webp|avif);|blob:)/i.test(url);
  return /^(https?:\/\/|mailto:|blob:)/i.test(url);
}

function setAttribute(element, name, value) {
  if (!ATTRIBUTES.has(name) && !/^(aria|data)-[a-z-]+$/.test(name)) throw new Error(`attribute ${name} is not allowed`);
  if (name === 'href' || name === 'src') {
    if (!isSafeURL(name, String(value))) return;
    if (/^https?:/i.test(value) && name === 'href') element.setAttribute('rel', 'noopener noreferrer');
  }
  element.setAttribute(name, value === true ? '' : String(value));
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') {
      for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    } else if (name === 'style') {
      for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
    } else {
      setAttribute(element, name, value);
    }
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === true) continue;
    if (Array.isArray(child)) add(element, child);
    else element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Makes an HTML element.
 * @param {string} tag - Such as `div`, or `div.panel.small` with classes.
 * @param {object|null} [props] - Attributes by name; `on` has listeners by event, `style` CSS properties by name (set
 *   through the object model). null, undefined and false leave an attribute out.
 * @param {...*} children - Nodes, text, numbers, lists of them; null and false are passed over.
 * @returns {HTMLElement} The element.
 */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  if (name === 'script' || name === 'iframe' || name === 'object' || name === 'embed') throw new Error(`${name} is not made`);
  const element = fill(document.createElement(name), props, children);
  if (classes.length) element.classList.add(...classes);
  return element;
}

/**
 * Makes an SVG element, as `h` does.
 * @param {string} tag - Such as `path`.
 * @param {object|null} [props] - As for `h`.
 * @param {...*} children - As for `h`.
 * @returns {SVGElement} The element.
 */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/**
 * Puts children in place of those that an element has.
 * @param {Element} element - The parent.
 * @param {...*} children - As for `h`.
 * @returns {Element} The parent.
 */
export function replace(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

/**
 * An icon of 16 px, drawn with lines.
 * @param {string} path - The `d` of an SVG path in a box of 16 by 16.
 * @returns {SVGElement} Hidden from screen readers; the button around it has the label.
 */
export function icon(path) {
  return svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5,
    'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', focusable: 'false' }, svg('path', { d: path }));
}
