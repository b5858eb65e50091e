package scripttest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/story"
)

var update = flag.Bool("update", false, "write the outputs of stories (plan, calls, diff, reply); read the difference like code")

// Run runs the stories testdata/*.txtar of the package under test, with these plugins on.
func Run(t *testing.T, plugins []plugin.Plugin) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runFile(t, file, plugins)
		})
	}
}

func runFile(t *testing.T, file string, plugins []plugin.Plugin) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := story.Parse(archive, patterns())
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	eols := []string{"\n"}
	if s.Header["crlf"] == "yes" {
		eols = append(eols, "\r\n")
	}
	for _, eol := range eols {
		w := newWorld(t, s, plugins, eol, nil)
		got := w.play()
		if *update {
			if err := write(file, s, got); err != nil {
				t.Fatal(err)
			}
			continue
		}
		compare(t, s, got)
		end := w.end()
		for _, nth := range spread(w.writes) {
			for _, when := range moments {
				again(t, newWorld(t, s, plugins, eol, &kill{nth: nth, when: when}), end)
			}
			// Who takes over is killed, too, at the first that it sends.
			again(t, newWorld(t, s, plugins, eol, &kill{nth: nth, when: afterSent, then: &kill{when: afterSent}}), end)
		}
	}
	if !*update {
		forgetting(t, s, plugins)
		asAction(t, s, plugins)
	}
}

// forgetting plays the story with a bot that loses its database before each step: what people see does not depend on it.
func forgetting(t *testing.T, s *story.Story, plugins []plugin.Plugin) {
	if s.Header["forget"] != "yes" {
		return
	}
	w := newWorld(t, s, plugins, "\n", nil)
	w.play()
	end := w.end()
	w = newWorld(t, s, plugins, "\n", nil)
	w.forgets = true
	w.play()
	if d := cmp.Diff(end, w.end()); d != "" {
		t.Errorf("without its database the story ends differently (-with +without):\n%s", d)
	}
}

// asAction plays the story once more without a server, and again for each request, killed there.
func asAction(t *testing.T, s *story.Story, plugins []plugin.Plugin) {
	if strings.HasPrefix(s.Header["action"], "no") {
		return
	}
	w := newWorld(t, s, plugins, "\n", nil)
	w.play()
	end := w.end()
	count := &kill{nth: -1, all: true}
	w = newWorldOf(t, s, plugins, "\n", count, &workflow{})
	w.play()
	requests := count.writes
	if d := cmp.Diff(end, w.end()); d != "" {
		t.Errorf("played by the Action, the story ends differently (-server +Action):\n%s", d)
		return
	}
	for _, nth := range spread(requests) {
		k := &kill{nth: nth, when: afterSent, all: true}
		w := newWorldOf(t, s, plugins, "\n", k, &workflow{})
		w.play()
		if d := cmp.Diff(end, w.end()); d != "" {
			t.Errorf("played by the Action and killed after request %d of %d, the story ends differently (-server +Action):\n%s", nth+1, requests, d)
		}
	}
}

// spread gives the requests at which a bot is killed: each of a short story, of a long one so many, evenly. What follows a kill is all
// of the story again, so their number falls as its length grows.
func spread(n int) (out []int) {
	most := min(max(800/max(n, 1), 5), 40)
	step := max(1, (n+most-1)/most)
	for i := n % step; i < n; i += step {
		out = append(out, i)
	}
	return out
}

// again plays a story in which the bot is killed, and wants the same end.
func again(t *testing.T, w *world, end string) {
	t.Helper()
	k := w.kill
	w.play()
	if d := cmp.Diff(end, w.end()); d != "" {
		t.Errorf("killed at request %d %s (twice: %v), the story ends differently (-as told +killed):\n%s", k.nth+1, k.when, k.then != nil, d)
	}
}

// compare checks every output of every step: what is not in the file must be empty, but for calls and plans of steps in
// which nothing happened.
func compare(t testing.TB, s *story.Story, got []map[string]string) {
	for i, st := range s.Steps {
		for _, name := range story.Outputs {
			want := ""
			if f := st.Want[name]; f != nil {
				want = string(f.Data)
			}
			if d := cmp.Diff(want, got[i][name]); d != "" {
				t.Errorf("step %s, %s (-file +now; -update writes it):\n%s", st.No, name, d)
			}
		}
	}
}

func write(file string, s *story.Story, got []map[string]string) error {
	out := &txtar.Archive{Comment: s.Archive.Comment}
	next := 0
	for i, f := range s.Archive.Files {
		if !story.IsOutput(f.Name) {
			out.Files = append(out.Files, f)
		}
		if next < len(s.Steps) && s.Steps[next].Last == i {
			for _, name := range story.Outputs {
				if text := got[next][name]; text != "" {
					out.Files = append(out.Files, txtar.File{Name: s.Steps[next].No + " " + name, Data: []byte(text)})
				}
			}
			next++
		}
	}
	data := txtar.Format(out)
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return os.WriteFile(file, data, 0o644)
}
