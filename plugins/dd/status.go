package dd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/template"
)

// status shows what is open; items shows everything. Both take sections and items to show only those.
func status(in plugin.Input, a plugin.Args) ([]plan.Effect, error) { return show(in, a, false) }

func items(in plugin.Input, a plugin.Args) ([]plan.Effect, error) { return show(in, a, true) }

func show(in plugin.Input, a plugin.Args, all bool) ([]plan.Effect, error) {
	stages := slices.DeleteFunc(slices.Clone(in.Issue.Labels), func(l string) bool { return !plan.MatchAny([]string{"dd/*"}, l) })
	list, err := parse(in)
	if err != nil {
		return nil, textAndStages(err, stages)
	}
	shown := list.Items()
	r := overview{all: all, stages: stages, whole: true, title: title(shown)}
	if a.Rest != "" {
		matches, err := list.Resolve(a.Rest)
		if err != nil {
			return nil, textNoSection(in, a, textResolve(a, list, err))
		}
		shown, r.stages, r.whole = nil, nil, false
		for _, m := range matches {
			shown = append(shown, m.Items...)
		}
	}
	for _, it := range shown {
		r.add(it, template.Said(list.Evidence(it)))
	}
	text := r.text()
	head, err := where(in)
	if err != nil {
		return nil, err
	}
	if r.whole && head != "" {
		text = head + "\n\n" + text
	}
	if like := list.Lookalikes(); r.whole && len(like) > 0 {
		text += "\n\n" + textLookalikes(like)
	}
	return []plan.Effect{plan.Reply{Text: text}}, nil
}

// where is what the status comment says first: the stage, whose turn it is, what the next stage lacks. "" where nothing keeps one.
func where(in plugin.Input) (string, error) {
	kept := slices.ContainsFunc(in.Catalog.Plugins, func(p plugin.Plugin) bool { return p.Name() == diligence.Plugin })
	if !kept {
		return "", nil
	}
	known, err := in.Status()
	if err != nil {
		return "", err
	}
	return diligence.Head(known.Body), nil
}

// overview is a checklist by section, in the order of the text.
type overview struct {
	sections    []*part
	done, total int
	bare        int  // ticked without evidence
	all         bool // also what is done
	whole       bool // of the whole list
	title       string
	stages      []string
}

// part is one section with the items that are shown.
type part struct {
	path        string
	done, total int
	lines       []string
}

// few is how many lines an answer shows unfolded.
const few = 12

// maxListed is about how long the lists of an answer may be; beyond it texts are left out. GitHub takes 65,536 characters.
const maxListed = 40_000

// title is what stands before all paths, and so says nothing: the heading of the whole document.
func title(items []checklist.Item) string {
	for _, it := range items {
		if len(it.Section) == 0 || it.Section[0] != items[0].Section[0] {
			return ""
		}
	}
	if len(items) == 0 {
		return ""
	}
	return shorten(items[0].Section[0]) + " / "
}

func (o *overview) add(it checklist.Item, evidence bool) {
	path := "(no section)"
	if len(it.Section) > 0 {
		names := make([]string, len(it.Section))
		for i, s := range it.Section {
			names[i] = shorten(s)
		}
		path = strings.TrimPrefix(strings.Join(names, " / "), o.title)
	}
	if len(o.sections) == 0 || o.sections[len(o.sections)-1].path != path {
		o.sections = append(o.sections, &part{path: path})
	}
	p := o.sections[len(o.sections)-1]
	p.total++
	o.total++
	if it.Checked {
		p.done++
		o.done++
	}
	line := fmt.Sprintf("- `%s` %s", it.Ref, plan.Neutral(shorten(it.Text)))
	switch {
	case it.Checked && !evidence:
		o.bare++
		p.lines = append(p.lines, line+wordsBare)
	case !it.Checked && evidence:
		p.lines = append(p.lines, line+wordsNotTicked)
	case !it.Checked:
		p.lines = append(p.lines, line)
	case o.all:
		p.lines = append(p.lines, line+wordsDone)
	}
}
