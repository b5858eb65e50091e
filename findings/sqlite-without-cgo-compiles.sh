#!/bin/sh
# What SQLite without C costs to compile: github.com/ncruces/go-sqlite3 v0.37.0 no longer embeds WebAssembly that wazero runs, but
# links it translated to Go (github.com/ncruces/go-sqlite3-wasm/v6): from an empty cache 22 s of CPU beyond the standard library,
# modernc.org/sqlite v1.60.0 with modernc.org/libc 19 to 20 s. Expected: the guess was a quarter of modernc's, for wazero is small.
#
# Needs Go and network access. Runs in a temporary folder, for two minutes; prints what it saw; fails if one of the two costs less
# than two thirds of the other: then it is time to measure again.
set -eu
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cost() { # cost NAME IMPORT MODULE@VERSION: CPU seconds of all packages outside the standard library
	mkdir "$dir/$1"
	cd "$dir/$1"
	printf 'module finding\n\ngo 1.26\n' >go.mod
	printf 'package main\n\nimport _ "%s"\n\nfunc main() {}\n' "$2" >main.go
	go get "$3" 2>/dev/null
	go mod tidy 2>/dev/null
	GOCACHE="$dir/cache-$1" go build -debug-actiongraph=graph.json -o out .
	rm -rf "$dir/cache-$1"
	awk '/"Package":/ { outside = ($2 ~ /^"[^\/]*[.]/) } /"Cmd(User|Sys)":/ { gsub(/[^0-9]/, "", $2); if (outside) n += $2 } END { printf "%.1f\n", n / 1e9 }' graph.json
}
modernc=$(cost modernc modernc.org/sqlite modernc.org/sqlite@v1.60.0)
ncruces=$(cost ncruces github.com/ncruces/go-sqlite3/driver github.com/ncruces/go-sqlite3@v0.37.0)
echo "CPU seconds: modernc.org/sqlite $modernc, ncruces/go-sqlite3 $ncruces"
awk -v a="$modernc" -v b="$ncruces" 'BEGIN { exit !(a > b * 2 / 3 && b > a * 2 / 3) }'
