package report

import (
	"errors"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/template"
)

// ErrNoReport is for texts that are no due-diligence document.
var ErrNoReport = errors.New("this is no due-diligence report: it has neither the title nor the criteria of one")

// Document is a report as the lint sees it.
type Document struct {
	File    string
	Outline *template.Outline
	Match   template.Match // the version it was most probably made from
	Title   string         // the first heading of level 1
	Project string         // its name by the title
	Number  int            // of the application that its head links; 0 if there is none
	Head    int            // line of that link
	lines   []line
	links   []checklist.Link
	boxes   []box
	said    []sentence
}

// box is a box of the report with what is said about it.
type box struct {
	template.Part
	id   string // of the known criterion, "" if it is none
	said checklist.Evidence
}

// line is a line of the text: as written, and without comments and code.
type line struct {
	raw, prose string
	comment    string // the comment that begins on it
}

// Read reads a report. The error is [ErrNoReport] or a *checklist.RefusedError.
func Read(file, text string) (*Document, error) {
	if !strings.Contains(text, "] ") || strings.ContainsRune(text, 0) { // neither a box nor what could be one, or no text
		return nil, ErrNoReport
	}
	o, err := template.Read(text)
	if err != nil {
		return nil, err
	}
	d := &Document{File: file, Outline: o}
	for _, b := range o.Boxes() {
		id, _, _ := criteria.Identify(b.Title)
		d.boxes = append(d.boxes, box{Part: b, id: id})
	}
	d.Title = titleOf(o)
	if !d.isReport() {
		return nil, ErrNoReport
	}
	d.lines, d.links = cut(text), o.Links()
	for i, b := range d.boxes {
		d.boxes[i].said = o.Evidence(b.Part)
	}
	d.Match = template.Recognize(o, template.Versions(), template.Report, "")[0]
	d.Project = projectOf(d.Title)
	d.application()
	return d, nil
}

// titleOf is the first heading of level 1.
func titleOf(o *template.Outline) string {
	for _, h := range o.Headings() {
		if h.Level == 1 {
			return h.Title
		}
	}
	return ""
}

var (
	reportTitle = regexp.MustCompile(`(?i)^(.*?)\s*(?:incubation|incubating|graduation|graduated)?\s*due[ -]diligence\b`)
	// fewest is how many known criteria make a document one of due diligence, whatever its title.
	fewest = 3
)

func (d *Document) isReport() bool {
	if len(d.boxes) > 0 && reportTitle.MatchString(d.Title) {
		return true
	}
	known := 0
	for _, b := range d.boxes {
		if b.id != "" {
			known++
		}
	}
	return known >= fewest
}

func projectOf(title string) string {
	if m := reportTitle.FindStringSubmatch(title); m != nil {
		return strings.TrimSpace(m[1])
	}
	return ""
}

var fence = regexp.MustCompile("^\\s*(`{3,}|~{3,})")

// lineEnds makes all line ends LF; a lone CR ends a line, too, as in the numbers of package checklist.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// cut parts a text into lines, and takes comments and fenced code from what is read as prose.
func cut(text string) []line {
	raw := strings.Split(lineEnds.Replace(text), "\n")
	lines := make([]line, len(raw))
	open, inFence := -1, ""
	for i, l := range raw {
		lines[i].raw = l
		if m := fence.FindStringSubmatch(l); m != nil && open < 0 && (inFence == "" || strings.HasPrefix(m[1], inFence)) {
			if inFence == "" {
				inFence = m[1]
			} else {
				inFence = ""
			}
			continue
		}
		if inFence != "" {
			continue
		}
		rest := l
		for {
			if open >= 0 {
				before, after, ok := strings.Cut(rest, "-->")
				if !ok {
					lines[open].comment += before + "\n"
					break
				}
				lines[open].comment += before + "-->"
				open, rest = -1, after
			}
			before, after, ok := strings.Cut(rest, "<!--")
			lines[i].prose += before
			if !ok {
				break
			}
			lines[i].comment += "<!--"
			open, rest = i, after
		}
	}
	return lines
}
