package diligence

import (
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// shown tells whether an issue elsewhere may be spoken of here: it is public, of this repository, or somebody who wants it shown may
// read it. The bot may see more than they do.
func shown(in plugin.Input, ref issue.Ref, e fact.Elsewhere, who ...string) (bool, error) {
	if e.State == "" || strings.EqualFold(ref.FullName(), in.Issue.Ref.FullName()) {
		return e.State != "", nil
	}
	if ok, err := in.Facts.Reads(ref, ""); err != nil || ok {
		return ok, err
	}
	for _, login := range who {
		if login == "" {
			continue
		}
		if ok, err := in.Facts.Reads(ref, login); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// visible gives how an issue elsewhere stands as far as it may be shown here; it has no state if it may not.
func visible(in plugin.Input, ref issue.Ref, who ...string) (fact.Elsewhere, error) {
	e, err := in.Facts.Elsewhere(ref)
	if err != nil {
		return e, err
	}
	if ok, err := shown(in, ref, e, who...); err != nil || !ok {
		return fact.Elsewhere{}, err
	}
	return e, nil
}

// look is visible for who gives a command.
func look(in plugin.Input, a plugin.Args, ref issue.Ref) (fact.Elsewhere, error) {
	e, err := visible(in, ref, a.By.Login)
	if err == nil && e.State == "" {
		err = textCannotSee(a, ref.String())
	}
	return e, err
}

// whose are those who wanted an issue shown here.
func whose(s diligence.State, to string) (out []string) {
	for _, l := range s.Links {
		if strings.EqualFold(l.To, to) {
			out = append(out, l.By)
		}
	}
	for _, f := range s.Findings {
		if strings.EqualFold(f.Issue, to) {
			out = append(out, f.By)
		}
	}
	if strings.EqualFold(s.Tracks, to) {
		out = append(out, s.TracksBy)
	}
	return out
}

// itself links the items that are nothing but a reference.
func (h *handler) itself(s diligence.State) (diligence.State, error) {
	if h.list == nil {
		return s, nil
	}
	var unknown []error
	fresh := 0
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
		if fresh++; fresh > maxWatched {
			break // the next look takes the next ones
		}
		e, err := visible(h.in, ref, h.in.Issue.Author)
		if err != nil {
			unknown = append(unknown, err)
			continue
		}
		s = s.Link(diligence.Link{
			Item: item, To: to, By: h.in.Issue.Author, State: e.State, Title: e.Title, Seen: now(h.in).UTC().Truncate(time.Second), Itself: true,
		})
		if l := s.Links[len(s.Links)-1]; l.Over() {
			unknown = append(unknown, h.closed([]diligence.Link{l})...)
		}
	}
	return s, joined(unknown)
}

// maxWatched bounds what is looked at elsewhere in one go; what has not changed costs nothing of GitHub's limit.
const maxWatched = 100

// elsewhere looks what became of linked issues, filed findings, and the other issue about the same. Of more than can be looked at in
// one go it is others each day.
func (h *handler) elsewhere(s diligence.State) (diligence.State, error) {
	var unknown []error
	watched := s.Watched()
	if n := len(watched); n > maxWatched {
		first := int(now(h.in).Unix()/86400) * maxWatched % n
		watched = append(watched[first:], watched[:first]...)[:maxWatched]
		if s.Tracks != "" {
			watched[0] = s.Tracks
		}
	}
	seen := map[string]fact.Elsewhere{}
	for _, to := range watched {
		ref, err := issue.ParseRef(to)
		if err == nil {
			seen[to], err = visible(h.in, ref, whose(s, to)...)
		}
		if err != nil {
			unknown = append(unknown, err)
		}
	}
	if len(unknown) > 0 {
		return s, joined(unknown)
	}
	for _, to := range watched {
		e := seen[to]
		next, closed, resolved := s.Saw(to, e.State, e.Title, now(h.in))
		s = next
		unknown = append(unknown, h.closed(closed)...)
		for _, f := range resolved {
			h.say(textResolved(f))
		}
		s, _ = s.Voted(e.Labels, to, now(h.in))
		if strings.EqualFold(to, s.Tracks) {
			var err error
			if s, err = h.other(s, e); err != nil {
				unknown = append(unknown, err)
			}
		}
	}
	return s, joined(unknown)
}

// other takes in how the other issue about the same stands, and its ticks where the configuration has them come over.
func (h *handler) other(s diligence.State, e fact.Elsewhere) (diligence.State, error) {
	s, ops, refs, err := taken(h.in, s, e, event.User{Login: s.TracksBy})
	if err == nil && len(ops) > 0 {
		h.edit(ops, "tick "+strings.Join(refs, ", ")+" as in "+s.Tracks)
	}
	return s, err
}

// closed ticks the items that waited for something which is closed now, or says that they can be. They are ticked with the rights of who
// tied them.
func (h *handler) closed(links []diligence.Link) (unknown []error) {
	for _, l := range links {
		i, ok := l.Item.In(h.list)
		if !ok || i.Checked || h.o.Linked == "show" {
			continue
		}
		why, err := h.in.Bars(event.User{Login: l.By}, h.list, i)
		switch {
		case err != nil:
			unknown = append(unknown, err)
		case why != "" || h.o.Linked == "propose" && !l.Itself:
			h.say(textPropose(i.Ref, l))
		default:
			h.edit([]checklist.Op{{Kind: checklist.OpTick, Key: i.Key, To: true}}, "tick "+i.Ref+", as "+l.To+" is "+l.State)
		}
	}
	return unknown
}
