"""An agent on the OpenAI SDK, traced without a line of tracing in its own code.

The three lines that your own program needs, before it makes its client:

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    OpenAIInstrumentor().instrument(tracer_provider=provider)

Run it:

    pip install -r requirements.txt
    python agent.py

The exporter sends to http://localhost:4318, where Skein listens. For another address set OTEL_EXPORTER_OTLP_ENDPOINT.
The provider is a stand-in (fake_provider.py), so that the example needs no key. The instrumentation also sends prompts
and answers; with TRACELOOP_TRACE_CONTENT=false it sends numbers only.
"""
import json
import os

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from openai import OpenAI, RateLimitError

from fake_provider import FakeProvider

MODEL = "gpt-4o-mini"
WEATHER_TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city now.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}

provider = TracerProvider(resource=Resource.create({"service.name": "weather-agent"}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
OpenAIInstrumentor().instrument(tracer_provider=provider)
# Only for the spans of the agent and its tool: the calls of the model need no tracer here.
tracer = provider.get_tracer("weather-agent")


def get_weather(city):
    """A tool."""
    with tracer.start_as_current_span("execute_tool get_weather") as span:
        span.set_attribute("gen_ai.operation.name", "execute_tool")
        span.set_attribute("gen_ai.tool.name", "get_weather")
        return f"{city}: 4 degrees, rain"


def run_tools(client, question):
    """Asks the model, runs the tools that it wants, asks again until it answers."""
    messages = [{"role": "user", "content": question}]
    while True:
        choice = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER_TOOL]).choices[0]
        if not choice.message.tool_calls:
            return choice.message.content
        messages.append(choice.message.model_dump(exclude_none=True))
        for call in choice.message.tool_calls:
            result = get_weather(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})


def shorten(client, text):
    """Streams the answer. Without include_usage a provider sends no token counts with a stream."""
    stream = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": f"In three words: {text}"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


def agent(client, question):
    """A busy model first, then one that answers."""
    with tracer.start_as_current_span("invoke_agent weather-agent") as span:
        span.set_attribute("gen_ai.operation.name", "invoke_agent")
        span.set_attribute("gen_ai.agent.name", "weather-agent")
        try:
            client.chat.completions.create(model="busy-model", messages=[{"role": "user", "content": question}])
        except RateLimitError:
            print("busy-model answered 429; going on with", MODEL)
        return span.get_span_context().trace_id, shorten(client, run_tools(client, question))


def main():
    with FakeProvider() as fake:
        client = OpenAI(base_url=fake.base_url, api_key="not-a-key", max_retries=0)
        trace_id, text = agent(client, "What should I wear in Oslo today?")
    print(text)
    # A program that ends loses what its batch processor still holds; this sends it.
    provider.shutdown()
    address = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318").rstrip("/")
    print(f"Look at it: curl {address}/v1/traces/{trace_id:032x}")


if __name__ == "__main__":
    main()
