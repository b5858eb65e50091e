# What people do with this tree; `make help` lists it.
GO ?= go
COMMIT = $(shell git describe --always --dirty=+changes --abbrev=12 --exclude='*' 2>/dev/null)
LINT = $(GO) tool -modfile=hack/tools/go.mod golangci-lint

.PHONY: help build test lint fuzz soak bench demo

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

build: ## build ./ddbot for a server, without the demo
	CGO_ENABLED=0 $(GO) build -tags nodemo -trimpath -ldflags "-s -w -X main.commit=$(COMMIT)" -o ddbot ./cmd/ddbot

test: ## run all tests; what was skipped is told at the end
	GO=$(GO) hack/test.sh

lint: ## run the linters
	$(LINT) run ./...

fuzz: ## run every fuzz target for FUZZTIME (default 10s) each
	hack/fuzz.sh $(or $(FUZZTIME),10s)

soak: ## kill a real server at 200 random moments, fuzz for minutes
	DDBOT_TEST_KILLS=200 $(GO) test -run 'TestSoak' -count=1 -timeout 60m -v ./cmd/ddbot
	hack/fuzz.sh 2m

bench: ## measure; prints the table of hack/bench.md
	hack/bench.sh

demo: ## try it
	$(GO) run ./cmd/ddbot demo
