package report

import (
	"strings"
	"testing"

	known "github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/scripttest"
	"github.com/ddbot/ddbot/pkg/template"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/diligence"
	"github.com/ddbot/ddbot/plugins/stage"
)

func TestStories(t *testing.T) {
	scripttest.Run(t, []plugin.Plugin{dd.Plugin{}, stage.Plugin{}, Plugin{}, diligence.Plugin{}})
}

// on is an issue with that description and nothing else known.
func on(body string, labels ...string) (plugin.Input, *fact.Set) {
	facts := &fact.Set{}
	return plugin.Input{
		Issue: issue.Snapshot{Ref: issue.Ref{Owner: "cncf", Repo: "toc", Number: 7}, Title: "[Graduation] Foo", Body: body, Labels: labels},
		Facts: facts, Options: Plugin{}.Options(), Status: func() (fact.Status, error) { return fact.Status{}, nil },
	}, facts
}

// applications are the known versions for a level, the oldest first.
func applications(level string) (out []*template.Version) {
	for i, v := range template.Versions() {
		if v.Kind == template.Application && v.Level == level {
			out = append(out, &template.Versions()[i])
		}
	}
	return out
}

// TestKnownTemplates: from each version of the TOC's templates a description moves to the newest, a tick and a text with it, and the
// preview of its report fits into a comment and is none that anybody is notified by.
func TestKnownTemplates(t *testing.T) {
	for _, level := range []string{template.Incubation, template.Graduation} {
		all := applications(level)
		for _, v := range all[max(0, len(all)-8):] {
			body := strings.ReplaceAll(v.Text[v.Outline().Front:], "$PROJECT", "Foo")
			body = strings.Replace(body, "- [ ] ", "- [x] ", 1) + "\nAsk @somebody.\n"
			in, _ := on(body, "level/"+level)
			effects, err := migrate(in, plugin.Args{Rest: "apply"})
			if v == all[len(all)-1] {
				if err == nil || !strings.Contains(err.Error(), "already") {
					t.Errorf("%s is the newest: %v", v.Name(), err)
				}
			} else if err != nil || len(effects) != 2 {
				t.Errorf("%s: %v", v.Name(), err)
			} else {
				w := plan.NewDraft(in.Issue)
				if err := w.Fold(effects); err != nil || strings.Count(w.Issue.Body, "[x]") != strings.Count(body, "[x]") || !strings.Contains(w.Issue.Body, "Ask @somebody.") {
					t.Errorf("%s: %v\n%s", v.Name(), err, w.Issue.Body)
				}
			}
			fixed(t, in, v.Name())
			effects, err = preview(in, plugin.Args{})
			if err != nil || len(effects) != 1 {
				t.Errorf("%s: %v", v.Name(), err)
				continue
			}
			text := effects[0].(plan.Reply).Text
			if n := len([]rune(text)); n > plan.MaxComment*3/4 || n < 5000 || strings.Contains(text, "@somebody") || !strings.HasSuffix(text, "</details>") {
				t.Errorf("%s: the preview has %d characters:\n%s", v.Name(), n, text)
			}
		}
	}
}

// fixed makes sure that a report that was just written is up to date: else it would be written again and again.
func fixed(t *testing.T, in plugin.Input, name string) {
	t.Helper()
	d, err := read(in)
	if err != nil {
		t.Fatal(err)
	}
	d.state = d.state.Sponsor("sam", false, in.Now)
	for _, i := range d.list.Items() {
		item := known.ItemOf(i)
		d.state, _ = d.state.Ask(known.Question{Item: &item, Text: "Since when?", By: "stan"})
		d.state = d.state.Link(known.Link{Item: item, To: "foo/foo#1", State: "open"})
	}
	first, conflicts, err := d.file(in, fact.Branch{})
	if err != nil || len(conflicts) > 0 || !strings.Contains(first, ": Since when? (stan)") || !strings.Contains(first, "[foo/foo#1](https://github.com/foo/foo/issues/1) is open") {
		t.Fatalf("%s: %v, %v\n%s", name, err, conflicts, first)
	}
	second, conflicts, err := d.file(in, fact.Branch{File: fact.File{Text: first, Found: true}})
	if err != nil || len(conflicts) > 0 || second != first {
		t.Errorf("%s: %v, %v: it is not up to date when it was just written", name, err, conflicts)
	}
}

// TestLongReport: what does not fit is left out at the end of a paragraph, within the fold.
func TestLongReport(t *testing.T) {
	text := folded("The report", strings.Repeat("- [ ] one\n\n```\nx\n```\n\n", 4000))
	if n := len([]rune(text)); n > mostShown+500 || !strings.Contains(text, "It goes on: ") || !strings.Contains(text, "\n````\n") || !strings.HasSuffix(text, "</details>") {
		t.Errorf("%d characters, ends %q", n, text[len(text)-200:])
	}
}

