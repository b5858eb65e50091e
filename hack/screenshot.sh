#!/bin/sh
# Takes pictures of the demo's page in Chromium, both widths and both colour schemes, into the folder given
# (.cache/screenshots without one), and puts the one for the README into .github/demo.png.
set -eu
cd "$(dirname "$0")/.."
out=${1:-$(pwd)/.cache/screenshots}
mkdir -p "$out"
go test ./cmd/ddbot -count=1 -run '^TestDemoInChromium$' -pictures "$(cd "$out" && pwd)"
cp "$out/2-ticked.png" .github/demo.png
echo "$out"
