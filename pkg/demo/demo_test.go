package demo

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

func TestSeed(t *testing.T) {
	list, err := checklist.Parse(DefaultSeed().Body)
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, s := range sections(list.Items()) {
		got = append(got, s.Total)
		if s.Done != 0 {
			t.Errorf("%s begins with %d done", s.Name, s.Done)
		}
	}
	if want := []int{7, 12, 14, 3, 4, 5, 4}; !slices.Equal(got, want) {
		t.Errorf("items by section are %v, want %v", got, want)
	}
	// What the examples say must do what they say.
	for ref, n := range map[string]int{"technical": 12, `"code of conduct"`: 1, "technical.3": 1, "users": 3} {
		m, err := list.Resolve(ref)
		if err != nil || len(m) != 1 || len(m[0].Items) != n {
			t.Errorf("%s: %v, %v", ref, m, err)
		}
	}
	var many *checklist.AmbiguousError
	if _, err := list.Resolve("con"); !errors.As(err, &many) {
		t.Errorf("con is to be ambiguous, but: %v", err)
	}
}

func TestRender(t *testing.T) {
	const text = "one\ntwo\n\n- [ ] first\n- [x] second <b onclick=x()>bold</b>\n  - [ ] `third`\n\n<details><summary>more</summary>\n\ntext\n</details>\n\n" +
		"<script>bad()</script><img src=x onerror=bad()><input type=\"text\">\n\n[link](javascript:bad())"
	list, err := checklist.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	html := string(render(text, list.Items()))
	for _, want := range []string{"one<br", `data-line="4"`, `data-line="6"`, `aria-label="third"`, "<summary>more</summary>", "<b>bold</b>"} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing:\n%s", want, html)
		}
	}
	if n := strings.Count(html, `checked=""`); n != 1 {
		t.Errorf("%d boxes are ticked:\n%s", n, html)
	}
	for _, bad := range []string{"bad()", "javascript", "onclick", "<script", `type="text"`} {
		if strings.Contains(html, bad) {
			t.Errorf("%s got through:\n%s", bad, html)
		}
	}
	// A list in a comment is nobody's checklist: its boxes cannot be clicked.
	if html := string(render("- [ ] mine", nil)); !strings.Contains(html, `disabled=""`) || strings.Contains(html, "data-line") {
		t.Error(html)
	}
}

// idle is a bot that does nothing, and takes a while for that.
func idle(polls int) Server {
	return Server{Hook: "http://127.0.0.1:0", Secret: "x", Waiting: func(context.Context) (int, error) {
		polls--
		return max(polls, 0), nil
	}}
}

func newTestWorld(t *testing.T, s Server) *World {
	t.Helper()
	w, err := NewWorld(DefaultSeed(), nil)
	if err == nil {
		err = w.Connect(t.Context(), s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestChange(t *testing.T) {
	w := newTestWorld(t, idle(5))
	c, err := w.Tick(t.Context(), "bob", 0, "users.1", true)
	if err != nil || c.Ticked != 1 || c.Summary() != "1 box ticked · 0 API calls" {
		t.Errorf("%+v, %v", c, err)
	}
	if !strings.Contains(c.Diff, "\n+ - [x] Who runs it") || !strings.HasPrefix(c.Diff, "- - [ ] Who runs it") {
		t.Errorf("diff:\n%s", c.Diff)
	}
	c, err = w.Comment(t.Context(), "a b", "hello")
	var wrong badRequest
	if !errors.As(err, &wrong) || c.Refused == "" {
		t.Errorf("%+v, %v", c, err)
	}
	// The person's own comment is no change of the issue.
	if c, err := w.Comment(t.Context(), "dave", "hello"); err != nil || c.Summary() != "Nothing changed · 0 API calls" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestSettleFails(t *testing.T) {
	broken := errors.New("the store is gone")
	w := newTestWorld(t, idle(1))
	w.bot.Waiting = func(context.Context) (int, error) { return 0, broken }
	if _, err := w.Comment(t.Context(), "bob", "hello"); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	w.bot.Waiting = func(context.Context) (int, error) { return 1, nil }
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if c, err := w.Comment(ctx, "bob", "hello"); err != nil || !c.Late {
		t.Errorf("a bot that is not done: %+v, %v", c, err)
	}
}

func TestTimeline(t *testing.T) {
	w := newTestWorld(t, idle(1))
	w.sim.AddLabels(w.ref, "bob", "kind/docs", "kind/review")
	first := w.sim.Comment(w.ref, "alice", "gone soon")
	w.sim.Comment(w.ref, "mallory", "stays")
	w.sim.DeleteComment(first, "alice")
	w.sim.Clock().Advance(49 * time.Hour)
	w.sim.Close(w.ref, "bob", "not_planned")
	var got []string
	i := w.sim.Issue(w.ref)
	for _, e := range timeline(i, w.Now()) {
		got = append(got, strings.TrimSpace(e.Who+" "+e.Text+string(e.HTML)+strings.Join(e.Labels, " ")+", "+e.When))
	}
	want := []string{
		"bob addedkind/dd level/incubation toc triage/valid dd/status/in-progress kind/docs kind/review, 2 days ago",
		"mallory <p>stays</p>\n, 2 days ago",
		"bob closed this as not planned, just now",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestChips(t *testing.T) {
	got := chips([]githubsim.Reaction{{User: "alice", Content: "+1"}, {User: "bob", Content: "eyes"}, {User: "carol", Content: "+1"}})
	want := []chip{{"👍", "+1", "alice, carol", 2}, {"👀", "eyes", "bob", 1}}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		0: "just now", time.Minute: "1 minute ago", 3 * time.Hour: "3 hours ago", 25 * time.Hour: "1 day ago", 40 * day: "on 20 Jan 2026",
	} {
		if got := ago(now.Add(-d), now); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
