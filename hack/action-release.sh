#!/usr/bin/env bash
# Takes the binary of a release for action.yml and checks it against a checksum that the workflow names. Reads, from the
# environment: FROM (address of the releases), VERSION, SHA256, OS and ARCH as GitHub's runner names them, TARGET (the file to make).
set -euo pipefail

fail() {
	echo "::error title=ddbot::$1"
	exit 1
}

[[ "$SHA256" =~ ^[0-9a-fA-F]{64}$ ]] || fail "With version, sha256 is the checksum of the release's binary for this runner: 64 hexadecimal digits, from its SHA256SUMS."
case "$OS" in Linux) os=linux ;; macOS) os=darwin ;; Windows) os=windows ;; *) fail "There is no release for $OS." ;; esac
case "$ARCH" in X64) arch=amd64 ;; ARM64) arch=arm64 ;; *) fail "There is no release for $ARCH." ;; esac
file="ddbot_${VERSION}_${os}_${arch}"
if [ "$os" = windows ]; then file=$file.exe; fi

curl -fsSL --retry 3 -o "$TARGET.part" "$FROM/$VERSION/$file" || fail "Cannot fetch $file of $VERSION from $FROM."
if command -v sha256sum >/dev/null; then sum=$(sha256sum "$TARGET.part"); else sum=$(shasum -a 256 "$TARGET.part"); fi
if [ "${sum%% *}" != "${SHA256,,}" ]; then
	rm -f "$TARGET.part"
	fail "The checksum of $file is ${sum%% *}, not the one that the workflow names. Nothing was run."
fi
chmod +x "$TARGET.part"
mv "$TARGET.part" "$TARGET"
