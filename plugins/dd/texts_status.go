package dd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// The sentences of /dd status and /dd items.

const (
	wordsBare      = " (done, no evidence)"
	wordsNotTicked = " (has evidence, not ticked)"
	wordsDone      = " (done)"
	// wordsMore ends an overview.
	wordsMore = "`/dd done ITEM evidence` ticks an item and keeps the evidence; `/dd help` lists what else I can do."
)

// text is the whole answer: sums, what is open by section, and what to do. Long lists are folded.
func (o *overview) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %s done", o.done, count(o.total, "item"))
	if o.bare > 0 {
		fmt.Fprintf(&b, ", %d of them without evidence", o.bare)
	}
	b.WriteString(".")
	lines, size := 0, 0
	for _, p := range o.sections {
		lines += len(p.lines)
		for _, l := range p.lines {
			size += len(l)
		}
	}
	var complete []string
	for _, p := range o.sections {
		if len(p.lines) == 0 {
			complete = append(complete, diligence.Cell(p.path))
			continue
		}
		b.WriteString("\n\n" + p.text(lines > few, size > maxListed))
	}
	if len(complete) > 0 && o.whole {
		fmt.Fprintf(&b, "\n\nComplete: %s.", strings.Join(complete, "; "))
	}
	if len(o.stages) > 0 {
		b.WriteString("\n\n" + textStages(o.stages))
	}
	if o.whole && o.done < o.total {
		b.WriteString("\n\n" + wordsMore)
	}
	return b.String()
}

func (p *part) text(folded, short bool) string {
	head := fmt.Sprintf("%s: %d of %d done", diligence.Cell(p.path), p.done, p.total)
	lines := p.lines
	if short { // the references alone
		lines = make([]string, len(p.lines))
		for i, l := range p.lines {
			lines[i] = strings.Join(strings.SplitAfterN(l, "`", 3)[:2], "")
		}
	}
	list := strings.Join(lines, "\n")
	if folded {
		return "<details><summary>" + head + "</summary>\n\n" + list + "\n\n</details>"
	}
	return "**" + head + "**\n\n" + list
}

// textStages names the labels that say how far the due diligence and its reviews are.
func textStages(labels []string) string {
	return "Stage: " + strings.Join(quoted(labels), ", ") + "."
}

// textNoSection answers who may have meant a value of the status label.
func textNoSection(in plugin.Input, a plugin.Args, err error) error {
	user, ok := errors.AsType[*plugin.UserError](err)
	if cmds := in.Catalog.Help(a.Name); ok && len(cmds) > 1 {
		return plugin.Userf("%s To set the status label: %s.", user.Text, plugin.Join(quoted(cmds[1].Examples), "or"))
	}
	return err
}

func textAndStages(err error, stages []string) error {
	if len(stages) == 0 {
		return err
	}
	return plugin.Userf("%s %s", textStages(stages), err)
}
