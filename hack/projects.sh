#!/usr/bin/env bash
# Collects the names and owners of the CNCF's projects, from a clone of cncf/landscape, into pkg/report/projects.tsv: the lint
# knows by them when a report speaks of another project.
# Usage: hack/projects.sh PATH-OF-CLONE (bare or with a work tree)
set -euo pipefail
landscape=$(cd "${1:?usage: hack/projects.sh PATH-OF-A-CLONE-OF-CNCF/LANDSCAPE}" && pwd)
cd "$(dirname "$0")/.."
new=$(mktemp)
trap 'rm -f "$new"' EXIT
echo "# Projects of the CNCF: name, owner of its repositories. From cncf/landscape at $(git -C "$landscape" rev-parse HEAD), made by hack/projects.sh." >"$new"
git -C "$landscape" show HEAD:landscape.yml | go run ./hack/projects >>"$new"
cp "$new" pkg/report/projects.tsv
