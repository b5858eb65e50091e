#!/usr/bin/env bash
# Measures and prints the table of hack/bench.md. Everything runs on this machine, on loopback.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
CGO_ENABLED=0 go build -tags nodemo -trimpath -ldflags "-s -w" -o "$dir/ddbot" ./cmd/ddbot
go build -o "$dir/bench" ./hack/bench

# A PostgreSQL of our own, where there is one to be had.
postgres=()
initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | tail -n 1 || true)
if [ -n "$initdb" ] && id postgres >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
	bin=$(dirname "$initdb")
	mkdir "$dir/pg" && chown postgres "$dir" "$dir/pg" && chmod 711 "$dir"
	run() { (cd / && runuser -u postgres -- "$@"); }
	run "$bin/initdb" -D "$dir/pg/data" -A trust >/dev/null
	run "$bin/pg_ctl" -D "$dir/pg/data" -w -o "-p 54399 -k $dir/pg -c listen_addresses=127.0.0.1" start >/dev/null
	trap 'run "$bin/pg_ctl" -D "$dir/pg/data" -m immediate stop >/dev/null; rm -rf "$dir"' EXIT
	postgres=(-postgres "postgres://postgres@127.0.0.1:54399/postgres")
fi

"$dir/bench" -ddbot "$dir/ddbot" "${postgres[@]}" "$@"

echo
echo "| benchmark | time |"
echo "|---|---|"
go test ./pkg/checklist -run '^$' -bench 'List|Tick' -benchtime 2s | awk '/^Benchmark/ {printf "| %s | %.2f ms |\n", $1, $3/1e6}'

echo
echo "Sweeps of a whole process over N open issues, 2 % due stale, 1 % due close, 1 % active since, at a hundred"
echo "writes a second (in earnest it is one):"
echo
echo "| N | sweep | reads | answered 304 | writes | seconds | MiB |"
echo "|---|---|---|---|---|---|---|"
go test ./cmd/ddbot -run '^$' -bench BenchmarkSweep -benchtime 1x -v |
	awk '/N=[0-9]/ {sub(/.*N=/, ""); if (!seen[$1, $2]++) print "| " $1 " | " $2 " | " $3 " | " $5 " | " $8 " | " $10 " | " $12 " |"}'
