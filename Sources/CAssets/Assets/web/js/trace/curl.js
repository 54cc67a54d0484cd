// curl.js - a call as a command for a shell, without its key.

const HOSTS = {
  openai: ['https://api.openai.com/v1/chat/completions', 'Authorization: Bearer $OPENAI_API_KEY'],
  anthropic: ['https://api.anthropic.com/v1/messages', 'x-api-key: $ANTHROPIC_API_KEY', 'anthropic-version: 2023-06-01'],
  mistral_ai: ['https://api.mistral.ai/v1/chat/completions', 'Authorization: Bearer $MISTRAL_API_KEY'],
  groq: ['https://api.groq.com/openai/v1/chat/completions', 'Authorization: Bearer $GROQ_API_KEY'],
  deepseek: ['https://api.deepseek.com/chat/completions', 'Authorization: Bearer $DEEPSEEK_API_KEY'],
  'x_ai': ['https://api.x.ai/v1/chat/completions', 'Authorization: Bearer $XAI_API_KEY'],
};

const text = (parts) => (parts ?? []).filter((part) => part.type === 'text').map((part) => part.content).join('\n');
const roleOf = (role) => ({ human: 'user', ai: 'assistant', model: 'assistant', developer: 'developer' })[role] ?? role;

/**
 * The request of a call as the provider takes it.
 * @param {object} llm - The facts of the call with its content.
 * @returns {object} JSON.
 */
export function requestBody(llm) {
  const { input_messages: messages = [], system_instructions: system, tools, request_params: params = {} } = llm;
  const isAnthropic = llm.provider === 'anthropic';
  const body = { model: llm.request_model ?? llm.model, ...params };
  const all = system?.length ? [{ role: 'system', parts: system }, ...messages] : messages;
  if (isAnthropic) {
    const said = all.filter(({ role }) => role === 'system').map(({ parts }) => text(parts)).join('\n');
    if (said) body.system = said;
    body.max_tokens ??= 1024;
  }
  body.messages = all.filter(({ role }) => !isAnthropic || role !== 'system').flatMap(isAnthropic ? anthropicMessage : openAIMessage);
  if (tools?.length) {
    body.tools = tools.map(({ name, description, parameters }) => (isAnthropic
      ? { name, description, input_schema: parameters ?? { type: 'object' } } : { type: 'function', function: { name, description, parameters } }));
  }
  return body;
}

function openAIMessage({ role, parts = [], tool_call_id: id }) {
  const results = parts.filter((part) => part.type === 'tool_call_response');
  if (results.length) return results.map((part) => ({ role: 'tool', tool_call_id: part.id ?? id, content: asString(part.result) }));
  const calls = parts.filter((part) => part.type === 'tool_call');
  const media = parts.filter((part) => part.type === 'uri');
  const said = text(parts);
  const content = media.length ? [{ type: 'text', text: said }, ...media.map((part) => ({ type: 'image_url', image_url: { url: part.uri } }))] : said;
  if (!calls.length) return [{ role: roleOf(role), content, ...(role === 'tool' ? { tool_call_id: id } : {}) }];
  return [{ role: roleOf(role), content: said || null, tool_calls: calls.map((part) => ({ id: part.id, type: 'function', function: { name: part.name, arguments: asString(part.arguments ?? {}) } })) }];
}

function anthropicMessage({ role, parts = [] }) {
  const content = parts.flatMap((part) => {
    if (part.type === 'text') return [{ type: 'text', text: part.content }];
    if (part.type === 'tool_call') return [{ type: 'tool_use', id: part.id, name: part.name, input: part.arguments ?? {} }];
    if (part.type === 'tool_call_response') return [{ type: 'tool_result', tool_use_id: part.id, content: asString(part.result) }];
    return [];
  });
  return [{ role: role === 'tool' ? 'user' : roleOf(role), content }];
}

const asString = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * The command that sends a call again.
 * @param {object} llm - The facts of the call with its content.
 * @returns {string|null} Null where model or messages are not known; the key is a variable of the shell.
 */
export function curlCommand(llm) {
  if (llm?.kind !== 'llm' || !llm.model || !(llm.input_messages?.length || llm.system_instructions?.length)) return null;
  const [url, ...fields] = HOSTS[llm.provider] ?? ['$BASE_URL/chat/completions', 'Authorization: Bearer $API_KEY'];
  // In single quotes a shell reads nothing but the quote; what looks odd in a terminal stays escaped.
  const body = JSON.stringify(requestBody(llm), null, 2).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`).replaceAll("'", "'\\''");
  return [`curl "${url}"`, ...['Content-Type: application/json', ...fields].map((field) => `  -H "${field}"`), `  -d '${body}'`].join(' \\\n');
}
