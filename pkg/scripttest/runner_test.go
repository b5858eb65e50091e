package scripttest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/plugins/dd"
)

// TestStrayed: what may change in a description, and what may not.
func TestStrayed(t *testing.T) {
	const before = "# List\n\nText.\n\n- [ ] one\n- [ ] two\n  more of two\n\n<!-- (Project assertion goes here) -->\n\n> 1. [x] three\n\nThe end.\n"
	edit := func(oldNew ...string) string { return strings.NewReplacer(oldNew...).Replace(before) }
	for _, c := range []struct {
		name, after string
		want        []string
	}{
		{"nothing", before, nil},
		{"a tick", edit("[ ] one", "[x] one"), nil},
		{"a tick in a quote", edit("[x] three", "[ ] three"), nil},
		{"a note", edit("- [ ] one\n", "- [x] one\n  - **Note:** words\n"), nil},
		{"a note of two lines", edit("- [ ] one\n", "- [ ] one\n  - **Note:** words\n    and more\n"), nil},
		{"a note in the slot", edit("<!-- (Project assertion goes here) -->\n", "  - **Note:** words\n"), nil},
		{"a note in a quote", edit("> 1. [x] three\n", "> 1. [x] three\n>    - **Note:** words\n"), nil},
		{"a note goes", edit("  more of two\n", ""), nil},
		{"a note at the end of the text", before + "- [ ] four\n  - **Note:** words", []string{"- [ ] four"}},
		{"a stray paragraph", before + "\nStray.\n", []string{"", "Stray."}},
		{"a stray paragraph between items", edit("- [ ] two", "Stray.\n- [ ] two"), []string{"Stray."}},
		{"a stray bullet", edit("The end.", "- bullet\n\nThe end."), []string{"- bullet"}},
		{"a note that is set in under no item", edit("Text.\n", "Text.\n  - **Note:** words\n"), []string{"  - **Note:** words"}},
		{"other words of an item", edit("[ ] one", "[x] won"), []string{"- [x] won", "- [ ] one"}},
		{"an item goes", edit("- [ ] one\n", ""), []string{"- [ ] one"}},
		{"an item more", edit("- [ ] one\n", "- [ ] one\n- [ ] one\n"), []string{"- [ ] one"}},
		{"text goes", edit("Text.\n", ""), []string{"Text."}},
		{"another comment of HTML goes", edit("Text.", "<!-- (Other) -->"), []string{"<!-- (Other) -->", "Text."}},
		{"a blank at the end of a line", edit("Text.", "Text. "), []string{"Text. ", "Text."}},
		{"a tick and a stray line", edit("[ ] one", "[x] one", "The end.", "The End."), []string{"The End.", "The end."}},
	} {
		if got := strayed(before, c.after); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := strayed("- [ ] one", "- [x] one\n  - a note"); len(got) > 0 {
		t.Errorf("without an end of the line: %q", got)
	}
	if got := strayed("- [ ] one\r\n\r\nText.\r\n", "- [x] one\r\n  - a note\r\n\r\nText.\r\n"); len(got) > 0 {
		t.Errorf("CRLF: %q", got)
	}
}

// recorder is a test whose failures are looked at.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// careless is a GitHub on whose way something is added to each text.
type careless struct {
	engine.GitHub
	body, comment string
}

func (c careless) EditIssue(ctx context.Context, ref issue.Ref, e plan.Edit) (issue.Snapshot, error) {
	if e.Body != nil {
		e.Body = new(*e.Body + c.body)
	}
	return c.GitHub.EditIssue(ctx, ref, e)
}

func (c careless) CreateComment(ctx context.Context, ref issue.Ref, body string) (int64, error) {
	if c.comment != "" {
		body = c.comment + body
		for range 3 {
			if _, err := c.GitHub.CreateComment(ctx, ref, "Once more."); err != nil {
				return 0, err
			}
		}
	}
	return c.GitHub.CreateComment(ctx, ref, body)
}

// fickle is a plugin that plans something else each time, and never has enough.
type fickle struct{ n *int }

func (fickle) Name() string                  { return "fickle" }
func (fickle) Help() string                  { return "Changes its mind." }
func (fickle) Commands(any) []plugin.Command { return nil }

func (f fickle) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !event.Is[event.CommentCreated](in.Event.Kind) {
		return nil, nil
	}
	*f.n++
	return []plan.Effect{plan.Retitle{Title: fmt.Sprint("Title ", *f.n)}}, nil
}

// TestRunnerNotices: what the runner promises to see, it sees.
func TestRunnerNotices(t *testing.T) {
	for _, c := range []struct {
		name, command string
		plugin        plugin.Plugin
		careless      careless
		want          []string
	}{
		{"nothing is wrong", "/dd done part", dd.Plugin{}, careless{}, nil},
		{"a stray paragraph", "/dd done part", dd.Plugin{}, careless{body: "\nStray.\n"}, []string{`a line changed that is no item and stands under none: "Stray."`}},
		{"a command in a reply", "/dd status", dd.Plugin{}, careless{comment: "/close\n"}, []string{`"/close"`, "4 comments in one step"}},
		{"another plan each time", "words", fickle{new(int)}, careless{}, []string{"planning twice gives two plans", "planning on the result is to change nothing, but wants PATCH issue title"}},
	} {
		r := &recorder{TB: t}
		told, err := story.Parse(txtar.Parse([]byte("-- issue.md --\nauthor: alice\nwrite: bob\nlabels: kind/dd\n\n## Part\n\n- [ ] One holds\n-- 1 bob comments --\n"+c.command+"\n")), patterns())
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(r, told, []plugin.Plugin{c.plugin}, "\n", nil)
		client := w.engine.Client
		w.engine.Client = func(id int64) engine.GitHub {
			c.careless.GitHub = client(id)
			return c.careless
		}
		w.play()
		all := strings.Join(r.failures, "\n")
		for _, want := range c.want {
			if !strings.Contains(all, want) {
				t.Errorf("%s: it does not see %s, but\n%s", c.name, want, all)
			}
		}
		if len(c.want) == 0 && all != "" {
			t.Errorf("%s: %s", c.name, all)
		}
	}
}

// TestCompare: what a file expects and what came are compared in both directions.
func TestCompare(t *testing.T) {
	told, err := story.Parse(txtar.Parse([]byte("-- 1 bob comments --\nx\n-- 1 plan --\nthis\n-- 2 bob comments --\ny\n")), patterns())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		got  []map[string]string
		want int
	}{
		{[]map[string]string{{"plan": "this\n"}, {}}, 0},
		{[]map[string]string{{"plan": "that\n"}, {}}, 1},
		{[]map[string]string{{}, {}}, 1},
		{[]map[string]string{{"plan": "this\n", "reply": "a\n"}, {"calls": "b\n"}}, 2},
	} {
		r := &recorder{TB: t}
		compare(r, told, c.got)
		if len(r.failures) != c.want {
			t.Errorf("%v: %q", c.got, r.failures)
		}
	}
}
