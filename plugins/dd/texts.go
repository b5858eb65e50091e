package dd

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

// address is what GitHub makes a link of.
var address = regexp.MustCompile(`(?i)https?://|\bwww\.\w`)

// noteLine is what is written under an item, as people write it there by hand.
func noteLine(text, by string) string {
	kind := "Note"
	if address.MatchString(text) {
		kind = "Evidence"
	}
	return fmt.Sprintf("**%s:** %s — %s", kind, plan.Neutral(text), by)
}

func undoneLine(text, by string) string {
	return fmt.Sprintf("**Undone:** %s — %s", plan.Neutral(text), by)
}

func textItemMissing(a plugin.Args) error {
	return plugin.Userf("%s needs to know which item: a section (`technical`), an item of it (`technical.3`) or words from it "+
		"in quotes (`\"code of conduct\"`).", plan.Quote(a.Line))
}

// textCommas answers who named several items with blanks between them.
func textCommas(a plugin.Args, ref string, more []string) error {
	return plugin.Userf("%s: several items need commas between them: `/%s %s`.", plan.Quote(a.Line), a.Name,
		strings.Trim(plan.Quote(ref+", "+strings.Join(more, ", ")), "`"))
}

var digits = regexp.MustCompile(`\d+`)

// textNumber answers who wrote a number where the number of an item may be meant.
func textNumber(a plugin.Args, matches []checklist.Match, text string) error {
	name := strings.TrimSuffix(matches[len(matches)-1].Ref, "/*")
	name, _ = ordinal(name)
	return plugin.Userf("%s: an item's number goes after a dot: `%s.%s`. Several items need commas between them.",
		plan.Quote(a.Line), name, digits.FindString(text))
}

// textNowhere answers a text that would be lost: nothing changes that it could stand under.
func textNowhere(a plugin.Args, matches []checklist.Match, to bool) error {
	state := "ticked already"
	if !to {
		state = "unticked already"
	}
	example := "ITEM"
	for _, m := range matches {
		if len(m.Items) > 0 {
			example = m.Items[0].Ref
			break
		}
	}
	return plugin.Userf("%s: all of that is %s, so I have not kept the text. `/dd note %s …` keeps one under an item.",
		plan.Quote(a.Line), state, example)
}

func textNoteMissing(a plugin.Args) error {
	return plugin.Userf("%s needs a text after the item, for example `/%s %s https://…`.", plan.Quote(a.Line), a.Name,
		strings.Trim(plan.Quote(a.Rest), "`"))
}

func textNoteNeedsItem(m checklist.Match) error {
	return plugin.Userf("`%s` is a whole section; a note goes under one item, for example `%s`.", m.Ref, m.Items[0].Ref)
}

func textStatusArguments(a plugin.Args) error {
	return plugin.Userf("%s: this command takes nothing after `status` here; it shows how far the checklist is.", plan.Quote(a.Line))
}

func textCannotRead(err error) error {
	return plugin.Userf("I cannot work on this description: %s", plan.Neutral(err.Error()))
}

func textNoItems() error {
	return plugin.Userf("There is no checklist in this description. An item is a line like `- [ ] text`.")
}

// textResolve turns what was not understood into an answer that offers what could have been meant.
func textResolve(a plugin.Args, list *checklist.List, err error) error {
	var none *checklist.NotFoundError
	var many *checklist.AmbiguousError
	switch {
	case errors.As(err, &none):
		s := fmt.Sprintf("I can't find an item or section %s here.", plan.Quote(none.Ref))
		words := list.Quoted(a.Rest)
		switch {
		case none.Hint != "":
			s += " " + plan.Neutral(none.Hint)
		case words != "":
			s += fmt.Sprintf(" Words of an item go in quotes: `/%s %s`.", a.Name, strings.Trim(plan.Quote(words), "`"))
		case len(none.Suggestions) == 0:
			s += " " + textSections(list)
		}
		if len(none.Suggestions) > 0 && (words == "" || none.Hint != "") {
			s += " Did you mean " + orList(none.Suggestions) + "?"
		}
		return plugin.Userf("%s", s)
	case errors.As(err, &many):
		s := fmt.Sprintf("%s could be any of these %d; please say which:", plan.Quote(many.Ref), many.Total)
		if many.Parent {
			s = fmt.Sprintf("%s has sections of its own; please say which, or `%s/*` for all of it:",
				plan.Quote(many.Ref), strings.ReplaceAll(many.Ref, "`", "'"))
		}
		for _, c := range many.Candidates {
			s += fmt.Sprintf("\n- `%s`: %s", c.Ref, plan.Neutral(shorten(c.Text)))
			if c.Count > 0 {
				s += " (" + count(c.Count, "item") + ")"
			}
		}
		if more := many.Total - len(many.Candidates); more > 0 {
			s += fmt.Sprintf("\n- and %d more", more)
		}
		return plugin.Userf("%s", s)
	}
	return err
}

