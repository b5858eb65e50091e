// Package evidence holds an application against the facts that its project's repositories show: /dd check, by configuration also
// when it is opened and once a week. It labels nothing, closes nothing and ticks nothing.
package evidence

import (
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns /dd check.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "evidence" }

// Help says what it is for.
func (Plugin) Help() string {
	return "Holds an application against the facts that the project's repositories show."
}

// Options are the plugin's options.
type Options struct {
	Opening bool `yaml:"opening"` // check an application when it is opened
	Weekly  bool `yaml:"weekly"`  // look at it, and at its links, once a week; the comment about it is edited in place
	// Templates are addresses, or files, of the application's template by level: what `ddbot draft` fills.
	Templates Templates `yaml:"templates"`
}

// Templates are the templates of the levels.
type Templates struct {
	Incubation string `yaml:"incubation"`
	Graduation string `yaml:"graduation"`
}

// Of gives the template of a level, "" if there is none.
func (t Templates) Of(level string) string {
	return map[string]string{evidence.Incubation: t.Incubation, evidence.Graduation: t.Graduation}[level]
}

// EachWeek tells the sweep that tracked issues are looked at once a week.
func (o *Options) EachWeek() bool { return o.Weekly }

// Options gives the defaults: only who asks gets an answer.
func (Plugin) Options() any { return &Options{} }

// noticeKey finds the one comment about an application that is kept up to date.
const noticeKey = "evidence"

// recordChecked is when /dd check was last answered on an issue.
const recordChecked = "checked"

// rest is how long a check is good for.
const rest = 10 * time.Minute

// Commands is the one. Whoever has a part in the application may ask: a check costs a few dozen reads.
func (Plugin) Commands(any) []plugin.Command {
	return []plugin.Command{{
		Name: "dd check", Like: []string{"verify", "triage", "evidence-check", "lint", "validate", "test"},
		Usage: "/dd check [ITEM]", Run: check,
		Who:      []plugin.Role{plugin.Author, plugin.Reviewer, plugin.Maintainer, plugin.Sponsor, plugin.Staff},
		Help:     "Looks at the project's repositories: what fits the claims, what does not, and what could be evidence.",
		Examples: []string{"/dd check", "/dd check governance.2"},
	}}
}

func check(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	if in.MayLag {
		return []plan.Effect{plan.Read{}}, nil
	}
	only, err := chosen(in, a)
	if err != nil {
		return nil, err
	}
	last, err := in.Facts.Record(recordChecked)
	if err != nil {
		return nil, err
	}
	if at, bad := time.Parse(time.RFC3339, string(last)); only == nil && bad == nil && in.Now.Sub(at) < rest {
		return nil, textAgain(at.Add(rest))
	}
	results, facts, err := look(in)
	if err != nil {
		return nil, err
	}
	if only != nil {
		return []plan.Effect{plan.Reply{Text: textItems(pick(results, only), facts)}}, nil
	}
	return []plan.Effect{
		plan.Reply{Text: textFolded(evidence.Comment(results, facts))},
		plan.Remember{Kind: recordChecked, Data: []byte(in.Now.UTC().Format(time.RFC3339))},
	}, nil
}

// chosen are the lines of the items that the arguments name, nil for all.
func chosen(in plugin.Input, a plugin.Args) (map[int]bool, error) {
	if strings.TrimSpace(a.Rest) == "" {
		return nil, nil
	}
	list, err := checklist.Parse(in.Issue.Body)
	if err != nil {
		return nil, textUnreadable(err)
	}
	matches, err := list.Resolve(a.Rest)
	if err != nil {
		return nil, textNoItem(a)
	}
	lines := map[int]bool{}
	for _, m := range matches {
		for _, it := range m.Items {
			lines[it.Line] = true
		}
	}
	return lines, nil
}

func pick(results []evidence.Result, lines map[int]bool) (out []evidence.Result) {
	for _, r := range results {
		if lines[r.Item.Line] {
			out = append(out, r)
		}
	}
	return out
}

// look gathers the facts of the application's project, and holds its items against them.
func look(in plugin.Input) ([]evidence.Result, *evidence.Facts, error) {
	items, err := evidence.Items(in.Issue.Body)
	if err != nil || len(items) == 0 {
		return nil, nil, textNoList()
	}
	project := evidence.GuessProject(in.Issue.Body)
	if project == "" {
		return nil, nil, textNoProject()
	}
	got, err := fact.Get[Gathered](in.Facts, fact.Key{Kind: fact.KindEvidence, Arg: project})
	if err != nil {
		return nil, nil, err
	}
	if got.Facts == nil {
		return nil, nil, textNotNow(got.Why)
	}
	return evidence.Check(items, got.Facts), got.Facts, nil
}

// Gathered is what the loader of fact.KindEvidence gives: the facts of a project, or why there are none.
type Gathered struct {
	Facts *evidence.Facts
	Why   string
}

// Handle looks at an application when it is opened, and once a week.
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) {
	o := plugin.Options[Options](in)
	due := event.Is[event.Opened](in.Event.Kind) && o.Opening || event.Is[event.Weekly](in.Event.Kind) && o.Weekly
	if !due || !in.Tracked || in.Issue.PullRequest || in.Issue.State != issue.Open {
		return nil, nil
	}
	results, facts, err := look(in)
	if _, none := err.(*plugin.UserError); none { //nolint:errorlint // nobody asked: what cannot be checked is not spoken of
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	id, err := in.Facts.Notice(noticeKey)
	if err != nil {
		return nil, err
	}
	text := textFolded(evidence.Comment(results, facts))
	return []plan.Effect{plan.Notice{Key: noticeKey, Text: text, CommentID: id}}, nil
}
