# What people do with this tree; `make help` lists it.
GO ?= go
COMMIT = $(shell git describe --always --dirty=+changes --abbrev=12 --exclude='*' 2>/dev/null)
LINT = $(GO) tool -modfile=hack/tools/go.mod golangci-lint

.PHONY: help build release test lint fuzz soak bench demo

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

build: ## build ./ddbot for a server, without the demo
	GO=$(GO) COMMIT=$(COMMIT) hack/build.sh ddbot

release: ## make the binaries of a release, with checksums and SBOMs: make release VERSION=v0.1.0
	GO=$(GO) $(GO) run ./hack/release -version "$(VERSION)"

test: ## run all tests; what was skipped is told at the end
	GO=$(GO) hack/test.sh

lint: ## run the linters, on workflows and on their examples in the docs, too
	$(LINT) run ./...
	GO=$(GO) $(GO) run ./hack/workflows

fuzz: ## run every fuzz target for FUZZTIME (default 10s) each
	hack/fuzz.sh $(or $(FUZZTIME),10s)

soak: ## kill a real server at 200 random moments, fuzz for minutes
	DDBOT_TEST_KILLS=200 $(GO) test -run 'TestSoak' -count=1 -timeout 60m -v ./cmd/ddbot
	hack/fuzz.sh 2m

bench: ## measure; prints the table of hack/bench.md
	hack/bench.sh

demo: ## try it
	$(GO) run ./cmd/ddbot demo
