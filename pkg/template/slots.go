package template

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/criteria"
)

// placeholder matches what stands in templates for what people are to write.
var placeholder = regexp.MustCompile(`\$\{?[A-Z][A-Z_]{2,}\}?|\bDD-MMM-YYYY\b|\bYYYY-?MM-?DD\b|\bMONTH YEAR\b`)

// noPlaceholder are names of variables and currencies that people write.
var noPlaceholder = map[string]bool{"$HOME": true, "$PATH": true, "$GOPATH": true, "$USD": true, "$PWD": true, "$USER": true}

// Placeholders gives the placeholders in a text, each once.
func Placeholders(s string) []string {
	if !strings.ContainsRune(s, '$') && !strings.Contains(s, "YY") && !strings.Contains(s, "MONTH YEAR") {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, m := range placeholder.FindAllString(s, -1) {
		if !seen[m] && !noPlaceholder[m] {
			seen[m] = true
			out = append(out, m)
		}
	}
	return out
}

var (
	comment      = regexp.MustCompile(`(?s)<!--.*?-->`)
	slotComment  = regexp.MustCompile(`(?i)^<!--\s*\(?[^>]*\bgoes? here\b[^>]*-->$`)
	alternatives = regexp.MustCompile(`\[[^\[\]()]*/[^\[\]()]*\](\(|\[|:)?`)
	italic       = regexp.MustCompile(`^\s*(?:_[^_].*_|\*[^*\s].*[^*\s]\*)\s*$`)
	emptyAddress = regexp.MustCompile(`\]\(\s*\)`)
)

// Slots is what templates say to those who fill them: it must not be left over.
type Slots struct {
	lines    map[string]bool // normalised: instructions, and lines with placeholders or alternatives
	comments map[string]bool // normalised
	choices  []string        // "[has/has not]"
	seen     map[string]bool // lines that were looked at: versions share most
}

// KnownSlots are those of all known versions.
var KnownSlots = sync.OnceValue(func() *Slots {
	s := &Slots{}
	for _, v := range Versions() {
		s.Add(v.Text)
	}
	return s
})

// Add adds those of a template.
func (s *Slots) Add(text string) {
	if s.lines == nil {
		s.lines, s.comments, s.seen = map[string]bool{}, map[string]bool{}, map[string]bool{}
	}
	for _, c := range comment.FindAllString(text, -1) {
		s.comments[criteria.Normalize(c)] = true
	}
	for line := range strings.Lines(comment.ReplaceAllString(text, "")) {
		if s.seen[line] {
			continue
		}
		s.seen[line] = true
		if len(Placeholders(line)) > 0 || italic.MatchString(line) || emptyAddress.MatchString(line) {
			s.lines[criteria.Normalize(line)] = true
		}
		for _, m := range alternatives.FindAllStringSubmatch(line, -1) {
			if m[1] == "" && !strings.Contains(strings.Join(s.choices, "\n"), m[0]) {
				s.lines[criteria.Normalize(line)] = true
				s.choices = append(s.choices, m[0])
			}
		}
	}
}

// IsLine tells whether a line is one of a template that waits to be replaced.
func (s *Slots) IsLine(line string) bool {
	n := criteria.Normalize(line)
	return s.lines[n] || n != "" && s.comments[n] // a slot whose comment marks are gone
}

// IsComment tells whether an HTML comment is a slot or an instruction of a template.
func (s *Slots) IsComment(c string) bool {
	return slotComment.MatchString(c) || s.comments[criteria.Normalize(c)]
}

// Choice gives alternatives of a template that are left in a line: "[has/has not]"; "" if there are none.
func (s *Slots) Choice(line string) string {
	for _, c := range s.choices {
		if strings.Contains(line, c) {
			return c
		}
	}
	for _, m := range alternatives.FindAllStringSubmatch(line, -1) { // one with a name filled in
		if m[1] == "" && openChoice.MatchString(m[0]) {
			return m[0]
		}
	}
	return ""
}

// openChoice matches two alternatives of words.
var openChoice = regexp.MustCompile(`^\[[\pL'’., ]*[\pL.]\s?/\s?[\pL'’][\pL'’., ]* [\pL'’., ]*\]$`)

// formLines are the lines of all known templates beside headings and criteria, normalised.
var formLinesKnown = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, v := range Versions() {
		for _, p := range v.Outline().Parts {
			for line := range strings.Lines(v.Outline().Body(p)) {
				if n := criteria.Normalize(line); strings.Count(n, " ") >= fewestBlanks {
					known[n] = true
				}
			}
		}
	}
	return known
})

// fewestBlanks keeps "N/A" and the like from being a template's: people write that, too.
const fewestBlanks = 3

// IsFormLine tells whether a line stands as it is in some known template.
func IsFormLine(line string) bool { return formLinesKnown()[criteria.Normalize(line)] }

// Said tells whether what belongs to an item says anything that no known template says: some have sentences of their own below a box.
func Said(e checklist.Evidence) bool {
	return slices.ContainsFunc(e, func(p checklist.Passage) bool {
		for line := range strings.Lines(p.Text) {
			if line = strings.TrimSpace(line); line != "" && !IsFormLine(line) {
				return true
			}
		}
		return false
	})
}

// ReportFor gives the report's template whose criteria are most like an application's, the newest of those that are as like.
func ReportFor(application *Outline, all []Version, level string) (*Version, bool) {
	var best *Version
	var most float64
	for i := range all {
		v := &all[i]
		if v.Kind != Report || level != "" && v.Level != level {
			continue
		}
		boxes := application.Boxes()
		same := dice(len(boxes)-len(Unmatched(application, v.Outline())), len(boxes), len(v.Outline().Boxes()))
		exact := dice(newFeatures(application).common(v.cached.features()), len(boxes), len(v.Outline().Boxes()))
		if score := same + exact; best == nil || score >= most {
			best, most = v, score
		}
	}
	return best, best != nil
}
