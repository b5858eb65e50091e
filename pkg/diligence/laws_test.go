package diligence

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var epoch = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// gen makes random values, all of one seed.
type gen struct {
	*rand.Rand
	at time.Time
}

func newGen(seed uint64) *gen { return &gen{rand.New(rand.NewPCG(seed, 12)), epoch} }

func (g *gen) word() string {
	return []string{"alpha", "Beta", "git|vote", "<b>", "@octocat", "#12", "-->", "```", "über", "x\ny", "/dd done all", "[a](b)"}[g.IntN(12)]
}

func (g *gen) text() string {
	var out []string
	for range 1 + g.IntN(6) {
		out = append(out, g.word())
	}
	return strings.Join(out, " ")
}

func (g *gen) login() string { return []string{"alice", "Bob", "carol"}[g.IntN(3)] }

func (g *gen) item() Item {
	n := g.IntN(4)
	return Item{Section: []string{"Technical"}, Text: fmt.Sprintf("Item %d is %s", n, []string{"so", "there", "done", "well"}[n])}
}

func (g *gen) now() time.Time {
	g.at = g.at.Add(time.Duration(g.IntN(1000)) * time.Minute)
	return g.at
}

func (g *gen) from() string {
	if g.IntN(4) == 0 {
		return ""
	}
	return fmt.Sprintf("c%d/%d", g.IntN(20), g.IntN(2))
}

func (g *gen) about() *Item {
	if g.IntN(2) == 0 {
		return nil
	}
	i := g.item()
	return &i
}

// steps are all operations.
var steps = []func(g *gen, s State) State{
	func(g *gen, s State) State {
		s, _ = s.Ask(Question{Item: g.about(), Text: g.text(), By: g.login(), At: g.now(), From: g.from()})
		return s
	},
	func(g *gen, s State) State {
		s, _ = s.Answer(1+g.IntN(5), g.text(), g.login(), g.now())
		return s
	},
	func(g *gen, s State) State { s, _ = s.CloseQuestion(1+g.IntN(5), g.now()); return s },
	func(g *gen, s State) State {
		s, _ = s.Find(Finding{Blocking: g.IntN(2) == 0, Item: g.about(), Text: g.text(), By: g.login(), At: g.now(), From: g.from()})
		return s
	},
	func(g *gen, s State) State { s, _ = s.Resolve(1+g.IntN(5), g.now()); return s },
	func(g *gen, s State) State {
		s, _ = s.FiledAs(1+g.IntN(5), fmt.Sprintf("foo/foo#%d", 1+g.IntN(3)))
		return s
	},
	func(g *gen, s State) State { return s.Assign(g.item(), g.login(), g.now()) },
	func(g *gen, s State) State { return s.DueOn(g.item(), g.now()) },
	func(g *gen, s State) State { return s.DueOn(g.item(), time.Time{}) },
	func(g *gen, s State) State { return s.Release(g.item()) },
	func(g *gen, s State) State { return s.On("kickoff", g.now(), g.login()) },
	func(g *gen, s State) State {
		return s.Link(Link{Item: g.item(), To: fmt.Sprintf("foo/foo#%d", 1+g.IntN(3)), State: "open", By: g.login()})
	},
	func(g *gen, s State) State {
		s, _ = s.Unlink(g.item(), fmt.Sprintf("foo/foo#%d", 1+g.IntN(3)))
		return s
	},
	func(g *gen, s State) State {
		s, _, _ = s.Saw(fmt.Sprintf("foo/foo#%d", 1+g.IntN(3)), []string{"open", "closed", "merged"}[g.IntN(3)], g.text(), g.now())
		return s
	},
	func(g *gen, s State) State { s, _ = s.AddAdopter(g.text(), g.from(), g.now()); return s },
	func(g *gen, s State) State {
		s, _ = s.Adopter(1+g.IntN(4), func(a *Adopter) {
			a.State, a.Notes = AdopterStates[g.IntN(len(AdopterStates))], append(a.Notes, g.text())
		})
		return s
	},
	func(g *gen, s State) State { return s.Sponsor(g.login(), g.IntN(2) == 0, g.now()) },
	func(g *gen, s State) State { s, _ = s.NoSponsor(g.login()); return s },
	func(g *gen, s State) State { s, _ = s.Conflict(g.login(), "soft", g.text()); return s },
	func(g *gen, s State) State { return s.AddTeam(g.login()) },
	func(g *gen, s State) State { s, _ = s.RemoveTeam(g.login()); return s },
	func(g *gen, s State) State {
		s, _ = s.Enter(Stage{Value: []string{"", "in-progress", "in-comment-period", "in-voting"}[g.IntN(4)], At: g.now(), By: g.login()})
		return s
	},
	func(g *gen, s State) State {
		s, _ = s.Voted([][]string{nil, {"gitvote", "gitvote/open"}, {"gitvote/closed", "gitvote/passed"}}[g.IntN(3)], []string{"", "foo/foo#9"}[g.IntN(2)], g.now())
		return s
	},
	func(g *gen, s State) State { return s.Snooze(g.login(), g.now()) },
	func(g *gen, s State) State { return s.Removed(g.from()) },
}

