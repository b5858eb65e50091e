package scripttest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/label"
)

// TestPeopleAtTheSameMoment: people save the description, tick boxes and change labels at every point of the bot's
// window, from fresh pages and from old ones, while events come late and out of order and the bot is killed. When all is
// quiet, nothing that a person did is lost, no tick of a person is undone, and each operation of the bot is in the
// description or explained in a reply. DDBOT_TEST_SEED repeats one run, DDBOT_TEST_RUNS sets how many there are.
func TestPeopleAtTheSameMoment(t *testing.T) {
	eachSeed(t, 1000, 100, func(t *testing.T, seed uint64) { newCrowd(t, seed).run() })
}

// crowd is people and the bot at one issue, with what people are entitled to find in the end.
type crowd struct {
	*world
	rng *rand.Rand

	old   string // the page that somebody loaded a while ago
	words int    // made so far
	acts  int    // that may still happen in the bot's window this round
	mixed bool   // events came out of order this round

	lines   map[string]bool    // by line without its tick: whether people want it there
	moved   map[string]bool    // lines that people moved, and their words: two moves of a line may double it
	boxes   map[string]*wishes // by word: what was wanted of the box this round
	labels  map[string]*wishes
	state   *wishes
	notes   map[string]string // note to the word of its item
	excused map[string]bool   // words and notes of items that people changed after the bot
	asked   []int64           // comments with commands
	said    int               // comments that were there before this round
	trace   []string
}

// wishes are what people did and what the bot was told to, of one thing, in one round.
type wishes struct{ people, bot []string }

func (w *wishes) allow(before string, mixed bool) []string {
	switch {
	case len(w.people)+len(w.bot) == 0:
		return []string{before}
	case len(w.bot) == 0:
		return w.people[len(w.people)-1:]
	case mixed:
		return append(slices.Clone(w.bot), w.people...)
	case len(w.people) == 0:
		return w.bot[len(w.bot)-1:]
	}
	return []string{w.people[len(w.people)-1], w.bot[len(w.bot)-1]}
}

func newCrowd(t *testing.T, seed uint64) *crowd {
	c := &crowd{rng: rand.New(rand.NewPCG(seed, 4)), lines: map[string]bool{}, moved: map[string]bool{}}
	var body strings.Builder
	for s := range 2 + c.rng.IntN(2) {
		fmt.Fprintf(&body, "## Part%d\n\nWhat p%d is about.\n\n", s, s)
		for range 2 + c.rng.IntN(3) {
			fmt.Fprintf(&body, "- [%c] Item %s holds\n", " x"[c.rng.IntN(2)], c.word())
		}
		body.WriteString("\n")
	}
	eol := []string{"\n", "\r\n"}[c.rng.IntN(2)]
	var k *kill
	if c.rng.IntN(4) == 0 {
		k = &kill{nth: c.rng.IntN(8), when: moments[c.rng.IntN(len(moments))]}
	}
	s := &story.Story{Header: map[string]string{"author": "alice", "write": "bob, carol", "labels": "kind/dd", "repo-labels": "kind/bug, kind/feature, odd"},
		Body: body.String(), Steps: []*story.Step{{No: "1"}}}
	c.world = newWorld(t, s, []plugin.Plugin{dd.Plugin{}, label.Plugin{}}, eol, k)
	for l := range strings.Lines(c.live()) {
		c.lines[plain(l)] = true
	}
	c.old = c.live()
	c.engine.OnPlan = c.watch
	return c
}

// watch asserts what must hold for every plan, but for a rebase: laid over its own result it need not be nothing, as nobody
// can tell a line that was moved there from one that was there before.
func (c *crowd) watch(s decide.Input, out *decide.Decision) {
	for _, p := range out.Effects {
		if _, ok := p.Effect.(plan.Rebase); ok {
			return
		}
	}
	c.plan(s, out)
}

func (c *crowd) word() string {
	c.words++
	return fmt.Sprintf("w%03dz", c.words)
}

func (c *crowd) live() string { return c.sim.Issue(c.ref).Body }

func (c *crowd) note(format string, args ...any) {
	c.trace = append(c.trace, fmt.Sprintf(format, args...))
}

var (
	box    = regexp.MustCompile(`^(\s*- \[)([ xX])(\] .*)$`)
	wordRE = regexp.MustCompile(`w\d{3}z`)
)

// plain is a line without its tick and its end.
func plain(l string) string {
	return box.ReplaceAllString(strings.TrimRight(l, "\r\n "), "${1} ${3}")
}

