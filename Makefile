# Skein: `make run` and `make test` are all that is needed; `make help` lists the rest.
SHELL := /bin/bash
DATA_DIR ?=
SERVE_ARGS := $(if $(DATA_DIR),--data-dir $(DATA_DIR))

.DEFAULT_GOAL := help
.PHONY: help run test test-api test-web build setup check format proto smoke faults kill9 fuzz tsan soak bench dist clean

help: ## list what can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

run: build ## install what is missing, build release, start the server on 127.0.0.1:4318
	@exec .build/release/skein serve $(SERVE_ARGS)

test-api: setup ## hold the server against /openapi.json with schemathesis (debug build; needs PyPI once)
	@scripts/test_api.sh

test-web: setup ## drive the web page with Chromium against the real server (debug build; needs PyPI once)
	@scripts/test_web.sh

build: setup ## build the release binary
	@scripts/build_release.sh

test: setup ## install what is missing, run every test
	@scripts/test.sh

setup: ## install the libraries that the build needs (Debian, Ubuntu)
	@scripts/setup.sh

check: setup ## what CI checks besides the tests: format, imports, sizes, generated files
	@scripts/check.sh

format: ## format the sources
	swift format -i --recursive Sources Tests Benchmarks Package.swift

proto: ## generate Sources/COTLP/Generated from proto/ again (needs protoc-c)
	scripts/proto.sh

faults: build ## do bad things to a running server: bad clients, a full disk, a read-only one (needs root)
	scripts/faults.py
	scripts/disk_full.sh

smoke: build ## start the release binary, send a first trace, read it back
	scripts/smoke.sh

kill9: build ## kill -9 under HTTP and gRPC load, 100 times; nothing acknowledged may be lost
	scripts/kill9.py --rounds 100

soak: build ## full load for an hour or 100 million spans: is memory flat? (42 GB of disk)
	scripts/soak.py

fuzz: setup ## feed mutated inputs to every parser under AddressSanitizer (scripts/fuzz.sh --runs N)
	scripts/fuzz.sh

tsan: setup ## run every test under ThreadSanitizer
	scripts/tsan.sh

bench: build ## measure ingest: each stage alone, then end to end beside the limit (needs PyPI once)
	scripts/bench_stages.sh
	scripts/bench_ingest.sh --bodies 400 --transport http,gzip,json,grpc --allocations

dist: setup ## one archive with a static Swift runtime, for machines without a toolchain
	scripts/dist.sh

clean: ## remove what was built
	rm -rf .build dist
