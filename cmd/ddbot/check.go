package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/clones"
	"github.com/ddbot/ddbot/pkg/evidence/hub"
)

// checkFlags say what to check, and where facts come from.
type checkFlags struct {
	evidenceFlags
	body           string
	json, markdown bool
	links          bool
}

// checkLine is one line of --json; its fields are part of the program's contract.
type checkLine struct {
	Line       int                  `json:"line"`
	Text       string               `json:"text"`
	SHA        string               `json:"sha"`
	Checked    bool                 `json:"checked"`
	Result     string               `json:"result"`
	Claim      bool                 `json:"claim"`
	Why        string               `json:"why"`
	Candidates []evidence.Candidate `json:"candidates"`
}

func checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [flags] ISSUE|FILE",
		Short: "Hold the claims of an application against facts, and find evidence",
		Long: "Reads an application (OWNER/NAME#NUMBER, an issue's address, or a file) and looks, for each box, at what the project's\n" +
			"repositories say: met, not-met, found (material for people) or unknown. What is claimed and not so comes first.\n" +
			"Nothing is changed. With --clone only these clones are read, and no network; else GitHub is, within --budget reads.\n" +
			"Public repositories need no token as long as GitHub's limit for anonymous reads lasts (60 an hour).\n" +
			"sha is the first 12 hex digits of sha256 over the item's text without Markdown, lower case, one blank between words.",
		Example: "  ddbot check cncf/toc#1822\n" +
			"  ddbot check --body application.md --project openfga/openfga --markdown\n" +
			"  ddbot check --body application.md --project kubevirt/kubevirt --clone kubevirt/kubevirt=../kubevirt --clone cncf/toc=../toc --json",
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, a []string) error {
			return f.run(c.Context(), a, c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.body, "body", "", "file with the application, - for standard input")
	fl.BoolVar(&f.json, "json", false, "print one JSON object for each box, one a line")
	fl.BoolVar(&f.markdown, "markdown", false, "print a comment for the issue")
	fl.BoolVar(&f.links, "links", false, "open links that lead outside GitHub, too")
	return cmd
}

func (f *checkFlags) run(ctx context.Context, a []string, in io.Reader, out, errOut io.Writer) error {
	if f.json && f.markdown {
		return usage("--json and --markdown are two forms of the same: give one of them")
	}
	if (f.body == "") == (len(a) == 0) {
		return usage("give an issue, or a file, or --body FILE; see 'ddbot check --help'")
	}
	rig, err := f.open(errOut)
	if err != nil {
		return err
	}
	defer rig.close()
	body, err := f.read(ctx, rig, a, in)
	if err != nil {
		return err
	}
	items, err := evidence.Items(body)
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("this application cannot be read: %w", err)}
	}
	if len(items) == 0 {
		return usage("there is no check box in this text: is it an application?")
	}
	if rig.project == "" {
		if rig.project = evidence.GuessProject(body); rig.project == "" {
			return usage("which project? The text names no repository: give --project OWNER/NAME")
		}
		fmt.Fprintf(errOut, "ddbot: the project's repository seems to be %s; --project names another\n", rig.project)
	}
	o, err := f.options(rig, body)
	if err != nil {
		return err
	}
	if f.links {
		o.LookAt = rig.lookAt
	}
	facts, err := rig.gather(ctx, items, o)
	if err != nil {
		return err
	}
	return f.print(evidence.Check(items, facts), facts, out)
}

// read gives the text of the application.
func (f *checkFlags) read(ctx context.Context, rig *evidenceRig, a []string, in io.Reader) (string, error) {
	name := f.body
	if len(a) == 1 {
		if _, err := os.Stat(a[0]); err != nil && a[0] != "-" && (strings.Contains(a[0], "#") || strings.Contains(a[0], "://")) {
			return f.readIssue(ctx, rig, a[0])
		}
		name = a[0]
	}
	body, err := readFile(name, in)
	if err != nil {
		return "", &exitError{exitUsage, err}
	}
	return body, nil
}