// marks gives the boxes of a text by the word of their item.
func marks(text string) map[string]string {
	out := map[string]string{}
	for l := range strings.Lines(text) {
		if m := box.FindStringSubmatch(strings.TrimRight(l, "\r\n")); m != nil {
			out[wordRE.FindString(l)] = strings.ToLower(m[2])
		}
	}
	return out
}

func of(m map[string]*wishes, name string) *wishes {
	if m[name] == nil {
		m[name] = &wishes{}
	}
	return m[name]
}

// save is a person who saves a page: what differs from the description as it is now is what the person wants.
func (c *crowd) save(who, text string) {
	now := c.live()
	if text == now || strings.TrimSpace(text) == "" {
		return
	}
	c.note("%s saves:\n%s", who, diff(now, text))
	c.excuse(now, text)
	type from struct {
		hunk   int
		wanted bool
	}
	gone := map[string]from{}
	for i, e := range udiff.Lines(now, text) {
		for l := range strings.Lines(now[e.Start:e.End]) {
			gone[plain(l)] = from{i, c.lines[plain(l)] || gone[plain(l)].wanted}
			c.lines[plain(l)] = false
		}
	}
	for i, e := range udiff.Lines(now, text) {
		for l := range strings.Lines(e.New) {
			was, only := gone[plain(l)] // only its tick or its place changes
			c.lines[plain(l)] = true
			if only && !was.wanted {
				delete(c.lines, plain(l)) // one removed it, another ticks it where it is still to be seen: both are right
			}
			if only && was.hunk != i {
				c.moved[plain(l)], c.moved[wordRE.FindString(l)] = true, true
			}
		}
	}
	was := marks(now)
	for w, m := range marks(text) {
		if was[w] != m {
			of(c.boxes, w).people = append(of(c.boxes, w).people, m)
		}
	}
	c.sim.EditBody(c.ref, who, text)
}

// excuse notes what of the bot's goes because people remove or reword its item: they mean to, and are told nothing.
func (c *crowd) excuse(now, text string) {
	have := map[string]bool{}
	for l := range strings.Lines(text) {
		have[plain(l)] = true
	}
	was := marks(now)
	for l := range strings.Lines(now) {
		w := wordRE.FindString(l)
		if w == "" || have[plain(l)] {
			continue
		}
		if n := len(of(c.boxes, w).bot); n > 0 && was[w] == of(c.boxes, w).bot[n-1] {
			c.excused[w] = true
		}
		for note, item := range c.notes {
			if item == w && regexp.MustCompile(`\b`+note+`\b`).MatchString(now) {
				c.excused[note] = true
			}
		}
	}
}

// change edits a page once.
func (c *crowd) change(text string) string {
	eol := c.eol
	ls := strings.Split(strings.TrimSuffix(text, eol), eol)
	var open []int // lines that are not headings or blank
	for i, l := range ls {
		if strings.TrimSpace(l) != "" && !strings.HasPrefix(l, "#") {
			open = append(open, i)
		}
	}
	if len(open) == 0 {
		return text + "- [ ] Item " + c.word() + " holds" + eol
	}
	i := open[c.rng.IntN(len(open))]
	switch c.rng.IntN(8) {
	case 0: // reword
		ls[i] += fmt.Sprintf(" r%d", c.rng.IntN(1000))
	case 1, 2: // a new item
		ls = slices.Insert(ls, i, "- [ ] Item "+c.word()+" holds")
	case 3: // new text
		ls = slices.Insert(ls, len(ls), "", fmt.Sprintf("More of r%d.", c.rng.IntN(1000000)))
	case 4:
		ls = slices.Delete(ls, i, i+1)
	case 5: // move
		l := ls[i]
		ls = slices.Delete(ls, i, i+1)
		ls = slices.Insert(ls, open[c.rng.IntN(len(open))]*len(ls)/(len(ls)+1), l)
	default: // a tick
		m := box.FindStringSubmatch(ls[i])
		if m == nil {
			return text
		}
		ls[i] = m[1] + map[string]string{" ": "x", "x": " ", "X": " "}[m[2]] + m[3]
	}
	return strings.Join(ls, eol) + eol
}

// person does something.
func (c *crowd) person() {
	who := []string{"alice", "bob", "carol"}[c.rng.IntN(3)]
	switch n := c.rng.IntN(20); {
	case n < 2:
		c.relabel()
	case n < 3 && c.sim.Issue(c.ref).State == "open":
		c.note("bob closes")
		c.state.people = append(c.state.people, "closed")
		c.sim.Close(c.ref, "bob", "completed")
	case n < 3:
		c.note("bob reopens")
		c.state.people = append(c.state.people, "open")
		c.sim.Reopen(c.ref, "bob")
	case n < 6: // from an old page
		c.save(who, c.change(c.old))
	case n < 9:
		c.save(who, c.change(c.change(c.live())))
	default:
		c.save(who, c.change(c.live()))
	}
}

