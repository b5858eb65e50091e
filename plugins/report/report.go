// Package report brings the due-diligence report and the templates into the issue: a preview of the report and the pull request with
// it, the move to another version of the application's template, and the list that is worked off when a project has moved up.
package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/report"
	"github.com/ddbot/ddbot/pkg/template"
)

// Plugin owns /dd report, /dd migrate and /dd level-change.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "report" }

// Help says what it is for.
func (Plugin) Help() string {
	return "The due-diligence report and the versions of the templates, from the application."
}

var (
	involved = []plugin.Role{plugin.Applicant, plugin.Maintainer, plugin.Reviewer, plugin.Sponsor, plugin.Staff}
	project  = []plugin.Role{plugin.Applicant, plugin.Maintainer, plugin.Staff}
	board    = []plugin.Role{plugin.Sponsor, plugin.Staff}
)

// Commands are the verbs.
func (Plugin) Commands(any) []plugin.Command {
	return []plugin.Command{{
		Name: "dd report", Usage: "/dd report", Who: involved, Run: preview, Like: []string{"skeleton", "document", "draft"},
		Help:     "Shows the due-diligence report as it would begin, made from the application.",
		Examples: []string{"/dd report"},
	}, {
		Name: "dd report", Usage: "/dd report pr", Who: board, Run: pullRequest, Takes: asksForPull,
		Help:     "Opens a pull request with the report, or brings the one that there is up to date; what people wrote in it stays.",
		Examples: []string{"/dd report pr"},
	}, {
		Name: "dd migrate", Usage: "/dd migrate [--to VERSION]", Who: involved, Run: comparison, Like: []string{"template", "upgrade", "update"},
		Help:     "Shows what the newest template would change in the description: kept, reworded, new, gone.",
		Examples: []string{"/dd migrate", "/dd migrate --to 2026-06-29"},
	}, {
		Name: "dd migrate", Usage: "/dd migrate apply [--to VERSION]", Who: project, Run: migrate, Takes: applies, Tracks: true,
		Help:     "Moves the description to it: ticks and texts are kept, and what has no new place stands below a heading of its own.",
		Examples: []string{"/dd migrate apply", "/dd migrate apply --to 2026-06-29"},
	}, {
		Name: "dd level-change", Usage: "/dd level-change [PULL REQUEST]", Who: []plugin.Role{plugin.Staff}, Run: levelChange,
		Help:     "Opens the list that is worked off when a project has moved up, with the application, the report and the vote filled in.",
		Examples: []string{"/dd level-change", "/dd level-change #1923"},
	}}
}

// doc is the application, read for a report or a template.
type doc struct {
	*template.Outline
	list     *checklist.List
	state    diligence.State
	statusID int64
	level    string
}

// read reads the application as it is now.
func read(in plugin.Input) (d doc, err error) {
	if d.Outline, err = template.Read(in.Issue.Body); err != nil {
		return d, textCannotRead(err)
	}
	if len(d.Boxes()) == 0 {
		return d, textNoList()
	}
	if d.list, err = checklist.Parse(in.Issue.Body); err != nil {
		return d, textCannotRead(err)
	}
	known, err := in.Status()
	if err != nil {
		return d, err
	}
	if d.state, err = diligence.Parse(known.Body); err != nil {
		return d, textUnreadable(err)
	}
	d.statusID, d.level = known.ID, levelOf(in, d.Outline)
	return d, nil
}

// levelOf is what the application is for: by its label, its template, or its headings.
func levelOf(in plugin.Input, o *template.Outline) string {
	for _, l := range in.Issue.Labels {
		switch v, _ := strings.CutPrefix(strings.ToLower(l), "level/"); v {
		case template.Incubation, template.Graduation:
			return v
		}
	}
	if m := template.Recognize(o, template.Versions(), template.Application, ""); m[0].Score >= template.Likely {
		return m[0].Version.Level
	}
	return evidence.GuessLevel(in.Issue.Title + "\n" + o.Text)
}

