package diligence

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Handle takes in what happened to the issue and writes the status comment, if it reads differently then.
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) {
	if keepsQueue(in) {
		return keepQueue(in)
	}
	comment, tampered := edited(in)
	if !tampered && (!in.Tracked || !concerns(in)) {
		return nil, nil
	}
	known, err := in.Status()
	if err != nil {
		return nil, err
	}
	s, err := diligence.Parse(known.Body)
	if err != nil {
		return nil, nil //nolint:nilerr // of a newer ddbot, or broken: whoever uses a command is told
	}
	o := plugin.Options[Options](in)
	if tampered && comment.ID != known.ID {
		return nil, nil // it is another comment
	}
	unused := s.Empty() && known.ID == 0 && !begins(in, o)
	if unused {
		if mine, err := ours(in); err != nil || !mine {
			return nil, err // nobody has used it here
		}
	}
	if event.Is[event.Daily](in.Event.Kind) && in.Issue.Body == "" {
		return []plan.Effect{plan.Read{}}, nil // the sweep does not know descriptions
	}
	list, err := checklist.Parse(in.Issue.Body)
	if err != nil {
		list = nil
	}
	h := &handler{in: in, o: o, rules: o.Rules(), list: list}
	if s, err = h.learn(s); err != nil || unused && s.Empty() {
		return nil, err
	}
	if tampered || known.Edited {
		h.say(textTampered(in.Event.Sender.Login))
	}
	return h.write(s, known, tampered || known.Edited)
}

// concerns tells whether the event can change what the comment says. A comment without a command changes nothing.
func concerns(in plugin.Input) bool {
	switch in.Event.Kind.(type) {
	case event.Opened, event.Edited, event.Closed, event.Reopened, event.Daily:
		return true
	case event.CommentCreated:
		_, counts := voteCount(in)
		return in.Acted || counts
	case event.Due:
		return false // a step of the life cycle, of which the comment tells nothing
	case event.Labeled, event.Unlabeled:
		l, _ := in.Event.Label()
		l = strings.ToLower(l)
		return in.Acted || strings.HasPrefix(l, strings.ToLower(plugin.Options[Options](in).Labels)) || strings.HasPrefix(l, "gitvote") || strings.HasPrefix(l, triage)
	}
	return in.Acted
}

// gitvote is the account of the foundation's gitvote (github.com/apps/git-vote).
const gitvote = "git-vote[bot]"

// voteCount is what the event says of the votes that were cast, if it is a comment of gitvote's.
func voteCount(in plugin.Input) (diligence.Tally, bool) {
	c, ok := in.Event.Comment()
	if !ok || !event.Is[event.CommentCreated](in.Event.Kind) || !c.Author.Bot || !issue.SameLogin(c.Author.Login, gitvote) {
		return diligence.Tally{}, false
	}
	return diligence.TallyOf(c.Body)
}

// begins tells whether the comment is to be there before anybody has used a command for it: when an application is opened, or somebody
// gives it a stage.
func begins(in plugin.Input, o *Options) bool {
	if in.Issue.PullRequest {
		return false
	}
	on, labeled := in.Event.Kind.(event.Labeled)
	staged := diligence.StageOf(in.Issue.Labels, o.Labels, "") != diligence.StageOf(in.Event.Issue.Labels, o.Labels, "") ||
		labeled && diligence.StageOf([]string{on.Label}, o.Labels, "") != ""
	return staged || o.Opening && event.Is[event.Opened](in.Event.Kind)
}

// edited gives the status comment that somebody has edited: one by its marker, before or after.
func edited(in plugin.Input) (c event.Comment, ok bool) {
	edit, ok := in.Event.Kind.(event.CommentEdited)
	if !ok || in.Event.Sender.Is(edit.Comment.Author) || edit.OldBody == nil {
		return c, false
	}
	marked := plan.MarkedBy(plan.Marker(statusKey))
	return edit.Comment, marked(*edit.OldBody) || marked(edit.Comment.Body)
}

// handler is one run of Handle.
type handler struct {
	in      plugin.Input
	o       *Options
	rules   diligence.Rules
	list    *checklist.List
	ops     []checklist.Op // of effects
	effects []plan.Effect
	said    []string
}