func (c *crowd) relabel() {
	l := []string{"kind/bug", "kind/feature", "odd"}[c.rng.IntN(3)]
	if slices.Contains(c.sim.Issue(c.ref).Labels, l) {
		c.note("bob takes off %s", l)
		of(c.labels, l).people = append(of(c.labels, l).people, "off")
		c.sim.RemoveLabel(c.ref, "bob", l)
		return
	}
	c.note("bob puts on %s", l)
	of(c.labels, l).people = append(of(c.labels, l).people, "on")
	c.sim.AddLabels(c.ref, "bob", l)
}

// command writes a comment with a command or two.
func (c *crowd) command() {
	var cmds []string
	for range 1 + c.rng.IntN(2) {
		w := fmt.Sprintf("w%03dz", 1+c.rng.IntN(c.words))
		switch c.rng.IntN(6) {
		case 0, 1:
			cmds = append(cmds, fmt.Sprintf("/dd done %q", w))
			of(c.boxes, w).bot = append(of(c.boxes, w).bot, "x")
		case 2:
			cmds = append(cmds, fmt.Sprintf("/dd undo %q", w))
			of(c.boxes, w).bot = append(of(c.boxes, w).bot, " ")
		case 3, 4:
			n := fmt.Sprintf("seen%d", len(c.notes))
			c.notes[n] = w
			cmds = append(cmds, fmt.Sprintf("/dd note %q %s%s", w, []string{"", "/close ", "@bob #1 "}[c.rng.IntN(3)], n))
		case 5:
			on := c.rng.IntN(2) == 0
			l := []string{"bug", "feature"}[c.rng.IntN(2)]
			cmds = append(cmds, map[bool]string{true: "/kind ", false: "/remove-kind "}[on]+l)
			of(c.labels, "kind/"+l).bot = append(of(c.labels, "kind/"+l).bot, map[bool]string{true: "on", false: "off"}[on])
		}
	}
	text := strings.Join(cmds, "\n")
	c.note("bob comments: %s", text)
	c.asked = append(c.asked, c.sim.Comment(c.ref, "bob", text))
}

func (c *crowd) run() {
	c.begin()
	defer c.sim.Before(func(call githubsim.Call) { c.window(call, "before") })()
	defer c.sim.After(func(call githubsim.Call) { c.window(call, "after") })()
	for range 2 + c.rng.IntN(3) {
		before := c.sim.Issue(c.ref)
		c.acts = c.rng.IntN(5)
		for range 1 + c.rng.IntN(4) {
			if c.rng.IntN(2) == 0 {
				c.command()
			} else {
				c.person()
			}
		}
		c.work()
		c.check(before)
		if c.t.Failed() {
			c.t.Fatalf("what happened:\n%s", strings.Join(c.trace, "\n"))
		}
		c.begin()
		if c.rng.IntN(2) == 0 {
			c.old = c.live()
		}
	}
}

func (c *crowd) begin() {
	c.boxes, c.labels, c.state, c.notes = map[string]*wishes{}, map[string]*wishes{}, &wishes{}, map[string]string{}
	c.excused = map[string]bool{}
	c.asked, c.mixed, c.said = nil, false, len(c.sim.Comments(c.ref))
	c.sim.SetMode(githubsim.Hold)
}

// window lets people act around the bot's requests. Look-ups that are made at the same time are left alone, for a seed
// must always tell the same story.
func (c *crowd) window(call githubsim.Call, when string) {
	issue := strings.HasSuffix(call.Path, "/issues/{issue_number}")
	if call.As != bot || call.Method == http.MethodGet && !issue {
		return
	}
	c.note("bot, %s: %s", when, call.Path)
	if call.Method == http.MethodPatch && issue && when == "before" {
		var sent struct{ Body string }
		_ = json.Unmarshal([]byte(call.Body), &sent)
		c.note("%s", diff(c.live(), sent.Body))
	}
	for c.acts > 0 && c.rng.IntN(3) == 0 {
		c.acts--
		c.person()
	}
	if c.rng.IntN(8) == 0 {
		c.arrive()
	}
}

// arrive lets what GitHub holds come in, perhaps out of order.
func (c *crowd) arrive() {
	if c.rng.IntN(6) == 0 {
		c.mixed = true
		c.sim.Reorder()
	}
	c.note("deliveries: %d", len(c.sim.Held()))
	c.sim.Flush()
	c.deliver()
	c.sim.SetMode(githubsim.Hold)
}

