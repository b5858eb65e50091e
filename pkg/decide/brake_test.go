package decide

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// putter is a plugin that removes a label whenever one was put on.
type putter struct{ toy }

func (putter) Handle(in plugin.Input) ([]plan.Effect, error) {
	if on, ok := in.Event.Kind.(event.Labeled); ok {
		return []plan.Effect{plan.RemoveLabels{Labels: []string{on.Label}}}, nil
	}
	return nil, nil
}

// TestPutBacks: a bot and ddbot do not undo each other's changes for ever; people may go on for longer, and after an hour everything
// is new. What meets a bound is told once an hour.
func TestPutBacks(t *testing.T) {
	labeled := func(by event.User) event.Event {
		e := event.Event{Kind: event.Labeled{Label: "x"}, Issue: snapshot(), Sender: by, Received: now}
		e.Issue.Labels = []string{"x"}
		return e
	}
	for name, c := range map[string]struct {
		by   event.User
		want int
	}{"a bot": {other, putBacksBot}, "a person": {bob, putBacksPerson}} {
		s := situation(labeled(c.by))
		s.Settings = plugin.DefaultSettings([]plugin.Plugin{putter{}})
		s.Self = self.Login
		done, alarms := 0, 0
		for n := range c.want + 5 {
			s.Now = now.Add(time.Duration(n) * time.Second)
			before := fmt.Sprint(s.Brakes)
			out := must(t, s)
			if fmt.Sprint(s.Brakes) != before {
				t.Fatalf("%s: the input has changed", name)
			}
			if len(out.Draft.Requests()) > 0 {
				done++
			} else if len(out.Braked) != 1 || !strings.Contains(out.Braked[0], c.by.Login+" and ddbot (toy) undo each other's changes") {
				t.Errorf("%s: braked %q", name, out.Braked)
			}
			if out.Alarm != "" {
				alarms++
			}
			if same := out.Brakes.Same(s.Brakes); same != (len(out.Draft.Requests()) == 0 && out.Alarm == "") {
				t.Errorf("%s, %d: the same brakes: %v", name, n, same)
			}
			s.Brakes = out.Brakes
		}
		if done != c.want || alarms != 1 {
			t.Errorf("%s: put back %d times, %d alarms", name, done, alarms)
		}
		s.Now = now.Add(time.Hour) // since the first of them
		if out := must(t, s); len(out.Draft.Requests()) == 0 {
			t.Errorf("%s: an hour later nothing is put back", name)
		}
	}
}

// TestPutsBack: where a person wrote something, or ddbot looks by itself, nothing is put back, so nothing is bounded.
func TestPutsBack(t *testing.T) {
	for want, kinds := range map[bool][]event.Kind{
		true: {
			event.Closed{}, event.Reopened{}, event.Labeled{}, event.Unlabeled{}, event.Assigned{}, event.Unassigned{}, event.Milestoned{},
			event.Demilestoned{}, event.Locked{}, event.Pinned{},
		},
		false: {
			event.CommentCreated{}, event.CommentEdited{}, event.CommentDeleted{}, event.Opened{}, event.Edited{}, event.Due{}, event.Weekly{},
			event.Daily{}, event.Check{},
		},
	} {
		for _, kind := range kinds {
			if got := putsBack(kind); got != want {
				t.Errorf("%s: %v", kind, got)
			}
		}
	}
}

// TestAnswersToBots: a bot that is answered answers, and so on: five times in a row, until a person says something or an hour goes by.
func TestAnswersToBots(t *testing.T) {
	ask := func(by event.User, n int64) event.Event { return commentBy(n, by, "/toy nam") }
	s := situation(ask(other, 1))
	s.Settings.Bots = []string{"third", other.Login}
	step := func(by event.User, later time.Duration) bool {
		s.Now = s.Now.Add(later)
		s.Events = []event.Event{ask(by, s.Now.Unix())}
		out := must(t, s)
		s.Brakes = out.Brakes
		return len(out.Draft.Answers) > 0 && len(out.Draft.Answers[0].Text) > 0
	}
	third := event.User{Login: "third"} // a person's account that is automation
	for n := range answersBot {
		if !step([]event.User{other, third}[n%2], time.Second) {
			t.Errorf("the %dth gets no answer", n+1)
		}
	}
	if step(other, time.Second) || step(third, time.Second) {
		t.Error("a sixth answer in a row")
	}
	if !step(bob, time.Second) || !step(other, time.Second) {
		t.Error("a person ends the row, and is answered always")
	}
	for range answersBot - 1 {
		step(other, time.Second)
	}
	if step(other, brakeFor-time.Second) {
		t.Error("an answer within the hour")
	}
	if !step(other, time.Second) {
		t.Error("no answer after an hour")
	}
	if s.Brakes.Answers != 1 {
		t.Errorf("%d answers are remembered", s.Brakes.Answers)
	}
}
