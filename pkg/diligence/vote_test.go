package diligence

import (
	"strings"
	"testing"
	"time"
)

// TestTally: gitvote's count is read as it is written, in the comments that count and no others.
func TestTally(t *testing.T) {
	now := "So far `33.33%` of the users with binding vote are in favor and `0.00%` are against (passing threshold: `66%`).\n"
	over := "`80.00%` of the users with binding vote were in favor and `20.00%` were against (passing threshold: `50%`).\n"
	for text, want := range map[string]Tally{
		"## Vote status\n\n" + now:                                {"33.33%", "0.00%", "66%"},
		"## Vote closed\n\nThe vote **passed**! 🎉\n\n" + over:     {"80.00%", "20.00%", "50%"},
		"## Vote closed\r\n\r\nThe vote did not pass.\r\n" + over: {"80.00%", "20.00%", "50%"},
		"## Vote created\n\n" + now:                               {},
		now:                                                       {},
		"> ## Vote status\n> " + now:                              {},
		"## Vote status\n\nNo votes so far.\n":                    {},
	} {
		if got, ok := TallyOf(text); got != want || ok != (want != Tally{}) {
			t.Errorf("%q: %+v %v", text, got, ok)
		}
	}
}

// TestCounted: the count goes with its vote: it stays when that is over, goes with the next, and none is taken in without a vote here.
func TestCounted(t *testing.T) {
	count := Tally{"80.00%", "20.00%", "50%"}
	at := time.Unix(1_000_000, 0)
	if got := (State{}).Counted(count); got.Vote != (Vote{}) {
		t.Errorf("no vote: %+v", got.Vote)
	}
	s, _ := State{}.Voted([]string{"gitvote", "gitvote/open"}, "", at)
	s = s.Counted(count)
	for _, step := range []struct {
		labels []string
		want   Tally
	}{
		{[]string{"gitvote", "gitvote/closed", "gitvote/passed"}, count}, {[]string{"gitvote", "gitvote/open"}, Tally{}},
	} {
		if s, _ = s.Voted(step.labels, "", at); s.Vote.Tally != step.want {
			t.Errorf("%v: %+v", step.labels, s.Vote)
		}
	}
	there, _ := State{}.Voted([]string{"gitvote/open"}, "acme/toc#9", at)
	if got := there.Counted(count); got.Vote.Tally != (Tally{}) {
		t.Errorf("a vote on a pull request: %+v", got.Vote)
	}
}

// TestVoted: a vote is what the labels of this issue say, else those of the pull request where it is; where both have had one, this issue's
// counts. It changes once for each change of the labels.
func TestVoted(t *testing.T) {
	const there = "acme/toc#9"
	open, passed := "gitvote gitvote/open", "gitvote gitvote/closed gitvote/passed"
	type look struct{ labels, on string }
	for _, c := range []struct {
		name    string
		looks   []look
		state   string
		on      string
		changed bool // by the last look
	}{
		{"no vote", []look{{"kind/dd", ""}}, "", "", false},
		{"an open one", []look{{open, ""}}, "open", "", true},
		{"seen again", []look{{open, ""}, {open, ""}}, "open", "", false},
		{"that was won", []look{{open, ""}, {passed, ""}}, "passed", "", true},
		{"of which the labels went", []look{{open, ""}, {"", ""}}, "", "", true},
		{"there", []look{{open, there}}, "open", there, true},
		{"there, seen again", []look{{open, there}, {open, there}}, "open", there, false},
		{"there, and none here", []look{{open, there}, {"", ""}}, "open", there, false},
		{"there, of which the labels went", []look{{open, there}, {"", there}}, "", "", true},
		{"there, then here", []look{{passed, there}, {open, ""}}, "open", "", true},
		{"the same there, then here", []look{{open, there}, {open, ""}}, "open", "", true},
		{"here, then there", []look{{open, ""}, {passed, there}}, "open", "", false},
		{"here, and none there", []look{{open, ""}, {"", there}}, "open", "", false},
	} {
		s, changed := State{}, false
		for n, l := range c.looks {
			s, changed = s.Voted(strings.Fields(l.labels), l.on, epoch.Add(time.Duration(n)*time.Hour))
		}
		if s.Vote.State != c.state || s.Vote.On != c.on || changed != c.changed {
			t.Errorf("%s: %+v, changed %v", c.name, s.Vote, changed)
		}
	}
}
