// kinds.js - what a span does, read from what its summary says, and how that looks.

/** By kind: the word, the path of the icon, the token of the colour. */
export const KINDS = {
  llm: { label: 'model call', icon: 'M8 2l1.500 4.500L14 8l-4.500 1.500L8 14l-1.500-4.500L2 8l4.500-1.500z', color: '--series-1' },
  embedding: { label: 'embedding', icon: 'M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z', color: '--series-2' },
  reranker: { label: 'reranking', icon: 'M3 4h10M3 8h7M3 12h4', color: '--series-2' },
  tool: { label: 'tool', icon: 'M10 2.500a3.500 3.500 0 0 0-3 5L2.500 12 4 13.500 8.500 9a3.500 3.500 0 0 0 5-4L11 7 9 5l2-2.300z', color: '--series-3' },
  agent: { label: 'agent', icon: 'M3 6h10v7H3zM8 6V3M6 9v1M10 9v1', color: '--series-4' },
  retriever: { label: 'retrieval', icon: 'M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.500 3.500', color: '--series-5' },
  chain: { label: 'step', icon: 'M3 4h5v4h5M10 5.500 13 8l-3 2.500M3 4v8h4', color: '--series-6' },
  guardrail: { label: 'guardrail', icon: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z', color: '--series-6' },
  evaluator: { label: 'evaluation', icon: 'M3 8l3.500 3.500L13 5', color: '--series-6' },
  prompt: { label: 'prompt', icon: 'M3 4l4 4-4 4M8 12h5', color: '--series-6' },
  other: { label: 'span', icon: 'M4 8h8', color: '--series-other' },
};

const WORDS = {
  llm: 'llm', chat: 'llm', completion: 'llm', text_completion: 'llm', generation: 'llm', generate_content: 'llm', chat_model: 'llm',
  embedding: 'embedding', embeddings: 'embedding', reranker: 'reranker', rerank: 'reranker',
  tool: 'tool', execute_tool: 'tool', agent: 'agent', invoke_agent: 'agent', create_agent: 'agent',
  retriever: 'retriever', retrieval: 'retriever', chain: 'chain', workflow: 'chain', task: 'chain', invoke_workflow: 'chain', step: 'chain',
  guardrail: 'guardrail', evaluator: 'evaluator', prompt: 'prompt',
};

const SAYS = ['openinference.span.kind', 'gen_ai.operation.name', 'traceloop.span.kind', 'langfuse.observation.type', 'mlflow.spanType',
  'langsmith.span.kind', 'gen_ai.span.kind'];
const NAMES = { 'claude_code.interaction': 'agent' };
const TOOLS = ['gen_ai.tool.name', 'gen_ai.tool.call.id', 'ai.toolCall.name', 'tool.name', 'haystack.tool.name', 'tool_name'];

/**
 * What a span does.
 * @param {object} span - As the API gives it, whole or as a summary.
 * @returns {string} A key of `KINDS`.
 */
export function kindOf(span) {
  if (span.llm && KINDS[span.llm.kind] && span.llm.kind !== 'other') return span.llm.kind;
  if (span.content?.tool) return 'tool';
  if (span.content?.retrieval) return 'retriever';
  const attributes = span.attributes ?? {};
  for (const name of SAYS) {
    const kind = WORDS[String(attributes[name] ?? '').toLowerCase().replace(/"/g, '')];
    // Without facts of a call it is none: a wrapper, whose own text is a prompt at most.
    if (kind) return kind === 'llm' && !span.llm ? 'chain' : kind;
  }
  if (Object.hasOwn(NAMES, span.name)) return NAMES[span.name];
  return TOOLS.some((name) => attributes[name] !== undefined) ? 'tool' : 'other';
}

/** Why a span does not count, by rule. */
const RULES = {
  aggregate_by_name: 'a sum, by its name, of the calls below it',
  aggregate_by_kind: 'an agent or step that repeats the sum of the calls below it',
  aggregate_by_sum: 'exactly the sum of the calls below it',
  duplicate_by_id: 'another span shows the same call, with the same response id',
  duplicate_by_shape: 'another span shows the same call, with the same model and no other tokens',
  duplicate_by_scope: 'a span of another instrumentation shows the same call, at the same time with the same model and tokens',
};

/**
 * Why the usage of a span counts or not.
 * @param {object} llm - The facts of the call.
 * @returns {{counted: boolean, label: string, reason: string}} In words.
 */
export function countedOf(llm) {
  if (llm.counted === 'own') return { counted: true, label: 'counted', reason: 'an own call of a model' };
  return { counted: false, label: llm.counted === 'aggregate' ? 'sum' : 'repeated', reason: RULES[llm.counted_rule] ?? llm.counted_rule };
}

const WARNINGS = {
  start_missing: 'the start was not sent', end_before_start: 'the end is before the start; the duration counts as 0',
  time_clamped: 'a time was beyond what can be stored', parent_invalid: 'the id of the parent is malformed',
  parent_cyclic: 'the parent is below the span itself', parent_missing: 'the parent has not arrived',
  string_index_ignored: 'names by index could not be read', pending: 'still running: this is a preview',
  cache_above_input: 'more cached tokens than input; they were added to the input',
  total_tokens_mismatch: 'the total of tokens is not their sum; it is not used',
  cost_differs: 'the reported cost is more than 5 % off the computed one',
  usage_missing: 'a call came without tokens and without cost', 
};

/**
 * A warning in words.
 * @param {string} name - As the API names it.
 * @returns {string} What is odd.
 */
export function warningText(name) { return WARNINGS[name] ?? String(name); }