// say keeps what is to be said about the event; see tell.
func (h *handler) say(text string) { h.said = append(h.said, text) }

// tell answers who did something. Where nobody wrote, it is one comment, and the same once a day: a label may come a second time. The sweep
// hands an issue out again and again, and says a text once.
func (h *handler) tell() {
	if h.in.Event.ID() != "" {
		for _, text := range h.said {
			h.effects = append(h.effects, plan.Reply{Text: text})
		}
		return
	}
	if len(h.said) == 0 {
		return
	}
	text := strings.Join(h.said, "\n\n")
	about := text
	if !event.Is[event.Daily](h.in.Event.Kind) {
		about += h.in.Event.At().UTC().Format(time.DateOnly) // what a killed process has said is found by it
	}
	sum := sha256.Sum256([]byte(about))
	h.effects = append(h.effects, plan.Notice{Key: fmt.Sprintf("told-%x", sum[:6]), Text: text})
}

// learn takes in labels, links by themselves, and, when the sweep hands the issue out, what became of things elsewhere.
func (h *handler) learn(s diligence.State) (diligence.State, error) {
	s = s.Follow(h.list)
	s, _ = s.Voted(h.in.Issue.Labels, "", now(h.in))
	if count, ok := voteCount(h.in); ok {
		s = s.Counted(count)
	}
	switch h.in.Event.Kind.(type) {
	case event.Closed, event.Reopened: // their labels may be older than those of a label event
	default:
		s = h.stage(s)
	}
	s = h.noted(s)
	h.triaged(s)
	s = h.triageClocks(s)
	s, err := h.itself(s)
	if err != nil {
		return s, err
	}
	if event.Is[event.Daily](h.in.Event.Kind) {
		if s, err = h.mentioned(s); err != nil {
			return s, err
		}
		if s, err = h.elsewhere(s); err != nil {
			return s, err
		}
		if h.o.Remind {
			s = h.remind(s)
		}
	}
	return s, nil
}

// stage takes in the label of the stage. Guards warn and never stop anybody.
func (h *handler) stage(s diligence.State) diligence.State {
	value := diligence.StageOf(h.in.Issue.Labels, h.o.Labels, s.Now().Value)
	id := h.in.Event.ID()
	if now := s.Now(); value == now.Value {
		if id != "" && now.From == id { // a killed process has written it down, and not said it perhaps
			h.entered(s)
		}
		return s
	}
	st := diligence.Stage{Value: value, At: now(h.in), Until: h.rules.Until(value, now(h.in))}
	just := value != diligence.StageOf(h.in.Event.Issue.Labels, h.o.Labels, "") || event.Is[event.Labeled](h.in.Event.Kind)
	if just { // else it began before the first look, and nobody knows who went on and what was missing
		st.From, st.By, st.Despite = id, h.in.Event.Sender.Login, s.Lacks(value, h.rules, diligence.Count(h.list), now(h.in))
	}
	s, _ = s.Enter(st)
	if just {
		h.entered(s)
	}
	return s
}

// entered says what there is to say about a stage that begins.
func (h *handler) entered(s diligence.State) {
	st := s.Now()
	if len(st.Despite) > 0 {
		h.say(textDespite(st.Value, st.Despite))
	}
	h.standard(st.Value, s)
}

// standard says the text that the configuration has for a value.
func (h *handler) standard(value string, s diligence.State) {
	text := h.o.Texts[value]
	if text == "" {
		return
	}
	said, err := standard(text, page{
		Project: projectName(h.in), Until: dayOr(s.Now().Until), Sponsors: sponsorsOf(s),
		Issue: "https://github.com/" + h.in.Issue.Ref.FullName() + "/issues/" + itoa(h.in.Issue.Ref.Number),
	})
	if err == nil {
		h.say(said)
	}
}

// triaged says what is to be done about a label of triage that has just come.
func (h *handler) triaged(s diligence.State) {
	for _, l := range h.in.Issue.Labels {
		value, ok := strings.CutPrefix(strings.ToLower(l), triage)
		came := !h.in.Before.HasLabel(l) || h.in.Event.PutOn(l)
		if ok && came {
			h.standard(value, s)
		}
	}
}

const triage = "dd/triage/"

