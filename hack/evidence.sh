#!/usr/bin/env bash
# Measures how well ddbot finds what the TOC cited: hit@1, hit@3, candidates per criterion, dead paths.
#
# Usage: hack/evidence.sh [-v] [CLONES [PAIRS]]
#   CLONES  folder with clones of the public repositories that the pairs name, as OWNER/NAME (bare or with a work tree) or
#           OWNER+NAME/repo; default $DDBOT_CLONES. What is missing is cloned into it, if GitHub can be reached.
#   PAIRS   table of project, criterion and cited path; default ../shared/data/evidence/pairs.tsv
# -v lists what was not in the first place.
set -euo pipefail
verbose=()
if [ "${1:-}" = -v ]; then verbose=(-v) && shift; fi
here=$(cd "$(dirname "$0")/.." && pwd)
clones=${1:-${DDBOT_CLONES:?give the folder with the clones: hack/evidence.sh CLONES [PAIRS], or set DDBOT_CLONES}}
pairs=${2:-$here/../shared/data/evidence/pairs.tsv}
[ -r "$pairs" ] || { echo "there is no table of pairs at $pairs" >&2; exit 2; }
mkdir -p "$clones"

for repo in $(cut -f8 "$pairs" | tail -n +2 | sort -u) cncf/toc cncf/tag-security; do
	[ -e "$clones/$repo" ] || [ -e "$clones/${repo/\//+}/repo" ] ||
		GIT_TERMINAL_PROMPT=0 timeout 300 git clone -q --bare --depth 1 "https://github.com/$repo.git" "$clones/$repo" 2>/dev/null ||
		echo "without $repo: it is not in $clones and could not be cloned" >&2
done
cd "$here"
go run ./hack/evidence "${verbose[@]}" -pairs "$pairs" -clones "$clones"
