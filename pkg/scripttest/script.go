// Package scripttest runs the stories of ddbot's plugins. One story is one txtar file that reads as a transcript: the
// issue, what people do, and what the bot plans, calls, changes and says. A plugin's test is one line, and a new story is
// a new file:
//
//	A maintainer ticks a section.
//	-- issue.md --
//	author: alice
//	write: bob
//	labels: kind/dd
//
//	## Technical
//	- [ ] It scales.
//	-- 1 bob comments --
//	/dd done technical
//	-- 1 plan --
//	…
//
// The header of issue.md knows: repo, title, author, labels, repo-labels, assignees, milestone, milestones, state, crlf
// (yes: the story also runs with CRLF), pull (yes), and a list of logins for each permission (admin, maintain, write,
// triage, read), and action (no, and why: the story is not played by the GitHub Action). Other inputs are "config.yaml" and "file PATH" for files of the repository.
//
// A step's actions all happen before the bot looks; "before GET" or "before PATCH" at the end of an action lets it
// happen just before the bot's request of that kind. Actions are listed in actions.go. Outputs (plan, calls, diff,
// reply) are written by -update and read in review like code.
//
// Whatever the files say, the runner asserts for every step: planning twice gives the same; planning on the result
// changes nothing; only items, and lines under them, change in the body; one PATCH of the issue and one comment for each
// event at most; no line that was written begins with "/"; nothing was asked of GitHub that the simulator does not know.
// And it runs each story again for each request that writes, killing the bot before it was sent, after it was sent and
// after its answer was noted: the end must be the same. Then the GitHub Action plays it, a run for each event, and is killed after
// each of its requests, reads too (asaction.go).
package scripttest

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/tools/txtar"
)

// script is one parsed story.
type script struct {
	archive *txtar.Archive
	header  map[string]string
	body    string
	config  []byte
	files   map[string]string
	steps   []*step
}

// step is what happens between two looks of the bot.
type step struct {
	no      string
	actions []action
	want    map[string]*txtar.File // plan, calls, diff, reply
	last    int                    // index of the step's last section, where -update puts new outputs
}

type action struct {
	text   string // "bob comments"
	before string // "GET" or "PATCH", or ""
	data   string
}

var (
	stepName = regexp.MustCompile(`^(\d+) (.+)$`)
	outputs  = []string{"plan", "calls", "diff", "reply"}
)

func parse(a *txtar.Archive) (*script, error) {
	s := &script{archive: a, header: map[string]string{}, files: map[string]string{}}
	seen := map[string]bool{}
	for i := range a.Files {
		f := &a.Files[i]
		if _, isStep := cutStep(f.Name); seen[f.Name] && (!isStep || isOutput(f.Name)) {
			return nil, fmt.Errorf("section %q is there twice", f.Name)
		}
		seen[f.Name] = true
		switch m := stepName.FindStringSubmatch(f.Name); {
		case f.Name == "issue.md":
			if err := s.readIssue(string(f.Data)); err != nil {
				return nil, err
			}
		case f.Name == "config.yaml":
			s.config = f.Data
		case strings.HasPrefix(f.Name, "file "):
			s.files[strings.TrimPrefix(f.Name, "file ")] = string(f.Data)
		case m == nil:
			return nil, fmt.Errorf("section %q is unknown", f.Name)
		default:
			if err := s.readStep(i, m[1], m[2], f); err != nil {
				return nil, err
			}
		}
	}
	if len(s.steps) == 0 {
		return nil, fmt.Errorf("the story has no step")
	}
	return s, nil
}

func cutStep(name string) (rest string, ok bool) {
	m := stepName.FindStringSubmatch(name)
	if m == nil {
		return "", false
	}
	return m[2], true
}

func isOutput(name string) bool {
	rest, _ := cutStep(name)
	for _, o := range outputs {
		if rest == o {
			return true
		}
	}
	return false
}

func (s *script) readIssue(text string) error {
	head, body, ok := strings.Cut(text, "\n\n")
	if !ok {
		head = text
	}
	for line := range strings.Lines(head) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			return fmt.Errorf("issue.md: %q is not a header; leave a blank line before the body", line)
		}
		s.header[key] = strings.TrimSpace(value)
	}
	s.body = strings.TrimSuffix(body, "\n")
	return nil
}

func (s *script) readStep(i int, no, what string, f *txtar.File) error {
	if len(s.steps) == 0 || s.steps[len(s.steps)-1].no != no {
		s.steps = append(s.steps, &step{no: no, want: map[string]*txtar.File{}})
	}
	st := s.steps[len(s.steps)-1]
	st.last = i
	if isOutput(f.Name) {
		st.want[what] = f
		return nil
	}
	if len(st.want) > 0 {
		return fmt.Errorf("section %q stands after the outputs of its step", f.Name)
	}
	a := action{text: what, data: strings.TrimSuffix(string(f.Data), "\n")}
	if text, method, ok := strings.Cut(what, " before "); ok {
		a.text, a.before = text, method
	}
	st.actions = append(st.actions, a)
	return nil
}

func (s *script) list(key string) []string {
	var out []string
	for _, v := range strings.Split(s.header[key], ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}
