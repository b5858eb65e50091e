// Command accepted collects from a clone of cncf/toc which files and folders published due-diligence documents cite for
// which criterion: facts only, no prose. See hack/accepted.sh.
package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/clones"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: accepted PATH-OF-A-CLONE-OF-CNCF/TOC")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "accepted:", err)
		os.Exit(1)
	}
}

// fewest is how many known criteria make a file a due-diligence document.
const fewest = 20

func run(ctx context.Context, dir string) error {
	source, err := clones.Open([]string{"cncf/toc=" + dir})
	if err != nil {
		return err
	}
	tree, err := source.Tree(ctx, "cncf/toc")
	if err != nil {
		return err
	}
	var files []evidence.File
	for _, e := range tree.Under("projects") {
		if !e.Dir && strings.HasSuffix(e.Path, ".md") {
			files = append(files, evidence.File{Tree: tree, Path: e.Path})
		}
	}
	contents, err := source.Read(ctx, files)
	if err != nil {
		return err
	}
	var lines []string
	documents := 0
	for i, c := range contents {
		found, err := cited(ctx, source, files[i], string(c.Data))
		if err != nil {
			return err
		}
		if found != nil {
			documents++
		}
		lines = append(lines, found...)
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	fmt.Fprintf(os.Stderr, "accepted: %d documents, %d facts\n", documents, len(lines))
	fmt.Printf("# What %d due-diligence documents of cncf/toc %.12s cite: hash of the criterion, project, level, date of the document, repository, path.\n", documents, tree.Commit)
	fmt.Println(strings.Join(lines, "\n"))
	return nil
}

var level = regexp.MustCompile(`(?i)graduation|incubat`)

// cited gives the lines of one document, nil if it is none.
func cited(ctx context.Context, source evidence.Source, f evidence.File, body string) ([]string, error) {
	items, err := evidence.Items(body)
	if err != nil {
		return nil, nil //nolint:nilerr // what cannot be read safely is no due-diligence document
	}
	known := 0
	for _, it := range items {
		if it.Criterion != "" {
			known++
		}
	}
	if known < fewest {
		return nil, nil
	}
	history, err := source.History(ctx, []evidence.File{f})
	if err != nil || len(history[0]) == 0 {
		return nil, err
	}
	date := history[0][len(history[0])-1].At.Format("2006-01-02")
	to := strings.ToLower(level.FindString(f.Path + " " + body))
	if to == "incubat" {
		to = "incubation"
	}
	project := strings.Split(f.Path, "/")[1]
	lines := []string{}
	for _, it := range items {
		for _, l := range it.Links {
			if l.Place == nil || l.Place.Path == "" {
				continue
			}
			path := strings.TrimSuffix(evidence.Visible(l.Place.Path), "/")
			if strings.Contains(l.URL, "/tree/") {
				path += "/"
			}
			lines = append(lines, strings.Join([]string{it.SHA, project, to, date, l.Place.Repo, path}, "\t"))
		}
	}
	return lines, nil
}
