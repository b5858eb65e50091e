package diligence

import (
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// remind writes one comment for all who are late: at a due date, and for questions that nobody has answered for long. Each thing once.
// While the ball is with the foundation nobody of the project is reminded.
func (h *handler) remind(s diligence.State) diligence.State {
	if who, _ := s.Turn(h.rules, h.in.Issue.Labels); who != diligence.Applicant {
		return s
	}
	at := now(h.in)
	owed := map[string][]string{} // by login
	add := func(who, what string) bool {
		if who == "" || s.Snoozed[issue.FoldLogin(who)].After(at) {
			return false
		}
		owed[who] = append(owed[who], what)
		return true
	}
	s.Owners = slices.Clone(s.Owners)
	for n := range s.Owners {
		o := &s.Owners[n]
		i, ok := o.Item.In(h.list)
		if o.Due.IsZero() || o.Due.After(at) || !o.Reminded.IsZero() || !ok || i.Checked {
			continue
		}
		if add(o.Who, textDueItem(i.Ref, o.Due)) {
			o.Reminded = at.UTC().Truncate(time.Second)
		}
	}
	patience := h.rules.Clocks["answers"]
	s.Questions = slices.Clone(s.Questions)
	for n := range s.Questions {
		q := &s.Questions[n]
		if !q.Open() || patience == 0 || at.Sub(q.At) < patience || !q.Reminded.IsZero() {
			continue
		}
		who := h.in.Issue.Author
		if q.Item != nil {
			if o := s.OwnerOf(*q.Item); o.Who != "" {
				who = o.Who
			}
		}
		if add(who, textDueAnswer(*q)) {
			q.Reminded = at.UTC().Truncate(time.Second)
		}
	}
	if len(owed) > 0 {
		h.effects = append(h.effects, plan.Notice{Key: "remind-" + strings.ToLower(at.UTC().Format("20060102")), Text: textRemind(owed)})
	}
	return s
}
