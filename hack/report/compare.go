package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/template"
)

// How similar texts are that count as the same.
const (
	sameBox     = 0.8
	sameHeading = 0.75
)

// pairUp gives for each text of a the one of b that it is, or -1: equal ones first, then similar ones, each once.
func pairUp(a, b []string, least float64) []int {
	of, used := make([]int, len(a)), make([]bool, len(b))
	for i := range a {
		of[i] = -1
		for j := range b {
			if !used[j] && a[i] == b[j] {
				of[i], used[j] = j, true
				break
			}
		}
	}
	for i := range a {
		best, at := least, -1
		for j := range b {
			if s := alike(a[i], b[j]); of[i] < 0 && !used[j] && s >= best {
				best, at = s, j
			}
		}
		if at >= 0 {
			of[i], used[at] = at, true
		}
	}
	return of
}

// alike is the ratio of Ratcliff and Obershelp, as Python's difflib has it: twice the letters in common blocks, by the letters of
// both.
func alike(a, b string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	return 2 * float64(common(a, b)) / float64(len(a)+len(b))
}

// common sums the longest common block and those on both sides of it.
func common(a, b string) int {
	var best, atA, atB int
	row := make([]int, len(b)+1)
	for i := range len(a) {
		last := 0
		for j := range len(b) {
			above := row[j+1]
			row[j+1] = 0
			if a[i] == b[j] {
				row[j+1] = last + 1
				if row[j+1] > best {
					best, atA, atB = row[j+1], i+1-row[j+1], j+1-row[j+1]
				}
			}
			last = above
		}
	}
	if best == 0 {
		return 0
	}
	return best + common(a[:atA], b[:atB]) + common(a[atA+best:], b[atB+best:])
}

// inversions counts neighbours that stand the other way round.
func inversions(of []int) int {
	n, last := 0, -1
	for _, j := range of {
		if j < 0 {
			continue
		}
		if j < last {
			n++
		}
		last = j
	}
	return n
}

// count adds which of the titles have a partner; verbose says which have none.
func (s *share) count(titles []string, of []int, verbose bool, lacks string) {
	for i, j := range of {
		s.of++
		if j >= 0 {
			s.found++
		} else if verbose {
			fmt.Fprintf(os.Stderr, "%s: %s\n", lacks, titles[i])
		}
	}
}

func compareBoxes(t *tally, o, skeleton *template.Outline, p published, verbose bool) {
	a, b := texts(o.Boxes()), texts(skeleton.Boxes())
	of := pairUp(a, b, sameBox)
	t.boxes.count(a, of, verbose, p.File+": the skeleton has no box")
	t.inversions += inversions(of)
}

func texts(parts []template.Part) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = criteria.Normalize(p.Title)
	}
	return out
}

// compareHeadings counts adopters once, and forgets the project's name as far as it stands in titles.
func compareHeadings(t *tally, p published, skeleton *template.Outline, verbose bool) {
	var have []string
	for _, h := range skeleton.Headings() {
		have = append(have, h.Title)
	}
	a, b := folded(p.titles()), folded(have)
	of := pairUp(a, b, sameHeading)
	t.heads.count(a, of, verbose, p.File+": the skeleton has no heading")
	t.inversions += inversions(inSections(a, of))
}

// titles are those of the outline: what stands below an adopter is the adopter's.
func (p published) titles() []string {
	var out []string
	adopter, adoption := 0, 0
	for _, h := range p.Headings {
		level, title := int(h[0].(float64)), fmt.Sprint(h[1])
		if adopter > 0 && level > adopter {
			continue
		}
		adopter = 0
		if level <= adoption {
			adoption = 0
		}
		if adoption > 0 && level == adoption+1 || strings.HasPrefix(criteria.Normalize(title), "adopter ") {
			adopter, title = level, "Adopter N"
		}
		if criteria.Normalize(title) == "adoption" {
			adoption = level
		}
		out = append(out, title)
	}
	return out
}

func folded(titles []string) []string {
	var out []string
	adopters := false
	for _, s := range titles {
		n := criteria.Normalize(s)
		if strings.HasPrefix(n, "adopter ") {
			if adopters {
				continue
			}
			adopters, n = true, "adopter n"
		}
		out = append(out, n)
	}
	return out
}

// inSections leaves out titles that stand several times: which of them is which cannot be told by the title.
func inSections(titles []string, of []int) []int {
	count := map[string]int{}
	for _, s := range titles {
		count[s]++
	}
	var out []int
	for i, j := range of {
		if count[titles[i]] == 1 {
			out = append(out, j)
		}
	}
	return out
}

// textSeen compares whether there is text under a box with what people counted.
func textSeen(t *tally, o *template.Outline, p published, verbose bool) {
	boxes := o.Boxes()
	for i, c := range p.Criteria {
		t.seen.of++
		if i >= len(boxes) {
			continue
		}
		links := 0
		for _, n := range c.Links {
			links += n
		}
		if seen := len(o.Evidence(boxes[i])) > 0; seen == (c.Words > 0 || links > 0) && boxes[i].Checked == c.Ticked {
			t.seen.found++
		} else if verbose {
			fmt.Fprintf(os.Stderr, "%s:%d: text %v, and %d words and %d links were counted: %s\n", p.File, boxes[i].Line, seen, c.Words, links, boxes[i].Title)
		}
	}
}