func frozenCopy(t *testing.T, s State) State {
	t.Helper()
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var out State
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLaws: after any operations in any order the state holds what it must hold, no operation changes the state that it was given,
// nothing that was asked or found is dropped, numbers never change hands, and the comment tells the state again.
func TestLaws(t *testing.T) {
	rules := Rules{Order: []string{"in-progress", "in-comment-period", "in-voting"}, Clocks: map[string]time.Duration{"in-comment-period": 14 * 24 * time.Hour}, Approved: 3, Listed: 5}
	for seed := range uint64(100) {
		g := newGen(seed)
		s := State{}
		for n := range 40 {
			before := frozenCopy(t, s)
			next := steps[g.IntN(len(steps))](g, s)
			if d := cmp.Diff(before, frozenCopy(t, s)); d != "" {
				t.Fatalf("seed %d, step %d: an operation changed the state that it was given:\n%s", seed, n, d)
			}
			if err := kept(s, next); err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, n, err)
			}
			s = next
		}
		if err := Sound(s); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		parts, err := s.Render(View{Now: g.at, Rules: rules, List: List{Ref: func(Item) (string, bool) { return "", false }}})
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(parts[0])
		if d := cmp.Diff(frozenCopy(t, s), back); d != "" || err != nil {
			t.Fatalf("seed %d: the comment tells another state: %v\n%s", seed, err, d)
		}
		for _, p := range parts {
			if len([]rune(p)) > 65536 || strings.Contains(p, "@octocat") || strings.Contains(p, "\n/dd") {
				t.Fatalf("seed %d: this comment is too long, mentions somebody, or gives a command:\n%s", seed, p)
			}
		}
	}
}

// kept tells whether what was asked and found is still there, with its number.
func kept(s, next State) error {
	for i, q := range s.Questions {
		if i >= len(next.Questions) || next.Questions[i].No != q.No || next.Questions[i].Text != q.Text || next.Questions[i].By != q.By {
			return fmt.Errorf("Q%d is lost", q.No)
		}
		if !strings.HasPrefix(next.Questions[i].Answer, q.Answer) {
			return fmt.Errorf("an answer to Q%d is lost", q.No)
		}
	}
	for i, f := range s.Findings {
		if i >= len(next.Findings) || next.Findings[i].No != f.No || next.Findings[i].Text != f.Text {
			return fmt.Errorf("F%d is lost", f.No)
		}
	}
	for i, a := range s.Adopters {
		if i >= len(next.Adopters) || next.Adopters[i].No != a.No || len(next.Adopters[i].Notes) < len(a.Notes) {
			return fmt.Errorf("A%d is lost", a.No)
		}
	}
	if len(next.Stages) < len(s.Stages) {
		return fmt.Errorf("a stage is lost")
	}
	return nil
}

