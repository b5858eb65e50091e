package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// What an engine does that stands alone, as in an Action: nobody tells it of its own edits, and nothing keeps its plans.

// TestEdited: whoever stands alone hears of an edit when it took effect and before anybody is answered, with the records by which the
// edit is known again; of what did not change the description it hears nothing.
func TestEdited(t *testing.T) {
	for _, c := range []struct {
		name, command string
		refused       bool
		want          bool
	}{
		{"an edit alone", "/dd done part.1", false, true},
		{"an edit and a label", "/dd done part.1\n/kind bug", false, true},
		{"an edit that GitHub refused", "/dd done part.1", true, false},
		{"a label", "/kind bug", false, false},
		{"closing", "/close", false, false},
		{"a reply", "/dd status", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			if c.refused {
				r.refuses(patchIssue)
			}
			var kinds []string
			mine := event.Key(r.sim.Issue(r.ref).RepoID, r.ref.Number)
			r.engine.Edited = func(_ context.Context, key string, records []queue.Record) error {
				for _, x := range records {
					kinds = append(kinds, x.Kind)
					if key != mine || !strings.HasPrefix(x.ID, key+"/") {
						t.Errorf("a record of %s for %s", x.ID, key)
					}
				}
				if i := r.sim.Issue(r.ref); !strings.Contains(i.Body, "[x] One") || len(i.Comments[0].Reactions)+len(r.said()) > 0 || i.HasLabel("kind/bug") {
					t.Errorf("it is told after something else: %+v", i)
				}
				return nil
			}
			r.comment("bob", c.command)
			r.settle()
			if got := strings.Join(kinds, " "); got != "wrote unseen" && c.want || got != "" && !c.want {
				t.Errorf("told of records %q", got)
			}
			for _, kind := range []string{"wrote", "unseen"} {
				if rs, err := r.db.List(t.Context(), kind, "", 0); err != nil || len(rs) > 0 {
					t.Errorf("kept once more: %v, %v", rs, err)
				}
			}
		})
	}
}

// TestEditedFails: where the edit cannot be looked at, nothing after it is done, and the batch is not over.
func TestEditedFails(t *testing.T) {
	for _, command := range []string{"/dd done part.1", "/dd done part.1\n/kind bug"} {
		r := newRig(t)
		broken := errors.New("no history")
		r.engine.Edited = func(context.Context, string, []queue.Record) error { return broken }
		r.comment("bob", command)
		if err := r.handle(); !errors.Is(err, broken) {
			t.Errorf("%s: it ends with %v", command, err)
		}
		if i := r.sim.Issue(r.ref); len(i.Comments[0].Reactions) > 0 || i.HasLabel("kind/bug") {
			t.Errorf("%s: it goes on", command)
		}
	}
}

// TestKnown: where the issue is known as it is, that counts, and not what the payload shows.
func TestKnown(t *testing.T) {
	for name, known := range map[string]bool{"known": true, "not known": false} {
		r := newRig(t)
		r.engine.Known = func(ref issue.Ref) (issue.Snapshot, bool) {
			s := r.sim.Issue(ref).Snapshot
			s.Body = strings.Replace(s.Body, "[ ] One", "[x] One", 1)
			return s, known
		}
		r.comment("bob", "/dd status")
		r.settle()
		want := map[bool]string{true: "1 of 2", false: "0 of 2"}[known]
		if got := r.said(); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: it says %q, want %s", name, got, want)
		}
	}
}

// alone is a batch of a run that stands alone: its plan is kept nowhere, or is one that was thought out anew.
type alone struct {
	queue.Batch
	plan *queue.Plan
}

func (a *alone) Plan() *queue.Plan                       { return a.plan }
func (a *alone) Save(context.Context, []byte) error      { return nil }
func (a *alone) Done(context.Context, int, []byte) error { return nil }

