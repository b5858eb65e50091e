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
	tampered := edited(in)
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
	if tampered && in.Event.Comment.ID != known.ID {
		return nil, nil // it is another comment
	}
	unused := s.Empty() && known.ID == 0 && !begins(in, o)
	if unused {
		if mine, err := ours(in); err != nil || !mine {
			return nil, err // nobody has used it here
		}
	}
	if in.Event.Kind == event.Daily && in.Issue.Body == "" {
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
	switch in.Event.Kind {
	case event.Opened, event.Edited, event.Daily:
		return true
	case event.Labeled, event.Unlabeled:
		l := strings.ToLower(in.Event.Label)
		return in.Acted || strings.HasPrefix(l, strings.ToLower(plugin.Options[Options](in).Labels)) || strings.HasPrefix(l, "gitvote") || strings.HasPrefix(l, triage)
	}
	return in.Acted
}

// begins tells whether the comment is to be there before anybody has used a command for it: when an application is opened, or somebody
// gives it a stage.
func begins(in plugin.Input, o *Options) bool {
	if in.Issue.PullRequest {
		return false
	}
	staged := stageOf(in.Issue.Labels, o.Labels) != stageOf(in.Event.Issue.Labels, o.Labels) ||
		in.Event.Kind == event.Labeled && stageOf([]string{in.Event.Label}, o.Labels) != ""
	return staged || o.Opening && in.Event.Kind == event.Opened
}

// edited tells whether somebody has edited a status comment: by its marker, before or after.
func edited(in plugin.Input) bool {
	e := in.Event
	if e.Kind != event.CommentEdited || e.Sender.Is(e.Comment.Author) || e.OldBody == nil {
		return false
	}
	marked := plan.MarkedBy(plan.Marker(statusKey))
	return marked(*e.OldBody) || marked(e.Comment.Body)
}

// handler is one run of Handle.
type handler struct {
	in      plugin.Input
	o       *Options
	rules   diligence.Rules
	list    *checklist.List
	ops     []checklist.Op // of effects
	effects []plan.Effect
}

// say answers who did something. Where nobody did, as when the sweep hands the issue out, it is a comment of its own, once.
func (h *handler) say(text string) {
	if h.in.Event.ID() != "" {
		h.effects = append(h.effects, plan.Reply{Text: text})
		return
	}
	sum := sha256.Sum256([]byte(text))
	h.effects = append(h.effects, plan.Notice{Key: fmt.Sprintf("told-%x", sum[:6]), Text: text})
}