// TestOldBlock: a block of the first version is read, one of a newer ddbot is left alone, and what is broken is said.
func TestOldBlock(t *testing.T) {
	s, _ := State{}.Ask(Question{Text: "which version?", By: "rita", At: epoch})
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	old := "<!-- ddbot-state:1:" + base64.RawURLEncoding.EncodeToString(raw) + " -->\nText."
	if got, err := Parse(old); err != nil || cmp.Diff(s, got) != "" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Parse("<!-- ddbot-state:9:AAAA -->"); err != ErrNewer {
		t.Errorf("a newer block: %v", err)
	}
	for _, broken := range []string{"<!-- ddbot-state:2:AAAA -->", "<!-- ddbot-state:1:e30x -->"} {
		if got, err := Parse(broken); err == nil || !got.Empty() {
			t.Errorf("%s: %v, %v", broken, got, err)
		}
	}
}

// TestBlockIsSmall: what fifty questions with their answers, and as many findings, take in the comment.
func TestBlockIsSmall(t *testing.T) {
	s := State{}
	for n := range 50 {
		at := epoch.Add(time.Duration(n) * time.Hour)
		s, _ = s.Ask(Question{Text: fmt.Sprintf("Question %d: which version of the component was tested in that environment, by whom, and where are the results?", n), By: "rita", At: at, From: fmt.Sprintf("c%d/0", n)})
		s, _ = s.Answer(n+1, fmt.Sprintf("Version 1.%d, by the maintainers; the results are at https://example.com/results/%d", n, n*7), "alice", at)
		s, _ = s.Find(Finding{Text: fmt.Sprintf("Finding %d: the document does not say who decides when two maintainers disagree", n), By: "rita", At: at, From: fmt.Sprintf("c%d/1", n)})
	}
	block, err := s.Block()
	if err != nil || len(block) > MaxBlock/5 {
		t.Errorf("the block has %d bytes, %v", len(block), err)
	}
	t.Logf("50 questions with answers and 50 findings: %d bytes", len(block))
}

func FuzzParse(f *testing.F) {
	s, _ := State{}.Ask(Question{Text: "why?", By: "rita", At: epoch})
	block, err := s.Block()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(block)
	f.Add("<!-- ddbot-state:1:e30 -->")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		again, err := s.Block()
		if err != nil {
			t.Skip() // a time that JSON cannot write
		}
		if back, err := Parse(again); err != nil || cmp.Diff(frozenCopy(t, s), back) != "" {
			t.Errorf("%q reads differently when written again: %v", text, err)
		}
	})
}

// TestRenderSplits: what does not fit into one comment of GitHub's stands in more, each question once, and the first tells the state.
func TestRenderSplits(t *testing.T) {
	g := newGen(1)
	s := State{}
	for n := range 400 {
		text := fmt.Sprintf("question-%d", n)
		for range 30 {
			text += fmt.Sprintf(" %x", g.Uint32())
		}
		s, _ = s.Ask(Question{Text: text, By: "rita", At: epoch})
		if n%3 == 0 {
			s, _ = s.Answer(n+1, "answer "+text, "alice", epoch)
		}
		if block, err := s.Block(); err != nil || len(block) > MaxBlock {
			break // the plugin takes no more
		}
	}
	parts, err := s.Render(View{Now: epoch, List: List{Ref: func(Item) (string, bool) { return "", false }}})
	if err != nil || len(parts) < 2 {
		t.Fatalf("%d comments, %v", len(parts), err)
	}
	for i, p := range parts {
		if n := len(p); n > 65000 {
			t.Errorf("comment %d has %d bytes", i, n)
		}
	}
	all := strings.Join(parts, "\n")
	for _, q := range s.Questions {
		if n := strings.Count(all, fmt.Sprintf("| Q%d |", q.No)); n != 1 {
			t.Errorf("Q%d stands there %d times", q.No, n)
		}
	}
	if back, err := Parse(parts[0]); err != nil || len(back.Questions) != len(s.Questions) {
		t.Errorf("%d questions, %v", len(back.Questions), err)
	}
}
