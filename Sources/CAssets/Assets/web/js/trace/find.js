// find.js - finds spans of a tree: by text, the next error.

import { KINDS } from './kinds.js';

/**
 * What tells whether a span matches a text.
 * @param {string} text - Words; all have to be in name, kind or model, or begin its id.
 * @returns {(function(object): boolean)|null} Null for no text.
 */
export function matcher(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  return (node) => {
    const said = `${node.name} ${node.kind} ${KINDS[node.kind].label} ${node.llm?.model ?? ''}${node.failed ? ' error' : ''}`.toLowerCase();
    return words.every((word) => said.includes(word) || (word.length > 7 && node.id.startsWith(word)));
  };
}

/**
 * The failed span behind another one; failures that only pass on what failed below them are left out.
 * @param {SpanTree} tree - The tree.
 * @param {string|null} behind - A span id.
 * @returns {object|null} The first one behind the last; null without any.
 */
export function nextError(tree, behind) {
  const failed = tree.order.filter((node) => node.failed && !node.children.some((child) => child.failed));
  if (!failed.length) return null;
  const at = behind ? tree.order.indexOf(tree.byId.get(behind)) : -1;
  const places = new Map(tree.order.map((node, place) => [node, place]));
  return failed.find((node) => places.get(node) > at) ?? failed[0];
}
