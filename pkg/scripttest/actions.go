package scripttest

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/story"
)

// actions are what can happen in a story. The first group of the pattern is who does it.
var actions = []struct {
	pattern *regexp.Regexp
	do      func(w *world, m []string, data string)
}{
	{exact(`(\S+) comments`), func(w *world, m []string, data string) {
		w.comments = append(w.comments, w.sim.Comment(w.ref, w.login(m[1]), data))
	}},
	{exact(`(\S+) edits comment(?: (\d+))?`), func(w *world, m []string, data string) {
		w.sim.EditComment(w.comment(m[2]), w.login(m[1]), data)
	}},
	{exact(`(\S+) deletes comment(?: (\d+))?`), func(w *world, m []string, _ string) {
		w.sim.DeleteComment(w.comment(m[2]), w.login(m[1]))
	}},
	{exact(`(\S+) edits body`), func(w *world, m []string, data string) {
		w.sim.EditBody(w.ref, w.login(m[1]), replace(w.sim.Issue(w.ref).Body, data))
	}},
	{exact(`(\S+) opens`), func(w *world, m []string, _ string) { w.open(w.login(m[1])) }},
	{exact(`(\S+) closes(?: as (\S+))?`), func(w *world, m []string, _ string) {
		reason := m[2]
		if reason == "" {
			reason = "completed"
		}
		w.sim.Close(w.ref, w.login(m[1]), reason)
	}},
	{exact(`(\S+) merges a fix`), func(w *world, m []string, _ string) {
		w.sim.CloseByCommit(w.ref, w.login(m[1]), "4f1c2d3e")
	}},
	{exact(`(\S+) opens an issue in (\S+/\S+?)(?: with (\S+))?: (.+)`), func(w *world, m []string, data string) {
		w.elsewhere(m[2])
		w.sim.OpenIssue(m[2], w.login(m[1]), m[4], data, story.List(m[3])...)
	}},
	{exact(`(\S+) opens a pull request in (\S+/\S+): (.+)`), func(w *world, m []string, data string) {
		w.elsewhere(m[2])
		w.sim.OpenPull(m[2], w.login(m[1]), m[3], data)
	}},
	{exact(`owner writes (\S+) in (\S+/\S+)`), func(w *world, m []string, data string) {
		w.elsewhere(m[2])
		w.sim.AddFile(m[2], m[1], data)
	}},
	{exact(`(\S+) is private`), func(w *world, m []string, _ string) { w.sim.SetPrivate(m[1], true) }},
	{exact(`(\S+) may read (\S+/\S+)`), func(w *world, m []string, _ string) { w.sim.SetRole(m[2], w.login(m[1]), "read") }},
	{exact(`(\S+) edits the status comment`), func(w *world, m []string, data string) {
		for _, c := range w.sim.Comments(w.ref) {
			if strings.Contains(c.Body, "<!-- ddbot-state:") {
				w.sim.EditComment(c.ID, w.login(m[1]), replace(c.Body, data))
			}
		}
	}},
	{exact(`(\S+) commits (\S+) to (\S+) of (\S+/\S+)`), func(w *world, m []string, data string) {
		w.sim.Commit(m[4], m[3], w.login(m[1]), m[2], replace(w.sim.File(m[4], m[3], m[2]), data))
	}},
	{exact(`(\S+) merges (\S+/\S+#[0-9]+)`), func(w *world, m []string, _ string) {
		ref, err := issue.ParseRef(m[2])
		if err != nil {
			w.t.Fatal(err)
		}
		w.sim.Merge(ref, w.login(m[1]))
	}},
	{exact(`owner deletes the branch (\S+) of (\S+/\S+)`), func(w *world, m []string, _ string) { w.sim.DeleteBranch(m[2], m[1]) }},
	{exact(`there is (\S+/\S+)`), func(w *world, m []string, _ string) { w.elsewhere(m[1]) }},
	{exact(`owner makes a label (\S+) in (\S+/\S+)`), func(w *world, m []string, _ string) { w.sim.AddLabel(m[2], m[1]) }},
	{exact(`(\S+) closes (\S+/\S+#[0-9]+)`), func(w *world, m []string, _ string) {
		ref, err := issue.ParseRef(m[2])
		if err != nil {
			w.t.Fatal(err)
		}
		w.sim.Close(ref, "owner", "completed")
	}},
	{exact(`(\S+) labels (\S+/\S+#[0-9]+) with (\S+)`), func(w *world, m []string, _ string) {
		ref, err := issue.ParseRef(m[2])
		if err != nil {
			w.t.Fatal(err)
		}
		w.sim.AddLabels(ref, "owner", story.List(m[3])...)
	}},
	{exact(`(\S+) reopens`), func(w *world, m []string, _ string) { w.sim.Reopen(w.ref, w.login(m[1])) }},
	{exact(`(\S+) labels (.+)`), func(w *world, m []string, _ string) { w.sim.AddLabels(w.ref, w.login(m[1]), story.List(m[2])...) }},
	{exact(`(\S+) unlabels (.+)`), func(w *world, m []string, _ string) { w.sim.RemoveLabel(w.ref, w.login(m[1]), m[2]) }},
	{exact(`(\S+) assigns (.+)`), func(w *world, m []string, _ string) { w.sim.Assign(w.ref, w.login(m[1]), story.List(m[2])...) }},
	{exact(`(\S+) locks`), func(w *world, m []string, _ string) { w.sim.Lock(w.ref, w.login(m[1]), "resolved") }},
	{exact(`(\S+) transfers to (\S+)`), func(w *world, m []string, _ string) { w.sim.Transfer(w.ref, w.login(m[1]), m[2]) }},
	{exact(`(\S+) deletes`), func(w *world, m []string, _ string) { w.sim.Delete(w.ref, w.login(m[1])) }},
	{exact(`(\S+) joins (\S+/\S+)`), func(w *world, m []string, _ string) { w.sim.AddTeam(m[2], w.login(m[1])) }},
	{exact(`a label (.+) is made`), func(w *world, m []string, _ string) { w.sim.AddLabel(w.repo, m[1]) }},
	{exact(`a milestone (.+) is made`), func(w *world, m []string, _ string) { w.sim.AddMilestone(w.repo, m[1]) }},
	{exact(`(\S+) pass(?:es)?`), func(w *world, m []string, _ string) { w.pass(m[1]) }},
	{exact(`the sweep runs`), func(w *world, _ []string, _ string) {
		if w.workflow != nil {
			w.deliver()
			w.runs()
			w.runAction("schedule", []byte("{}"))
			return
		}
		if err := w.sweep(); err != nil {
			w.t.Fatal(err)
		}
	}},
	{exact(`deliveries get lost`), func(w *world, _ []string, _ string) { w.sim.SetMode(githubsim.Drop) }},
	{exact(`deliveries arrive`), func(w *world, _ []string, _ string) { w.sim.SetMode(githubsim.Deliver) }},
	{exact(`the checks run`), func(w *world, _ []string, _ string) {
		if err := engine.Checks(context.Background(), sweepStore{w.inbox}, w.sim.Clock().Now()); err != nil {
			w.t.Fatal(err)
		}
	}},
	{exact(`the same delivery again`), func(w *world, _ []string, _ string) {
		all := w.sim.Deliveries()
		w.sim.Redeliver(all[len(all)-1].GUID)
	}},
}