// learn takes in labels, links by themselves, and, when the sweep hands the issue out, what became of things elsewhere.
func (h *handler) learn(s diligence.State) (diligence.State, error) {
	s, _ = s.Voted(h.in.Issue.Labels, now(h.in))
	s = h.stage(s)
	h.triaged(s)
	s = h.triageClocks(s)
	s, err := h.itself(s)
	if err != nil {
		return s, err
	}
	if h.in.Event.Kind == event.Daily {
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
	value := stageOf(h.in.Issue.Labels, h.o.Labels)
	id := h.in.Event.ID()
	if now := s.Now(); value == now.Value {
		if id != "" && now.From == id { // a killed process has written it down, and not said it perhaps
			h.entered(s)
		}
		return s
	}
	st := diligence.Stage{Value: value, At: now(h.in), Until: h.rules.Until(value, now(h.in))}
	just := value != stageOf(h.in.Event.Issue.Labels, h.o.Labels) || h.in.Event.Kind == event.Labeled
	if just { // else it began before the first look, and nobody knows who went on and what was missing
		st.From, st.By, st.Despite = id, h.in.Event.Sender.Login, s.Lacks(value, h.rules, h.counted(), now(h.in))
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
	project := h.in.Issue.Title
	if _, rest, ok := strings.Cut(project, "]"); ok {
		project = rest
	}
	said, err := standard(text, page{
		Project: strings.TrimSpace(project), Until: dayOr(s.Now().Until), Sponsors: sponsorsOf(s),
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
		came := !h.in.Before.HasLabel(l) || h.in.Event.Kind == event.Labeled && issue.SameLabel(h.in.Event.Label, l)
		if ok && came {
			h.standard(value, s)
		}
	}
}

const triage = "dd/triage/"

// triageClocks keep a date for each label of triage that has a clock, as long as the label stands.
func (h *handler) triageClocks(s diligence.State) diligence.State {
	for _, d := range s.Dates {
		if strings.HasPrefix(d.Name, triage) && !issue.HasLabel(h.in.Issue.Labels, d.Name) {
			s = s.On(d.Name, time.Time{}, "")
		}
	}
	for _, l := range h.in.Issue.Labels {
		name := strings.ToLower(l)
		value, ok := strings.CutPrefix(name, triage)
		until := h.rules.Until(value, now(h.in))
		if ok && !until.IsZero() && !slices.ContainsFunc(s.Dates, func(d diligence.Date) bool { return d.Name == name }) {
			s = s.On(name, until, "")
		}
	}
	return s
}

func stageOf(labels []string, prefix string) string {
	for _, l := range labels {
		if v, ok := strings.CutPrefix(strings.ToLower(l), strings.ToLower(prefix)); ok {
			return v
		}
	}
	return ""
}

// itself links the items that are nothing but a reference.
func (h *handler) itself(s diligence.State) (diligence.State, error) {
	if h.list == nil {
		return s, nil
	}
	var unknown error
	for _, i := range h.list.Items() {
		to, ok := target(h.in, i.Text)
		ref, err := issue.ParseRef(to)
		if !ok || err != nil || strings.ContainsAny(strings.TrimSpace(i.Text), " \t") || ref == h.in.Issue.Ref {
			continue
		}
		item := diligence.ItemOf(i)
		if slices.ContainsFunc(s.Links, func(l diligence.Link) bool { return l.Item.Same(item) && strings.EqualFold(l.To, to) }) {
			continue
		}
		e, err := h.in.Facts.Elsewhere(ref)
		if err != nil {
			unknown = err
			continue
		}
		if ok, err := shown(h.in, ref, e, h.in.Issue.Author); err != nil {
			unknown = err
			continue
		} else if !ok {
			e = fact.Elsewhere{}
		}
		s = s.Link(diligence.Link{Item: item, To: to, By: h.in.Issue.Author, State: e.State, Title: e.Title, Seen: now(h.in).UTC().Truncate(time.Second), Itself: true})
	}
	return s, unknown
}

// maxWatched bounds what is looked at elsewhere in one go.
const maxWatched = 40

// elsewhere looks what became of linked issues, filed findings, and the other issue about the same.
func (h *handler) elsewhere(s diligence.State) (diligence.State, error) {
	var unknown []error
	var seen []fact.Elsewhere
	watched := s.Watched()
	watched = watched[:min(len(watched), maxWatched)]
	for _, to := range watched {
		ref, err := issue.ParseRef(to)
		if err != nil {
			continue
		}
		e, err := h.in.Facts.Elsewhere(ref)
		ok := false
		if err == nil {
			ok, err = shown(h.in, ref, e, whose(s, to)...)
		}
		if err != nil {
			unknown = append(unknown, err)
		}
		if !ok {
			e = fact.Elsewhere{}
		}
		seen = append(seen, e)
	}
	if len(unknown) > 0 {
		return s, joined(unknown)
	}
	for n, to := range watched {
		if seen[n].State == "" {
			continue
		}
		next, closed, resolved := s.Saw(to, seen[n].State, seen[n].Title, now(h.in))
		s = next
		h.closed(closed)
		for _, f := range resolved {
			h.say(textResolved(f))
		}
		if strings.EqualFold(to, s.Tracks) {
			ops, refs, err := taken(h.in, seen[n].Body, to)
			if err == nil && len(ops) > 0 {
				h.edit(ops, "tick "+strings.Join(refs, ", ")+" as in "+to)
			}
		}
	}
	return s, nil
}

// closed ticks the items that waited for something which is closed now, or says that they can be.
func (h *handler) closed(links []diligence.Link) {
	for _, l := range links {
		i, ok := h.find(l.Item)
		if !ok || i.Checked || h.o.Linked == "show" {
			continue
		}
		if h.o.Linked == "propose" && !l.Itself {
			h.say(textPropose(i.Ref, l))
			continue
		}
		h.edit([]checklist.Op{{Kind: checklist.OpTick, Key: i.Key, To: true}}, "tick "+i.Ref+", as "+l.To+" is "+l.State)
	}
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

func (h *handler) find(item diligence.Item) (checklist.Item, bool) {
	if h.list == nil {
		return checklist.Item{}, false
	}
	for _, i := range h.list.Items() {
		if diligence.ItemOf(i).Same(item) {
			return i, true
		}
	}
	return checklist.Item{}, false
}

// counted is the checklist in numbers.
func (h *handler) counted() diligence.List {
	out := diligence.List{Ref: func(item diligence.Item) (string, bool) {
		i, ok := h.find(item)
		return i.Ref, ok
	}}
	if h.list == nil {
		return out
	}
	for _, i := range h.list.Items() {
		path := strings.Join(i.Section, " › ")
		if path == "" {
			path = "(no section)"
		}
		if n := len(out.Sections); n == 0 || out.Sections[n-1].Path != path {
			out.Sections = append(out.Sections, diligence.Progress{Path: path})
		}
		p := &out.Sections[len(out.Sections)-1]
		p.Total++
		out.Total++
		if i.Checked {
			p.Done++
			out.Done++
		} else {
			out.Unticked = append(out.Unticked, i.Ref)
		}
	}
	return out
}

// write makes the comment, if it reads differently. What does not fit into one stands in more; one that is needed no more says so.
func (h *handler) write(s diligence.State, known fact.Status, force bool) ([]plan.Effect, error) {
	view := diligence.View{Now: now(h.in), Labels: h.in.Issue.Labels, Rules: h.rules, List: h.counted()}
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
