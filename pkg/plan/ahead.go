package plan

import "fmt"

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
