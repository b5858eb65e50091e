package template

import (
	"fmt"
	"io"
	"strings"
)

// PrintChanges tells people what became of the criteria: the counts, then all that was not simply kept.
func PrintChanges(w io.Writer, changes []Change) error {
	count := map[ChangeKind]int{}
	for _, c := range changes {
		count[c.Kind]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d kept, %d moved, %d reworded, %d new, %d gone\n", count[Kept], count[Moved], count[Reworded], count[New], count[Gone])
	for _, c := range changes {
		switch c.Kind {
		case Kept:
		case New:
			fmt.Fprintf(&b, "\nnew: %s\n  + %s\n", place(c.New), c.New.Title)
		case Gone:
			fmt.Fprintf(&b, "\ngone: %s\n  - %s\n", place(c.Old), c.Old.Title)
		case Moved:
			fmt.Fprintf(&b, "\nmoved: %s → %s\n    %s\n", place(c.Old), place(c.New), c.New.Title)
		case Reworded:
			where := place(c.New)
			if old := place(c.Old); old != where {
				where = old + " → " + where
			}
			fmt.Fprintf(&b, "\nreworded: %s\n  - %s\n  + %s\n", where, c.Old.Title, c.New.Title)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// place names the section of a box as people know it.
func place(p *Part) string {
	s := p.Section
	if len(s) == 0 {
		return "no section"
	}
	return strings.Join(s[max(0, len(s)-2):], " / ")
}
