#!/bin/sh
# Whose a file is by the rules that GitHub's page "About code owners" explains, as four parsers read them: codeowners 5.1.1, codeowners-utils
# 1.0.2 and github-codeowners 0.2.1 (npm, MIT) and github.com/hmarr/codeowners v1.2.1 (Go, MIT). The one in Go says in each case what the page says.
# - `docs/*` is for the files in docs alone, says the page; for all three in JavaScript it is also for docs/b/a.md, as in a .gitignore, where what
#   lies below an ignored folder is ignored.
# - Paths are compared with case, says the page; all three take case.md for /Case.md.
# - A comment behind the owners is in the page's own example. codeowners counts its words as owners, also those without an @;
#   github-codeowners refuses the whole file ("# is not a valid owner name").
# So two tools that ask who owns what in one repository name different people. Expected: the guess was that they differ in what a .gitignore
# has beyond the page (!, [ ]), not in its example. (It led to a mistake of ddbot's own: comments in CODEOWNERS and OWNERS named owners.)
#
# Needs Go, Node.js with npm, and network access. Runs in a temporary folder; prints what it saw; fails if that changes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent codeowners@5.1.1 codeowners-utils@1.0.2 github-codeowners@0.2.1
mkdir -p plain/.github commented/.github
cat >plain/.github/CODEOWNERS <<'END'
*            @all
*.js         @js
docs/*       @docs
apps/        @apps
/apps/github
/Case.md     @case
END
sed 's/@js$/& # like @nobody/' plain/.github/CODEOWNERS >commented/.github/CODEOWNERS
cat >go.mod <<'END'
module finding

go 1.24

require github.com/hmarr/codeowners v1.2.1
END
cat >main.go <<'END'
package main

import (
	"fmt"
	"os"

	"github.com/hmarr/codeowners"
)

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	rules, err := codeowners.ParseFile(file)
	if err != nil {
		panic(err)
	}
	rule, err := rules.Match(os.Args[2])
	if err != nil {
		panic(err)
	}
	for _, o := range rule.Owners {
		fmt.Println(o)
	}
}
END
GOFLAGS=-mod=mod go build -o hmarr . 2>/dev/null
cat >main.mjs <<'END'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const Codeowners = require('codeowners')
const utils = require('codeowners-utils')
const { OwnershipEngine } = require('github-codeowners/dist/lib/ownership')

console.error = () => {} // github-codeowners writes there, too
const parsers = [
  (repo, path) => execFileSync('./hmarr', [`${repo}/.github/CODEOWNERS`, path], { encoding: 'utf8' }).split('\n').filter(Boolean),
  (repo, path) => new Codeowners(repo).getOwner(path),
  (repo, path) => utils.matchFile(path, utils.parse(readFileSync(`${repo}/.github/CODEOWNERS`, 'utf8')))?.owners ?? [],
  (repo, path) => OwnershipEngine.FromCodeownersFile(`${repo}/.github/CODEOWNERS`).calcFileOwnership(path),
]
const owners = (parse, repo, path) => {
  try {
    return parse(repo, path).join(' ') || 'nobody'
  } catch {
    return 'refused'
  }
}
for (const [repo, path] of [
  ['plain', 'a.txt'], ['plain', 'src/a.js'], ['plain', 'my/apps/x'], ['plain', 'apps/github/x'],
  ['plain', 'docs/a.md'], ['plain', 'docs/b/a.md'], ['plain', 'Case.md'], ['plain', 'case.md'],
  ['commented', 'src/a.js'], ['commented', 'a.txt'],
]) {
  console.log(`${repo} ${path}: ${parsers.map((p) => owners(p, repo, path)).join(', ')}`)
}
END
node main.mjs | tee got
cat >want <<'END'
plain a.txt: @all, @all, @all, @all
plain src/a.js: @js, @js, @js, @js
plain my/apps/x: @apps, @apps, @apps, @apps
plain apps/github/x: nobody, nobody, nobody, nobody
plain docs/a.md: @docs, @docs, @docs, @docs
plain docs/b/a.md: @all, @docs, @docs, @docs
plain Case.md: @case, @case, @case, @case
plain case.md: @all, @case, @case, @case
commented src/a.js: @js, @js # like @nobody, @js, refused
commented a.txt: @all, @all, @all, refused
END
cmp got want
