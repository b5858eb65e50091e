#!/usr/bin/env bash
# Measures the report generator against published due-diligence documents: how many of their boxes and headings the skeleton
# of their template's version has, whether the order is the same, whether reading and writing keeps all, and whether
# "there is text" is seen as people saw it.
#
# Usage: hack/report.sh [-v] [REPORTS [CLONE]]
#   REPORTS  structure of published reports (JSON); default ../shared/data/reports/reports.json
#   CLONE    clone of cncf/toc, bare or with a work tree; default $DDBOT_TOC. Without it only the structure is compared: a
#            criterion whose text is not known then counts as not found.
# -v lists what was not found. Exit code 1: a number is below its goal.
set -euo pipefail
verbose=()
if [ "${1:-}" = -v ]; then verbose=(-v) && shift; fi
here=$(cd "$(dirname "$0")/.." && pwd)
reports=$(realpath "${1:-$here/../shared/data/reports/reports.json}")
clone=${2:-${DDBOT_TOC:-}}
[ -r "$reports" ] || { echo "there are no reports at $reports" >&2; exit 2; }
[ -z "$clone" ] || clone=$(realpath "$clone")
cd "$here"
go run ./hack/report "${verbose[@]}" -reports "$reports" -clone "$clone"
