package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/report"
	"github.com/ddbot/ddbot/pkg/template"
)

// inputFlags say what a report is made from; skeleton and fill share them.
type inputFlags struct {
	evidenceFlags
	issue, body string
	name        string
	sponsors    []string
	check       bool
	sentences   bool
	asked       bool // --check was given
}

func (f *inputFlags) add(cmd *cobra.Command) {
	f.evidenceFlags.add(cmd)
	fl := cmd.Flags()
	fl.Lookup("project").Usage = "OWNER/NAME of the project's main repository, or its name"
	fl.StringVar(&f.issue, "issue", "", "the application, OWNER/NAME#NUMBER or an address; with --body, only its address is used")
	fl.StringVar(&f.body, "body", "", "file with the text of the application, - for standard input; without it, --issue is read")
	fl.StringVar(&f.name, "name", "", "the project's name as people write it; without it, as the application or the landscape has it")
	fl.StringArrayVar(&f.sponsors, "sponsor", nil, "login of a TOC sponsor; may be given often")
	fl.BoolVar(&f.check, "check", false, "look for facts as 'ddbot check' does; that is so by default with --clone, and where --issue is read")
	fl.BoolVar(&f.sentences, "sentences", false, "write the summary without headings for its lists")
}

// input reads the application, and facts where they are wanted.
func (f *inputFlags) input(ctx context.Context, in io.Reader, errOut io.Writer) (*report.Input, error) {
	repo := f.project
	if !strings.Contains(repo, "/") {
		f.project = "" // a name
	}
	rig, err := f.open(errOut)
	if err != nil {
		return nil, err
	}
	defer rig.close()
	r := &report.Input{Level: f.level, Repo: f.project, Sponsors: f.sponsors, Sentences: f.sentences}
	text, err := f.application(ctx, rig, r, in)
	if err != nil {
		return nil, err
	}
	if text != "" {
		if r.Application, err = template.Read(text); err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("this application cannot be read: %w", err)}
		}
		if r.Level == "" {
			r.Level = evidence.GuessLevel(text)
		}
		if r.Repo == "" && repo == "" {
			r.Repo = evidence.GuessProject(text)
		}
	}
	if r.Level == "" {
		return nil, usage("which level? Give --level incubation or graduation")
	}
	r.Project = f.name
	if r.Project == "" {
		if r.Project = report.ProjectName(firstNonEmpty(repo, r.Repo), text); r.Project == "" {
			return nil, usage("which project? Give --project OWNER/NAME, or its name")
		}
	}
	if f.wantsFacts(text) {
		return r, f.facts(ctx, rig, r, text)
	}
	return r, nil
}

func firstNonEmpty(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func (f *inputFlags) application(ctx context.Context, rig *evidenceRig, r *report.Input, in io.Reader) (string, error) {
	if f.issue != "" {
		ref, err := parseIssue(f.issue, "cncf/toc")
		if err != nil {
			return "", err
		}
		r.Issue = fmt.Sprintf("https://github.com/%s/%s/issues/%d", ref.Owner, ref.Repo, ref.Number)
		if f.body == "" {
			return rig.hub.Issue(ctx, ref)
		}
	}
	if f.body == "" {
		return "", nil
	}
	text, err := readFile(f.body, in)
	if err != nil {
		return "", &exitError{exitUsage, err}
	}
	return text, nil
}

// wantsFacts: what is read from the network anyway, or costs none, is not asked for.
func (f *inputFlags) wantsFacts(text string) bool {
	if f.asked {
		return f.check
	}
	return text != "" && (len(f.clones) > 0 || f.issue != "" && f.body == "")
}

// facts adds what 'ddbot check' says, and permanent addresses.
func (f *inputFlags) facts(ctx context.Context, rig *evidenceRig, r *report.Input, text string) error {
	if r.Repo == "" {
		return usage("whose facts? Give --project OWNER/NAME, or --check=false")
	}
	rig.project = r.Repo
	items, err := evidence.Items(text)
	if err != nil {
		return err
	}
	o, err := f.options(rig, text)
	if err != nil {
		return err
	}
	facts, err := rig.gather(ctx, items, o)
	if err != nil {
		return err
	}
	r.Checks = map[int]report.Check{}
	for _, c := range evidence.Check(items, facts) {
		check := report.Check{Result: c.Result, Why: c.Why}
		for _, l := range c.Candidates {
			check.Links = append(check.Links, report.Named{Text: l.Path, URL: l.URL})
		}
		r.Checks[c.Item.Line] = check
	}
	r.Pin = facts.Pin
	return nil
}
