package decide

import (
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/fact"
)

// TestNear: a line that was meant as a command is told how it is written, all of them in one reply, once an hour to a person.
func TestNear(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // "" is silence
	}{
		{"almost", "/toyy tick", []string{"I did not run `/toyy tick`. Did you mean `/toy tick`?"}},
		{"almost, with a capital", "/Toyy tick", []string{"Did you mean `/toy tick`?"}},
		{"three", strings.Repeat("/toyy tick\n\n", 3), []string{"Did you mean `/toy tick`?"}},
		{"within a sentence", "Please /toy tick", []string{"Did you mean `/toy tick`?", "A command stands on a line of its own"}},
		{"many", strings.Repeat("/toyy tick\n\n", 4), []string{"Other lines are like that, too."}},
		{"another bot's", "/retest\n/hold", nil},
		{"a name under a letter", "/Toyy", nil},
		{"words", "Hello.", nil},
	} {
		s := situation(comment(1, "bob", c.text))
		key := fact.Key{Kind: fact.KindRecord, Arg: recordNear + fact.About + "bob"}
		out := must(t, s)
		if asked := len(out.Missing) == 1 && out.Missing[0] == key; asked != (c.want != nil) {
			t.Errorf("%s: asks for %v", c.name, out.Missing)
			continue
		}
		for _, told := range []struct {
			ago  time.Duration
			want bool
		}{{0, false}, {nearRest - time.Second, false}, {nearRest, true}} {
			s.Facts.Put(key, []byte(now.Add(-told.ago).Format(time.RFC3339)))
			if out := must(t, s); (out.Refused == 1) != (told.want && c.want != nil) {
				t.Errorf("%s, told %v ago: refused %d", c.name, told.ago, out.Refused)
			}
		}
		s.Facts.Put(key, []byte(nil))
		out = must(t, s)
		said := ""
		for _, a := range out.Draft.Answers {
			said += strings.Join(a.Text, "\n")
		}
		for _, want := range c.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: it says %q, not %q", c.name, said, want)
			}
		}
		if other := strings.Contains(said, "Other lines"); other != (c.name == "many") {
			t.Errorf("%s: it says %q", c.name, said)
		}
		if c.want != nil && (len(out.Handled) != 1 || out.Draft.Answers[0].By != "bob") {
			t.Errorf("%s: handled %v, by %q", c.name, out.Handled, out.Draft.Answers[0].By)
		}
		if remembered := len(out.Draft.Records) == 1 && out.Draft.Records[0].About == "bob"; c.want == nil && said != "" || remembered != (c.want != nil) {
			t.Errorf("%s: it says %q, remembers %v", c.name, said, out.Draft.Records)
		}
	}
	// Who edits a comment hears of its new lines only.
	for text, want := range map[string]int{"/toyy tick\n/toy fly\n\nHello.": 0, "/toyy tick\n/toy fly\n\n/toyy name": 1} {
		if out := must(t, situation(mended(1, "bob", "/toyy tick\n/toy fly", text))); len(out.Missing) != want || out.Refused != 0 {
			t.Errorf("%q: asks for %v, %d refused", text, out.Missing, out.Refused)
		}
	}
}

// TestManyCommands: one comment runs so many commands and says that there were more.
func TestManyCommands(t *testing.T) {
	s := situation(comment(1, "bob", strings.Repeat("/toy tick\n", 25)))
	out := must(t, s)
	if out.Refused != 1 || !strings.Contains(out.Draft.Answers[0].Text[0], "This comment holds 25 commands; I ran the first 20.") || len(out.Draft.Answers[0].OK) != 20 || len(out.Handled) != 1 {
		t.Errorf("%d refused, %+v", out.Refused, out.Draft.Answers[0])
	}
	// A verb that is none is answered with those that are.
	s = situation(comment(1, "bob", "/toy\n/toy fly"))
	if said := strings.Join(must(t, s).Draft.Answers[0].Text, "\n"); !strings.Contains(said, "`/toy` needs a word after it. There are: name, tick.") ||
		!strings.Contains(said, "I do not know `/toy fly`.") {
		t.Errorf("it says %q", said)
	}
}
