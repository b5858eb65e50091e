#!/usr/bin/env bash
# Times `ddbot report lint` beside markdownlint-cli2 on the due-diligence reports of a clone of cncf/toc: best of RUNS, wall
# clock and processor, and the memory of ddbot.
# Usage: hack/lint-bench.sh PATH-OF-CLONE [RUNS]   (needs node and npm; the clone needs a work tree)
set -euo pipefail
toc=$(cd "${1:?usage: hack/lint-bench.sh PATH-OF-A-CLONE-OF-CNCF/TOC}" && pwd)
runs=${2:-5}
here=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
(cd "$here" && go build -o "$tmp/ddbot" ./cmd/ddbot)
(cd "$tmp" && npm init -y >/dev/null && npm install --silent markdownlint-cli2@0.24.1 >/dev/null)
cd "$toc"
mapfile -t files < <("$tmp/ddbot" template which --json projects/*/*.md 2>/dev/null | sed -n 's/^{"file":"\([^"]*\)".*"kind":"report".*/\1/p')
echo "${#files[@]} reports, $(cat "${files[@]}" | wc -c) bytes"
best() { # NAME COMMAND...
	local name=$1 i
	shift
	for ((i = 0; i < runs; i++)); do
		/usr/bin/time -o "$tmp/time" -f '%e %U %S %M' "$@" >/dev/null 2>&1 || true
		tail -1 "$tmp/time"
	done | sort -n | awk -v name="$name" 'NR == 1 { w = $1; c = $2 + $3 } { if ($2 + $3 < c) c = $2 + $3; if ($4 > m) m = $4 } END { printf "%s: %.2f s, processor %.2f s, %.0f MB\n", name, w, c, m / 1000 }'
}
best markdownlint-cli2 "$tmp/node_modules/.bin/markdownlint-cli2" "${files[@]}"
best "ddbot report lint" "$tmp/ddbot" report lint "${files[@]}"
best "ddbot report lint projects/*/*" "$tmp/ddbot" report lint projects/*/*
