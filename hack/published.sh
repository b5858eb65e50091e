#!/usr/bin/env bash
# Collects the hashes of the sentences of the reports in a clone of cncf/toc, into pkg/report/published.tsv: the lint knows by
# them what was copied from another project's report. No text can be read from it.
# Usage: hack/published.sh PATH-OF-CLONE (with a work tree)
set -euo pipefail
toc=$(cd "${1:?usage: hack/published.sh PATH-OF-A-CLONE-OF-CNCF/TOC}" && pwd)
cd "$(dirname "$0")/.."
new=$(mktemp)
trap 'rm -f "$new"' EXIT
echo "# Project, and the hashes (FNV-1a, 64 bits, base 36) of the sentences of its reports. From cncf/toc at $(git -C "$toc" rev-parse HEAD), made by hack/published.sh." >"$new"
go run ./hack/published "$toc"/projects/*/*.md >>"$new"
cp "$new" pkg/report/published.tsv
