package dd

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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

// textBeside answers who wrote "technical section" or "technical 3", and may have meant something else than a note.
func textBeside(a plugin.Args, text, meant string) error {
	if !digits.MatchString(text) {
		return plugin.Userf("%s: did you mean `/%s %s`? What stands after an item is kept as a note.", plan.Quote(a.Line), a.Name, meant)
	}
	return plugin.Userf("%s: an item's number goes after a dot: `%s`. Several items need commas between them.", plan.Quote(a.Line), meant)
}

// textNowhere answers a text that would be lost: nothing changes that it could stand under.
func textNowhere(a plugin.Args, matches []checklist.Match, to bool) error {
	state := "already ticked"
	if !to {
		state = "already unticked"
	}
	example := "ITEM"
	for _, m := range matches {
		if len(m.Items) > 0 {
			example = m.Items[0].Ref
			break
		}
	}
	return plugin.Userf("%s: all of these are %s, so the text was not recorded. `/dd note %s …` adds a note.",
		plan.Quote(a.Line), state, example)
}

// textLeftOut names what could not be edited while the rest was.
func textLeftOut(a plugin.Args, refs []string) string {
	return fmt.Sprintf("%s: I left out %s, because the text there is written in a way that cannot be edited safely. Please edit it by hand.",
		plan.Quote(a.Line), andList(refs))
}

func textNoteMissing(a plugin.Args) error {
	return plugin.Userf("%s needs a text after the item, for example `/%s %s https://…`.", plan.Quote(a.Line), a.Name,
		strings.Trim(plan.Quote(a.Rest), "`"))
}

func textRemoveTakesNothing(a plugin.Args) error {
	return plugin.Userf("%s: `--remove` takes no text; `--replace` does.", plan.Quote(a.Line))
}

func textNoNotes(a plugin.Args, refs []string) error {
	return plugin.Userf("%s: I have written no note under %s. What people wrote there stays.", plan.Quote(a.Line), andList(refs))
}

func textNoteNeedsItem(m checklist.Match) error {
	return plugin.Userf("`%s` is a whole section; a note goes under one item, for example `%s`.", m.Ref, m.Items[0].Ref)
}

func textCannotRead(err error) error {
	return plugin.Userf("I cannot work on this description: %s", plan.Neutral(err.Error()))
}

func textNoItems(like []checklist.Lookalike) error {
	s := "There is no checklist in this description. An item is a line like `- [ ] text`."
	if len(like) > 0 {
		s += "\n\n" + textLookalikes(like)
	}
	return plugin.Userf("%s", s)
}

// fewLookalikes are as many as are named.
const fewLookalikes = 5

// textLookalikes names lines that people take for boxes.
func textLookalikes(like []checklist.Lookalike) string {
	s := "This line looks like a box, but GitHub shows none there, so nobody can tick it:"
	if len(like) > 1 {
		s = "These lines look like boxes, but GitHub shows none there, so nobody can tick them:"
	}
	for _, a := range like[:min(len(like), fewLookalikes)] {
		s += fmt.Sprintf("\n- line %d, %s: %s", a.Line, plan.Quote(shorten(a.Text)), a.Why)
	}
	if more := len(like) - fewLookalikes; more > 0 {
		s += fmt.Sprintf("\n- and %d more", more)
	}
	return s
}