// fewSections are as many as a sentence bears.
const fewSections = 8

func textSections(list *checklist.List) string {
	refs := list.Sections()
	if len(refs) == 0 || len(refs) > fewSections {
		return "`/dd status` shows the sections that there are."
	}
	return "The sections are " + andList(refs) + "."
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func orList(refs []string) string  { return plugin.Join(quoted(refs), "or") }
func andList(refs []string) string { return plugin.Join(quoted(refs), "and") }

func quoted(refs []string) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = plan.Quote(r)
	}
	return out
}

// shorten keeps the beginning of an item's text, without characters that mean something in Markdown.
func shorten(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("<>[]|`*_~\\", r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 70 {
		return string(r[:69]) + "…"
	}
	return s
}

// textStatus counts by section, in the order of the text.
func textStatus(list *checklist.List, stages []string) string {
	items := list.Items()
	type row struct {
		name        string
		done, total int
		bare        []string // refs of what has no evidence
	}
	var rows []*row
	byName := map[string]*row{}
	done, bare := 0, 0
	for _, it := range items {
		path := strings.Join(it.Section, " / ")
		r := byName[path]
		if r == nil {
			name := "(no section)"
			if len(it.Section) > 0 {
				name = it.Section[len(it.Section)-1]
			}
			r = &row{name: name}
			byName[path] = r
			rows = append(rows, r)
		}
		r.total++
		if it.Checked {
			r.done++
			done++
		}
		if len(list.Evidence(it)) == 0 {
			r.bare = append(r.bare, it.Ref)
			bare++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %s done; %d without evidence or note.\n\n| Section | Done | No evidence |\n|---|---|---|\n",
		done, count(len(items), "item"), bare)
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %d/%d | %s |\n", plan.Neutral(shorten(r.name)), r.done, r.total, ranges(r.bare))
	}
	if len(stages) > 0 {
		b.WriteString("\n" + textStages(stages) + "\n")
	}
	b.WriteString("\n`/dd done ITEM evidence` ticks an item and keeps the evidence; `/dd help` lists what else I can do.")
	return b.String()
}

// textStages names the labels that say how far the due diligence and its reviews are.
func textStages(labels []string) string {
	quoted := make([]string, len(labels))
	for i, l := range labels {
		quoted[i] = plan.Quote(l)
	}
	return "Stage: " + strings.Join(quoted, ", ") + "."
}

func textAndStages(err error, stages []string) error {
	return plugin.Userf("%s %s", textStages(stages), err)
}

// ranges writes technical.1, technical.2, technical.3 as technical.1-3.
func ranges(refs []string) string {
	var out []string
	for i := 0; i < len(refs); {
		stem, n := ordinal(refs[i])
		j := i + 1
		for ; j < len(refs); j++ {
			if s, m := ordinal(refs[j]); n == 0 || s != stem || m != n+j-i {
				break
			}
		}
		if j-i > 1 {
			out = append(out, fmt.Sprintf("`%s-%d`", refs[i], n+j-i-1))
		} else {
			out = append(out, "`"+refs[i]+"`")
		}
		i = j
	}
	return strings.Join(out, ", ")
}

func ordinal(ref string) (stem string, n int) {
	if i := strings.LastIndexByte(ref, '.'); i >= 0 {
		if n, err := strconv.Atoi(ref[i+1:]); err == nil {
			return ref[:i], n
		}
	}
	return ref, 0
}

func textHelp(c *plugin.Catalog) string {
	var b strings.Builder
	b.WriteString("Write one command on a line of its own, anywhere in a comment.\n\n| Command | What it does | Who |\n|---|---|---|\n")
	for _, cmd := range c.Help("") {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", cell(cmd.Usage), cell(cmd.Help), cell(cmd.WhoCan()))
	}
	b.WriteString("\nAn item is a section (`technical`), an item of it (`technical.3`) or words from it in quotes (`\"code of conduct\"`); `all` is " +
		"everything. Separate several with commas. `/dd help done` explains one command.")
	return b.String()
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

func textHelpFor(cmds []plugin.Command) string {
	var parts []string
	for _, c := range cmds {
		var s strings.Builder
		fmt.Fprintf(&s, "`%s`: %s\n\nFor: %s.", c.Usage, c.Help, c.WhoCan())
		if len(c.Examples) > 0 {
			s.WriteString("\n\nFor example " + plugin.Join(quoted(c.Examples), "or") + ".")
		}
		parts = append(parts, s.String())
	}
	return strings.Join(parts, "\n\n")
}

func textNoSuchCommand(c *plugin.Catalog, name string) error {
	s := fmt.Sprintf("There is no command %s.", plan.Quote(name))
	if near := plugin.Suggest(strings.TrimPrefix(strings.ToLower(name), "dd "), c.Verbs("dd")); near != "" {
		s += fmt.Sprintf(" Did you mean `/dd help %s`?", near)
	}
	return plugin.Userf("%s `/dd help` lists them all.", s)
}