// input is all that the issue knows for a report.
func (d doc) input(in plugin.Input) report.Input {
	r := report.Input{
		Level: d.level, Repo: evidence.GuessProject(d.Text), Application: d.Outline,
		Issue:     fmt.Sprintf("https://github.com/%s/issues/%d", in.Issue.Ref.FullName(), in.Issue.Ref.Number),
		Questions: map[int][]report.Question{}, Linked: map[int][]report.Linked{},
	}
	_, name, found := strings.Cut(in.Issue.Title, "]")
	if !found {
		name = in.Issue.Title
	}
	name = strings.TrimSpace(name)
	if r.Project = report.ProjectName(r.Repo, d.Text); r.Project == "" || strings.EqualFold(r.Project, name) {
		r.Project = name // as people write it
	}
	for _, s := range d.state.Sponsors {
		r.Sponsors = append(r.Sponsors, s.Login)
	}
	for _, q := range d.state.OpenQuestions() {
		if line, ok := d.line(q.Item); ok {
			r.Questions[line] = append(r.Questions[line], report.Question{By: q.By, Text: fmt.Sprintf("Q%d: %s", q.No, q.Text)})
		}
	}
	r.Blockers = d.blockers()
	for _, l := range d.state.Links {
		if line, ok := d.line(&l.Item); ok {
			r.Linked[line] = append(r.Linked[line], linked(l))
		}
	}
	return r
}

// blockers are the findings that block, the resolved ones, too.
func (d doc) blockers() []report.Blocker {
	out := []report.Blocker{}
	for _, f := range d.state.Findings {
		if !f.Blocking {
			continue
		}
		line, _ := d.line(f.Item)
		one := report.Blocker{Name: fmt.Sprintf("F%d", f.No), Text: f.Text, By: f.By, Line: line}
		if !f.Resolved.IsZero() {
			one.Resolved = f.Resolved.Format(time.DateOnly)
		}
		if repo, number, ok := strings.Cut(f.Issue, "#"); ok {
			one.Tracked = report.Named{Text: f.Issue, URL: "https://github.com/" + repo + "/issues/" + number}
		}
		out = append(out, one)
	}
	return out
}

// line is where an item stands.
func (d doc) line(item *diligence.Item) (int, bool) {
	if item == nil {
		return 0, false
	}
	for _, i := range d.list.Items() {
		if diligence.ItemOf(i).Same(*item) {
			return i.Line, true
		}
	}
	return 0, false
}

func linked(l diligence.Link) report.Linked {
	out := report.Linked{Named: report.Named{Text: l.To, URL: l.To}, State: l.State}
	if repo, number, ok := strings.Cut(l.To, "#"); ok && !strings.Contains(l.To, "://") {
		out.URL = "https://github.com/" + repo + "/issues/" + number
	}
	return out
}

// outline is the template of the report: that of the configuration for one of the issue's labels, else the known one that fits the
// application best, else the newest.
func (d doc) outline(in plugin.Input) (*template.Version, error) {
	if at := plugin.Options[Options](in).of(in.Issue.Labels).Report; at != "" {
		return configured(in, at, template.Report, d.level)
	}
	if v, ok := template.ReportFor(d.Outline, template.Versions(), d.level); ok {
		return v, nil
	}
	if v, ok := template.Newest(template.Report, d.level); ok {
		return v, nil
	}
	return nil, textNoTemplate(d.level)
}

// preview shows the report as it would begin.
func preview(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	if strings.TrimSpace(a.Rest) != "" {
		return nil, textOnly(a)
	}
	if in.MayLag {
		return []plan.Effect{plan.Read{}}, nil
	}
	d, err := read(in)
	if err != nil {
		return nil, err
	}
	v, err := d.outline(in)
	if err != nil {
		return nil, err
	}
	r := d.input(in)
	answered := 0
	for _, b := range d.Boxes() {
		if template.Said(d.Evidence(b)) {
			answered++
		}
	}
	text := report.Skeleton(v, r)
	return []plan.Effect{plan.Reply{Text: textPreview(in, v, len(v.Outline().Boxes()), answered, report.Unmarked(text))}}, nil
}
