package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/issue"
)

// GitHub does not promise to deliver events in their order, and what was missed is found late. So each part of an issue (a
// label, an item's tick, the state, …) remembers the newest thing that a person said about it, by GitHub's time; what is
// older does not change that part any more. It is the last-writer-wins register of the field, one for each part.

// Stamp is when something happened, by GitHub's clock, which tells seconds. Comments of one second are told apart by their
// ids, which grow.
type Stamp struct {
	At  time.Time `json:"at"`
	Seq int64     `json:"seq,omitempty"` // a comment's id, 0 for what has none
}

// Before tells whether s happened before o, as far as can be told.
func (s Stamp) Before(o Stamp) bool {
	if s.At.Equal(o.At) {
		return s.Seq != 0 && o.Seq != 0 && s.Seq < o.Seq
	}
	return s.At.Before(o.At)
}

// Said is the newest thing that was said, by the part of the issue that it is about.
type Said map[string]Stamp

// saying is what was said at one time, as it is stored: one command speaks of many parts.
type saying struct {
	Stamp
	Parts []string `json:"parts"`
}

// MarshalJSON writes each time once, with the parts that it is of.
func (s Said) MarshalJSON() ([]byte, error) {
	at := map[Stamp]*saying{}
	var all []*saying
	for _, part := range slices.Sorted(maps.Keys(s)) {
		stamp := s[part]
		stamp.At = stamp.At.UTC()
		if at[stamp] == nil {
			at[stamp] = &saying{Stamp: stamp}
			all = append(all, at[stamp])
		}
		at[stamp].Parts = append(at[stamp].Parts, part)
	}
	return json.Marshal(all)
}

// UnmarshalJSON reads that, and what was written until November 2026: the time of each part.
func (s *Said) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte("{")) {
		var each map[string]Stamp
		err := json.Unmarshal(data, &each)
		*s = each
		return err
	}
	var all []saying
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	*s = Said{}
	for _, at := range all {
		for _, part := range at.Parts {
			(*s)[part] = at.Stamp
		}
	}
	return nil
}

// Bounds of what is kept.
const (
	saidFor  = 24 * time.Hour // longer than GitHub takes to deliver, and than most catch-ups look back
	maxParts = 300
)

// Newest is the newest of all.
func (s Said) Newest() Stamp {
	var newest Stamp
	for _, at := range s {
		if newest.Before(at) {
			newest = at
		}
	}
	return newest
}

// Trim gives what is worth keeping.
func (s Said) Trim() Said {
	oldest := s.Newest().At.Add(-saidFor)
	parts := slices.DeleteFunc(slices.Collect(maps.Keys(s)), func(p string) bool { return s[p].At.Before(oldest) })
	slices.SortFunc(parts, func(a, b string) int { return s[b].At.Compare(s[a].At) })
	kept := Said{}
	for _, p := range parts[:min(len(parts), maxParts)] {
		kept[p] = s[p]
	}
	return kept
}

// The names of parts. Facets (title, state, …) are parts, too.
func partLabel(name string) string    { return "label:" + issue.FoldLabel(name) }
func partGroup(glob string) string    { return "group:" + issue.FoldLabel(glob) }
func partAssignee(who string) string  { return "assignee:" + issue.FoldLogin(who) }
func partReview(who string) string    { return "review:" + issue.FoldLogin(who) }
func partTick(k checklist.Key) string { return fmt.Sprintf("tick:%s|%s|%d", k.Section, k.Text, k.Nth) }
func partNotes(k checklist.Key) string {
	return fmt.Sprintf("notes:%s|%s|%d", k.Section, k.Text, k.Nth)
}

// At sets when what is folded from now on happened. Only what people say is kept (says): ddbot's own doing, and what
// follows from an event, gives way to anything newer and stands in nobody's way.
func (w *Draft) At(at Stamp, says bool) {
	w.at, w.says = at, says
}

// Saying tells whether what is folded is what somebody says.
func (w *Draft) Saying(says bool) { w.says = says }

// Late tells whether something newer is known than what is folded now: then the issue is read before anything is decided.
func (w *Draft) Late() bool { return w.at.Before(w.Said.Newest()) }

// overruled tells whether something newer was said about a part.
func (w *Draft) overruled(part string) bool {
	newer, known := w.Said[part]
	return known && w.at.Before(newer)
}

// say notes that a part was spoken about.
func (w *Draft) say(part string) {
	if w.says && !w.at.At.IsZero() && !w.overruled(part) {
		w.Said[part] = w.at
	}
}

// may is both: it tells whether a part may be changed now, and notes that it was.
func (w *Draft) may(part string) bool {
	if w.overruled(part) {
		return false
	}
	w.say(part)
	return true
}

// maySet tells the same of a label that excludes others: nothing newer may have been said of it, of its group, or of one
// that would have to go for it.
func (w *Draft) maySet(label string, exclusive []string) bool {
	if w.overruled(partLabel(label)) ||
		slices.ContainsFunc(exclusive, func(glob string) bool { return w.overruled(partGroup(glob)) }) ||
		slices.ContainsFunc(w.Issue.Labels, func(l string) bool { return MatchAny(exclusive, l) && w.overruled(partLabel(l)) }) {
		return false
	}
	w.say(partLabel(label))
	for _, glob := range exclusive {
		w.say(partGroup(glob))
	}
	return true
}

// mayAll filters names by the parts that they are.
func (w *Draft) mayAll(names []string, part func(string) string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !w.may(part(n)) })
}

// Happened notes what people did by hand, so that a command from before it does not undo it.
type Happened struct {
	Label    string
	Assignee string
	State    bool
	Title    bool
	Mile     bool
	Old, New *string // the body, where it changed
}

// Note takes it in.
func (w *Draft) Note(h Happened) {
	for part, on := range map[string]bool{
		partLabel(h.Label): h.Label != "", partAssignee(h.Assignee): h.Assignee != "",
		string(facetState): h.State, string(facetTitle): h.Title, string(facetMilestone): h.Mile,
	} {
		if on {
			w.may(part)
		}
	}
	if h.Old != nil && h.New != nil {
		for _, k := range retickedBy(*h.Old, *h.New) {
			w.may(partTick(k))
		}
	}
}

// retickedBy gives the items whose boxes an edit changed.
func retickedBy(old, text string) []checklist.Key {
	before, err := checklist.Parse(old)
	after, err2 := checklist.Parse(text)
	if err != nil || err2 != nil {
		return nil
	}
	was := map[checklist.Key]bool{}
	for _, it := range before.Items() {
		was[it.Key] = it.Checked
	}
	var keys []checklist.Key
	for _, it := range after.Items() {
		if checked, there := was[it.Key]; there && checked != it.Checked {
			keys = append(keys, it.Key)
		}
	}
	return keys
}

// opsLeft leaves out ticks about which something newer was said, and notes where newer ones stand for all of an item. Else notes
// stand beside each other: none overrules another.
func (w *Draft) opsLeft(ops []checklist.Op) []checklist.Op {
	return slices.DeleteFunc(slices.Clone(ops), func(op checklist.Op) bool {
		if op.Kind == checklist.OpTick {
			return !w.may(partTick(op.Key))
		}
		return w.overruled(partNotes(op.Key))
	})
}
