// Package command finds slash commands in Markdown as GitHub renders it. A command is a line that begins with "/" and
// is shown to the reader as ordinary text: code, block quotes (so the quoted part of an e-mail reply), HTML comments
// and links are not commands.
package command

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// Limit is how many known commands of one comment are run. It keeps one comment from keeping the bot busy.
const Limit = 20

// Command is one line that asks for something.
type Command struct {
	Words []string // what follows "/", split at further slashes, in lower case: "/dd/status" is dd, status
	Rest  string   // what follows the words on the line, as written, trimmed
	Line  string   // the whole line as written, trimmed
	No    int      // its 1-based line number
}

// Parse gives the commands of a text in the order in which people wrote them. A text that is too costly to parse
// (see checklist.Guard) is an error.
func Parse(s string) ([]Command, error) {
	s = strings.TrimPrefix(s, "\ufeff") // a byte order mark, which some editors put at the beginning
	candidates := candidateLines(s)
	if len(candidates) == 0 {
		return nil, nil
	}
	if err := checklist.Guard(s); err != nil {
		return nil, err
	}
	shown := shownAsText(s)
	var cmds []Command
	for _, c := range candidates {
		if !shown(c.offset) {
			continue
		}
		if words, rest, ok := split(c.text); ok {
			cmds = append(cmds, Command{Words: words, Rest: rest, Line: c.text, No: c.no})
		}
	}
	return cmds, nil
}

// Added gives the commands of now that before did not have, so that fixing a typo in a comment runs only the fixed
// command. The same command written twice counts twice.
func Added(before, now string) ([]Command, error) {
	cmds, err := Parse(now)
	if err != nil || len(cmds) == 0 {
		return nil, err
	}
	old, err := Parse(before)
	if err != nil {
		return nil, err
	}
	had := map[string]int{}
	for _, c := range old {
		had[c.norm()]++
	}
	var added []Command
	for _, c := range cmds {
		if had[c.norm()] > 0 {
			had[c.norm()]--
			continue
		}
		added = append(added, c)
	}
	return added, nil
}

// norm is equal for commands that differ only in blanks or in the case of their words.
func (c Command) norm() string {
	return strings.Join(c.Words, "/") + " " + strings.Join(strings.Fields(c.Rest), " ")
}

type candidate struct {
	text   string // trimmed
	offset int    // of the "/"
	no     int
}

// candidateLines gives the lines that begin with "/" after at most three spaces. A lone CR ends a line too.
func candidateLines(s string) []candidate {
	var out []candidate
	no := 1
	for start := 0; start <= len(s); no++ {
		end := strings.IndexAny(s[start:], "\r\n")
		next := len(s) + 1
		if end < 0 {
			end = len(s)
		} else {
			end += start
			next = end + 1
			if s[end] == '\r' && next < len(s) && s[next] == '\n' {
				next++
			}
		}
		line := s[start:end]
		trimmed := strings.TrimLeft(line, " ")
		if indent := len(line) - len(trimmed); indent <= 3 && strings.HasPrefix(trimmed, "/") {
			out = append(out, candidate{text: strings.TrimSpace(trimmed), offset: start + indent, no: no})
		}
		start = next
	}
	return out
}

// split takes "/dd/status in-voting" apart. Blanks of any kind separate; dashes that an editor made pretty are dashes.
func split(line string) (words []string, rest string, ok bool) {
	name := line[1:]
	if i := strings.IndexFunc(name, isBlank); i >= 0 {
		name, rest = name[:i], strings.TrimFunc(name[i:], isBlank)
	}
	name = strings.ToLower(dashes.Replace(name))
	words = strings.Split(name, "/")
	for _, w := range words {
		if !isWord(w) {
			return nil, "", false
		}
	}
	return words, rest, true
}

var dashes = strings.NewReplacer("‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-")

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\u00a0' }

// isWord accepts a letter followed by letters, digits, dashes and underscores.
func isWord(w string) bool {
	for i, r := range w {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r != '-' && r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return w != ""
}

// shownAsText parses the Markdown and tells for a byte offset whether the reader sees it as ordinary text.
func shownAsText(s string) func(offset int) bool {
	// goldmark knows no lone CR and trips over CRLF in places; a copy of the same length keeps the offsets.
	src := []byte(sameLength(s))
	starts := map[int]bool{}
	root := goldmark.DefaultParser().Parse(text.NewReader(src))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Blockquote, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.CodeSpan, *ast.Link, *ast.Image, *ast.AutoLink:
			return ast.WalkSkipChildren, nil
		case *ast.HTMLBlock:
			htmlText(n, src, starts)
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			starts[n.Segment.Start] = true
		}
		return ast.WalkContinue, nil
	})
	return func(offset int) bool { return starts[offset] }
}

// htmlText marks the line starts of an HTML block that are not inside a comment: in <details> without a blank line
// the text still shows. <pre>, <script>, <style> and <textarea> (type 1 in the CommonMark specification) are code.
func htmlText(n *ast.HTMLBlock, src []byte, starts map[int]bool) {
	if n.HTMLBlockType == ast.HTMLBlockType1 || n.Lines().Len() == 0 {
		return
	}
	begin, end := n.Lines().At(0).Start, n.Lines().At(n.Lines().Len()-1).Stop
	if n.HasClosure() {
		end = max(end, n.ClosureLine.Stop)
	}
	inComment := false
	for i := begin; i < end; i++ {
		switch rest := src[i:end]; {
		case inComment && strings.HasPrefix(string(rest[:min(3, len(rest))]), "-->"):
			inComment = false
		case !inComment && strings.HasPrefix(string(rest[:min(4, len(rest))]), "<!--"):
			inComment = true
		case !inComment && src[i] == '/':
			starts[i] = true
		}
	}
}

func sameLength(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if c != '\r' {
			continue
		}
		if i+1 < len(b) && b[i+1] == '\n' {
			b[i] = ' '
		} else {
			b[i] = '\n'
		}
	}
	return string(b)
}
