#!/usr/bin/env bash
# Times "ddbot check" of local clones (all criteria of a level) beside OpenSSF Scorecard on the same folders, in turns.
#
# Usage: hack/evidence-bench.sh SCORECARD RUNS OWNER/NAME=FOLDER...
#   SCORECARD  the program, built outside this project from a clone of ossf/scorecard (go build .)
#   FOLDER     a clone with a work tree
# Prints medians: seconds of the whole call, and the largest resident memory of a process of it, in MB.
set -euo pipefail
scorecard=$1 runs=$2
shift 2
here=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
CGO_ENABLED=0 go build -C "$here" -trimpath -ldflags "-s -w" -o "$dir/ddbot" ./cmd/ddbot
template=${TEMPLATE:-$here/../shared/data/toc/template-graduation-application.md}
checks=Binary-Artifacts,Dangerous-Workflow,License,Security-Policy,Pinned-Dependencies,Token-Permissions,Fuzzing,Dependency-Update-Tool

timed() { # name command...
	local out=$dir/$1
	shift
	/usr/bin/time -f '%e %M' -a -o "$out" "$@" >/dev/null 2>&1 || true # scorecard fails where a check wants the network
}
median() { grep -E '^[0-9.]+ [0-9]+$' "$1" | awk -v n="$2" '{print $n}' | sort -n | awk '{a[NR]=$1} END {print a[int((NR+1)/2)]}'; }

echo "| clone | files | ddbot s | scorecard s | share | ddbot MB | scorecard MB | share |"
echo "|---|---|---|---|---|---|---|---|"
for spec in "$@"; do
	name=${spec%%=*} folder=${spec#*=}
	rm -f "$dir/a" "$dir/b"
	for _ in $(seq "$runs"); do
		timed a "$dir/ddbot" check --body "$template" --project "$name" --clone "$name=$folder" --json
		(cd "$folder" && timed b "$scorecard" --local=. --checks="$checks")
	done
	files=$(git -C "$folder" ls-tree -r HEAD | wc -l)
	awk -v n="$name" -v f="$files" -v a="$(median "$dir/a" 1)" -v b="$(median "$dir/b" 1)" -v c="$(median "$dir/a" 2)" -v d="$(median "$dir/b" 2)" \
		'BEGIN {printf "| %s | %d | %.2f | %.2f | %.2f | %.0f | %.0f | %.2f |\n", n, f, a, b, a/b, c/1024, d/1024, c/d}'
done
