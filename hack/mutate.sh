#!/usr/bin/env bash
# Changes the code in small ways, one at a time, and sees whether a test notices. `hack/mutate.sh --help` tells the flags;
# hack/mutate.md holds the figures, and what survived.
set -euo pipefail
cd "$(dirname "$0")/.."
exec go run ./hack/mutate "$@"
