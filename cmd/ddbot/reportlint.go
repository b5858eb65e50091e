package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/clones"
	"github.com/ddbot/ddbot/pkg/report"
	"github.com/ddbot/ddbot/pkg/template"
)

// lintFlags say what to look for, and what may be asked.
type lintFlags struct {
	readerFlags
	strict, online bool
	format         string
	project, issue string
	template       string
	clones         []string
	corpus         []string
}

// findingLine is one line of --format json; its fields are part of the program's contract.
type findingLine struct {
	File     string          `json:"file"`
	Line     int             `json:"line"`
	Kind     report.Kind     `json:"kind"`
	Severity report.Severity `json:"severity"`
	Message  string          `json:"message"`
}

func reportLintCommand() *cobra.Command {
	var f lintFlags
	cmd := &cobra.Command{
		Use:   "lint [flags] FILE...",
		Short: "Find what should not be in a due-diligence report",
		Long: "Reads reports and says, by line, what is left over of the template, wrong, missing, or cannot be opened. Files that are\n" +
			"no reports are passed over, folders too, so projects/*/* is a fine argument. Several files get a table at the end, and\n" +
			"sentences that two of them share are found. Links are not opened without --online or --clone.\n\n" +
			"Exit codes: 0 nothing wrong (there may be warnings; with --strict, none), 1 something is wrong, 2 a file cannot be read or\n" +
			"none is a report.\n\nKinds of findings:\n" + kindsText(),
		Example: "  ddbot report lint report.md\n" +
			"  ddbot report lint --strict --issue cncf/toc#1822 report.md\n" +
			"  ddbot report lint --format github projects/*/*-dd.md     annotations in GitHub Actions\n" +
			"  ddbot report lint projects/*/*                           in a clone of cncf/toc",
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, files []string) error {
			return f.run(c.Context(), files, c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.BoolVar(&f.strict, "strict", false, "warnings fail, too, and what is missing is named")
	fl.StringVar(&f.format, "format", "text", "text, github (annotations of a workflow) or json (one object a line)")
	fl.StringVar(&f.project, "project", "", "the applicant: a name, or OWNER/NAME of its main repository; without it, what the title says")
	fl.StringVar(&f.issue, "issue", "", "the application, OWNER/NAME#NUMBER or a number; without it, what the head of the report links")
	fl.StringVar(&f.template, "template", "", "template whose slots are looked for, too: a file or an address")
	fl.StringArrayVar(&f.clones, "clone", nil, "OWNER/NAME=PATH of a local clone in which links are looked up; may be given often")
	fl.StringArrayVar(&f.corpus, "corpus", nil, "further report of another project, for copied sentences; may be given often, and be a pattern")
	fl.BoolVar(&f.online, "online", false, "look links up, on GitHub and elsewhere")
	return cmd
}

func kindsText() string {
	var b strings.Builder
	for _, r := range report.Rules {
		fmt.Fprintf(&b, "  %-20s %-8s %s\n", r.Kind, r.Severity, r.About)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (f *lintFlags) run(ctx context.Context, files []string, in io.Reader, out, errOut io.Writer) error {
	o, err := f.options(ctx, in)
	if err != nil {
		return err
	}
	docs, failed := readReports(files, in, errOut)
	if len(docs) == 0 {
		if failed == nil {
			return usage("none of these files is a due-diligence report: it has neither the title nor the criteria of one")
		}
		return failed
	}
	corpus, err := f.others(docs)
	if err != nil {
		return err
	}
	state, err := f.lookup(ctx, docs, errOut)
	if err != nil {
		return err
	}
	o.State, o.Corpus = state, corpus
	errs, warnings := 0, 0
	rows, found := make([]lintRow, len(docs)), make([][]report.Finding, len(docs))
	sideBySide(len(docs), func(i int) {
		o := o
		o.Exists = besides(docs[i].File)
		found[i] = report.Lint(docs[i], o)
		rows[i] = rowOf(docs[i], found[i])
	})
	for i, d := range docs {
		if err := f.print(out, d.File, found[i]); err != nil {
			return err
		}
		errs, warnings = errs+rows[i].errors, warnings+rows[i].warnings
	}
	if f.format == "text" && len(files) > 1 {
		if err := printRows(out, rows, len(files)-len(docs)); err != nil {
			return err
		}
	}
	switch {
	case failed != nil:
		return failed
	case errs > 0, f.strict && warnings > 0:
		return &exitError{exitFailure, errSaid}
	}
	return nil
}

func (f *lintFlags) options(ctx context.Context, in io.Reader) (report.Options, error) {
	o := report.Options{Project: f.project, Strict: f.strict}
	if f.format != "text" && f.format != "github" && f.format != "json" {
		return o, usage("--format is text, github or json, not %q", f.format)
	}
	if f.issue != "" {
		ref, err := parseIssue(f.issue, "cncf/toc")
		if err != nil {
			return o, err
		}
		o.Number = ref.Number
	}
	if f.template != "" {
		v, err := readTemplate(ctx, f.template, templateWanted{kind: template.Report}, in)
		if err != nil {
			return o, err
		}
		o.Slots = &template.Slots{}
		o.Slots.Add(v.Text)
	}
	return o, nil
}

// readReports reads those of the files that are reports. What cannot be read is told, and is an error in the end.
func readReports(files []string, in io.Reader, errOut io.Writer) (docs []*report.Document, failed error) {
	read, errs := make([]*report.Document, len(files)), make([]error, len(files))
	sideBySide(len(files), func(i int) { read[i], errs[i] = readReport(files[i], in) })
	for i, d := range read {
		switch err := errs[i]; {
		case errors.Is(err, report.ErrNoReport):
		case err != nil:
			fmt.Fprintf(errOut, "ddbot: %s: %v\n", files[i], err)
			failed = &exitError{exitUsage, errSaid}
		default:
			docs = append(docs, d)
		}
	}
	return docs, failed
}

// sideBySide does n things, as many at once as there are processors.
func sideBySide(n int, do func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}

// readReport reads one file. Folders, pictures and the like are no reports.
func readReport(name string, in io.Reader) (*report.Document, error) {
	if name != "-" {
		info, err := os.Stat(name)
		if err == nil && (info.IsDir() || !isText(name)) {
			return nil, report.ErrNoReport
		}
	}
	text, err := readFile(name, in)
	if err != nil {
		return nil, err
	}
	return report.Read(name, text)
}

// isText looks at the first bytes of a file, as git does.
func isText(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return true // the reader says why
	}
	defer f.Close()
	const first = 8000
	head, err := io.ReadAll(io.LimitReader(f, first))
	return err != nil || bytes.IndexByte(head, 0) < 0
}

// others are the reports among which copied sentences are looked for.
func (f *lintFlags) others(docs []*report.Document) (*report.Corpus, error) {
	c := &report.Corpus{}
	for _, d := range docs {
		c.Add(d)
	}
	for _, pattern := range f.corpus {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			return nil, usage("--corpus %s: there is no such file", pattern)
		}
		for _, name := range files {
			text, err := readFile(name, nil)
			if err != nil {
				continue // a folder
			}
			if d, err := report.Read(name, text); err == nil {
				c.Add(d)
			}
		}
	}
	return c.With(report.Published()), nil
}

// besides tells of files beside a report, where it lies in a repository: elsewhere nobody knows what would lie beside it.
func besides(file string) func(string) (there, known bool) {
	dir, err := filepath.Abs(filepath.Dir(file))
	top := dir
	for err == nil {
		if _, noRepo := os.Stat(filepath.Join(top, ".git")); noRepo == nil {
			break
		}
		up := filepath.Dir(top)
		if up == top {
			return nil
		}
		top = up
	}
	return func(link string) (there, known bool) {
		at := filepath.Join(dir, filepath.FromSlash(link))
		if strings.HasPrefix(link, "/") {
			at = filepath.Join(top, filepath.FromSlash(link))
		}
		if rel, err := filepath.Rel(top, at); err != nil || strings.HasPrefix(rel, "..") {
			return false, false // "../../issues/1" leads to a page of GitHub
		}
		_, err := os.Stat(at)
		return err == nil, err == nil || errors.Is(err, os.ErrNotExist)
	}
}

// lookup asks once for all addresses; without --clone and --online nothing is asked.
func (f *lintFlags) lookup(ctx context.Context, docs []*report.Document, errOut io.Writer) (func(string) report.LinkState, error) {
	if len(f.clones) == 0 && !f.online {
		return nil, nil
	}
	var source evidence.Source
	var err error
	if len(f.clones) > 0 {
		local, err := clones.Open(f.clones)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		defer func() { _ = local.Close() }()
		source = local
	} else if source, err = f.hub(); err != nil {
		return nil, err
	}
	states := map[string]report.LinkState{}
	var places []evidence.Place
	var addresses []string
	look := f.web()
	for _, d := range docs {
		for _, link := range d.Outline.Links() {
			if _, seen := states[link.URL]; seen {
				continue
			}
			states[link.URL] = report.Unknown
			if at := evidence.PlaceOf(link.URL); at != nil && at.Path != "" {
				places, addresses = append(places, *at), append(addresses, link.URL)
			} else if f.online && strings.HasPrefix(link.URL, "http") {
				states[link.URL] = stateOfPage(look.Look(ctx, link.URL))
			}
		}
	}
	found, err := source.Lookup(ctx, places)
	if err != nil {
		fmt.Fprintf(errOut, "ddbot: not all links could be looked up: %v\n", err)
	}
	for i, s := range found {
		switch s.State {
		case evidence.There:
			states[addresses[i]] = report.Alive
		case evidence.Missing:
			states[addresses[i]] = report.Dead
		}
	}
	return func(u string) report.LinkState { return states[u] }, nil
}

func stateOfPage(p evidence.Page) report.LinkState {
	switch {
	case p.Login:
		return report.Walled
	case p.State == evidence.Missing:
		return report.Dead
	case p.State == evidence.There:
		return report.Alive
	}
	return report.Unknown
}

func (f *lintFlags) print(out io.Writer, file string, found []report.Finding) error {
	for _, x := range found {
		var err error
		switch f.format {
		case "json":
			enc := json.NewEncoder(out)
			enc.SetEscapeHTML(false)
			err = enc.Encode(findingLine{file, x.Line, x.Kind, x.Severity, x.Message})
		case "github":
			_, err = fmt.Fprintf(out, "::%s file=%s,line=%d,title=%s::%s\n", x.Severity, annotationProperty.Replace(file), x.Line, x.Kind, annotationText.Replace(x.Message))
		default:
			_, err = fmt.Fprintf(out, "%s:%d: %s: %s: %s\n", file, x.Line, x.Severity, x.Kind, x.Message)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// How workflow commands of GitHub Actions are escaped (actions/toolkit, packages/core/src/command.ts).
var (
	annotationText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// lintRow is a line of the table.
type lintRow struct {
	file             string
	boxes, ticked    int
	errors, warnings int
	template         string
	trip             string
}

func rowOf(d *report.Document, found []report.Finding) lintRow {
	r := lintRow{file: d.File, template: d.Match.Version.Level + " " + d.Match.Version.Date}
	r.trip = "same"
	if err := d.RoundTrip(); err != nil {
		r.trip = err.Error()
	}
	for _, b := range d.Outline.Boxes() {
		r.boxes++
		if b.Checked {
			r.ticked++
		}
	}
	for _, f := range found {
		if f.Severity == report.Error {
			r.errors++
		} else {
			r.warnings++
		}
	}
	return r
}

func printRows(out io.Writer, rows []lintRow, others int) error {
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REPORT\tBOXES\tTICKED\tERRORS\tWARNINGS\tTEMPLATE\tREAD AND WRITTEN")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%s\t%s\n", r.file, r.boxes, r.ticked, r.errors, r.warnings, r.template, r.trip)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d reports; %d other files were passed over\n", len(rows), others)
	return err
}
