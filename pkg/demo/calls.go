package demo

import (
	"net/http"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// Call is one call of GitHub's API that the bot made.
type Call struct {
	Method string `json:"method"`
	Path   string `json:"path"`     // as sent
	Route  string `json:"endpoint"` // as documented: /repos/{owner}/{repo}/issues/{issue_number}
	Status int    `json:"status"`
}

// Short is the path without the part that every call has.
func (c Call) Short(repo string) string {
	if short, ok := strings.CutPrefix(c.Path, "/repos/"+repo+"/"); ok {
		return "/" + short
	}
	return c.Path
}

// Good tells whether the call was answered. That there is no such file is an answer.
func (c Call) Good() bool {
	return c.Status >= 200 && c.Status < 400 || c.Method == http.MethodGet && c.Status == http.StatusNotFound
}

// maxCalls are kept; a page that is open for a day shows no more.
const maxCalls = 500

// callLog keeps the bot's calls in order, with a mark at the last action.
type callLog struct {
	mu   sync.Mutex
	all  []Call
	from int // index of the first call after the mark
}

func (l *callLog) add(c githubsim.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, route, _ := strings.Cut(c.Path, " ")
	l.all = append(l.all, Call{c.Method, c.URL, route, c.Status})
	if over := len(l.all) - maxCalls; over > 0 {
		l.all, l.from = l.all[over:], max(0, l.from-over)
	}
}

func (l *callLog) mark() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.from = len(l.all)
}

// marked gives the calls since the mark.
func (l *callLog) marked() []Call {
	_, since := l.split()
	return since
}

// split gives the calls before and since the mark.
func (l *callLog) split() (before, since []Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Call{}, l.all[:l.from]...), append([]Call{}, l.all[l.from:]...)
}
