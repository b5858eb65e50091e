package diligence

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// All sentences of this plugin.

func itoa(n int) string { return strconv.Itoa(n) }

func dayOr(t time.Time) string {
	if t.IsZero() {
		return "further notice"
	}
	return t.UTC().Format(time.DateOnly)
}

func joined(errs []error) error { return errors.Join(errs...) }

func textUnreadable(err error) error {
	return plugin.Userf("I cannot read my status comment here: %v. Nothing was changed.", err)
}

func textFull() error {
	return plugin.Userf("The status comment is full: GitHub's comments have 65,536 characters. Nothing was changed. Please keep long texts where you wrote them, and put a link here.")
}

func textCannotRead(err error) error {
	return plugin.Userf("I cannot read the checklist: %s", plan.Neutral(err.Error()))
}

func textNoItem(a plugin.Args) error {
	return plugin.Userf("%s needs an item, for example `technical.3`. `/dd items` lists them.", plan.Quote(a.Line))
}

func textResolve(a plugin.Args, err error) error {
	return plugin.Userf("%s: %s `/dd items` lists all items.", plan.Quote(a.Line), plan.Neutral(err.Error()))
}

func textNoText(a plugin.Args, example string) error {
	return plugin.Userf("%s is not complete. For example: `%s`", plan.Quote(a.Line), example)
}

func textOneQuestion(a plugin.Args) error {
	return plugin.Userf("%s: an answer is to one question. Write a command for each.", plan.Quote(a.Line))
}

func textTooMuch(a plugin.Args, rest string) error {
	return plugin.Userf("%s: I do not understand %s. Nothing was changed.", plan.Quote(a.Line), plan.Quote(rest))
}

func textNoDay(a plugin.Args, s string) error {
	return plugin.Userf("%s: %s is no day. Write `2026-12-01`, `+2w`, or `none`.", plan.Quote(a.Line), plan.Quote(s))
}

func textPast(a plugin.Args, on time.Time) error {
	return plugin.Userf("%s: %s is over. Nothing was changed.", plan.Quote(a.Line), on.Format(time.DateOnly))
}

func textWho(a plugin.Args, example string) error {
	return plugin.Userf("%s: who is meant? Write one login, for example `%s`.", plan.Quote(a.Line), example)
}

func textPersonal(a plugin.Args) error {
	return plugin.Userf("%s has an e-mail address or a telephone number in it, and this page is public. I kept nothing of it; please edit your comment and take it out.", plan.Quote(firstWords(a.Line)))
}

// firstWords is the command without what it says: that is not to be repeated.
func firstWords(line string) string {
	words := strings.Fields(line)
	return strings.Join(words[:min(2, len(words))], " ") + " …"
}

func textAsked(no int) string {
	return fmt.Sprintf("This is question **Q%d**. `/dd answer Q%d …` answers it.", no, no)
}

func have(list []string) string {
	if len(list) == 0 {
		return "None is open."
	}
	return "Open: " + strings.Join(list[:min(len(list), 5)], ", ") + "."
}

func textNoSuch(a plugin.Args, err error) error {
	no, ok := errors.AsType[*diligence.NoSuch](err)
	if ok && strings.HasPrefix(no.What, "A") {
		return plugin.Userf("%s: there is no %s. %s", plan.Quote(a.Line), no.What, knownAdopters(no.Have))
	}
	if ok {
		return plugin.Userf("%s: there is no %s. %s", plan.Quote(a.Line), no.What, have(no.Have))
	}
	return err
}

func openOnes(s diligence.State) (out []string) {
	for _, q := range s.OpenQuestions() {
		out = append(out, fmt.Sprintf("Q%d", q.No))
	}
	return out
}

func textWhichQuestion(a plugin.Args, s diligence.State) error {
	return plugin.Userf("%s: which question? Begin with its number, as in `/dd answer Q1 …`. %s", plan.Quote(a.Line), have(openOnes(s)))
}

