#!/bin/sh
# Which list items four parsers of GitHub's Markdown take for tasks. They agree on `- [ ] text`, and on little beside it. cmark-gfm
# 0.29.0.gfm.6 with its own extension `tasklist` sees no task where the list stands in a quote or begins another item; the three in JavaScript
# do; its maintainer says that GitHub does not use it (github/cmark-gfm#170). remark-gfm 4.0.1 alone takes a line end after the box, and a tab in it. markdown-it-task-lists 2.1.1 and marked 15.0.12 take no tab
# after the box, marked none before it. A box on the line below an empty bullet is one for remark-gfm and markdown-it-task-lists, a box with
# a blank and no text for cmark-gfm and marked. So a tool that counts the tasks of an issue counts others than the next one. Expected: the
# guess was that all four agree but for tabs. (ddbot reads boxes itself, as GitHub's pages show them: pkg/checklist.)
#
# Needs Node.js with npm, Debian's apt-get and dpkg-deb, and network access. Runs in a temporary folder; prints what it saw; fails if that changes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
version=0.29.0.gfm.6-6
apt-get download "cmark-gfm=$version" "libcmark-gfm0.29.0.gfm.6=$version" "libcmark-gfm-extensions0.29.0.gfm.6=$version" >/dev/null 2>&1
for deb in *.deb; do dpkg-deb -x "$deb" root; done
LD_LIBRARY_PATH=$(dirname "$(find root -name 'libcmark-gfm.so.*' | head -1)")
export LD_LIBRARY_PATH
npm init -y >/dev/null
npm install --no-fund --no-audit --silent unified@11.0.5 remark-parse@11.0.0 remark-gfm@4.0.1 remark-rehype@11.1.2 rehype-stringify@10.0.1 \
	markdown-it@14.1.0 markdown-it-task-lists@2.1.1 marked@15.0.12
cat >main.mjs <<'EOF'
import { execFileSync } from 'node:child_process'
import { unified } from 'unified'
import remarkParse from 'remark-parse'
import remarkGfm from 'remark-gfm'
import remarkRehype from 'remark-rehype'
import rehypeStringify from 'rehype-stringify'
import MarkdownIt from 'markdown-it'
import taskLists from 'markdown-it-task-lists'
import { marked } from 'marked'

const remark = unified().use(remarkParse).use(remarkGfm).use(remarkRehype).use(rehypeStringify)
const markdownIt = new MarkdownIt().use(taskLists)
const boxes = (html) => (html.match(/type="checkbox"/g) || []).length
for (const text of ['- [ ] a', '1. [x] a', '> - [ ] a', '- - [ ] a', '- [ ]\ta', '-\t[ ] a', '- [ ]\n  a', '-\n  [ ] a', '- [\t] a', '- [ ] ']) {
  const seen = [
    boxes(execFileSync('root/usr/bin/cmark-gfm', ['-e', 'tasklist'], { input: text + '\n', encoding: 'utf8' })),
    boxes(String(await remark.process(text + '\n'))),
    boxes(markdownIt.render(text + '\n')),
    boxes(marked.parse(text + '\n')),
  ]
  console.log(`${JSON.stringify(text).padEnd(14)} cmark-gfm ${seen[0]}, remark-gfm ${seen[1]}, markdown-it-task-lists ${seen[2]}, marked ${seen[3]}`)
}
EOF
cat >want <<'EOF'
"- [ ] a"      cmark-gfm 1, remark-gfm 1, markdown-it-task-lists 1, marked 1
"1. [x] a"     cmark-gfm 1, remark-gfm 1, markdown-it-task-lists 1, marked 1
"> - [ ] a"    cmark-gfm 0, remark-gfm 1, markdown-it-task-lists 1, marked 1
"- - [ ] a"    cmark-gfm 0, remark-gfm 1, markdown-it-task-lists 1, marked 1
"- [ ]\ta"     cmark-gfm 1, remark-gfm 1, markdown-it-task-lists 0, marked 0
"-\t[ ] a"     cmark-gfm 1, remark-gfm 1, markdown-it-task-lists 1, marked 0
"- [ ]\n  a"   cmark-gfm 0, remark-gfm 1, markdown-it-task-lists 0, marked 0
"-\n  [ ] a"   cmark-gfm 0, remark-gfm 1, markdown-it-task-lists 1, marked 0
"- [\t] a"     cmark-gfm 0, remark-gfm 1, markdown-it-task-lists 0, marked 0
"- [ ] "       cmark-gfm 1, remark-gfm 0, markdown-it-task-lists 0, marked 1
EOF
node main.mjs | tee got
diff want got
