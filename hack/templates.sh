#!/usr/bin/env bash
# Collects every version that the templates of applications and reports have had, from a clone of cncf/toc, into
# pkg/template/versions.txt. A new version is data: run this again, nothing else changes.
# Usage: hack/templates.sh PATH-OF-CLONE (with history; bare or with a work tree)
set -euo pipefail
toc=$(cd "${1:?usage: hack/templates.sh PATH-OF-A-CLONE-OF-CNCF/TOC}" && pwd)
cd "$(dirname "$0")/.."
new=$(mktemp)
trap 'rm -f "$new"' EXIT
go run ./hack/templates "$toc" >"$new"
cp "$new" pkg/template/versions.txt
go test ./pkg/template
