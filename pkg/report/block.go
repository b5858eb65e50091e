package report

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// A block is a part of a report that ddbot wrote and may write again:
//
//	<!-- ddbot:answer 0123456789ab -->
//	…
//	<!-- ddbot:end -->
//
// The first line holds the hash of what stands between the marks, so that ddbot sees when a person has edited it. Then it is a
// person's text.
type block struct {
	name       string
	hash       string // as the mark has it
	text       string // between the marks, lines end with LF
	start, end int    // bytes of the report, the marks included, the last line end not
	broken     bool   // it does not end where it should
}

var (
	blockStart = regexp.MustCompile(`^<!-- ddbot:(answer|header|blockers) ([0-9a-f]{12}) -->$`)
	blockEnd   = "<!-- ddbot:end -->"
)

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:12]
}

// wrapped gives the text between the marks.
func wrapped(name, text string) string {
	return "<!-- ddbot:" + name + " " + hashOf(text) + " -->\n" + text + "\n" + blockEnd
}

var anyMark = regexp.MustCompile(`(?m)^<!-- ddbot:(?:(?:answer|header|blockers) [0-9a-f]{12}|end) -->\r?\n?`)

// Unmarked is a report without ddbot's marks, for who only reads it.
func Unmarked(text string) string { return anyMark.ReplaceAllString(text, "") }

// isTouched tells whether somebody has edited the block.
func (b *block) isTouched() bool { return hashOf(b.text) != b.hash }

// blocks finds the blocks in a part of a text.
func blocks(text string, from, to int) []block {
	var out []block
	open := -1
	for at := from; at < to; {
		end := strings.IndexByte(text[at:to], '\n')
		next := to
		if end >= 0 {
			next = at + end + 1
		}
		line := strings.TrimRight(text[at:next], "\r\n")
		if m := blockStart.FindStringSubmatch(line); m != nil {
			if open >= 0 {
				out[open].broken = true
			}
			out = append(out, block{name: m[1], hash: m[2], start: at, end: next})
			open = len(out) - 1
		} else if line == blockEnd && open >= 0 {
			b := &out[open]
			b.text = strings.TrimSuffix(unix(text[b.end:at]), "\n")
			b.end = at + len(line)
			open = -1
		}
		at = next
	}
	if open >= 0 {
		out[open].broken = true
	}
	return out
}
