package report

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/template"
)

// applies tells "migrate apply" from "migrate".
func applies(rest string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	return strings.EqualFold(word, "apply")
}

// comparison shows what a move to another version of the template would change.
func comparison(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	_, m, to, err := moved(in, a, a.Rest)
	if err != nil || to == nil {
		return []plan.Effect{plan.Read{}}, err
	}
	return []plan.Effect{plan.Reply{Text: textComparison(m, to, a)}}, nil
}

// migrate moves the description.
func migrate(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	_, rest, _ := strings.Cut(strings.TrimSpace(a.Rest), " ")
	d, m, to, err := moved(in, a, rest)
	if err != nil || to == nil {
		return []plan.Effect{plan.Read{}}, err
	}
	if !m.Related() {
		return nil, textUnlike(a, to)
	}
	if n := utf8.RuneCountInString(m.Text); n > plan.MaxComment {
		return nil, textTooLong(to, n)
	}
	effects := []plan.Effect{
		plan.Checklist{Ops: []checklist.Op{plan.Moving(to)}, What: "move to the " + to.Name()},
		plan.Reply{Text: textMoved(m, to)},
	}
	s := d.state.Renamed(renames(d, m))
	was, err := d.state.Block()
	if err != nil {
		return nil, err
	}
	if now, err := s.Block(); err != nil || now == was {
		return effects, err
	} else {
		return append(effects, plan.Notice{Key: fact.StatusKey, CommentID: d.statusID, Text: now}), nil
	}
}

// moved gives the description as another version of its template has it. There is no version where the issue is to be read first.
func moved(in plugin.Input, a plugin.Args, rest string) (d doc, m *template.Migration, to *template.Version, err error) {
	if in.MayLag {
		return d, nil, nil, nil
	}
	if d, err = read(in); err != nil {
		return d, nil, nil, err
	}
	if to, err = d.version(in, a, rest); err != nil {
		return d, nil, nil, err
	}
	if m, err = template.Migrate(d.Outline, to, template.Versions()); err != nil {
		return d, nil, nil, textCannotMove(a, err)
	}
	if m.Text == in.Issue.Body || isOf(m, to) {
		return d, nil, nil, textSame(a, to)
	}
	return d, m, to, nil
}

// isOf tells whether a description is made from a version already: a move would only put blank lines right.
func isOf(m *template.Migration, to *template.Version) bool {
	return m.From.Version.Hash == to.Hash && m.From.Score >= template.Likely &&
		!slices.ContainsFunc(m.Changes, func(c template.Change) bool { return c.Kind != template.Kept })
}

var (
	reTo      = regexp.MustCompile(`(?i)^(?:(?:--|—|–)?to\s+)?(\S+)$`)
	reTracker = regexp.MustCompile(`(?m)^#\s+(.*): the way to (?:incubation|graduation)\s*$`)
)

// version is the one to move to: that which is named, that of the configuration, or the newest.
func (d doc) version(in plugin.Input, a plugin.Args, rest string) (*template.Version, error) {
	v, err := d.wanted(in, a, strings.TrimSpace(rest))
	title := reTracker.FindStringSubmatch(d.Text)
	if err != nil || title == nil {
		return v, err
	}
	tracker := template.NewVersion(v.Kind, v.Level, template.Begin(v, template.Tracker, title[1], evidence.GuessProject(d.Text)))
	tracker.Date, tracker.Path = v.Date, v.Path
	return &tracker, nil
}

func (d doc) wanted(in plugin.Input, a plugin.Args, rest string) (*template.Version, error) {
	own := plugin.Options[Options](in).of(in.Issue.Labels).Application
	name := "newest"
	if rest != "" {
		m := reTo.FindStringSubmatch(rest)
		if m == nil {
			return nil, textWhichVersion(a, d.level)
		}
		name = strings.ToLower(m[1])
	}
	switch day, bad := time.Parse(time.DateOnly, name); {
	case name == "newest" && own != "":
		return configured(in, own, template.Application, d.level)
	case name == "newest":
		if v, ok := template.Newest(template.Application, d.level); ok {
			return v, nil
		}
		return nil, textNoTemplate(d.level)
	case bad == nil:
		if v := at(d.level, day.Format(time.DateOnly)); v != nil {
			return v, nil
		}
		return nil, textWhichVersion(a, d.level)
	}
	if v, err := template.Find(name, template.Application, d.level); err == nil {
		return v, nil
	}
	return nil, textWhichVersion(a, d.level)
}

// at is the version that was the newest at the end of a day, nil if there was none.
func at(level, day string) (found *template.Version) {
	for i, v := range template.Versions() {
		if v.Kind == template.Application && v.Level == level && v.Date <= day {
			found = &template.Versions()[i]
		}
	}
	return found
}

// renames gives what items are called after the move, by what they were called.
func renames(d doc, m *template.Migration) func(diligence.Item) diligence.Item {
	after, err := template.Read(m.Text)
	list, bad := checklist.Parse(m.Text)
	if err != nil || bad != nil {
		return func(i diligence.Item) diligence.Item { return i }
	}
	old, now, changes := d.list.Items(), list.Items(), template.Compare(d.Outline, after)
	return func(i diligence.Item) diligence.Item {
		for _, c := range changes {
			if c.Old != nil && c.New != nil && itemAt(old, c.Old.Line).Same(i) {
				return itemAt(now, c.New.Line)
			}
		}
		return i
	}
}

func itemAt(items []checklist.Item, line int) diligence.Item {
	for _, i := range items {
		if i.Line == line {
			return diligence.ItemOf(i)
		}
	}
	return diligence.Item{}
}
