// Command report measures skeletons, round trips and "there is text" on published due-diligence documents. See hack/report.sh.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"text/tabwriter"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/report"
	"github.com/ddbot/ddbot/pkg/template"
)

// published is the structure of a report, without its prose.
type published struct {
	Project  string   `json:"project"`
	Level    string   `json:"level"`
	File     string   `json:"file"`
	Commit   string   `json:"toc_commit"`
	Headings [][2]any `json:"headings"` // level, title
	Criteria []struct {
		SHA     string         `json:"sha"`
		Ticked  bool           `json:"ticked"`
		Words   int            `json:"words"`
		Links   map[string]int `json:"links"`
		Section string         `json:"section"`
	} `json:"criteria"`
}

// Goals of the issue.
const (
	wantedBoxes    = 0.985
	wantedHeadings = 0.98
)

func main() {
	reports := flag.String("reports", "", "structure of the reports")
	clone := flag.String("clone", "", "clone of cncf/toc")
	verbose := flag.Bool("v", false, "list what is not found")
	flag.Parse()
	if err := run(context.Background(), *reports, *clone, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file, clone string, verbose bool) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var all []published
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	var sum tally
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REPORT\tTEMPLATE\tBOXES\tRECALL\tHEADINGS\tRECALL\tINVERSIONS\tROUND TRIP\tTEXT SEEN")
	for _, p := range all {
		t, err := measure(ctx, p, clone, verbose)
		if err != nil {
			return fmt.Errorf("%s: %w", p.File, err)
		}
		fmt.Fprintf(w, "%s %s\t%s\t%s\n", p.Project, p.Level, t.version, t.row())
		sum.add(t)
	}
	fmt.Fprintf(w, "all\t\t%s\n", sum.row())
	if err := w.Flush(); err != nil {
		return err
	}
	if sum.worstBoxes < 1 || sum.worstHeads < 1 {
		fmt.Printf("lowest of one report: boxes %.3f, headings %.3f\n", sum.worstBoxes, sum.worstHeads)
	}
	if sum.boxes.share() < wantedBoxes || sum.heads.share() < wantedHeadings || sum.inversions > 0 || sum.trips.share() < 1 {
		return errors.New("below the goal: boxes 0.985, headings 0.98, no inversion, every round trip")
	}
	return nil
}

// share counts what was found of what was looked for.
type share struct{ found, of int }

func (s share) share() float64 {
	if s.of == 0 {
		return 1
	}
	return float64(s.found) / float64(s.of)
}

func (s share) String() string { return fmt.Sprintf("%d/%d", s.found, s.of) }

type tally struct {
	version                string
	boxes, heads           share
	inversions             int
	trips, seen            share
	worstBoxes, worstHeads float64
}

func (t *tally) add(o tally) {
	if t.boxes.of == 0 {
		t.worstBoxes, t.worstHeads = 1, 1
	}
	t.worstBoxes, t.worstHeads = min(t.worstBoxes, o.boxes.share()), min(t.worstHeads, o.heads.share())
	for _, p := range []struct{ to, from *share }{{&t.boxes, &o.boxes}, {&t.heads, &o.heads}, {&t.trips, &o.trips}, {&t.seen, &o.seen}} {
		p.to.found, p.to.of = p.to.found+p.from.found, p.to.of+p.from.of
	}
	t.inversions += o.inversions
}

func (t *tally) row() string {
	return fmt.Sprintf("%s\t%.3f\t%s\t%.3f\t%d\t%s\t%s", t.boxes, t.boxes.share(), t.heads, t.heads.share(), t.inversions, t.trips, t.seen)
}

func measure(ctx context.Context, p published, clone string, verbose bool) (tally, error) {
	var t tally
	text, whole := p.inClone(ctx, clone)
	if !whole {
		text = p.outline()
	}
	o, err := template.Read(text)
	if err != nil {
		return t, err
	}
	v := template.Recognize(o, template.Versions(), template.Report, p.Level)[0].Version
	t.version = v.Date
	skeleton, err := template.Read(report.Skeleton(v, report.Input{Project: report.ProjectName(p.Project, ""), Level: p.Level}))
	if err != nil {
		return t, err
	}
	compareBoxes(&t, o, skeleton, p, verbose)
	compareHeadings(&t, p, skeleton, verbose)
	if !whole {
		return t, nil
	}
	t.trips.of++
	if err := report.RoundTrip(text); err == nil {
		t.trips.found++
	} else if verbose {
		fmt.Fprintf(os.Stderr, "%s: %v\n", p.File, err)
	}
	textSeen(&t, o, p, verbose)
	return t, nil
}

// inClone gives the text of a report, at its commit or as it is now.
func (p published) inClone(ctx context.Context, clone string) (text string, ok bool) {
	if clone == "" {
		return "", false
	}
	for _, commit := range []string{p.Commit, "HEAD"} {
		out, err := exec.CommandContext(ctx, "git", "-C", clone, "show", commit+":"+p.File).Output() //nolint:gosec // the caller names it
		if err == nil {
			return string(out), true
		}
	}
	fmt.Fprintf(os.Stderr, "%s is not in the clone: only its structure is compared\n", p.File)
	return "", false
}

// outline writes the structure as a text again. Criteria are known by the hashes of their texts.
func (p published) outline() string {
	texts := map[string]string{}
	for _, id := range criteria.IDs() {
		for _, w := range criteria.Wordings(id) {
			texts[criteria.Hash(w)] = w
		}
	}
	var b strings.Builder
	for _, h := range p.Headings {
		level, _ := h[0].(float64)
		fmt.Fprintf(&b, "%.*s %v\n", int(level), "######", h[1])
	}
	for _, c := range p.Criteria {
		b.WriteString("- [ ] " + firstOf(texts[c.SHA], "unknown "+c.SHA) + "\n")
	}
	return b.String()
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
