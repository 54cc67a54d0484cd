#!/usr/bin/env python3
"""Costs by Skein against costs by the genai-prices package, call for call.

    scripts/check_prices.py [--binary .build/release/skein] [--pairs 2000] [--seed 1]

Sends spans with the models of genai-prices and random usage (cached parts, sizes on both sides of every tier) to a
collector of its own, and compares the cost that it computes with that of the package. Compared are the models of the
package that the table of Skein has of the same provider. Both are decimals; equal means that they differ by no more than
the 7th decimal of a price for a million tokens, which the table does not have. Needs genai-prices, which is
installed into .build/bench/venv. Exit status 0: at least 1,000 pairs were compared and all are equal.
"""
import argparse
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from decimal import Decimal

from live_server import Server

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.timezone.utc)
SIZES = (0, 1, 17, 999, 10_000, 127_999, 128_001, 200_000, 200_001, 272_001, 600_000)


def inside_venv():
    """Starts this script again with the interpreter that has the package."""
    if os.environ.get("SKEIN_CHECK_PRICES"):
        return
    made = subprocess.run([os.path.join(HERE, "python_env.sh"), "genai-prices"], check=True, stdout=subprocess.PIPE, text=True)
    python = made.stdout.split()[-1]
    os.environ["SKEIN_CHECK_PRICES"] = "1"
    os.execv(python, [python] + sys.argv)


def pairs(count, seed):
    """(provider, model, usage, cost) of so many calls that the package prices."""
    from genai_prices import Usage, calc_price
    from genai_prices.data import providers
    pick = random.Random(seed)
    with open(os.path.join(HERE, "..", "Sources", "CAssets", "Assets", "prices.json")) as file:
        table = {(provider["id"], model["id"].lower()) for provider in json.load(file)["providers"]
                 for model in provider["models"]}
    models = [(provider.id, model.id) for provider in providers for model in provider.models
              if (provider.id, model.id.lower()) in table]
    pick.shuffle(models)
    found, tried = [], 0
    while len(found) < count and tried < count * 20:
        provider, model = models[tried % len(models)]
        tried += 1
        total = pick.choice(SIZES)
        read = pick.randint(0, total) if pick.random() < 0.5 else 0
        written = pick.randint(0, total - read) if pick.random() < 0.3 else 0
        usage = {"input_tokens": total, "output_tokens": pick.choice(SIZES[:6])}
        if read:
            usage["cache_read_tokens"] = read
        if written:
            usage["cache_write_tokens"] = written
        try:
            price = calc_price(Usage(**usage), model, provider_id=provider, genai_request_timestamp=NOW)
        except (LookupError, ValueError, AssertionError):
            continue
        if price.model.id != model:
            continue
        if getattr(price.model_price, "output_mtok", None) is None and usage["output_tokens"]:
            # An embedding model: with output it would have a part without a price.
            usage["output_tokens"] = 0
            price = calc_price(Usage(**usage), model, provider_id=provider, genai_request_timestamp=NOW)
        found.append((provider, model, usage, price.total_price))
    return found


def span(number, provider, model, usage):
    start = int(NOW.timestamp()) * 10**9
    names = {"input_tokens": "gen_ai.usage.input_tokens", "output_tokens": "gen_ai.usage.output_tokens",
             "cache_read_tokens": "gen_ai.usage.cache_read.input_tokens",
             "cache_write_tokens": "gen_ai.usage.cache_creation.input_tokens"}
    attributes = [{"key": names[key], "value": {"intValue": str(value)}} for key, value in usage.items()]
    for key, value in (("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", provider), ("gen_ai.request.model", model)):
        attributes.append({"key": key, "value": {"stringValue": value}})
    return {"traceId": "%032x" % 1, "spanId": "%016x" % (number + 1), "name": "call", "attributes": attributes,
            "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + 10**9)}


def computed(server, wanted):
    """The cost of each call by the collector, as it writes it; None where it has none."""
    for first in range(0, len(wanted), 500):
        spans = [span(first + n, *call[:3]) for n, call in enumerate(wanted[first:first + 500])]
        body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()
        request = urllib.request.Request(server.url + "/v1/traces", body, {"Content-Type": "application/json"})
        assert json.load(urllib.request.urlopen(request)) in ({}, {"partialSuccess": {}})
    found, cursor = {}, ""
    while cursor is not None:
        path = "/v1/traces/%032x/spans?limit=1000%s" % (1, cursor and "&cursor=" + cursor)
        page = json.load(urllib.request.urlopen(server.url + path), parse_float=Decimal)
        for row in page["data"]:
            found[int(row["span_id"], 16) - 1] = row["llm"]["cost_computed_usd"], row["llm"]["price"]
        cursor = page["pagination"]["next_cursor"]
    return [found[number] for number in range(len(wanted))]


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--pairs", type=int, default=2000)
    args.add_argument("--seed", type=int, default=1)
    args = args.parse_args()
    inside_venv()
    wanted = pairs(args.pairs, args.seed)
    data = tempfile.mkdtemp()
    server = Server(args.binary, data)
    try:
        costs = computed(server, wanted)
    finally:
        server.stop()
        shutil.rmtree(data, ignore_errors=True)
    differing = unpriced = 0
    for (provider, model, usage, cost), (amount, price) in zip(wanted, costs):
        if amount is None:
            unpriced += 1
            if cost == 0:
                continue
            print("no cost: %s %s %s, the package says %s" % (provider, model, usage, cost))
        elif abs(Decimal(amount) - cost) > (usage["input_tokens"] + usage["output_tokens"]) * Decimal("5e-13"):
            differing += 1
            print("differs: %s %s %s: %s, the package says %s (%s)" % (provider, model, usage, amount, cost, price))
    compared = len(wanted) - unpriced
    print("%d pairs of %d models: %d equal, %d differ, %d without a cost here"
          % (len(wanted), len({call[:2] for call in wanted}), compared - differing, differing, unpriced))
    return 0 if differing == 0 and compared >= 1000 else 1


if __name__ == "__main__":
    sys.exit(main())
