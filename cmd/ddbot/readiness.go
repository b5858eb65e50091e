package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/landscape"
)

// readinessFlags say which projects.
type readinessFlags struct {
	evidenceFlags
	format, resume string
	only           []string
}

// readyRow is what is known of one project; a line of the file of --resume.
type readyRow struct {
	Project string   `json:"project"`
	Repo    string   `json:"repo"`
	Level   string   `json:"level"` // today
	Since   string   `json:"since"`
	For     string   `json:"for"` // the level that was looked at
	Met     int      `json:"met"`
	NotMet  int      `json:"not_met"`
	Found   int      `json:"found"`
	Unknown int      `json:"unknown"`
	Missing []string `json:"missing"` // ids of what is not met
}

func readinessCommand() *cobra.Command {
	var f readinessFlags
	cmd := &cobra.Command{
		Use:   "readiness --landscape FILE|URL --level LEVEL [flags]",
		Short: "Show for many projects how far they are from a level, as one table",
		Long: "Looks at every project of the landscape that is one level below: sandbox for incubation, incubating for graduation.\n" +
			"With --resume FILE each project that is done is kept there, and a later call goes on where this one stopped, for\n" +
			"example at the end of --budget. With --clone projects of which no repository is among the clones are left out.",
		Example: "  ddbot readiness --landscape landscape.yml --level graduation --resume ready.jsonl --budget 4000 > ready.csv\n" +
			"  ddbot readiness --landscape landscape.yml --level incubation --only kubestellar --format markdown",
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return f.run(c.Context(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f.add(cmd)
	_ = cmd.Flags().MarkHidden("project")
	fl := cmd.Flags()
	fl.Lookup("level").Usage = "incubation or graduation"
	fl.Lookup("landscape").Usage = "file or https address of a landscape.yml"
	fl.StringVar(&f.format, "format", "csv", "csv or markdown")
	fl.StringVar(&f.resume, "resume", "", "file in which finished projects are kept, one a line; it is made when it is not there")
	fl.StringArrayVar(&f.only, "only", nil, "name of a project, as the landscape has it; may be given often")
	return cmd
}

func (f *readinessFlags) run(ctx context.Context, out, errOut io.Writer) error {
	switch {
	case f.landscape == "" || f.level == "":
		return usage("--landscape FILE|URL and --level LEVEL are needed; see 'ddbot readiness --help'")
	case f.format != "csv" && f.format != "markdown":
		return usage("--format is csv or markdown, not %q", f.format)
	}
	rig, err := f.open(errOut)
	if err != nil {
		return err
	}
	defer rig.close()
	text, err := rig.text(ctx, f.landscape, nil)
	if err != nil {
		return err
	}
	entries, err := landscape.Read([]byte(text))
	if err != nil {
		return &exitError{exitUsage, err}
	}
	todo := f.choose(entries)
	if len(todo) == 0 {
		return usage("no project of this landscape is one level below %s, or is named by --only", f.level)
	}
	done, err := f.kept()
	if err != nil {
		return err
	}
	rows, err := f.lookAt(ctx, rig, []byte(text), todo, done)
	if writeErr := printReady(out, rows, f.format); writeErr != nil {
		return writeErr
	}
	return err
}

// choose gives the projects one level below that have a repository.
func (f *readinessFlags) choose(entries []landscape.Entry) []landscape.Entry {
	below := landscape.Sandbox
	if f.level == evidence.Graduation {
		below = landscape.Incubating
	}
	var chosen []landscape.Entry
	for _, e := range entries {
		named := len(f.only) == 0
		for _, name := range f.only {
			named = named || landscape.Key(name) == landscape.Key(e.Name)
		}
		if named && e.Level == below && len(e.Repos) > 0 {
			chosen = append(chosen, e)
		}
	}
	return chosen
}

// lookAt looks at the projects that are not done. What was done is given even where an error ends it.
func (f *readinessFlags) lookAt(ctx context.Context, rig *evidenceRig, text []byte, todo []landscape.Entry, done map[string]readyRow) ([]readyRow, error) {
	var rows []readyRow
	items := evidence.BuiltInItems(f.level)
	for i, e := range todo {
		if row, ok := done[e.Repos[0]+" "+f.level]; ok {
			rows = append(rows, row)
			continue
		}
		fmt.Fprintf(rig.errOut, "ddbot: %d/%d %s\n", i+1, len(todo), e.Name)
		row, err := f.one(ctx, rig, text, e, items)
		switch {
		case errors.Is(err, evidence.ErrNoRepo):
			fmt.Fprintf(rig.errOut, "ddbot: %s is left out: %v\n", e.Name, err)
			continue
		case errors.Is(err, evidence.ErrBudget):
			rig.done()
			return rows, fmt.Errorf("%w after %d of %d projects; with --resume a later call goes on", evidence.ErrBudget, i, len(todo))
		case err != nil:
			return rows, fmt.Errorf("%s: %w", e.Name, err)
		}
		rows = append(rows, row)
		if err := f.keep(row); err != nil {
			return rows, err
		}
	}
	rig.done()
	return rows, nil
}

func (f *readinessFlags) one(ctx context.Context, rig *evidenceRig, text []byte, e landscape.Entry, items []evidence.Item) (readyRow, error) {
	row := readyRow{Project: e.Name, Repo: e.Repos[0], Level: e.Level, For: f.level}
	if at := e.Since(); !at.IsZero() {
		row.Since = at.Format("2006-01-02")
	}
	rig.project = e.Repos[0]
	flags := f.evidenceFlags
	flags.landscape = "" // it was read
	o, err := flags.options(rig, "")
	if err != nil {
		return row, err
	}
	o.Landscape, o.Progress, o.Level, o.SameOwner = text, nil, f.level, true
	facts, err := evidence.Gather(ctx, rig.source, items, o)
	if err != nil {
		return row, err
	}
	if facts.OutOfBudget() {
		return row, evidence.ErrBudget
	}
	for _, r := range evidence.Check(items, facts) {
		switch r.Result {
		case evidence.Met:
			row.Met++
		case evidence.NotMet:
			row.NotMet++
			row.Missing = append(row.Missing, r.Item.Criterion)
		case evidence.Found:
			row.Found++
		default:
			row.Unknown++
		}
	}
	return row, nil
}

// kept reads the file of --resume. A line that was cut off when a call was killed is left out.
func (f *readinessFlags) kept() (map[string]readyRow, error) {
	done := map[string]readyRow{}
	if f.resume == "" {
		return done, nil
	}
	file, err := os.Open(f.resume)
	if errors.Is(err, os.ErrNotExist) {
		return done, nil
	}
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row readyRow
		if json.Unmarshal(lines.Bytes(), &row) == nil && row.Repo != "" {
			done[row.Repo+" "+row.For] = row
		}
	}
	return done, lines.Err()
}

func (f *readinessFlags) keep(row readyRow) error {
	if f.resume == "" {
		return nil
	}
	file, err := os.OpenFile(f.resume, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	data, err := json.Marshal(row)
	if info, statErr := file.Stat(); statErr == nil && info.Size() > 0 {
		last := []byte{0}
		if _, readErr := file.ReadAt(last, info.Size()-1); readErr == nil && last[0] != '\n' {
			data = append([]byte{'\n'}, data...) // a call was killed while it wrote
		}
	}
	if err == nil {
		_, err = file.Write(append(data, '\n'))
	}
	return errors.Join(err, file.Close())
}

func printReady(out io.Writer, rows []readyRow, format string) error {
	table := [][]string{{"project", "repository", "level", "since", "for", "met", "not-met", "found", "unknown", "missing"}}
	for _, r := range rows {
		table = append(table, []string{
			r.Project, r.Repo, r.Level, r.Since, r.For, strconv.Itoa(r.Met), strconv.Itoa(r.NotMet), strconv.Itoa(r.Found),
			strconv.Itoa(r.Unknown), strings.Join(r.Missing, " "),
		})
	}
	if format == "csv" {
		return csv.NewWriter(out).WriteAll(table)
	}
	for i, row := range table {
		if _, err := fmt.Fprintln(out, "| "+strings.ReplaceAll(strings.Join(row, " | "), "\n", " ")+" |"); err != nil {
			return err
		}
		if i == 0 {
			fmt.Fprintln(out, strings.Repeat("|---", len(row))+"|")
		}
	}
	return nil
}
