// snippets.js - how common stacks are pointed at this server.

/**
 * The two variables that OpenTelemetry SDKs read.
 * @param {string} origin - Of this server.
 * @param {boolean} hasKey - Whether a key is needed.
 * @returns {string} For a shell.
 */
export function variables(origin, hasKey) {
  return [`export OTEL_EXPORTER_OTLP_ENDPOINT=${origin}`, 'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    hasKey ? 'export OTEL_EXPORTER_OTLP_HEADERS=x-api-key=YOUR_KEY' : null].filter(Boolean).join('\n');
}

const provider = `from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))   # reads the variables above
trace.set_tracer_provider(provider)`;

const base = 'pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http';

function curl(origin, hasKey) {
  return `now=$(date +%s)
curl ${origin}/v1/traces \\
  -H 'Content-Type: application/json' \\${hasKey ? "\n  -H 'x-api-key: YOUR_KEY' \\" : ''}
  -d '{"resourceSpans": [{
    "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "first-trace"}}]},
    "scopeSpans": [{"spans": [{
      "traceId": "'$(openssl rand -hex 16)'", "spanId": "'$(openssl rand -hex 8)'",
      "name": "chat gpt-4o-mini", "kind": 3,
      "startTimeUnixNano": "'$now'000000000", "endTimeUnixNano": "'$now'840000000",
      "attributes": [
        {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
        {"key": "gen_ai.provider.name", "value": {"stringValue": "openai"}},
        {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o-mini"}},
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "120"}},
        {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "40"}}
      ]}]}]}]}'`;
}

function claudeCode(origin, hasKey) {
  return `export CLAUDE_CODE_ENABLE_TELEMETRY=1
export OTEL_LOGS_EXPORTER=otlp
${variables(origin, hasKey)}
export OTEL_LOG_USER_PROMPTS=1        # optional: the prompts as well
claude`;
}

/**
 * The stacks, in the order of their tabs.
 * @param {string} origin - Of this server.
 * @param {boolean} hasKey - Whether a key is needed.
 * @returns {Array<{id: string, label: string, needsVariables: boolean, parts: Array<Array<string>>}>} `parts` are a heading and a
 *   text to copy.
 */
export function stacks(origin, hasKey) {
  return [
    { id: 'openllmetry', label: 'OpenLLMetry', note: 'OpenAI, Anthropic and others, Python.', parts: [
      ['Install', `${base} \\\n  opentelemetry-instrumentation-openai opentelemetry-instrumentation-anthropic`],
      ['Once, before the first call', `${provider}

from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument()
AnthropicInstrumentor().instrument()`]] },
    { id: 'openinference', label: 'OpenInference', note: 'OpenAI, Anthropic and others, Python.', parts: [
      ['Install', `${base} \\\n  openinference-instrumentation-openai openinference-instrumentation-anthropic`],
      ['Once, before the first call', `${provider}

from openinference.instrumentation.anthropic import AnthropicInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument(tracer_provider=provider)
AnthropicInstrumentor().instrument(tracer_provider=provider)`]] },
    { id: 'langchain', label: 'LangChain', note: 'LangChain and LangGraph, Python.', parts: [
      ['Install', `${base} \\\n  openinference-instrumentation-langchain`],
      ['Once, before the first call', `${provider}

from openinference.instrumentation.langchain import LangChainInstrumentor

LangChainInstrumentor().instrument(tracer_provider=provider)`]] },
    { id: 'vercel', label: 'Vercel AI SDK', note: 'Node.', parts: [
      ['Install', 'npm install ai @opentelemetry/sdk-node @opentelemetry/exporter-trace-otlp-proto'],
      ['instrumentation.ts, loaded first', `import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';

new NodeSDK({ traceExporter: new OTLPTraceExporter() }).start();   // reads the variables above`],
      ['Each call', `const { text } = await generateText({
  model, prompt,
  experimental_telemetry: { isEnabled: true },
});`]] },
    { id: 'pydantic', label: 'Pydantic AI', note: 'Python; nothing is sent to Logfire.', parts: [
      ['Install', "pip install 'pydantic-ai-slim[logfire]'"],
      ['Once, before the first run', `import logfire

logfire.configure(send_to_logfire=False)   # exports where the variables above say
logfire.instrument_pydantic_ai()`]] },
    { id: 'claude', label: 'Claude Code', note: 'Each call becomes a span, with what it cost.', own: true,
      parts: [['In the shell that starts it', claudeCode(origin, hasKey)]] },
    { id: 'curl', label: 'curl', note: 'One span by hand, to see that it works.', own: true, parts: [['In a shell', curl(origin, hasKey)]] },
  ];
}
