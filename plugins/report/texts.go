package report

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/report"
	"github.com/ddbot/ddbot/pkg/template"
)

// All sentences of this plugin.

func textCannotRead(err error) error {
	if refused, ok := errors.AsType[*checklist.RefusedError](err); ok {
		return plugin.Userf("I cannot read the description: %s", plan.Neutral(refused.Error()))
	}
	return err
}

func textUnreadable(err error) error {
	return plugin.Userf("I cannot read my status comment here: %v. Nothing was changed.", err)
}

func textNoList() error {
	return plugin.Userf("There is no checklist in the description: it is no application.")
}

func textNoTemplate(level string) error {
	return plugin.Userf("I know no template for %s. The configuration can name one (`report.templates`).", plan.Quote(level))
}

// settingOf is where the configuration says which template of a kind is used.
func settingOf(kind string) string {
	if kind == levelChangeKind {
		return "`report.levelChange.template`"
	}
	return "`report.templates`"
}

func textTemplateGone(at, kind string) error {
	return plugin.Userf("The template %s cannot be read. The configuration says which one it is (%s).", plan.Quote(at), settingOf(kind))
}

func textTemplateEmpty(at, kind string) error {
	return plugin.Userf("The file %s has no check box: it is no template. The configuration says which one it is (%s).", plan.Quote(at), settingOf(kind))
}

func textOnly(a plugin.Args) error {
	return plugin.Userf("%s: write `/dd report` alone.", plan.Quote(a.Line))
}

// mostShown is how much of the report a reply shows, in characters: a comment holds 65,536.
const mostShown = 40_000

var reFence = regexp.MustCompile("`{3,}")

func textPreview(in plugin.Input, v *template.Version, criteria, answered int, text string) string {
	s := fmt.Sprintf("This is how the report begins: %d criteria of the %s; the application says something about %d. "+
		"`ddbot report skeleton --issue %s` writes it as a file, `ddbot report fill` brings that up to date.", criteria, nameOf(v), answered, in.Issue.Ref)
	if plugin.Options[Options](in).Pull.Open {
		s += " `/dd report pr` opens a pull request with it."
	}
	return s + "\n\n" + folded("The report", text)
}

func textPullOff(a plugin.Args) error {
	return plugin.Userf("%s: I open no pull requests here; the configuration can let me (`report.pull`). `ddbot report skeleton` writes the file.", plan.Quote(a.Line))
}

func textOnlyPull(a plugin.Args) error {
	return plugin.Userf("%s: write `/dd report pr` alone.", plan.Quote(a.Line))
}

func textVoteWon() string {
	return "The vote is won. With `/dd level-change` staff open the list of what is to be done now."
}

func textLevelOff(a plugin.Args) error {
	return plugin.Userf("%s: I open no list here; the configuration can let me (`report.levelChange`).", plan.Quote(a.Line))
}

func textNoVote(a plugin.Args) error {
	return plugin.Userf("%s: no vote was won here: the label `%s` says so.", plan.Quote(a.Line), votePassed)
}

func textNotOpened(repo, why string) error {
	return plugin.Userf("GitHub does not let me open an issue in `%s`: %s. Nothing was changed.", repo, strings.TrimSuffix(plan.Neutral(why), "."))
}

func textWhichPull(a plugin.Args) error {
	return plugin.Userf("%s: which pull request has the report? Write `#1923`, its address, or nothing.", plan.Quote(a.Line))
}

func textLevelChange(repo string, number int) string {
	return fmt.Sprintf("The list for the change of level is [%s#%d](https://github.com/%s/issues/%d).", repo, number, repo, number)
}

func textNotPublished(repo, why string) error {
	return plugin.Userf("GitHub does not let me write the report to `%s`: %s. Nothing was changed.", repo, strings.TrimSuffix(plan.Neutral(why), "."))
}

func textEmptyRepository(repo string) error {
	return plugin.Userf("`%s` is empty: there is no branch to begin at.", repo)
}

