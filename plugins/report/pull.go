package report

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/report"
)

// asksForPull tells "report pr" from "report".
func asksForPull(rest string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	return strings.EqualFold(word, "pr") || strings.EqualFold(word, "pull")
}

// page is what names can be made of.
type page struct {
	Project, Slug, Level string
	Number               int
}

var reSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slug(s string) string {
	return strings.Trim(reSlug.ReplaceAllString(strings.ToLower(s), "-"), "-")
}

func named(text string, p page) (string, error) {
	t, err := template.New("name").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, p)
	return b.String(), err
}

// pullRequest opens a pull request with the report, or brings the one that there is up to date.
func pullRequest(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	o := plugin.Options[Options](in).Pull
	switch {
	case !o.Open:
		return nil, textPullOff(a)
	case len(strings.Fields(a.Rest)) > 1:
		return nil, textOnlyPull(a)
	case in.MayLag:
		return []plan.Effect{plan.Read{}}, nil
	}
	d, err := read(in)
	if err != nil {
		return nil, err
	}
	p, b, err := d.place(in, o)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Refused != "":
		return nil, textNotPublished(p.Repo, b.Refused)
	case b.Exists && b.Pull != 0 && b.State != "open":
		return nil, textPullOver(p, b)
	case !b.Exists && b.From == "":
		return nil, textEmptyRepository(p.Repo)
	}
	text, conflicts, err := d.file(in, b)
	switch {
	case err != nil:
		return nil, err
	case len(conflicts) > 0:
		return nil, textConflicts(p, b, conflicts)
	case text == b.Text && !b.Exists:
		return nil, textUpToDate(p, b)
	}
	if p.Text, p.Write = text, text != b.Text || !b.Found; !b.Exists {
		p.From = b.From
	}
	if b.State == "open" {
		p.Title, p.Body, p.Pull = "", "", b.Pull
	}
	if p.From == "" && !p.Write && p.Title == "" {
		return []plan.Effect{plan.Read{}, plan.Reply{Text: textPublished(p)}}, nil
	}
	return []plan.Effect{plan.Read{}, p}, nil
}

// place is where the report goes, and what is there.
func (d doc) place(in plugin.Input, o Pull) (p plan.Publish, b fact.Branch, err error) {
	r := d.input(in)
	names := page{Project: r.Project, Slug: cmp.Or(slug(r.Project), "project"), Level: d.level, Number: in.Issue.Ref.Number}
	p.Repo = cmp.Or(o.Repository, in.Issue.Ref.FullName())
	if p.Path, err = named(o.Path, names); err == nil {
		p.Branch, err = named(o.Branch, names)
	}
	if err != nil {
		return p, b, err
	}
	b, err = in.Facts.Branch(p.Repo, p.Branch, p.Path)
	p.Into, p.SHA = b.Default, b.SHA
	p.Title = fmt.Sprintf("%s %s due diligence", plan.Neutral(r.Project), d.level)
	p.Message = p.Title
	p.Body = textPullBody(r.Issue)
	return p, b, err
}

// file is the report as it is to stand there: what there is with what is ddbot's brought up to date, else a new one.
func (d doc) file(in plugin.Input, b fact.Branch) (string, []report.Conflict, error) {
	text, r := b.Text, d.input(in)
	if !b.Found {
		v, err := d.outline(in)
		if err != nil {
			return "", nil, err
		}
		text = report.Skeleton(v, r)
	}
	f, err := report.Fill(text, r)
	if err != nil {
		return "", nil, textCannotFill(err)
	}
	return f.Text, f.Conflicts, nil
}
