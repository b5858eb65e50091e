package precedent

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/plan"
)

// Precedents are what the TOC accepted for one criterion.
type Precedents struct {
	Known    bool
	Title    string
	Near     []string   // titles that are like the text, where it is none that is known
	Accepted []Accepted // the newest first
}

// Examples finds the criterion that a text means: its id, a wording, or words of its title.
func Examples(text string) Precedents {
	id := strings.ToLower(strings.TrimSpace(text))
	if _, known := criteria.Named(id); !known {
		var ok bool
		if id, _, ok = criteria.Identify(text); !ok {
			var near []string
			if id, near = byTitle(text); id == "" {
				return Precedents{Near: near}
			}
		}
	}
	p := Precedents{Known: true, Title: id}
	if c, ok := criteria.Named(id); ok {
		p.Title = c.Title
	}
	for _, a := range Index() {
		if a.Criterion == id {
			p.Accepted = append(p.Accepted, a)
		}
	}
	slices.SortStableFunc(p.Accepted, func(a, b Accepted) int {
		return cmp.Or(strings.Compare(b.Date, a.Date), strings.Compare(a.Project, b.Project), strings.Compare(a.Path, b.Path))
	})
	return p
}

// byTitle finds the criterion that has all words of the text, the most similar of several; else those that have most.
func byTitle(text string) (id string, near []string) {
	type like struct {
		c                criteria.Criterion
		covered, similar float64
	}
	var all []like
	for _, c := range criteria.Catalog {
		l := like{c: c}
		for _, w := range append(criteria.Wordings(c.ID), c.Title) {
			l.covered = max(l.covered, criteria.Covered(text, w))
			l.similar = max(l.similar, criteria.Similarity(text, w))
		}
		if l.covered > 0.3 {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b like) int {
		return cmp.Or(cmp.Compare(b.covered, a.covered), cmp.Compare(b.similar, a.similar))
	})
	if len(all) > 0 && all[0].covered > 0.95 {
		return all[0].c.ID, nil
	}
	for _, l := range all[:min(5, len(all))] {
		near = append(near, fmt.Sprintf("%s (%s)", l.c.ID, l.c.Title))
	}
	return "", near
}

// Text lists the precedents in Markdown, most at most; 0 is all.
func (p Precedents) Text(most int) string {
	if len(p.Accepted) == 0 {
		return fmt.Sprintf("No published due-diligence document cites a file for this: %s.\n", p.Title)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "What the TOC accepted for this before: %s\n\n", p.Title)
	for i, a := range p.Accepted {
		if most > 0 && i == most {
			fmt.Fprintf(&b, "\nand %d more, in older documents.\n", len(p.Accepted)-most)
			break
		}
		fmt.Fprintf(&b, "- %s, %s %s: [%s](%s)\n", a.Project, a.Level, a.Date[:4], plain.Replace(a.Path), a.URL())
	}
	return plan.Safe(b.String())
}

// plain takes the meaning of Markdown from a path.
var plain = strings.NewReplacer("[", "\\[", "]", "\\]", "_", "\\_", "*", "\\*", "`", "\\`", "<", "&lt;")
