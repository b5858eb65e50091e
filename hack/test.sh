#!/usr/bin/env bash
# Runs all tests and says at the end what was skipped, and why. Arguments go to `go test`.
#
# The race detector makes work that only computes five times as long, and finds nothing there: packages without goroutines
# (pkg/arch_test.go keeps them so) and the plugins' stories, in which one thing happens after another, run without it. What
# runs at the same time in earnest, the same code included, does so under it in pkg/worker, pkg/store and, of cmd/ddbot, in the tests
# that have a server under load or be killed.
set -euo pipefail
cd "$(dirname "$0")/.."

go=${GO:-go}
sum=("$go" tool -modfile=hack/tools/go.mod gotestsum --format pkgname --)
plain='pkg/(checklist|command|criteria|decide|diligence|fact|issue|landscape|markdown|owners|plan|plugin|precedent|report|scripttest|stale|sweep|template)($|/)|/plugins($|/)|cmd/ddbot$'
mapfile -t computing < <("$go" list ./... | grep -E "$plain")
mapfile -t others < <("$go" list ./... | grep -Ev "$plain")

race=(-race)
if ! command -v "${CC:-gcc}" >/dev/null; then
	echo "test: there is no C compiler, so the race detector is off; install gcc to have it"
	race=()
fi

status=0
# These make much that is soon forgotten; memory is there.
GOGC=${GOGC:-400} "${sum[@]}" "$@" "${computing[@]}" || status=$?
"${sum[@]}" "${race[@]}" "$@" "${others[@]}" || status=$?
"${sum[@]}" "${race[@]}" -run '^Test(Soak|Replicas|Overtaken|BackPressure|StopsCleanly|CatchupAgain|MainJobAsDescribed|HostileComments)$' "$@" ./cmd/ddbot || status=$?
exit "$status"