// work lets the bot do all that there is to do.
func (c *crowd) work() {
	for range 40 {
		c.arrive()
		if len(c.inbox.keys()) == 0 && len(c.sim.Held()) == 0 {
			return
		}
		err := c.inbox.drain(context.Background(), c.engine.Handle)
		var rest *queue.Snooze
		switch {
		case c.kill.dead():
			c.note("killed")
			c.kill = nil
			c.start()
			c.engine.OnPlan = c.watch
		case errors.As(err, &rest):
			c.sim.Clock().Advance(rest.For)
		case err != nil:
			c.t.Fatal(err)
		}
	}
	c.t.Fatalf("the bot keeps itself busy:\n%s", strings.Join(c.trace, "\n"))
}

// replies are what the bot said in this round.
func (c *crowd) replies() string {
	var b strings.Builder
	for _, x := range c.sim.Comments(c.ref)[c.said:] {
		if x.Author == bot {
			b.WriteString(x.Body + "\n")
		}
	}
	return b.String()
}

func (c *crowd) check(before githubsim.Issue) {
	now, said := c.sim.Issue(c.ref), c.replies()
	fail := func(format string, args ...any) {
		c.t.Errorf("%s\nbefore:\n%s\nnow:\n%s\nreplies:\n%s", fmt.Sprintf(format, args...), before.Body, now.Body, said)
	}
	have, told := map[string]bool{}, map[string]bool{}
	for l := range strings.Lines(now.Body) {
		if have[plain(l)] && wordRE.MatchString(l) && !c.moved[plain(l)] {
			fail("a line is there twice: %q", l)
		}
		have[plain(l)] = true
	}
	for l := range strings.Lines(said) {
		told[strings.TrimSpace(plain(l))] = true
	}
	for l, want := range c.lines {
		if text := strings.TrimSpace(l); have[l] != want && (want || !c.moved[l]) && text != "" && !told[text] && !strings.Contains(l, "**Note:**") {
			fail("a person's line %q: there %v, wanted %v", l, have[l], want)
		}
		c.lines[l] = have[l]
	}
	was, is := marks(before.Body), marks(now.Body)
	for w, m := range is {
		wish := of(c.boxes, w)
		if _, old := was[w]; !old && len(wish.people) == 0 {
			wish.people = []string{" "}
		}
		if allowed := wish.allow(was[w], c.mixed); !slices.Contains(allowed, m) && !c.moved[w] && !strings.Contains(said, w) {
			fail("the box of %s is %q, allowed %q", w, m, allowed)
		}
	}
	for w, wish := range c.boxes {
		clicked := len(wish.people) > 0 // a person's own click on the box counts, and nothing is said of it
		if _, there := is[w]; !there && !c.excused[w] && !clicked && slices.ContainsFunc(wish.bot, func(m string) bool { return m != cmp.Or(was[w], " ") }) && !strings.Contains(said, w) {
			fail("the box of %s is not there for the bot, and nothing is said of it", w)
		}
	}
	for n, w := range c.notes {
		if !regexp.MustCompile(`\b`+n+`\b`).MatchString(now.Body+said) && !c.excused[n] && !c.moved[w] && !strings.Contains(said, w) {
			fail("the note %s is neither there nor explained", n)
		}
	}
	for _, l := range []string{"kind/bug", "kind/feature", "odd", "kind/dd"} {
		m := func(ls []string) string { return map[bool]string{true: "on", false: "off"}[slices.Contains(ls, l)] }
		if allowed := of(c.labels, l).allow(m(before.Labels), c.mixed); !slices.Contains(allowed, m(now.Labels)) {
			fail("label %s is %s, allowed %q", l, m(now.Labels), allowed)
		}
	}
	if allowed := c.state.allow(before.State, c.mixed); !slices.Contains(allowed, now.State) {
		fail("the issue is %s, allowed %q", now.State, allowed)
	}
	c.checkAnswers(now, fail)
	for l := range strings.Lines(now.Body + said) {
		if strings.HasPrefix(strings.TrimSpace(l), "/") {
			fail("a line that another bot could obey: %q", l)
		}
	}
}

// checkAnswers: each comment with commands has one reaction or one reply.
func (c *crowd) checkAnswers(now githubsim.Issue, fail func(string, ...any)) {
	for _, id := range c.asked {
		n := 0
		for _, x := range now.Comments {
			if x.ID == id {
				n += len(x.Reactions)
			}
			if x.Author == bot && strings.Contains(x.Body, plan.ReplyMarker(fmt.Sprintf("c%d", id))) {
				n++
			}
		}
		if n != 1 {
			fail("comment %d has %d answers", id, n)
		}
	}
}
