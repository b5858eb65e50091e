package evidence

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"
)

// Document is a file of a repository as the finder and the checks see it.
type Document struct {
	File
	Name     string   // base name as people say it: "community membership", without extension
	Kinds    []string // what it is by its path, see kinds.go
	Headings []string // lower case
	Text     string   // as it stands, without a byte order mark; empty for what is not read
	Lower    string   // Text in lower case
	Words    int
	Read     bool
	// Target is the address of the one document that a stub points to.
	Target string
	Linked bool                    // a README of the project links it
	stands atomic.Pointer[float64] // Library.standing, once it is known
}

// document describes a path. Read files are filled by setText.
func (n namer) document(t *Tree, e Entry, wanted []string) *Document {
	name := plainName(e.Path)
	return &Document{File: File{Tree: t, Path: e.Path}, Name: name, Kinds: n.kindsOf(e, name, wanted)}
}

// plainName gives the words of a base name: without extension, lower case, one blank between.
func plainName(p string) string {
	base := strings.ToLower(path.Base(p))
	base = strings.TrimPrefix(base, ".")
	if ext := path.Ext(base); textExt[ext] || ext == ".pdf" || ext == ".csv" || ext == ".json" {
		base = strings.TrimSuffix(base, ext)
	}
	return strings.Join(strings.FieldsFunc(base, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// textExt are the endings of documents; "" is for names such as OWNERS.
var textExt = map[string]bool{
	"": true, ".md": true, ".markdown": true, ".mdx": true, ".rst": true, ".adoc": true, ".asciidoc": true, ".txt": true,
	".yml": true, ".yaml": true, ".org": true,
}

// proseExt are the endings of what has headings. "#" in other files is a remark.
var proseExt = map[string]bool{".md": true, ".markdown": true, ".mdx": true, ".rst": true, ".adoc": true, ".asciidoc": true, ".txt": true}

// maxHeadings is how many headings of a document are looked at.
const maxHeadings = 80

// stubWords is how short a document is that may only point to another, by its one address.
const stubWords = 60

var githubFile = regexp.MustCompile(`https://github\.com/[\w.-]+/[\w.-]+/(?:blob|tree)/[^\s)>"'\]]+`)

func (d *Document) setText(data []byte) {
	d.Text = strings.TrimPrefix(string(data), "\xef\xbb\xbf")
	d.Lower, d.Read = strings.ToLower(d.Text), true
	d.Words = len(strings.Fields(d.Text))
	if proseExt[strings.ToLower(path.Ext(d.Path))] {
		d.Headings = headings(d.Lower)
	}
	if d.Words < stubWords && strings.Count(d.Lower, "://") == 1 {
		d.Target = githubFile.FindString(d.Text)
	}
}

// setLink makes a stub of a symbolic link.
func (d *Document) setLink(to []byte) {
	d.Read, d.Words = true, 1
	d.Target = "https://github.com/" + d.Tree.Repo + "/blob/HEAD/" + escapePath(path.Join(path.Dir(d.Path), string(to)))
}

// headings gives the headings of Markdown (both kinds), reStructuredText and AsciiDoc, without code blocks. A scan of
// lines is enough to look for words in; addresses of sections are not made of it.
func headings(lower string) []string {
	var found []string
	var fence, last string
	for line := range strings.Lines(lower) {
		line = strings.TrimSpace(line)
		if len(found) == maxHeadings {
			break
		}
		if fence != "" {
			if strings.HasPrefix(line, fence) {
				fence = ""
			}
			continue
		}
		switch {
		case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "~~~"):
			fence = line[:3]
		case len(line) >= 3 && last != "" && !strings.ContainsAny(last[:1], "-|*>") && (strings.Trim(line, "=") == "" || strings.Trim(line, "-") == "" || strings.Trim(line, "~") == ""):
			found = append(found, last)
		case strings.HasPrefix(line, "#"), strings.HasPrefix(line, "=="):
			if title := strings.Trim(line, "#= \t"); title != "" {
				found = append(found, title)
			}
		case strings.HasPrefix(line, "**") && strings.HasSuffix(line, "**") && len(line) < 80:
			found = append(found, strings.Trim(line, "*: "))
		}
		last = line
	}
	return found
}

// Entry is the document's place in its tree.
func (d *Document) Entry() Entry {
	e, _ := d.Tree.Find(d.Path)
	return e
}

func (d *Document) is(kind string) bool { return slices.Contains(d.Kinds, kind) }

func (d *Document) isAny(kinds []string) bool { return slices.ContainsFunc(kinds, d.is) }
