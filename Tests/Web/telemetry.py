"""Spans that tests make up, and the corpus of real exports; both as OTLP over HTTP."""
import json
import os
import pathlib
import time
import urllib.request

CORPUS = pathlib.Path(__file__).resolve().parents[1] / "Fixtures/corpus"


def post(url, body, headers):
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def send_corpus(base):
    """Sends every export of the corpus to the receiver that it was made for; gRPC messages go over HTTP, as they hold the same."""
    for folder in sorted(CORPUS.iterdir()):
        about = folder / "headers.json"
        if not about.exists():
            continue
        for request in json.loads(about.read_text())["requests"]:
            path = request["path"] if request["transport"] == "http" else "/v1/traces"
            kind = request["headers"].get("content-type", "application/x-protobuf")
            headers = {"content-type": "application/x-protobuf" if "grpc" in kind else kind, "x-skein-project": "corpus"}
            if "content-encoding" in request["headers"]:
                headers["content-encoding"] = request["headers"]["content-encoding"]
            post(base + path, (folder / request["file"]).read_bytes(), headers)


def value(of):
    if isinstance(of, bool):
        return {"boolValue": of}
    if isinstance(of, int):
        return {"intValue": str(of)}
    if isinstance(of, float):
        return {"doubleValue": of}
    if isinstance(of, list):
        return {"arrayValue": {"values": [value(one) for one in of]}}
    return {"stringValue": of}


def span(name, trace=None, parent=None, ago=60.0, ms=800, error=None, **attributes):
    """A span that began `ago` seconds ago. Names of attributes are written with two underscores for a dot."""
    start = int((time.time() - ago) * 1e9)
    made = {
        "traceId": trace or os.urandom(16).hex(), "spanId": os.urandom(8).hex(), "name": name, "kind": 3,
        "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + int(ms * 1e6)),
        "attributes": [{"key": key.replace("__", "."), "value": value(of)} for key, of in attributes.items() if of is not None],
        "status": {"code": 2, "message": error} if error else {},
    }
    if parent:
        made["parentSpanId"] = parent
    return made


def call(name="chat gpt-4o-mini", model="gpt-4o-mini", prompt=None, answer=None, tokens=(1000, 100), session=None, user=None,
         provider="openai", error=None, **more):
    """A call of a model."""
    def messages(role, text):
        return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]}]) if text is not None else None
    return span(name, error=error, **{
        "gen_ai__operation__name": "chat", "gen_ai__provider__name": provider, "gen_ai__request__model": model,
        "gen_ai__usage__input_tokens": None if error else tokens[0], "gen_ai__usage__output_tokens": None if error else tokens[1],
        "gen_ai__input__messages": messages("user", prompt), "gen_ai__output__messages": messages("assistant", answer),
        "session__id": session, "user__id": user, "error__type": "rate_limit" if error else None, **more})


def send(base, spans, service="shop", project="web", key=None):
    """Sends spans in one request."""
    body = {"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}},
                                    {"key": "deployment.environment", "value": {"stringValue": "test"}}]},
        "scopeSpans": [{"spans": spans}]}]}
    headers = {"content-type": "application/json"}
    headers.update({"x-api-key": key} if key else {"x-skein-project": project})
    post(base + "/v1/traces", json.dumps(body).encode(), headers)


def send_shop(base):
    """What most tests read: 240 traces of two days, a session, users, a model without a price, failures, one prompt again and again."""
    spans = []
    for number in range(240):
        spans.append(call(f"order {number:03}", ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5"][number % 3], ago=120 + number * 700,
                          ms=200 + number * 10, tokens=(100 + number, 10 + number), user=f"user-{number % 4}",
                          provider=["openai", "openai", "anthropic"][number % 3]))
    send(base, spans)
    send(base, [call("turn", prompt=f"Question {turn} about parcels", answer=f"Answer {turn}", session="talk-1", user="ann",
                     ago=3000 - turn * 60, tokens=(200, 20)) for turn in range(3)], service="chat")
    send(base, [call("local", "house-model", ago=900, tokens=(500, 50), provider="acme")], service="local")
    send(base, [call("failing", ago=500 + number, error="too many requests") for number in range(3)], service="failing")
    send(base, [call("repeat", prompt="Summarise the weather report", answer="Sunny", ago=4000 + number) for number in range(4)],
         service="repeat")
