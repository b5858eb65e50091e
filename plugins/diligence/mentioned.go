package diligence

import (
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// ours tells, when the sweep hands an issue out, whether ddbot has opened it: a list for a change of level.
func ours(in plugin.Input) (bool, error) {
	if !event.Is[event.Daily](in.Event.Kind) || in.Issue.PullRequest {
		return false, nil
	}
	self, err := in.Facts.Self()
	return self != "" && issue.SameLogin(in.Issue.Author, self), err
}

// mentioned links the items of such a list to the pull requests that mention it: an item that links a repository waits for what is
// done there.
func (h *handler) mentioned(s diligence.State) (diligence.State, error) {
	if mine, err := ours(h.in); err != nil || !mine || h.list == nil {
		return s, err
	}
	waits := h.byRepository()
	if len(waits) == 0 {
		return s, nil
	}
	pulls, err := h.in.Facts.Mentions()
	if err != nil {
		return s, err
	}
	var unknown []error
	for _, ref := range pulls {
		i, ok := waits[strings.ToLower(ref.FullName())]
		if !ok {
			continue
		}
		e, err := visible(h.in, ref)
		switch {
		case err != nil:
			unknown = append(unknown, err)
		case e.State != "":
			// It is open until it is looked at: then it is seen to be merged, and its item is proposed.
			s = s.Link(diligence.Link{Item: diligence.ItemOf(i), To: ref.String(), State: issue.Open, Title: e.Title})
		}
	}
	return s, joined(unknown)
}

var reRepository = regexp.MustCompile(`^https://github\.com/([\w.-]+/[\w.-]+)`)

// byRepository are the open items by the one repository elsewhere that they link. One that several link says nothing.
func (h *handler) byRepository() map[string]checklist.Item {
	byLine := map[int]checklist.Item{}
	for _, i := range h.list.Items() {
		if !i.Checked {
			byLine[i.Line] = i
		}
	}
	out, several := map[string]checklist.Item{}, map[string]bool{}
	for _, l := range h.list.Links() {
		m := reRepository.FindStringSubmatch(l.URL)
		i, isItem := byLine[l.Line]
		if m == nil || !isItem {
			continue
		}
		repo := strings.ToLower(m[1])
		if other, taken := out[repo]; taken && other.Line != i.Line {
			several[repo] = true
		}
		out[repo] = i
	}
	for repo := range several {
		delete(out, repo)
	}
	delete(out, strings.ToLower(h.in.Issue.Ref.FullName()))
	return out
}