// TestTracker: a project's own tracker moves to the tracker that the newest template makes, not to an application.
func TestTracker(t *testing.T) {
	all := applications(template.Graduation)
	old := all[len(all)-4]
	in, _ := on(template.Begin(old, template.Tracker, "Foo", "foo/foo"))
	effects, err := migrate(in, plugin.Args{Rest: "apply"})
	if err != nil {
		t.Fatal(err)
	}
	w := plan.NewDraft(in.Issue)
	if err := w.Fold(effects); err != nil || !strings.HasPrefix(w.Issue.Body, "# Foo: the way to graduation") || strings.Contains(w.Issue.Body, "Graduation Application") {
		t.Errorf("%v\n%s", err, w.Issue.Body)
	}
}

// TestVersions: a version is named by a day, a commit, a hash, or not at all.
func TestVersions(t *testing.T) {
	all := applications(template.Graduation)
	newest, other := all[len(all)-1], all[len(all)-3]
	d := doc{level: template.Graduation}
	in, _ := on("")
	for rest, want := range map[string]*template.Version{
		"": newest, "newest": newest, "--to newest": newest, "to " + other.Date: other, other.Date: other, "—to " + other.Hash: other,
		"--to " + other.Commit[:10]: other, "1999-01-01": nil, "--to": nil, "a b": nil, "zzzz": nil,
	} {
		if v, err := d.wanted(in, plugin.Args{}, rest); v != want || (err == nil) != (want != nil) {
			t.Errorf("%q: %v, %v", rest, v, err)
		}
	}
}

// TestFrontMatter: what GitHub takes from an issue's template.
func TestFrontMatter(t *testing.T) {
	for text, want := range map[string]string{
		"---\ntitle: \"[X] $PROJECT\"\nlabels:\n- kind/dd\n- toc\n---\n": "[X] $PROJECT|kind/dd,toc",
		"---\ntitle: X\nlabels: a, b c\n---\n":                           "X|a,b c",
		"---\ntitle: X\nlabels: [a]\nassignees: ''\n---\n":               "X|a",
		"---\nlabels: {a: b}\n---\n":                                     "|",
		"---\n: [\n---\n":                                                "|",
		"":                                                               "|",
	} {
		title, labels := frontMatter(text)
		if got := title + "|" + strings.Join(labels, ","); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestOptions: what is no name and no address is found when the configuration is read.
func TestOptions(t *testing.T) {
	for want, change := range map[string]func(*Options){
		"":                                    func(*Options) {},
		"templates.l.report: ":                func(o *Options) { o.Templates = map[string]Templates{"l": {Report: "report.md"}} },
		"pull.repository: ":                   func(o *Options) { o.Pull.Repository = "toc" },
		"pull.path: it would be \"../x\"":     func(o *Options) { o.Pull.Path = "../x" },
		"pull.path: it would be \"a//b\"":     func(o *Options) { o.Pull.Path = "a//b" },
		"pull.branch: ":                       func(o *Options) { o.Pull.Branch = "{{.Nonsense}}" },
		"levelChange.repository: ":            func(o *Options) { o.LevelChange.Repository = "a/b/c" },
		"levelChange.template: a template is": func(o *Options) { o.LevelChange.Template = "https://example.org/x.md" },
	} {
		o := Plugin{}.Options().(*Options)
		change(o)
		errs := o.Validate()
		if want == "" && len(errs) == 0 || want != "" && len(errs) == 1 && strings.HasPrefix(errs[0].Error(), want) {
			continue
		}
		t.Errorf("%q: %v", want, errs)
	}
}

// TestLevelLinks: where the vote was on the pull request, that is what both links lead to, unless another one is named.
func TestLevelLinks(t *testing.T) {
	in, facts := on("- [ ] One\n")
	in.Options.(*Options).LevelChange.Vote = "git-vote[bot]"
	facts.Put(fact.Key{Kind: fact.KindLatestBy, Arg: "git-vote[bot]"}, int64(5))
	at := "https://github.com/cncf/toc/"
	for _, c := range []struct {
		on, named string
		want      levelLinks
	}{
		{"", "", levelLinks{at + "issues/7", "", at + "issues/7#issuecomment-5"}},
		{"cncf/toc#9", "", levelLinks{at + "issues/7", at + "pull/9", at + "pull/9"}},
		{"cncf/toc#9", "#8", levelLinks{at + "issues/7", at + "pull/8", at + "pull/9"}},
		{"", "https://github.com/cncf/toc/pull/8", levelLinks{at + "issues/7", at + "pull/8", at + "issues/7#issuecomment-5"}},
	} {
		d := doc{state: known.State{Vote: known.Vote{State: "passed", On: c.on}}}
		if got, err := d.levelLinks(in, plugin.Args{Rest: c.named}); err != nil || got != c.want {
			t.Errorf("%q, %q: %+v, %v", c.on, c.named, got, err)
		}
	}
}
