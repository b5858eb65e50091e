#!/usr/bin/env bash
# Installs what the tests use beyond Go: PostgreSQL and Chromium from Debian, and GitHub's example payloads from npm.
# Tests that miss one of them are skipped and say so.
set -euo pipefail
cd "$(dirname "$0")/.."

need=()
command -v gcc >/dev/null || need+=(gcc libc6-dev)      # for go test -race
command -v make >/dev/null || need+=(make)
command -v git >/dev/null || need+=(git)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || need+=(postgresql)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || need+=(chromium)
command -v npm >/dev/null || need+=(npm)
if ((${#need[@]})); then
	if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq
		for p in "${need[@]}"; do
			apt-get install -qq -y --no-install-recommends "$p" >/dev/null || echo "setup-tests: could not install $p; its tests will be skipped"
		done
	else
		echo "setup-tests: please install: ${need[*]}"
	fi
fi

# fetch PACKAGE FOLDER takes a package of npm apart in .cache.
fetch() {
	if [ -d ".cache/$2" ] || ! command -v npm >/dev/null; then
		return
	fi
	mkdir -p .cache
	if tarball=$(cd .cache && npm pack --silent "$1" 2>/dev/null); then
		mkdir -p ".cache/$2"
		tar -xzf ".cache/$tarball" -C ".cache/$2" --strip-components=1
	else
		echo "setup-tests: could not fetch $1; its test will be skipped"
	fi
}

fetch @octokit/webhooks-examples@7.6.1 webhooks-examples # GitHub's own example payloads, for the receiver's tests
fetch @octokit/graphql-schema@15.26.1 graphql-schema     # what GitHub's GraphQL knows, for the simulator's
