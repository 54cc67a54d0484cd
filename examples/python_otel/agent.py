"""A small agent, traced with the OpenTelemetry SDK alone.

The three lines that your own program needs:

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)

Run it:

    pip install -r requirements.txt
    python agent.py

The exporter sends to http://localhost:4318, where Skein listens. For another address set OTEL_EXPORTER_OTLP_ENDPOINT.
The model here is a stand-in with fixed answers, so that the example needs no key and always shows the same numbers.
"""
import os
import time

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind

MODEL = "gpt-4o-mini"

provider = TracerProvider(resource=Resource.create({"service.name": "order-agent"}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("order-agent")


def ask_model(messages):
    """Answers as a model would: first it wants a tool, then it has what it needs."""
    time.sleep(0.05)
    if messages[-1]["role"] == "tool":
        return {"id": "chatcmpl-2", "text": "Order 1042 arrives on Friday.", "tool": None,
                "input": 131, "cached": 64, "output": 11, "finish": "stop", "cost": 0.00002145}
    return {"id": "chatcmpl-1", "text": None, "tool": ("find_order", "1042"),
            "input": 96, "cached": 0, "output": 18, "finish": "tool_calls", "cost": 0.0000252}


def chat(messages):
    """One call of the model in one span, with the attributes that Skein reads."""
    with tracer.start_as_current_span(f"chat {MODEL}", kind=SpanKind.CLIENT) as span:
        span.set_attribute("gen_ai.operation.name", "chat")
        span.set_attribute("gen_ai.provider.name", "openai")
        span.set_attribute("gen_ai.request.model", MODEL)
        answer = ask_model(messages)
        span.set_attribute("gen_ai.response.model", MODEL)
        span.set_attribute("gen_ai.response.id", answer["id"])
        span.set_attribute("gen_ai.response.finish_reasons", [answer["finish"]])
        # All input tokens; those read from the provider's cache are a part of them.
        span.set_attribute("gen_ai.usage.input_tokens", answer["input"])
        span.set_attribute("gen_ai.usage.cache_read.input_tokens", answer["cached"])
        span.set_attribute("gen_ai.usage.output_tokens", answer["output"])
        # In USD. Leave it out when you do not know it: unknown is better than wrong.
        span.set_attribute("gen_ai.usage.cost", answer["cost"])
        return answer


def find_order(number):
    """A tool."""
    with tracer.start_as_current_span("execute_tool find_order") as span:
        span.set_attribute("gen_ai.operation.name", "execute_tool")
        span.set_attribute("gen_ai.tool.name", "find_order")
        time.sleep(0.02)
        return f"order {number}: shipped, arrives on Friday"


def answer(question):
    """The agent: asks the model, runs the tool that it wants, asks again."""
    with tracer.start_as_current_span("invoke_agent order-agent") as span:
        span.set_attribute("gen_ai.operation.name", "invoke_agent")
        span.set_attribute("gen_ai.agent.name", "order-agent")
        span.set_attribute("gen_ai.conversation.id", "conversation-7")
        span.set_attribute("user.id", "user-123")
        messages = [{"role": "user", "content": question}]
        reply = chat(messages)
        while reply["tool"]:
            _, argument = reply["tool"]
            messages.append({"role": "tool", "content": find_order(argument)})
            reply = chat(messages)
        return span.get_span_context().trace_id, reply["text"]


def main():
    trace_id, text = answer("Where is my order 1042?")
    print(text)
    # A program that ends loses what its batch processor still holds; this sends it.
    provider.shutdown()
    address = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318").rstrip("/")
    print(f"Look at it: curl {address}/v1/traces/{trace_id:032x}")


if __name__ == "__main__":
    main()
