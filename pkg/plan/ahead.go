package plan

import (
	"fmt"
	"strings"
)

// Some plans name what is not there yet: a reply links an issue that is still to be opened. Such a thing is an effect that stands
// ahead of all others. A draft that holds one is carried out by these alone; then the engine puts what became of them among the
// facts (fact.Made, fact.Branch) and decides anew. GitHub knows each of them again, by a marker or by its own rules, so a process
// that is killed in between makes none twice.

// OpenIssue opens an issue, perhaps in another repository, once: an issue of ours that ends with [MadeMarker] of the key is it.
type OpenIssue struct {
	Repo   string   `json:"repo"` // owner/repo
	Key    string   `json:"key"`  // what it is for; see [MadeMarker]
	Title  string   `json:"title"`
	Body   string   `json:"body"`
	Labels []string `json:"labels,omitempty"` // GitHub drops them without a word where we may not set any
}

// Publish has a file stand on a branch of its own and a pull request opened from it. What is so already is left out: a branch
// without From, a file without Write, a pull request without Title.
type Publish struct {
	Repo    string `json:"repo"` // owner/repo
	Branch  string `json:"branch"`
	From    string `json:"from,omitempty"` // the commit where the branch begins
	Path    string `json:"path"`
	Text    string `json:"text"`
	Write   bool   `json:"write,omitempty"`
	SHA     string `json:"sha,omitempty"` // of what it replaces: GitHub refuses it if somebody was faster
	Message string `json:"message"`
	Into    string `json:"into"` // the branch that it is to be merged into
	Title   string `json:"title,omitempty"`
	Body    string `json:"body,omitempty"`
	Pull    int    `json:"pull,omitempty"` // the pull request that there is
}

func (e Publish) fold(w *Draft) error {
	w.ahead = append(w.ahead, Request{Kind: PublishFile, Publish: &e})
	return nil
}

func (e Publish) String() string {
	var what []string
	for _, x := range []struct {
		on   bool
		text string
	}{{e.From != "", "a branch"}, {e.Write, "the file"}, {e.Title != "", "a pull request"}} {
		if x.on {
			what = append(what, x.text)
		}
	}
	return fmt.Sprintf("publish %s in %s on %s: %s", e.Path, e.Repo, e.Branch, strings.Join(what, ", "))
}

// MadeMarker ends an issue that was opened for a key. There are no "#" and no blanks in it: it is no reference.
func MadeMarker(key string) string { return Marker("made=" + key) }

// maxTitle is GitHub's limit for titles, in characters.
const maxTitle = 256

func (e OpenIssue) fold(w *Draft) error {
	if r := []rune(e.Title); len(r) > maxTitle {
		e.Title = string(r[:maxTitle-1]) + "…"
	}
	w.ahead = append(w.ahead, Request{Kind: OpenAnother, Open: &e})
	return nil
}

func (e OpenIssue) String() string { return fmt.Sprintf("open an issue in %s: %q", e.Repo, e.Title) }

// Ahead tells whether the draft holds what must be there before the rest can be planned: Requests gives nothing else then.
func (w *Draft) Ahead() bool { return len(w.ahead) > 0 }