// patterns are what a story may hold.
func patterns() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(actions))
	for i, a := range actions {
		out[i] = a.pattern
	}
	return out
}

// elsewhere makes another repository, the first time that somebody does something there.
func (w *world) elsewhere(repo string) {
	if !w.repos[repo] {
		w.repos[repo] = true
		w.sim.AddRepo(repo, "owner")
	}
}

func exact(p string) *regexp.Regexp { return regexp.MustCompile("^" + p + "$") }

func (w *world) act(a story.Action) error {
	for _, known := range actions {
		m := known.pattern.FindStringSubmatch(a.Text)
		if m == nil {
			continue
		}
		run := func() error {
			return w.sim.Try(func() { known.do(w, m, strings.ReplaceAll(a.Data, "\n", w.eol)) })
		}
		if a.Before == "" {
			return run()
		}
		w.at(a.Before, run)
		return nil
	}
	return fmt.Errorf("nothing is known of the action %q", a.Text)
}

// replace makes each "old => new" line so in the text.
func replace(text, data string) string {
	for _, l := range strings.Split(strings.ReplaceAll(data, "\r\n", "\n"), "\n") {
		if from, to, ok := strings.Cut(l, " => "); ok {
			text = strings.Replace(text, from, to, 1)
		} else if l != "" {
			text += "\n" + l
		}
	}
	return text
}

// pass lets days ("90d") or a Go duration go by.
func (w *world) pass(d string) {
	if days, ok := strings.CutSuffix(d, "d"); ok {
		if n, err := time.ParseDuration(days + "h"); err == nil {
			w.sim.Clock().Advance(24 * n)
			w.passed = true
			return
		}
	}
	n, err := time.ParseDuration(d)
	if err != nil {
		w.t.Fatalf("%q is no time to pass: %v", d, err)
	}
	w.sim.Clock().Advance(n)
	w.passed = true
}

func (w *world) comment(no string) int64 {
	if no == "" {
		return w.comments[len(w.comments)-1]
	}
	var n int
	if _, err := fmt.Sscan(no, &n); err != nil || n < 1 || n > len(w.comments) {
		w.t.Fatalf("there is no comment %s", no)
	}
	return w.comments[n-1]
}

// login makes sure that the person exists.
func (w *world) login(name string) string {
	if name == "ddbot[bot]" || w.people[name] {
		return name
	}
	w.people[name] = true
	if strings.HasSuffix(name, "[bot]") {
		w.sim.AddBot(name)
	} else {
		w.sim.AddUser(name)
	}
	return name
}

func (w *world) open(as string) issue.Ref {
	h := w.script.Header
	title := h["title"]
	if title == "" {
		title = "Move to incubation"
	}
	body := strings.ReplaceAll(w.script.Body, "\n", w.eol)
	if h["pull"] == "yes" {
		w.ref = w.sim.OpenPull(w.repo, as, title, body)
	} else {
		w.ref = w.sim.OpenIssue(w.repo, as, title, body)
	}
	if labels := w.script.Header.List("labels"); len(labels) > 0 {
		w.sim.AddLabels(w.ref, "owner", labels...) // GitHub drops those of an author who may not set any
	}
	return w.ref
}