// TestNoticeAlone: a run that remembers nothing looks whether its notice is there before it writes one.
func TestNoticeAlone(t *testing.T) {
	r := newRig(t)
	r.settings = plugin.DefaultSettings([]plugin.Plugin{blurts{}})
	r.engine.Edited = func(context.Context, string, []queue.Record) error { return nil }
	for range 2 {
		r.comment("bob", "Words.")
		r.settle()
	}
	if got := r.said(); len(got) != 1 {
		t.Errorf("it says %q", got)
	}
}

// blurts is a plugin that writes a notice without looking whether it has.
type blurts struct{ act }

func (blurts) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !event.Is[event.CommentCreated](in.Event.Kind) {
		return nil, nil
	}
	return []plan.Effect{plan.Notice{Key: "news", Text: "News."}}, nil
}

// TestNoticeFirst: where nobody can resume what is due, the notice goes before the step that it tells of, so that a killed run is known by
// it; the status comment, which says what was done, goes after it. Where somebody waits for an answer, the answer is the last.
func TestNoticeFirst(t *testing.T) {
	const label, comment = "POST issues/{issue_number}/labels", "POST issues/{issue_number}/comments"
	for _, c := range []struct {
		name   string
		edited bool
		notice string
		want   string
	}{
		{"a notice, alone", true, "stale", comment + ", " + label},
		{"a notice, with a server", false, "stale", label + ", " + comment},
		{"the status, alone", true, "status", label + ", " + comment},
	} {
		r := newRig(t)
		r.apart()
		r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.Due], []plan.Effect{
			plan.AddLabels{Labels: []string{"kind/bug"}}, plan.Notice{Key: c.notice, Text: "It was due."},
		}}})
		if c.edited {
			r.engine.Edited = func(context.Context, string, []queue.Record) error { return nil }
		}
		r.settle()
		r.writes()
		r.due(event.Due{})
		if err := r.handle(); err != nil {
			t.Fatal(err)
		}
		if got := r.writes(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestSketch: a plan on the issue as it may have been, of which nothing is sent.
func TestSketch(t *testing.T) {
	for _, c := range []struct{ name, command, body, want string }{
		{"as it was", "/dd done part.1\n/kind bug", "## Part\n\n- [ ] One holds\n- [ ] Two holds\n", "PATCH issue body, POST labels kind/bug, POST reaction +1"},
		{"as it is", "/dd done part.1\n/kind bug", "## Part\n\n- [x] One holds\n- [ ] Two holds\n", "POST labels kind/bug, POST reaction +1"},
		{"nothing to do", "Words.", "", ""},
		{"none of ours", "not ours", "", ""},
	} {
		r := newRig(t)
		r.settle()
		r.writes()
		if c.command == "not ours" {
			r.settings = nil
		}
		planned := false
		var got []string
		r.wrap = func(b queue.Batch) queue.Batch {
			was := r.sim.Issue(r.ref).Snapshot
			was.Body = c.body
			requests, data, err := r.engine.Sketch(t.Context(), b, was)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range requests {
				got = append(got, q.String())
			}
			var saved struct{ Requests []plan.Request }
			if err := json.Unmarshal(data, &saved); len(data) > 0 && (err != nil || len(saved.Requests) != len(requests)) {
				t.Errorf("%s: the plan is %s, %v", c.name, data, err)
			}
			if w := r.writes(); w != "" {
				t.Errorf("%s: it writes %s", c.name, w)
			}
			planned = true
			return b
		}
		r.comment("bob", c.command)
		if err := r.handle(); err != nil || !planned {
			t.Fatal(err)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

// TestUnnoted: of a plan whose answers nobody noted each request may have been sent. What took effect is left out, wherever it stands;
// the rest is sent, and if not even the edit was made, all is planned anew.
func TestUnnoted(t *testing.T) {
	const edit, label, unlabel, react = "PATCH issues/{issue_number}", "POST issues/{issue_number}/labels",
		"DELETE issues/{issue_number}/labels/{name}", "POST issues/comments/{comment_id}/reactions"
	for _, c := range []struct {
		name string
		did  []string // what was done already
		want string
	}{
		{"nothing", nil, strings.Join([]string{edit, label, unlabel, react}, ", ")},
		{"the edit", []string{edit}, strings.Join([]string{label, unlabel, react}, ", ")},
		{"the edit and the label", []string{edit, label}, unlabel + ", " + react},
		{"the edit and the last", []string{edit, unlabel}, label + ", " + react},
		{"all but the answer", []string{edit, label, unlabel}, react},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.settle()
			r.writes()
			r.comment("bob", "/dd done part.1\n/kind bug\n/remove-kind dd")
			r.wrap = func(b queue.Batch) queue.Batch {
				_, data, err := r.engine.Sketch(t.Context(), b, r.sim.Issue(r.ref).Snapshot)
				if err != nil {
					t.Fatal(err)
				}
				at := r.now()
				r.after(10 * time.Second)
				for _, did := range c.did {
					switch did {
					case edit:
						r.sim.EditBody(r.ref, bot, strings.Replace(r.sim.Issue(r.ref).Body, "[ ] One", "[x] One", 1))
					case label:
						r.sim.AddLabels(r.ref, bot, "kind/bug")
					case unlabel:
						r.sim.RemoveLabel(r.ref, bot, "kind/dd")
					}
				}
				r.writes()
				return &alone{b, &queue.Plan{Data: data, SavedAt: at, Unnoted: true}}
			}
			if err := r.handle(); err != nil {
				t.Fatal(err)
			}
			if got := r.writes(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestUnchecked: what ddbot wrote into the description and no event has told of yet, until somebody says that one has.
func TestUnchecked(t *testing.T) {
	r := newRig(t)
	r.sim.SetMode(githubsim.Drop)
	r.comment("bob", "/dd done part.1")
	last := r.comment("bob", "/dd done part.2")
	for _, d := range r.sim.Deliveries() {
		if d.Event != "issue_comment" {
			continue
		}
		r.queue(queue.Delivery{GUID: d.GUID, Event: d.Event, Payload: d.Payload})
		if err := r.handle(); err != nil {
			t.Fatal(err)
		}
	}
	if r.reactions(last) != 1 {
		t.Fatal("it is not done")
	}
	for n, want := range []string{"[x] One [ ] Two, [x] One [x] Two", ""} {
		texts, told, err := engine.Unchecked(t.Context(), r.db, r.key)
		for i, text := range texts {
			texts[i] = strings.Join(strings.Fields(strings.NewReplacer("## Part", "", "-", "", "holds", "").Replace(text)), " ")
		}
		if got := strings.Join(texts, ", "); err != nil || got != want || len(told) != len(texts) {
			t.Errorf("%d: %q, %v, %v", n, got, told, err)
		}
		if other, _, err := engine.Unchecked(t.Context(), r.db, r.key+"1"); err != nil || len(other) > 0 {
			t.Errorf("of another issue: %q, %v", other, err)
		}
		if err := r.db.PutAll(t.Context(), told...); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := engine.Unchecked(t.Context(), forgetful{}, r.key); err == nil {
		t.Error("a memory that is gone is no error")
	}
}

// TestAskedForLabel: who is known from elsewhere to have asked for a label is named as the one who put it on.
func TestAskedForLabel(t *testing.T) {
	r := newRig(t)
	r.sim.AddLabels(r.ref, bot, "kind/bug")
	r.settle()
	x, err := engine.AskedForLabel(event.Key(r.sim.Issue(r.ref).RepoID, r.ref.Number), "Kind/Bug", "carol", r.now())
	if err == nil {
		err = r.db.PutAll(t.Context(), x)
	}
	if got := r.learn(labelings); err != nil || got != "kind/dd bob, kind/bug carol" {
		t.Errorf("%s, %v", got, err)
	}
}