func (f *checkFlags) print(results []evidence.Result, facts *evidence.Facts, out io.Writer) error {
	switch {
	case f.markdown:
		_, err := io.WriteString(out, evidence.Comment(results, facts))
		return err
	case !f.json:
		return evidence.Print(out, results, facts)
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, r := range results {
		line := checkLine{r.Item.Line, r.Item.Text, r.Item.SHA, r.Item.Checked, r.Result, r.Claim, r.Why, r.Candidates}
		if line.Candidates == nil {
			line.Candidates = []evidence.Candidate{}
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// evidenceFlags say which project, and where facts come from; check, draft and readiness share them.
type evidenceFlags struct {
	readerFlags
	clones    []string
	project   string
	level     string
	landscape string
	badge     bool
}

func (f *evidenceFlags) add(cmd *cobra.Command) {
	f.readerFlags.add(cmd)
	fl := cmd.Flags()
	fl.StringArrayVar(&f.clones, "clone", nil, "OWNER/NAME=PATH of a local clone, with a work tree or bare; may be given often")
	fl.StringVar(&f.project, "project", "", "OWNER/NAME of the project's main repository")
	fl.StringVar(&f.level, "level", "", "incubation or graduation; without it, what the application says")
	fl.StringVar(&f.landscape, "landscape", "", "file with landscape.yml; without it, the one of cncf/landscape")
	fl.BoolVar(&f.badge, "badge", false, "ask bestpractices.dev for the level of the project's badge")
}

// defaultBudget is enough for a level's full check with a token, and below the limit for anonymous reads.
const defaultBudget = 50

// readOnGitHub is how many documents of a repository are read on GitHub: on 11 published reports no more were needed.
const readOnGitHub = 40

// evidenceRig is what a run works with.
type evidenceRig struct {
	source  evidence.Source
	project string
	isLocal bool
	reads   func() int
	started time.Time
	errOut  io.Writer
	lookAt  func(context.Context, string) evidence.Page
	badge   func(context.Context, string) (string, error)
	hub     *hub.Source
	fetch   func(context.Context, string) (string, error)
	remove  func() error // what reading clones made
}

// open makes the source: clones where any are given, else GitHub.
func (f *evidenceFlags) open(errOut io.Writer) (*evidenceRig, error) {
	rig := &evidenceRig{project: f.project, started: time.Now(), errOut: errOut, remove: func() error { return nil }}
	if f.level != "" && f.level != evidence.Incubation && f.level != evidence.Graduation {
		return nil, usage("--level is incubation or graduation, not %q", f.level)
	}
	if f.project != "" && !fullName.MatchString(f.project) {
		return nil, usage("--project takes OWNER/NAME, and not %q", f.project)
	}
	if len(f.clones) > 0 {
		source, err := clones.Open(f.clones)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		rig.source, rig.isLocal, rig.remove = source, true, source.Close
	}
	if err := f.connect(rig); err != nil {
		rig.close()
		return nil, err
	}
	return rig, nil
}

func (f *evidenceFlags) options(rig *evidenceRig, body string) (evidence.Options, error) {
	o := evidence.Options{
		Project: evidence.Project{Main: rig.project}, Level: f.level, Now: time.Now(), AllRepos: rig.isLocal,
		Progress: func(s string) { fmt.Fprintln(rig.errOut, "ddbot:", s) },
	}
	if !rig.isLocal {
		o.MaxRead = readOnGitHub
	}
	if o.Level == "" {
		o.Level = evidence.GuessLevel(body)
	}
	if f.landscape != "" {
		data, err := os.ReadFile(f.landscape)
		if err != nil {
			return o, &exitError{exitUsage, err}
		}
		o.Landscape = data
	}
	if f.badge {
		o.BadgeLevel = rig.badge
	}
	return o, nil
}

// close ends the run; what cannot be removed is said.
func (r *evidenceRig) close() {
	if err := r.remove(); err != nil {
		fmt.Fprintln(r.errOut, "ddbot:", err)
	}
}

// done says how much was read.
func (r *evidenceRig) done() {
	took := time.Since(r.started).Round(10 * time.Millisecond)
	if r.isLocal {
		if n := r.reads(); n == 0 {
			fmt.Fprintf(r.errOut, "ddbot: read local clones, no network, in %s\n", took)
			return
		}
	}
	fmt.Fprintf(r.errOut, "ddbot: %d reads of GitHub in %s\n", r.reads(), took)
}

// gather reads the facts, and says how much was read.
func (r *evidenceRig) gather(ctx context.Context, items []evidence.Item, o evidence.Options) (*evidence.Facts, error) {
	facts, err := evidence.Gather(ctx, r.source, items, o)
	r.done()
	if errors.Is(err, evidence.ErrNoRepo) {
		return nil, usage("%w; is --project %s right?", err, r.project)
	}
	return facts, err
}
