package scripttest

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/queue"
)

// TestUpgrade: a plan that the oldest ddbot with a store (e3b7279) saved and had begun is finished by today's; a plan of a newer
// one is left to it.
func TestUpgrade(t *testing.T) {
	saved, err := os.ReadFile("testdata/plan-e3b7279.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, sent := range []bool{false, true} {
		w := small(t)
		id := w.sim.Comment(w.ref, "bob", "/dd done part.1 as the oldest store has it\n/kind bug")
		w.deliver()
		data := strings.ReplaceAll(string(saved), "COMMENT", strconv.FormatInt(id, 10))
		if sent { // and was killed before the answer came
			w.sim.EditBody(w.ref, bot, "## Part\n\n- [x] One holds\n  - **Note:** as the oldest store has it — bob\n- [ ] Two holds\n")
		}
		w.openPlan(data)
		w.look()
		w.settle()
		i := w.sim.Issue(w.ref)
		if !strings.HasPrefix(i.Body, "## Part\n\n- [x] One holds\n  - **Note:** as the oldest store has it — bob\n- [ ] Two holds") || !i.HasLabel("kind/bug") {
			t.Errorf("sent %v: labels %v\n%s", sent, i.Labels, i.Body)
		}
		if c := i.Comments[0]; len(c.Reactions) != 1 || len(i.Comments) != 1 {
			t.Errorf("sent %v: %+v", sent, i.Comments)
		}
	}
	w := small(t)
	w.sim.Comment(w.ref, "bob", "/dd done part.1")
	w.deliver()
	w.openPlan(`{"version":99,"ref":{"Owner":"acme","Repo":"toc","Number":1},"requests":[{"kind":"fly"}]}`)
	var rest *queue.Snooze
	if err := w.inbox.drain(context.Background(), w.engine.Handle); !errors.As(err, &rest) || strings.Contains(w.sim.Issue(w.ref).Body, "[x]") {
		t.Errorf("the plan of a newer ddbot: %v\n%s", err, w.sim.Issue(w.ref).Body)
	}
}

// openPlan makes a plan the open one of what waits.
func (w *world) openPlan(data string) {
	for _, key := range w.inbox.keys() {
		w.inbox.plans[key] = &openPlan{
			Plan:       queue.Plan{Data: []byte(data), Done: map[int][]byte{}, SavedAt: w.sim.Clock().Now()},
			deliveries: w.inbox.of(key),
		}
	}
}
