package label

import (
	"fmt"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

// problems are what is wrong with the labels of one command. They are told together, in one short answer.
type problems struct {
	unknown []string // names of no label, quoted
	near    []string // what could have been meant, quoted
	absent  []string // labels to remove that the issue does not have
	others  []string // whole sentences
}

// missing notes a name that is no label. What could have been meant has the same category.
func (p *problems) missing(name string, all []string) {
	p.unknown = append(p.unknown, plan.Quote(name))
	word, prefix := name, ""
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		prefix, word = name[:i+1], name[i+1:]
	}
	var candidates []string
	for _, l := range all {
		if len(l) > len(prefix) && issue.SameLabel(l[:len(prefix)], prefix) {
			candidates = append(candidates, l[len(prefix):])
		}
	}
	if near := plugin.Suggest(word, candidates); near != "" {
		p.near = append(p.near, plan.Quote(prefix+near))
	}
}

func (p *problems) forbid(label string, who plugin.Allowed) {
	p.others = append(p.others, fmt.Sprintf("%s is for %s here.", plan.Quote(label), who))
}

func (p *problems) clash(group []string) {
	p.others = append(p.others, fmt.Sprintf("An issue carries only one of %s: please choose.", quoted(group, "and")))
}

// with gives the effect on the labels that are left, if any, and tells about the others.
func (p *problems) with(labels []string, effect plan.Effect) ([]plan.Effect, error) {
	text := p.text()
	var stands []plan.Effect
	if len(p.absent) > 0 {
		stands = append(stands, plan.Stands{Effect: plan.RemoveLabels{Labels: p.absent}})
	}
	switch {
	case text == "":
		return []plan.Effect{effect}, nil
	case len(labels) == 0:
		return stands, plugin.Userf("%s", text)
	}
	return append(stands, effect, plan.Reply{Text: text + " The rest is done."}), nil
}

func (p *problems) text() string {
	var s []string
	switch len(p.unknown) {
	case 0:
	case 1:
		s = append(s, "This repository has no label "+p.unknown[0]+".")
	default:
		s = append(s, "This repository has no labels "+plugin.Join(p.unknown, "or")+".")
	}
	if len(p.near) > 0 {
		s = append(s, "Did you mean "+plugin.Join(p.near, "or")+"?")
	}
	if len(p.absent) > 0 {
		s = append(s, "This issue does not have "+quoted(p.absent, "or")+".")
	}
	return strings.Join(append(s, p.others...), " ")
}

// most is how many labels an answer lists.
const most = 12

func textNameMissing(a plugin.Args, labels []string) error {
	s := fmt.Sprintf("%s needs the name of a label.", plan.Quote(a.Line))
	if a.Name == "label" || a.Name == "remove-label" {
		return plugin.Userf("%s", s)
	}
	category := strings.TrimPrefix(a.Name, "remove-")
	if len(labels) == 0 {
		return plugin.Userf("%s This repository has none that begins with `%s/`.", s, category)
	}
	more := ""
	if len(labels) > most {
		labels, more = labels[:most], " and others"
	}
	names := make([]string, len(labels))
	for i, l := range labels {
		names[i] = l[len(category)+1:]
	}
	return plugin.Userf("%s This repository has %s%s.", s, quoted(names, "and"), more)
}

func quoted(names []string, word string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = plan.Quote(n)
	}
	return plugin.Join(q, word)
}
