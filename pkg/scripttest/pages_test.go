package scripttest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/plugins"
)

// TestStatusOfManyPages: a status that does not fit into one comment goes on in a second; when it is full, a question is refused and
// nothing is lost.
func TestStatusOfManyPages(t *testing.T) {
	s := &story.Story{
		Header: map[string]string{"author": "alice", "write": "bob", "labels": "kind/dd"}, Body: "- [ ] It is one\n- [ ] It is two\n", Steps: []*story.Step{{No: "1"}},
	}
	w := newWorld(t, s, plugins.All(), "\n", nil)
	w.settle()
	rng := rand.New(rand.NewPCG(1, 1))
	asked, full := 0, false
	for !full {
		var text strings.Builder
		for n := range 20 {
			fmt.Fprintf(&text, "/dd ask question-%d", asked+n)
			for range 90 {
				fmt.Fprintf(&text, " %x", rng.Uint32())
			}
			text.WriteByte('\n')
		}
		w.sim.Comment(w.ref, w.login("carol"), text.String())
		w.settle()
		comments := w.sim.Comments(w.ref)
		full = strings.Contains(comments[len(comments)-1].Body, "is full")
		asked += 20
		if asked > 1000 {
			t.Fatal("the status comment is never full")
		}
	}
	if state := w.status(); len(state.Questions) < 40 || state.Pages < 2 {
		t.Errorf("%d questions on %d pages", len(state.Questions), state.Pages)
	}
	all := ""
	for _, c := range w.sim.Comments(w.ref) {
		if n := len([]rune(c.Body)); n > 65536 {
			t.Errorf("a comment has %d characters", n)
		}
		if c.Author == bot && strings.Contains(c.Body, "ddbot:status") {
			all += c.Body
		}
	}
	for _, q := range w.status().Questions {
		if n := strings.Count(all, fmt.Sprintf("| Q%d |", q.No)); n != 1 {
			t.Errorf("Q%d stands in the status %d times", q.No, n)
		}
	}
}

// status reads the status comment.
func (w *world) status() diligence.State {
	for _, c := range w.sim.Comments(w.ref) {
		if s, err := diligence.Parse(c.Body); err == nil && !s.Empty() {
			return s
		}
	}
	return diligence.State{}
}
