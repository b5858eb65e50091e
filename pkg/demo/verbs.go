package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/story"
)

// verbs are what can happen in a story; see package story. The first group is who does it.
var verbs = []verbOf{
	verb(`comments`, func(w *World, m []string, data string) error { return w.say(m[1], data) }),
	verb(`edits comment(?: (\d+))?`, func(w *World, m []string, data string) error {
		return w.onComment(m[2], func(id int64) { w.sim.EditComment(id, m[1], data) })
	}),
	verb(`deletes comment(?: (\d+))?`, func(w *World, m []string, _ string) error {
		return w.onComment(m[2], func(id int64) { w.sim.DeleteComment(id, m[1]) })
	}),
	verb(`edits body`, plain(func(w *World, m []string, data string) {
		w.sim.EditBody(w.ref, m[1], replaced(w.sim.Issue(w.ref).Body, data))
	})),
	verb(`opens`, plain(func(w *World, m []string, _ string) { w.open(m[1]) })),
	verb(`closes(?: as (\S+))?`, plain(func(w *World, m []string, _ string) { w.sim.Close(w.ref, m[1], m[2]) })),
	verb(`merges a fix`, plain(func(w *World, m []string, _ string) { w.sim.CloseByCommit(w.ref, m[1], "4f1c2d3e") })),
	verb(`reopens`, plain(func(w *World, m []string, _ string) { w.sim.Reopen(w.ref, m[1]) })),
	verb(`labels (.+)`, plain(func(w *World, m []string, _ string) { w.sim.AddLabels(w.ref, m[1], story.List(m[2])...) })),
	verb(`unlabels (.+)`, plain(func(w *World, m []string, _ string) { w.sim.RemoveLabel(w.ref, m[1], m[2]) })),
	verb(`assigns (.+)`, func(w *World, m []string, _ string) error {
		for _, login := range story.List(m[2]) {
			if err := w.known(login); err != nil {
				return err
			}
		}
		w.sim.Assign(w.ref, m[1], story.List(m[2])...)
		return nil
	}),
	verb(`locks`, plain(func(w *World, m []string, _ string) { w.sim.Lock(w.ref, m[1], "resolved") })),
	verb(`transfers to (\S+/\S+)`, plain(func(w *World, m []string, _ string) {
		w.sim.AddRepo(m[2], owner)
		w.sim.SetRole(m[2], m[1], "admin")
		w.sim.Transfer(w.ref, m[1], m[2])
	})),
	verb(`deletes`, plain(func(w *World, m []string, _ string) { w.sim.Delete(w.ref, m[1]) })),
	verb(`joins (\S+/\S+)`, plain(func(w *World, m []string, _ string) { w.sim.AddTeam(m[2], m[1]) })),
	{regexp.MustCompile(`^a label (.+) is made$`), plain(func(w *World, m []string, _ string) { w.sim.AddLabel(w.seed.Repo, m[1]) })},
	{regexp.MustCompile(`^a milestone (.+) is made$`), plain(func(w *World, m []string, _ string) { w.sim.AddMilestone(w.seed.Repo, m[1]) })},
	{regexp.MustCompile(`^(\S+) pass(?:es)?$`), func(w *World, m []string, _ string) error {
		d, err := parseTime(m[1])
		if err != nil {
			return err
		}
		return w.pass(d, false)
	}},
	{regexp.MustCompile(`^the sweep runs$`), func(w *World, _ []string, _ string) error {
		w.due = true
		return nil
	}},
	{regexp.MustCompile(`^the same delivery again$`), func(w *World, _ []string, _ string) error {
		all := w.sim.Deliveries()
		w.sim.Redeliver(all[len(all)-1].GUID)
		return nil
	}},
}

// verbOf is one thing that can happen.
type verbOf struct {
	pattern *regexp.Regexp
	do      func(w *World, m []string, data string) error
}

// verb is something that a person does, who exists from then on.
func verb(what string, do func(*World, []string, string) error) verbOf {
	return verbOf{regexp.MustCompile(`^(\S+) ` + what + `$`), func(w *World, m []string, data string) error {
		if err := w.known(m[1]); err != nil {
			return err
		}
		return do(w, m, data)
	}}
}

// plain is a verb that only GitHub can refuse.
func plain(do func(*World, []string, string)) func(*World, []string, string) error {
	return func(w *World, m []string, data string) error {
		do(w, m, data)
		return nil
	}
}

// onComment finds the nth comment that a person wrote, or the last one.
func (w *World) onComment(no string, do func(id int64)) error {
	n, err := len(w.comments), error(nil)
	if no != "" {
		n, err = strconv.Atoi(no)
	}
	if err != nil || n < 1 || n > len(w.comments) {
		return fmt.Errorf("there is no comment %s", no)
	}
	do(w.comments[n-1])
	return nil
}

// replaced makes each "old => new" line so in the text, and appends other lines.
func replaced(text, data string) string {
	for l := range strings.SplitSeq(data, "\n") {
		if from, to, ok := strings.Cut(l, " => "); ok {
			text = strings.Replace(text, from, to, 1)
		} else if l != "" {
			text += "\n" + l
		}
	}
	return text
}

// hold keeps webhooks back, so that the bot sees all of a step at once.
func (w *World) hold(yes bool) {
	if yes {
		w.sim.SetMode(githubsim.Hold)
	} else {
		w.sim.SetMode(githubsim.Deliver)
	}
}

// ambush lets somebody act just before the bot's next call of a method to the issue. The function tells how that went.
func (w *World) ambush(a act) func() error {
	var done atomic.Bool
	var failed atomic.Value
	cancel := w.sim.Before(func(c githubsim.Call) {
		if c.As != Bot || c.Method != a.before || !strings.HasSuffix(c.Path, "/issues/{issue_number}") || done.Swap(true) {
			return
		}
		var err error
		if refused := w.sim.Try(func() { err = a.do(w) }); refused != nil {
			err = refused
		}
		if err != nil {
			failed.Store(err)
		}
	})
	return func() error {
		cancel()
		if err, ok := failed.Load().(error); ok {
			return err
		}
		if !done.Load() {
			return fmt.Errorf("something was to happen before the bot's %s, but it made none", a.before)
		}
		return nil
	}
}
