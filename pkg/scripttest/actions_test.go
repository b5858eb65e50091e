package scripttest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/label"
	"github.com/ddbot/ddbot/plugins/lifecycle"
)

const all = `Everything that can happen.
-- issue.md --
repo: acme/queue
title: Foo
author: ann
write: bob
labels: kind/dd
repo-labels: kind/bug, lifecycle/stale, lifecycle/rotten
milestones: v1
milestone: v1
assignees: bob
crlf: yes

# List

- [ ] one
- [ ] two

The end.
-- config.yaml --
defaults:
  plugins: {lifecycle: {staleAfter: 90d}}
-- file OWNERS --
approvers: [carol]
-- 1 carol comments --
/dd done list.1
-- 2 bob edits body --
two => two and more
-- 2 bob comments --
/dd done nonsense
-- 3 bob edits body before PATCH --
Words.
-- 3 ann comments --
/dd done list.2
-- 4 bob labels kind/bug --
-- 4 bob unlabels kind/bug --
-- 4 bob assigns ann --
-- 4 a label kind/new is made --
-- 4 a milestone v2 is made --
-- 4 erin joins acme/leads --
-- 5 ann edits comment 3 --
/dd undo list.2
-- 6 ann deletes comment 3 --
-- 6 the same delivery again --
-- 7 bob closes as not_planned --
-- 8 bob reopens --
-- 9 bob merges a fix --
-- 10 bob reopens --
-- 11 deliveries get lost --
-- 11 bob comments --
Lost.
-- 12 deliveries arrive --
-- 12 the checks run --
-- 13 200d pass --
-- 13 the sweep runs --
-- 14 2h passes --
-- 14 bob locks --
-- 15 bob transfers to acme/other --
`

var some = []plugin.Plugin{dd.Plugin{}, label.Plugin{}, lifecycle.Plugin{}}

// TestActions: what a story says happens, and -update writes what the bot made of it; read again it passes, with CRLF and every kill,
// and is not written again.
func TestActions(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("testdata", 0o750); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "all.txtar")
	told, err := story.Parse(txtar.Parse([]byte(all)), patterns())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, told, some, "\n", nil)
	got := w.play()
	if err := write(file, told, got); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"-- 1 carol comments --\n/dd done list.1\n-- 1 plan --\ndd         body: tick list.1\n",
		"-- 1 diff --\n- - [ ] one\n+ - [x] one\n",
		"-- 2 reply --\n@bob: ",
		"-- 3 calls --\n", "+ Words.\n",
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%q is missing in\n%s", want, data)
		}
	}
	Run(t, some)
	again, err := story.Parse(txtar.Parse(data), patterns())
	if err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(file)
	if err := os.Chtimes(file, time.Unix(1, 0), time.Unix(1, 0)); err != nil || before == nil {
		t.Fatal(err)
	}
	if err := write(file, again, got); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(file); !after.ModTime().Equal(time.Unix(1, 0)) {
		t.Error("it is written though nothing changed")
	}
}

// fataler is a recorder that ends what failed for good.
type fataler struct{ recorder }

type fatal string

func (f *fataler) Fatalf(format string, args ...any) { panic(fatal(fmt.Sprintf(format, args...))) }
func (f *fataler) Fatal(args ...any)                 { panic(fatal(fmt.Sprint(args...))) }

// TestActionsFail: what cannot happen ends the story, with its step.
func TestActionsFail(t *testing.T) {
	for text, want := range map[string]string{
		"-- 1 ann edits comment 7 --\nx\n":  "there is no comment 7",
		"-- 1 soon passes --\n":             `"soon" is no time to pass`,
		"-- 1 stranger labels kind/dd --\n": "step 1: ",
	} {
		told, err := story.Parse(txtar.Parse([]byte("-- issue.md --\nauthor: ann\nlabels: kind/dd\n\n- [ ] one\n"+text)), patterns())
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		func() {
			defer func() {
				if f, ok := recover().(fatal); ok {
					said = string(f)
				}
			}()
			newWorld(&fataler{recorder{TB: t}}, told, some, "\n", nil).play()
		}()
		if said == "" || !strings.Contains(said, want) {
			t.Errorf("%q: %q, want %q", text, said, want)
		}
	}
}

// TestAsMailed: the lines of a text as mail programs wrap and quote it.
func TestAsMailed(t *testing.T) {
	long := strings.Repeat("word ", 11) // 55 characters
	for _, c := range []struct{ text, command string }{
		{"short /close", ""}, {long + "word /close it", "/close it"}, {long + "word `/close` it", "/close it"}, {long + "**/close** it", "/close it"},
		{strings.Repeat("x", 70) + " /close", "/close"}, {strings.Repeat("x", 200), ""}, {long + "word\u00a0/close it", ""},
	} {
		i := slices.IndexFunc(asMailed(c.text), func(l string) bool { return strings.HasPrefix(l, "/") })
		if got := i >= 0; got != (c.command != "") || got && asMailed(c.text)[i] != c.command && c.command != "/close it" {
			t.Errorf("%q: %q", c.text, asMailed(c.text))
		}
	}
}