func pullLink(repo string, number int) string {
	return fmt.Sprintf("[%s#%d](https://github.com/%s/pull/%d)", repo, number, repo, number)
}

func textPullOver(p plan.Publish, b fact.Branch) error {
	way := fmt.Sprintf("Delete its branch `%s`, and `/dd report pr` begins another one.", p.Branch)
	if b.State == "closed" {
		way = "Reopen it, or delete" + strings.TrimPrefix(way, "Delete")
	}
	return plugin.Userf("%s is %s. %s", pullLink(p.Repo, b.Pull), b.State, way)
}

func textUpToDate(p plan.Publish, b fact.Branch) error {
	return plugin.Userf("`%s` on `%s` of `%s` is up to date.", p.Path, b.Default, p.Repo)
}

func textPublished(p plan.Publish) string {
	return fmt.Sprintf("The report is in %s, up to date with this application.", pullLink(p.Repo, p.Pull))
}

func textPullBody(issue string) string {
	return "The due-diligence report of the application " + issue + ".\n\n" +
		"What stands between `<!-- ddbot:… -->` marks is made from the application, and `/dd report pr` there brings it up to date. Everything else, and what somebody edits within the marks, is left as it is."
}

func textCannotFill(err error) error {
	return plugin.Userf("I cannot bring the report up to date: %s. Nothing was changed.", plan.Neutral(err.Error()))
}

// mostConflicts is how many a reply names.
const mostConflicts = 10

func textConflicts(p plan.Publish, b fact.Branch, conflicts []report.Conflict) error {
	var s strings.Builder
	fmt.Fprintf(&s, "Nothing was changed: `%s`", p.Path)
	if b.State == "open" {
		s.WriteString(" in " + pullLink(p.Repo, b.Pull))
	}
	s.WriteString(" was edited where the application has changed, too. Put both together there, and remove the marks around the text; then write `/dd report pr` again.\n")
	for n, c := range conflicts {
		if n == mostConflicts {
			fmt.Fprintf(&s, "\n- and %d more", len(conflicts)-n)
			break
		}
		about := "the head of the report"
		if c.Criterion != "" {
			about = shown(c.Criterion)
		}
		fmt.Fprintf(&s, "\n- line %d: %s", c.Line, about)
	}
	return plugin.Userf("%s", s.String())
}

func nameOf(v *template.Version) string {
	if v.Date == "" && v.Path != "" {
		return "[template](" + v.Path + ")"
	}
	return v.Level + " template of " + v.Date
}

// folded shows a Markdown text as code that can be unfolded, and copied: in a fence GitHub notifies nobody and nothing is an entity.
func folded(title, text string) string {
	rest := ""
	if r := []rune(text); len(r) > mostShown {
		text = string(r[:mostShown])
		text = text[:max(strings.LastIndex(text, "\n\n"), 0)]
		rest = fmt.Sprintf("\n\nIt goes on: %d more characters do not fit here.", len(r)-len([]rune(text)))
	}
	fence := "```"
	for _, f := range reFence.FindAllString(text, -1) {
		if len(f) >= len(fence) {
			fence = f + "`"
		}
	}
	return "<details><summary>" + title + "</summary>\n\n" + fence + "markdown\n" + strings.TrimRight(text, "\n") + "\n" + fence + rest + "\n\n</details>"
}

// mostChanges is how many changes a reply names of each kind.
const mostChanges = 20

func fromName(m *template.Migration) string {
	if m.From.Score < template.Likely {
		return "a template that I do not know"
	}
	return "the " + nameOf(m.From.Version)
}

// counted says in a sentence what became of the criteria.
func counted(m *template.Migration) string {
	n := map[template.ChangeKind]int{}
	for _, c := range m.Changes {
		n[c.Kind]++
	}
	return fmt.Sprintf("%d criteria are kept, %d moved, %d reworded, %d new, %d gone", n[template.Kept], n[template.Moved], n[template.Reworded], n[template.New], n[template.Gone])
}

