"""A stand-in for a provider with the OpenAI API: no key, no network, always the same tokens.

It serves POST /v1/chat/completions on a free port of this machine:
- with tools and no result of one yet: a tool call;
- with the result of a tool: an answer, part of whose prompt came from the cache;
- with `stream`: an answer in pieces, with usage in the last one when `stream_options.include_usage` asks for it;
- for the model `busy-model`: 429, as a provider does when it is overloaded.
"""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOOL_CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if request["model"] == "busy-model":
            error = {"message": "Rate limit reached", "type": "requests", "code": "rate_limit_exceeded"}
            self.send_json(429, {"error": error})
        elif request.get("stream"):
            self.send_stream(request)
        else:
            self.send_json(200, completion(request))

    def send_json(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_stream(self, request):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for chunk in chunks(request):
            self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
            self.wfile.flush()
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def log_message(self, *_):
        """Silent: the output belongs to the example."""


def usage(prompt, output, cached=0):
    return {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output,
            "prompt_tokens_details": {"cached_tokens": cached}}


def completion(request):
    """The answer to a request without streaming."""
    if request["messages"][-1]["role"] == "tool":
        identifier, tokens, reason = "chatcmpl-weather-2", usage(142, 21, cached=128), "stop"
        message = {"role": "assistant", "content": "It is 4 degrees and raining in Oslo. Take a coat."}
    elif request.get("tools"):
        identifier, tokens, reason = "chatcmpl-weather-1", usage(87, 16), "tool_calls"
        message = {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]}
    else:
        identifier, tokens, reason = "chatcmpl-plain", usage(12, 5), "stop"
        message = {"role": "assistant", "content": "Good morning to you."}
    return {"id": identifier, "object": "chat.completion", "created": 1700000000, "model": request["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": reason}], "usage": tokens}


def chunks(request):
    """The pieces of a streamed answer."""
    base = {"id": "chatcmpl-stream", "object": "chat.completion.chunk", "created": 1700000000, "model": request["model"]}
    pieces = [{"role": "assistant", "content": ""}] + [{"content": word} for word in ("Coat", " and", " umbrella", ".")]
    for delta in pieces:
        yield base | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield base | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    if (request.get("stream_options") or {}).get("include_usage"):
        yield base | {"choices": [], "usage": usage(58, 4)}


class FakeProvider:
    """Serves while the `with` block runs; `base_url` is what an OpenAI client needs."""

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base_url = f"http://127.0.0.1:{self.server.server_port}/v1"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
