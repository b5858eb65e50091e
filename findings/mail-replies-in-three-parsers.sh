#!/bin/sh
# What three parsers of replies by e-mail leave of an answer to one of GitHub's messages, which is what a bot reads that takes commands by
# e-mail: email-reply-parser 2.3.9, planer 1.2.0, node-email-reply-parser 0.1.4 (npm, all MIT). They agree on Gmail, Apple, Yahoo, Proton and
# Outlook in English, and on answers below the quote.
# - A Chinese Outlook's header (发件人, 发送时间, 收件人, 主题) ends the answer for none of them: what it quotes is read as the sender's. Nor does
#   a header with asterisks around its words, as text/plain made of Outlook's HTML has them, for two; nor a German one for the last of them.
# - A thematic break of Markdown (---, ___) and its shorter kin -- is the beginning of a signature for two of them, *** is not: all that its
#   author writes below it is lost, a command too. GitHub's comments are Markdown, by e-mail as well.
# - planer takes one line of prose that begins with "From:" and has "To:" in it for a header, and drops what comes after it.
# Expected: the guess was that all three know Outlook in whatever language, and that none loses what its author wrote.
# (ddbot's own reading, pkg/command/mail.go, has the own command and no other in each of these.)
#
# Needs Node.js with npm and network access. Runs in a temporary folder; prints what it saw; fails if that changes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent email-reply-parser@2.3.9 planer@1.2.0 node-email-reply-parser@0.1.4
cat >main.mjs <<'END'
import EmailReplyParser from 'email-reply-parser'
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const planer = require('planer')
const node = require('node-email-reply-parser')

const parsers = [
  (text) => new EmailReplyParser().parseReply(text),
  (text) => planer.extractFrom(text, 'text/plain'),
  (text) => node(text).getVisibleText(),
]
const own = '/remove-lifecycle stale'
const quoted = '/close'
const from = 'somebody <notifications@github.com>'
const to = 'acme/toc <toc@noreply.github.com>'
const header = (words, on = (w) => w) =>
  words.map((w, i) => `${on(w + ':')} ${[from, '2022-02-22 10:12', to, 'Re: [acme/toc] Promotion (#1)'][i]}`).join('\n')
const answer = (frame, text = quoted) => `${own}\n\n${frame}\n\n${text}\n`
const below = (rule) => `We have done it.\n\n${rule}\n\n${own}\n`
const texts = {
  'Gmail': answer(`On Tue, Feb 22, 2022 at 10:12 AM ${from} wrote:`, `> ${quoted}`),
  'Gmail, Japanese': answer(`2022年2月22日(火) 10:12 ${from}:`, `> ${quoted}`),
  'Yahoo, no marks': answer(`On Tuesday, February 22, 2022, 10:12:00 AM GMT+1, ${from} wrote:`),
  'Outlook': answer(header(['From', 'Sent', 'To', 'Subject'])),
  'Outlook, asterisks': answer(header(['From', 'Sent', 'To', 'Subject'], (w) => `*${w}*`)),
  'Outlook, German': answer(header(['Von', 'Gesendet', 'An', 'Betreff'])),
  'Outlook, French': answer(header(['De ', 'Envoyé ', 'À ', 'Objet '])),
  'Outlook, Chinese': answer(header(['发件人', '发送时间', '收件人', '主题'])),
  'below the quote': `On 2/22/22 10:12 AM, somebody wrote:\n> ${quoted}\n\n${own}\n`,
  'below ***': below('***'),
  'below ---': below('---'),
  'below ___': below('___'),
  'below --': below('--'),
  'below From: … To:': `From: us. To: the TOC.\n\n${own}\n`,
}
for (const [name, text] of Object.entries(texts)) {
  const left = parsers.map((parse) => {
    const lines = parse(text).split('\n').map((l) => l.trim())
    return [lines.includes(own) ? 'own' : 'nothing', ...(lines.includes(quoted) ? ['quoted'] : [])].join('+')
  })
  console.log(`${name}: ${left.join(' ')}`)
}
END
node main.mjs | tee got
cat >want <<'END'
Gmail: own own own
Gmail, Japanese: own own own
Yahoo, no marks: own own own
Outlook: own own own
Outlook, asterisks: own+quoted own own+quoted
Outlook, German: own own own+quoted
Outlook, French: own own own
Outlook, Chinese: own+quoted own+quoted own+quoted
below the quote: own own own
below ***: own own own
below ---: nothing own nothing
below ___: nothing own nothing
below --: nothing own nothing
below From: … To:: own nothing own
END
cmp got want