func textComparison(m *template.Migration, to *template.Version, a plugin.Args) string {
	var b strings.Builder
	fmt.Fprintf(&b, "From %s to the %s: %s.", fromName(m), nameOf(to), counted(m))
	for _, part := range []struct {
		kind  template.ChangeKind
		title string
	}{{template.New, "New"}, {template.Gone, "Gone"}, {template.Reworded, "Reworded"}, {template.Moved, "Moved"}} {
		if lines := changes(m, part.kind); len(lines) > 0 {
			fmt.Fprintf(&b, "\n\n<details><summary>%s</summary>\n\n%s\n\n</details>", part.title, strings.Join(lines, "\n"))
		}
	}
	command := strings.TrimSpace("/dd migrate apply " + strings.TrimSpace(a.Rest))
	fmt.Fprintf(&b, "\n\n%s moves ticks and texts", plan.Quote(command))
	if m.Left > 0 {
		fmt.Fprintf(&b, "; %s without a new place will stand below “%s”", count(m.Left, "thing"), template.LeftTitle)
	}
	return b.String() + "."
}

// changes are those of a kind, as bullets.
func changes(m *template.Migration, kind template.ChangeKind) (out []string) {
	for _, c := range m.Changes {
		switch {
		case c.Kind != kind:
		case c.New == nil:
			out = append(out, bullet(c.Old))
		case c.Kind == template.Reworded:
			out = append(out, bullet(c.New)+"\n  - before: "+shown(c.Old.Title))
		default:
			out = append(out, bullet(c.New))
		}
	}
	if len(out) > mostChanges {
		out = append(out[:mostChanges], fmt.Sprintf("- and %d more", len(out)-mostChanges))
	}
	return out
}

func bullet(p *template.Part) string {
	section := ""
	if len(p.Section) > 0 {
		section = "*" + shown(p.Section[len(p.Section)-1]) + "*: "
	}
	return "- " + section + shown(p.Title)
}

// mostOfTitle is how much of a criterion is shown, in characters.
const mostOfTitle = 160

func shown(s string) string {
	if r := []rune(s); len(r) > mostOfTitle {
		s = string(r[:mostOfTitle-1]) + "…"
	}
	return plan.Neutral(reSpecial.ReplaceAllString(s, `\$0`))
}

// reSpecial is what Markdown could take for more than text.
var reSpecial = regexp.MustCompile("[\\\\`*_<>\\[\\]|]")

func textMoved(m *template.Migration, to *template.Version) string {
	s := fmt.Sprintf("The description is that of the %s now: %s.", nameOf(to), counted(m))
	if m.Left > 0 {
		s += fmt.Sprintf(" %s without a new place: see “%s” at its end.", count(m.Left, "thing"), template.LeftTitle)
	}
	return s + " What it was before is in its edit history."
}

func textUnlike(a plugin.Args, to *template.Version) error {
	return plugin.Userf("%s: this list is none of the %s: hardly an item is in both. Nothing was changed; `/dd migrate` shows what a move would make of it.", plan.Quote(a.Line), nameOf(to))
}

func textSame(a plugin.Args, to *template.Version) error {
	return plugin.Userf("%s: the description is that of the %s already.", plan.Quote(a.Line), nameOf(to))
}

func textTooLong(to *template.Version, n int) error {
	return plugin.Userf("With the %s the description would have %d characters, and GitHub takes %d. Nothing was changed.", nameOf(to), n, plan.MaxComment)
}

func textCannotMove(a plugin.Args, err error) error {
	return plugin.Userf("%s: %s. Nothing was changed.", plan.Quote(a.Line), plan.Neutral(err.Error()))
}

func textWhichVersion(a plugin.Args, level string) error {
	var known []string
	for _, v := range template.Versions() {
		if v.Kind == template.Application && v.Level == level && v.Date != "" {
			known = append(known, v.Date)
		}
	}
	if n := len(known); n > 5 {
		known = known[n-5:]
	}
	return plugin.Userf("%s: I know no such version. Write a day (the last changes were on %s), a commit of the template, or nothing for the newest.",
		plan.Quote(a.Line), strings.Join(known, ", "))
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
