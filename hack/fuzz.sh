#!/bin/sh
# Runs every fuzz target of the module for the given time each, one after the other. Minimizing an input is kept short: by
# default it may take a minute, in which nothing is tried, and what is not done when the time is over counts as a failure. So does
# now and then an input that is under way then ("context deadline exceeded", Go 1.26.8): hence once more. An input that fails in
# earnest is kept in testdata and is the first to be tried again.
set -eu
cd "$(dirname "$0")/.."
time=${1:-10s}
grep -rlE '^func Fuzz' --include='*_test.go' . | while read -r file; do
	dir=$(dirname "$file")
	grep -oE '^func Fuzz[A-Za-z0-9_]*' "$file" | sed 's/^func //' | while read -r target; do
		echo "== $dir $target $time"
		fuzz() { go test "$dir" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x; }
		fuzz || fuzz
	done
done
