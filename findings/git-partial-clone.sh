#!/bin/sh
# git 2.39.5 (Debian 12) and partial clones (--filter=blob:none): "git cat-file --batch-check" over names of which one is an
# object that the clone was promised and does not have asks the origin for it; where that is forbidden (GIT_ALLOW_PROTOCOL=none)
# it ends with "fatal: could not fetch … from promisor remote", exit code 128, and says nothing of the objects that come after
# it in the list, not even of those it has. GIT_NO_LAZY_FETCH=1 changes nothing of that. The same objects read through an empty
# repository that borrows the clone's (GIT_ALTERNATE_OBJECT_DIRECTORIES) are "missing" one by one, as the manual says of
# cat-file, and nothing is asked for. Expected: the guess was "missing" in both.
#
# Needs git. Runs in a temporary folder, without network; prints what it saw; fails if that changes.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
git init -q -b main src
echo text >src/a.md
git -C src add -A
git -C src -c user.name=a -c user.email=a@example.org commit -q -m x
git -C src config uploadpack.allowFilter true
git clone -q --no-checkout --filter=blob:none "file://$dir/src" part
blob=$(git -C part ls-tree HEAD a.md | cut -d' ' -f3 | cut -f1)
commit=$(git -C part rev-parse HEAD)
mkdir -p empty/objects empty/refs
echo "ref: refs/heads/none" >empty/HEAD

ask() { printf '%s\n%s\n' "$blob" "$commit" | "$@" cat-file --batch-check --buffer 2>err; }
ask env GIT_ALLOW_PROTOCOL=none GIT_NO_LAZY_FETCH=1 git -C part >got
code=$?
echo "in the clone: exit code $code, $(wc -l <got) lines, $(grep -c 'could not fetch' err) \"could not fetch\""
ask env GIT_ALTERNATE_OBJECT_DIRECTORIES="$dir/part/.git/objects" git --git-dir=empty >borrowed
also=$?
echo "borrowed: exit code $also, $(wc -l <borrowed) lines, $(grep -c missing borrowed) missing"
[ "$code" = 128 ] && [ ! -s got ] && [ "$also" = 0 ] && [ "$(wc -l <borrowed)" = 2 ] && [ "$(grep -c missing borrowed)" = 1 ] || {
	echo "this has changed"
	exit 1
}
echo "as written down: $(git --version)"
