#!/usr/bin/env bash
# CPU of the first build of ddbot, from an empty build cache, of one commit after the other: hack/firstrun.sh COMMIT…
# Prints for each: CPU seconds (user and system, which a busy machine changes less than the clock's), and what compiles longest.
# Modules are taken from the module cache; a build before the measured one fills it.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for commit in "${@:-HEAD}"; do
	mkdir "$dir/src"
	git archive "$commit" | tar -x -C "$dir/src"
	(cd "$dir/src" && go mod download $(go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}' ./cmd/ddbot | sort -u))
	(
		cd "$dir/src"
		TIMEFORMAT="$commit: user %U s, system %S s, clock %R s"
		export GOCACHE="$dir/cache"
		time go build ${TAGS:+-tags "$TAGS"} -debug-actiongraph="$dir/graph.json" -o "$dir/ddbot" ./cmd/ddbot
	)
	go run ./hack/firstrun <"$dir/graph.json"
	chmod -R u+w "$dir/cache" && rm -rf "$dir/src" "$dir/cache"
done
