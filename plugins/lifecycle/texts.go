package lifecycle

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
)

// All sentences of this plugin. None is Prow's.

const (
	helpPlugin     = "Marks issues as stale and rotten, closes and reopens them; wakes them when people come back."
	helpLifecycle  = "Sets the label lifecycle/… and removes the others of that kind. A frozen issue never goes stale."
	helpRemove     = "Removes the label lifecycle/…; the inactivity clock restarts."
	helpClose      = "Closes the issue, as completed if nothing else is said."
	helpReopen     = "Reopens the issue and removes lifecycle/stale and lifecycle/rotten."
	helpWhoCloses  = "author, collaborators (triage permission); anyone on an issue that was stale or rotten already"
	helpWhoReopens = "author, collaborators (triage permission)"
)

// Texts are the templates (text/template) of the comments, one for each step. What a template can use is Page.
type Texts struct {
	Stale  string `yaml:"stale"`
	Rotten string `yaml:"rotten"`
	Close  string `yaml:"close"`
}

// Page is what a template can use.
type Page struct {
	Thing   string // "issue" or "pull request"
	Author  string // login, without @
	Idle    string // how long this stage took to come: "90 days"
	Was     string // the stage that it comes from: "stale" or "rotten", empty for the first
	Next    string // what comes after this, "becomes rotten" or "is closed", empty for nothing
	NextOn  string // when that is: "2026-01-31"
	Wakes   bool   // a comment takes the label off
	Command string // the command that does so: "/remove-lifecycle stale"
	Help    string // address of the command help
}

const wayOut = "{{if .Wakes}}Any comment keeps it open. {{end}}`{{.Command}}` removes the label, `/lifecycle frozen` keeps it open for " +
	"good, `/close` closes it. [All commands]({{.Help}})"

var defaultTexts = Texts{
	Stale: "This {{.Thing}} has had no activity for {{.Idle}} and is now stale." +
		"{{if .Next}} Without activity it {{.Next}} on {{.NextOn}}.{{end}}\n\n" + wayOut,
	Rotten: "This {{.Thing}} has been stale for {{.Idle}} and is now rotten." +
		"{{if .Next}} Without activity it {{.Next}} on {{.NextOn}}.{{end}}\n\n" + wayOut,
	Close: "This {{.Thing}} has been {{.Was}} for {{.Idle}} and is now closed.\n\n" +
		"Its author and collaborators can reopen it with `/reopen`. [All commands]({{.Help}})",
}

func (t Texts) of(a stale.Action) (name, text string) {
	switch a {
	case stale.GoRotten:
		return "texts.rotten", t.Rotten
	case stale.GoClosed:
		return "texts.close", t.Close
	}
	return "texts.stale", t.Stale
}

func (t Texts) validate() []error {
	var errs []error
	sample := Page{Thing: "issue", Author: "alice", Idle: "90 days", Was: "stale", Next: nextWords[stale.GoRotten], NextOn: "2026-01-31", Wakes: true, Command: "/remove-lifecycle stale", Help: "https://example.com"}
	for _, a := range []stale.Action{stale.GoStale, stale.GoRotten, stale.GoClosed} {
		name, text := t.of(a)
		out, err := fill(name, text, sample)
		switch {
		case err != nil:
			errs = append(errs, plugin.Wrong(name, "%v", err))
		case strings.TrimSpace(out) == "":
			errs = append(errs, plugin.Wrong(name, "a text is needed: people must be told why"))
		}
	}
	return errs
}

func fill(name, text string, page Page) (string, error) {
	t, err := template.New(name).Option("missingkey=error").Parse(text)
	if err != nil {
		return "", fmt.Errorf("the template cannot be read: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, page); err != nil {
		return "", fmt.Errorf("the template cannot be filled: %w", err)
	}
	return b.String(), nil
}

var nextWords = map[stale.Action]string{stale.GoRotten: "becomes rotten", stale.GoClosed: "is closed"}

// notice is the text of the cycle's comment at a stage.
func (o *Options) notice(p stale.Policy, i *stale.Issue, v stale.Verdict, now time.Time) (string, error) {
	own, _ := p.For(i)
	page := Page{Thing: thing(i.Snapshot), Author: plan.Neutral(i.Author), Wakes: o.UnstaleOnActivity, Help: o.Help}
	for _, l := range stages(i.Snapshot) {
		page.Was = strings.TrimPrefix(l, "lifecycle/")
	}
	next, after := stale.Nothing, time.Duration(0)
	switch v.Action {
	case stale.GoStale:
		page.Idle, page.Command = stale.Days(own.Stale), "/remove-lifecycle stale"
		next, after = stale.GoRotten, own.Rotten
		if after == 0 {
			next, after = stale.GoClosed, own.Close
		}
	case stale.GoRotten:
		page.Idle, page.Command = stale.Days(own.Rotten), "/remove-lifecycle rotten"
		next, after = stale.GoClosed, own.Close
	case stale.GoClosed:
		page.Idle, page.Command = stale.Days(own.Close), "/reopen"
	}
	if after > 0 {
		page.Next, page.NextOn = nextWords[next], now.Add(after).UTC().Format(stale.Day)
	}
	name, text := o.Texts.of(v.Action)
	return fill(name, text, page)
}

func thing(s issue.Snapshot) string {
	if s.PullRequest {
		return "pull request"
	}
	return "issue"
}

func oneOf(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "`" + w + "`"
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
}

func textWord(a plugin.Args, words []string) error {
	s := fmt.Sprintf("%s: `/%s` needs one of %s.", plan.Quote(a.Line), a.Name, oneOf(words))
	first, _, _ := strings.Cut(strings.ToLower(a.Rest), " ")
	if near := plugin.Suggest(first, words); near != "" {
		s += fmt.Sprintf(" Did you mean `/%s %s`?", a.Name, near)
	}
	return plugin.Userf("%s", s)
}

func textFrozenPull() error {
	return plugin.Userf("Pull requests cannot be frozen.")
}

func textOther(asked, there string) error {
	return plugin.Userf("This issue has `%s`, not `%s`. `/remove-%s` removes it.", there, asked, strings.Replace(there, "/", " ", 1))
}

func textReason(a plugin.Args, words []string) error {
	s := fmt.Sprintf("%s: `/close` takes no argument, or one of %s.", plan.Quote(a.Line), oneOf(words))
	if near := plugin.Suggest(strings.ToLower(strings.ReplaceAll(a.Rest, " ", "-")), words); near != "" {
		s += fmt.Sprintf(" Did you mean `/close %s`?", near)
	}
	return plugin.Userf("%s", s)
}

func textPullReason(word string) error {
	return plugin.Userf("GitHub closes pull requests without a reason, so `%s` is not possible here. `/close` closes it.", word)
}

func textMayNotClose(s issue.Snapshot) error {
	return plugin.Userf("`/close` is for the author and collaborators here; please ask %s. Anyone may close an issue that someone else "+
		"marked stale or rotten.", plan.Quote(s.Author))
}

func textMayNotReopen(s issue.Snapshot) error {
	return plugin.Userf("`/reopen` is for the author and collaborators; please ask %s.", plan.Quote(s.Author))
}

func textClosedAs(reason string) error {
	return plugin.Userf("It is closed already, as %s. `/reopen` it first if that is wrong.", strings.ReplaceAll(reason, "_", " "))
}

func textNothingAfter(a plugin.Args) error {
	return plugin.Userf("%s: `/%s` takes no argument.", plan.Quote(a.Line), a.Name)
}
