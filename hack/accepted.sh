#!/usr/bin/env bash
# Collects what the TOC accepted as evidence, from a clone of cncf/toc, into pkg/evidence/accepted.tsv.
# Usage: hack/accepted.sh PATH-OF-CLONE
set -euo pipefail
toc=$(cd "${1:?usage: hack/accepted.sh PATH-OF-A-CLONE-OF-CNCF/TOC}" && pwd)
cd "$(dirname "$0")/.."
new=$(mktemp)
trap 'rm -f "$new"' EXIT
go run ./hack/accepted "$toc" >"$new"
cp "$new" pkg/evidence/accepted.tsv