func textWhich(a plugin.Args, s diligence.State) error {
	all := openOnes(s)
	for _, f := range s.OpenFindings(false) {
		all = append(all, fmt.Sprintf("F%d", f.No))
	}
	return plugin.Userf("%s: which question or finding? Write its number, as in `/dd close Q1`. %s To close the issue itself write `/close`.", plan.Quote(a.Line), have(all))
}

func textQuestionsAre(a plugin.Args, q diligence.Question, who string) error {
	return plugin.Userf("%s: Q%d is closed by who asked it (`%s`), %s. `/dd answer Q%d …` answers it.", plan.Quote(a.Line), q.No, q.By, who, q.No)
}

func textFindingsAre(a plugin.Args, no int) error {
	return plugin.Userf("%s: findings are closed by sponsors, reviewers and staff. Answer here what you did about F%d; an issue that it was filed as closes it, too.", plan.Quote(a.Line), no)
}

func textTaken(a plugin.Args, taken []string) error {
	return plugin.Userf("%s: somebody does that already: %s. They can write `/dd release`.", plan.Quote(a.Line), strings.Join(taken, ", "))
}

func textSomeTaken(taken []string) string {
	return "Somebody else does: " + strings.Join(taken, ", ") + "."
}

func textOthers(a plugin.Args, ref, who string) error {
	return plugin.Userf("%s: `%s` does %s; they, the applicants, sponsors and staff can release it.", plan.Quote(a.Line), who, ref)
}

func textNoTarget(a plugin.Args, s string) error {
	return plugin.Userf("%s: %s is no issue and no address. Write `#110`, `owner/repo#110` or `https://…`.", plan.Quote(a.Line), plan.Quote(s))
}

func textItself(a plugin.Args) error {
	return plugin.Userf("%s: that is this issue.", plan.Quote(a.Line))
}

func textNotTheirs(a plugin.Args, to string) error {
	return plugin.Userf("%s: %s was somebody else's. Who wrote it or spoke for it, sponsors, maintainers and staff can take it over.", plan.Quote(a.Line), plan.Quote(to))
}

func textCannotSee(a plugin.Args, to string) error {
	return plugin.Userf("%s: I cannot see %s: it does not exist, or is not public.", plan.Quote(a.Line), plan.Quote(to))
}

func textNotLinked(a plugin.Args, ref, to string) error {
	if ref == "" {
		return plugin.Userf("%s: nothing here is linked to %s.", plan.Quote(a.Line), plan.Quote(to))
	}
	return plugin.Userf("%s: `%s` is not linked to %s. Without an item, `/dd unlink` unties it everywhere.", plan.Quote(a.Line), ref, plan.Quote(to))
}

func textRelink(a plugin.Args) error {
	return plugin.Userf("%s needs two addresses: `/dd relink https://old https://new`.", plan.Quote(a.Line))
}

func textNoSuchLink(a plugin.Args, from string) error {
	return plugin.Userf("%s: %s does not stand in the description.", plan.Quote(a.Line), plan.Quote(from))
}

func textFound(no int, blocking bool) string {
	kind := "recommendation"
	if blocking {
		kind = "blocking finding"
	}
	return fmt.Sprintf("This is %s **F%d**.", kind, no)
}

func textFile(no int, address string) string {
	return fmt.Sprintf("[Open it as an issue of the project](%s), then write `/dd finding F%d owner/repo#number`: when that issue is closed, so is F%d.", address, no, no)
}

func textOpened(at issue.Ref) string {
	return fmt.Sprintf("It is [%s](https://github.com/%s/issues/%d); when that is closed, so is the finding.", at, at.FullName(), at.Number)
}

func textNotOpened(repo, why string) string {
	return fmt.Sprintf("GitHub does not let me open an issue in `%s`: %s.", repo, strings.TrimSuffix(plan.Neutral(why), "."))
}

func textOthersRepo(repo string) string {
	return fmt.Sprintf("I open issues in repositories of the project's owner only, not in `%s`.", repo)
}