// textResolve turns what was not understood into an answer that offers what could have been meant.
func textResolve(a plugin.Args, list *checklist.List, err error) error {
	var none *checklist.NotFoundError
	var many *checklist.AmbiguousError
	switch {
	case errors.As(err, &none):
		s := fmt.Sprintf("I can't find an item or section %s here.", plan.Quote(none.Ref))
		if like := list.LookalikesOf(a.Rest, none.Ref); len(like) > 0 {
			return plugin.Userf("%s %s", s, textLookalikes(like))
		}
		words, meant, numbered := list.Quoted(a.Rest), list.Meant(a.Rest), list.Numbered(a.Rest)
		switch {
		case meant != "":
			if none.Hint != "" {
				s += " " + plan.Neutral(none.Hint)
			}
			return plugin.Userf("%s Did you mean `/%s %s`?", s, a.Name, meant)
		case len(numbered) > 0:
			return plugin.Userf("%s A number goes behind its section and a dot: %s.", s, orList(numbered))
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
		if meant := list.Meant(a.Rest); many.Parent && meant != "" && !strings.HasSuffix(meant, "/*") {
			return plugin.Userf("%s: did you mean `/%s %s`?", plan.Quote(a.Line), a.Name, meant)
		}
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
	if len(refs) > fewSections {
		refs = list.Areas()
	}
	if len(refs) == 0 || len(refs) > fewSections {
		return "`/dd status` lists the sections."
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

func ordinal(ref string) (stem string, n int) {
	if i := strings.LastIndexByte(ref, '.'); i >= 0 {
		if n, err := strconv.Atoi(ref[i+1:]); err == nil {
			return ref[:i], n
		}
	}
	return ref, 0
}

// textHelp shows the few commands that the reader needs, and the others folded: it must be readable on a phone.
func textHelp(first, others []plugin.Command) string {
	var b strings.Builder
	b.WriteString("Write one command on a line of its own, anywhere in a comment.\n\n")
	for _, c := range first {
		b.WriteString(helpLine(c, ""))
	}
	b.WriteString("\nAn ITEM is a section (`technical`), an item of it (`technical.3`) or words from it in quotes (`\"code of conduct\"`); `all` is " +
		"everything. Separate several with commas. `/dd help done` explains one command.\n")
	if len(others) > 0 {
		b.WriteString("\n<details><summary>Other commands</summary>\n\n")
		for _, c := range others {
			b.WriteString(helpLine(c, " For "+c.WhoCan()+"."))
		}
		b.WriteString("\n</details>\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// longWord is from how many characters on a mail program may break a list element before its first word.
const longWord = 50

func helpLine(c plugin.Command, who string) string {
	if word, _, _ := strings.Cut(c.Usage, " "); utf8.RuneCountInString(word) > longWord {
		return fmt.Sprintf("- %s `%s`.%s\n", c.Help, c.Usage, who) // no line may begin with a command, quoted by mail neither
	}
	return fmt.Sprintf("- `%s`: %s%s\n", c.Usage, c.Help, who)
}

// textWelcome is the first comment under an application.
func textWelcome(items []checklist.Item) string {
	example := items[0].Ref
	if i := slices.IndexFunc(items, isOpen); i >= 0 {
		example = items[i].Ref
	}
	return fmt.Sprintf("Thank you for the application. Its %s can be answered by comments, without editing the description:\n\n"+
		"- `/dd done %s https://…` ticks an item and keeps the evidence under it; `/dd note %s …` only adds a note.\n"+
		"- `/dd status` shows what is open; `/dd help` lists what you can do.",
		count(len(items), "item"), example, example)
}

func isOpen(it checklist.Item) bool { return !it.Checked }

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

func leftOut(left []string) []plan.Effect {
	if len(left) == 0 {
		return nil
	}
	return []plan.Effect{plan.Reply{Text: "Left out: " + strings.Join(left, ", ") + ". The rest is done."}}
}

func textAllBarred(a plugin.Args, left []string) error {
	return plugin.Userf("%s: nothing was changed. %s.", plan.Quote(a.Line), strings.Join(left, ", "))
}

func textBarredWho(in plugin.Input, who []plugin.Role) string {
	names := make([]string, len(who))
	for i, r := range who {
		names[i] = string(r)
		if in.WhoIs != nil {
			names[i] = in.WhoIs(r)
		}
	}
	return "for " + plugin.Join(names, "and")
}

func textBarredAfter(what string) string {
	if what == "passed" {
		return "after the vote is won"
	}
	return "after " + strings.ReplaceAll(what, "-", " ")
}

func textBarredOne(other string) string {
	return fmt.Sprintf("only one of them can be true, and `%s` is ticked", other)
}