// triageClocks keep a date for each label of triage that has a clock, as long as the label stands.
func (h *handler) triageClocks(s diligence.State) diligence.State {
	for _, d := range s.Days {
		if strings.HasPrefix(d.Name, triage) && !issue.HasLabel(h.in.Issue.Labels, d.Name) {
			s = s.On(d.Name, time.Time{}, "")
		}
	}
	for _, l := range h.in.Issue.Labels {
		name := strings.ToLower(l)
		value, ok := strings.CutPrefix(name, triage)
		until := h.rules.Until(value, now(h.in))
		if ok && !until.IsZero() && !slices.ContainsFunc(s.Days, func(d diligence.Date) bool { return d.Name == name }) {
			s = s.On(name, until, "")
		}
	}
	return s
}

// noted takes what somebody has just written under an item for an answer to the questions about it, unless they ask themselves.
func (h *handler) noted(s diligence.State) diligence.State {
	before, err := checklist.Parse(h.in.Before.Body)
	if err != nil || h.list == nil || h.in.Before.Body == "" || h.in.Before.Body == h.in.Issue.Body {
		return s
	}
	for _, q := range s.OpenQuestions() {
		by := h.in.Event.Sender.Login
		if q.Item == nil || issue.SameLogin(q.By, by) {
			continue
		}
		old, was := q.Item.In(before)
		item, is := q.Item.In(h.list)
		if !was || !is {
			continue
		}
		for _, n := range item.Notes {
			if !contains(old.Notes, n) {
				s, _ = s.Answer(q.No, bare(n, by), by, now(h.in)) // there is that question
			}
		}
	}
	return s
}

// bare is a note without what ddbot puts around it: what it is, and whose.
func bare(note, by string) string {
	for _, what := range []string{"Note: ", "Evidence: "} {
		note = strings.TrimPrefix(note, what)
	}
	return strings.TrimSuffix(note, " — "+by)
}

// edit changes the checklist. What is counted afterwards is the list as it is to become.
func (h *handler) edit(ops []checklist.Op, what string) {
	h.effects = append(h.effects, plan.Checklist{Ops: ops, What: what})
	h.ops = append(h.ops, ops...)
	if body, err := checklist.Apply(h.in.Issue.Body, h.ops...); err == nil {
		if list, err := checklist.Parse(body); err == nil {
			h.list = list
		}
	}
}

// write makes the comment, if it reads differently. What does not fit into one stands in more; one that is needed no more says so.
func (h *handler) write(s diligence.State, known fact.Status, force bool) ([]plan.Effect, error) {
	view := diligence.View{Now: now(h.in), Labels: h.in.Issue.Labels, Rules: h.rules, List: diligence.Count(h.list), Closed: h.in.Issue.State == issue.Closed}
	parts, err := s.Render(view)
	if err != nil {
		return nil, err
	}
	if n := max(len(parts), s.Pages); n > 1 && s.Pages != n {
		s.Pages = n
		if parts, err = s.Render(view); err != nil {
			return nil, err
		}
	}
	h.tell()
	if body := plan.Comment(parts[0], plan.Marker(statusKey)); force || body != known.Body {
		h.effects = append(h.effects, plan.Notice{Key: statusKey, CommentID: known.ID, Text: parts[0]})
	}
	for len(parts) < s.Pages {
		parts = append(parts, diligence.Continued+": there is nothing more.")
	}
	for n, text := range parts[1:] {
		key := statusKey + "-" + itoa(n+2)
		id, err := h.in.Facts.Notice(key)
		if err != nil {
			return nil, err
		}
		h.effects = append(h.effects, plan.Notice{Key: key, CommentID: id, Text: text})
	}
	return h.effects, nil
}

// projectName is what the title calls the project, for a sentence: it mentions nobody and is no HTML.
func projectName(in plugin.Input) string {
	title := in.Issue.Title
	if _, rest, ok := strings.Cut(title, "]"); ok {
		title = rest
	}
	return strings.NewReplacer("<", "&lt;", "`", "'").Replace(plan.Neutral(strings.Join(strings.Fields(title), " ")))
}

// page is what standard texts can use.
type page struct{ Project, Until, Sponsors, Issue string }

func standard(text string, p page) (string, error) {
	t, err := template.New("text").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, p)
	return b.String(), err
}