func textWhichRepo(a plugin.Args) error {
	return plugin.Userf("%s: in which repository? Write `--file owner/repo`; the description names none.", plan.Quote(a.Line))
}

func textMayNotSponsor(a plugin.Args, who plugin.Allowed) error {
	return plugin.Userf("%s: sponsors are named by %s here.", plan.Quote(a.Line), who)
}

func textSponsored(who string, co bool) string {
	kind := "sponsor"
	if co {
		kind = "co-sponsor"
	}
	return fmt.Sprintf("`%s` is %s now. Next: `/dd coi none` or `/dd coi soft|hard …`, by themselves.", who, kind)
}

func textNoSponsor(a plugin.Args, who string) error {
	return plugin.Userf("%s: `%s` is no sponsor of this application.", plan.Quote(a.Line), who)
}

func textCOI(a plugin.Args) error {
	return plugin.Userf("%s: write `/dd coi none`, `/dd coi soft why` or `/dd coi hard why`.", plan.Quote(a.Line))
}

func textCOIOnlySponsors(a plugin.Args) error {
	return plugin.Userf("%s is for the sponsors of this application, each for themselves. `/dd sponsor me` makes you one.", plan.Quote(a.Line))
}

func textNeedsCosponsor() string {
	return "With a conflict of interest a co-sponsor without one is needed: `/dd cosponsor @login`."
}

func textNotInTeam(a plugin.Args, who string) error {
	return plugin.Userf("%s: `%s` was not named here.", plan.Quote(a.Line), who)
}

func textAdopter(no int) string {
	return fmt.Sprintf("This is adopter **A%d**. `/dd adopter A%d contacted` says how far it is.", no, no)
}

func textWhichAdopter(a plugin.Args, s diligence.State) error {
	var all []string
	for _, x := range s.Adopters {
		all = append(all, fmt.Sprintf("A%d", x.No))
	}
	return plugin.Userf("%s: which adopter? %s", plan.Quote(a.Line), knownAdopters(all))
}

func knownAdopters(all []string) string {
	switch len(all) {
	case 0:
		return "There is none yet; `/dd adopter add finance` adds one."
	case 1:
		return "There is " + all[0] + "."
	}
	return "There are " + strings.Join(all, ", ") + "."
}

func textAdopterStates(a plugin.Args, word string) error {
	s := fmt.Sprintf("%s: an adopter can be %s; or write `note`, `name` or `substitute https://…`.", plan.Quote(a.Line), strings.Join(diligence.AdopterStates, ", "))
	if near := plugin.Suggest(word, diligence.AdopterStates); near != "" {
		s += fmt.Sprintf(" Did you mean `%s`?", near)
	}
	return plugin.Userf("%s", s)
}

func textJudged(a plugin.Args, word string) error {
	return plugin.Userf("%s: whether an adopter is %s is said by sponsors and staff.", plan.Quote(a.Line), word)
}

func textNoNames(a plugin.Args) error {
	return plugin.Userf("%s: adopters have no names here before they are approved and public.", plan.Quote(a.Line))
}

func textTampered(who string) string {
	s := "The status comment is written by me alone; what somebody else wrote into it counts for nothing, and I have put it back."
	if who != "" {
		s += fmt.Sprintf(" (`%s` edited it.)", who)
	}
	return s + " `/dd help` lists the commands that change it."
}

func textDespite(value string, lacks []string) string {
	return fmt.Sprintf("Noted: %s, though %s.", strings.ReplaceAll(value, "-", " "), strings.Join(lacks, "; "))
}

func textResolved(f diligence.Finding) string {
	return fmt.Sprintf("F%d is dealt with: %s is closed.", f.No, plan.Neutral(f.Issue))
}

func textPropose(ref string, l diligence.Link) string {
	return fmt.Sprintf("%s is %s, and `%s` waited for it. `/dd done %s` ticks it.", plan.Neutral(l.To), l.State, ref, ref)
}

