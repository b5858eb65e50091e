package diligence

import (
	"slices"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// An author who mends a comment means what stands in it now: what a command wrote that the edit changed is replaced, and keeps its number.

// replaced gives what a command of the same comment wrote before an edit changed it, as find knows it by where it is from; -1 without.
func replaced(in plugin.Input, a plugin.Args, find func(from string) int) int {
	edit, ok := in.Event.Kind.(event.CommentEdited)
	if !ok || edit.OldBody == nil {
		return -1
	}
	for _, old := range in.Replaced {
		if old.Name != a.Name {
			continue
		}
		if i := find(fromIn(in, old, *edit.OldBody)); i >= 0 {
			return i
		}
	}
	return -1
}

// earlier gives what the same command said about that number in the comment before an edit changed it.
func earlier(in plugin.Input, a plugin.Args, letter string, no int) (texts []string) {
	for _, old := range in.Replaced {
		if _, n, rest, ok := number(old.Rest, letter); ok && n == no && old.Name == a.Name {
			texts = append(texts, whole(rest, old))
		}
	}
	return texts
}

// alike is how similar a text must be to one that it replaces; else it is another.
const alike = 0.5

// questionFrom is a question that has no answer yet.
func questionFrom(s diligence.State, from, text string) int {
	return slices.IndexFunc(s.Questions, func(q diligence.Question) bool {
		return q.From == from && q.Open() && criteria.Similarity(q.Text, text) >= alike
	})
}

// findingFrom is a finding that nothing was done about yet.
func findingFrom(s diligence.State, from, text string) int {
	return slices.IndexFunc(s.Findings, func(f diligence.Finding) bool {
		return f.From == from && f.Resolved.IsZero() && f.Issue == "" && criteria.Similarity(f.Text, text) >= alike
	})
}

// adopterFrom is an adopter whom nobody has asked yet.
func adopterFrom(s diligence.State, from string) int {
	return slices.IndexFunc(s.Adopters, func(a diligence.Adopter) bool { return a.From == from && a.State == diligence.AdopterStates[0] })
}
