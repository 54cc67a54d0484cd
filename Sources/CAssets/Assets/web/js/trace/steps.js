// steps.js - which spans are the steps of a run.

const STEP_KINDS = new Set(['llm', 'tool', 'agent', 'retriever', 'reranker', 'guardrail', 'evaluator', 'embedding']);

/**
 * The steps of a run in order: calls that count, runs of tools, look-ups. An explicit `step_index` goes before the time.
 * @param {SpanTree} tree - The spans.
 * @returns {Array<object>} Spans of the tree; the top spans where nothing is a step.
 */
export function stepsOf(tree) {
  const isStep = (node) => STEP_KINDS.has(node.kind) && node.kind !== 'agent' && (!node.llm || node.llm.counted === 'own');
  const steps = tree.order.filter(isStep);
  const byIndex = steps.length && steps.every((node) => Number.isFinite(node.step));
  steps.sort((a, b) => (byIndex ? a.step - b.step : 0) || a.start - b.start);
  return steps.length ? steps : tree.tops.slice(0, 50);
}

/**
 * The agent that a step belongs to.
 * @param {object} node - A span of the tree.
 * @returns {object|null} The nearest agent above it.
 */
export function agentOf(node) {
  for (let up = node.parent; up; up = up.parent) if (up.kind === 'agent') return up;
  return null;
}