func textDueItem(ref string, on time.Time) string {
	return fmt.Sprintf("`%s` was due on %s", ref, on.Format(time.DateOnly))
}

func textDueAnswer(q diligence.Question) string {
	return fmt.Sprintf("Q%d waits for an answer since %s", q.No, q.At.Format(time.DateOnly))
}

func textRemind(owed map[string][]string) string {
	var lines []string
	for _, who := range slices.Sorted(maps.Keys(owed)) {
		lines = append(lines, fmt.Sprintf("- @%s: %s", who, strings.Join(owed[who], "; ")))
	}
	return "What is late here:\n\n" + strings.Join(lines, "\n") + "\n\nEach is said once. `/dd snooze` spares you this."
}

// textNotReadyHead is the configuration's sentence, and what was said, as a quote: whatever begins there ends there.
func textNotReadyHead(in plugin.Input, reason string) string {
	said, err := standard(plugin.Options[Options](in).Texts["not-ready"], page{Project: projectName(in)})
	if err != nil || said == "" {
		said = "This application is not ready."
	}
	return said + "\n\n> " + strings.ReplaceAll(plan.Neutral(reason), "\n", "\n> ")
}

// cell is a text in one line that begins nothing.
func cell(s string) string { return diligence.Cell(shorten(strings.Join(strings.Fields(s), " "), 300)) }

func textNotReady(in plugin.Input, reason string, open []checklist.Item, s diligence.State) string {
	var b strings.Builder
	b.WriteString(textNotReadyHead(in, reason))
	section := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		b.WriteString("\n\n**" + title + "**\n")
		for n, l := range lines {
			if n == 30 {
				fmt.Fprintf(&b, "\n- and %d more", len(lines)-n)
				break
			}
			b.WriteString("\n- " + cell(l))
		}
	}
	var items, findings, questions []string
	for _, i := range open {
		items = append(items, "`"+i.Ref+"` "+shorten(i.Text, 120))
	}
	for _, f := range s.OpenFindings(false) {
		findings = append(findings, fmt.Sprintf("F%d: %s", f.No, f.Text))
	}
	for _, q := range s.OpenQuestions() {
		questions = append(questions, fmt.Sprintf("Q%d: %s", q.No, q.Text))
	}
	section("Open items", items)
	section("Open findings", findings)
	section("Open questions", questions)
	fmt.Fprintf(&b, "\n\nA new application takes over what is open here with `/dd reapply #\u200b%d`.", in.Issue.Ref.Number)
	return b.String()
}

func textReapplied(from string, old diligence.State, notes int, open []string) string {
	s := fmt.Sprintf("Taken over from %s: %s, %s, %s, %s.", plan.Neutral(from), count(len(old.OpenFindings(false)), "open finding"),
		count(len(old.OpenQuestions()), "open question"), count(len(old.Adopters), "adopter"), count(notes, "piece")+" of evidence")
	if len(open) > 0 {
		var b strings.Builder
		for n, text := range open {
			if n == 20 {
				fmt.Fprintf(&b, "\n- and %d more", len(open)-n)
				break
			}
			b.WriteString("\n- " + plan.Neutral(shorten(text, 120)))
		}
		s += " Open there:\n" + b.String()
	}
	return s
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func sponsorsOf(s diligence.State) string {
	var out []string
	for _, p := range s.Sponsors {
		out = append(out, p.Login)
	}
	return strings.Join(out, ", ")
}

func textKeptQueue(label string, rows []diligence.Row, at time.Time) string {
	return "**Open applications** on " + at.UTC().Format(time.DateOnly) + ", written anew each day.\n\n" + textQueue(label, rows)
}

func textQueue(label string, rows []diligence.Row) string {
	if len(rows) == 0 {
		return fmt.Sprintf("No open issue has the label %s.", plan.Quote(label))
	}
	return "Open applications, those that have waited longest first within their stage:\n\n" + diligence.QueueMarkdown(rows)
}
