#!/bin/sh
# Builds ddbot into FILE as every binary that is passed on is built: for servers, without the demo, and such that the same source,
# the same Go and the same VERSION and COMMIT give the same bytes in any folder. GOOS and GOARCH say for what.
# usage: [VERSION=v1.2.3] [COMMIT=0123456789ab] hack/build.sh FILE
set -eu
case $1 in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
cd "$(dirname "$0")/.."
# What a machine may have set otherwise, and would show in the bytes.
export CGO_ENABLED=0 GOAMD64=v1 GOARM64=v8.0 GOEXPERIMENT=
exec "${GO:-go}" build -tags nodemo -trimpath -buildvcs=false \
	-ldflags "-s -w -X main.version=${VERSION:-} -X main.commit=${COMMIT:-}" -o "$out" ./cmd/ddbot
