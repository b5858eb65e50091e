package scripttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// plan notes what was planned, and asserts what must hold for every plan.
func (w *world) plan(s decide.Input, out *decide.Decision) {
	for _, p := range out.Effects {
		switch p.Effect.(type) {
		case plan.Remember, plan.Stands:
		case plan.OpenIssue, plan.Publish:
			w.planned = append(w.planned, fmt.Sprintf("%-10s %s\n", p.Plugin, p.Effect))
		default:
			if out.Draft.Ahead() {
				continue // it is planned once more
			}
			w.planned = append(w.planned, reState.ReplaceAllString(fmt.Sprintf("%-10s %s\n", p.Plugin, p.Effect), "(state)"))
		}
	}
	again, err := decide.Plan(s)
	if err != nil || !reflect.DeepEqual(out.Draft.Requests(), again.Draft.Requests()) {
		w.t.Errorf("planning twice gives two plans: %v\n%v\n%v", err, out.Draft.Requests(), again.Draft.Requests())
	}
	w.base = out.Draft.Before.Body
	if out.Draft.Ahead() {
		return
	}
	s.Issue, s.MayLag = out.Draft.Issue, false
	after, err := decide.Plan(s)
	if err != nil {
		w.t.Errorf("planning on the result: %v", err)
		return
	}
	for _, r := range after.Draft.Requests() {
		if r.Kind != plan.SendAnswer && r.Kind != plan.WriteNotice {
			w.t.Errorf("planning on the result is to change nothing, but wants %s", r)
		}
	}
}

// render is the issue as text, for the difference.
func (w *world) render() string {
	if w.ref.Number == 0 {
		return ""
	}
	var b strings.Builder
	err := w.sim.Try(func() {
		i := w.sim.Issue(w.ref)
		fmt.Fprintf(&b, "title: %s\nstate: %s %s\nlabels: %s\nassignees: %s\nmilestone: %s\n", i.Title, i.State, i.StateReason,
			strings.Join(i.Labels, ", "), strings.Join(i.Assignees, ", "), i.Milestone)
		for _, who := range slices.Sorted(maps.Keys(i.Reviews)) {
			fmt.Fprintf(&b, "review asked of: %s\n", who)
		}
		b.WriteString(strings.ReplaceAll(i.Body, "\r", "") + "\n")
		for _, r := range i.Reactions {
			fmt.Fprintf(&b, "reaction: %s by %s\n", r.Content, r.User)
		}
		for _, c := range i.Comments {
			for _, r := range c.Reactions {
				if r.User == bot {
					fmt.Fprintf(&b, "reaction: %s on the comment of %s\n", r.Content, c.Author)
				}
			}
		}
	})
	if err != nil {
		return "gone\n"
	}
	w.renderBeside(&b)
	return b.String()
}

// renderBeside is what the bot has opened elsewhere, or beside the issue.
func (w *world) renderBeside(b *strings.Builder) {
	for _, repo := range slices.Sorted(maps.Keys(w.repos)) {
		for _, branch := range w.sim.Branches(repo) {
			fmt.Fprintf(b, "branch %s of %s, commits by %s\n", branch.Name, repo, strings.Join(branch.By, ", "))
			for _, path := range slices.Sorted(maps.Keys(branch.Files)) {
				fmt.Fprintf(b, "%s:\n%s\n", path, strings.TrimRight(branch.Files[path], "\n"))
			}
		}
		for _, ref := range w.sim.Issues(repo) {
			if i := w.sim.Issue(ref); i.Author == bot {
				fmt.Fprintf(b, "%s %s, labels: %s\n%s\n%s\n", ref, i.State, strings.Join(i.Labels, ", "), i.Title, made.ReplaceAllString(i.Body, "$1 (it)"))
				for _, c := range i.Comments {
					fmt.Fprintf(b, "comment of %s on %s: %s\n", c.Author, ref, reState.ReplaceAllString(c.Body, "(state)"))
				}
			}
		}
	}
}

// made is the marker of what was opened once: it holds the id of a comment.
var made = regexp.MustCompile(`(<!-- ddbot:made=)\S+`)

// stamp is the time in the marker of a notice: who was killed comes a little later.
var stamp = regexp.MustCompile(`(?i)\d{8}T\d{6}`)

// reEdited is the answer to an edited comment, which names the time of the edit.
var reEdited = regexp.MustCompile(`(ddbot:re=c\d+-)\d+`)

// reState is the block of the status comment, which nobody sees: its times are those of the run.
var reState = regexp.MustCompile(`ddbot-state:[0-9]+:[A-Za-z0-9_-]+`)

// end is all that people see at the end of a story, without what may differ between two worlds.
func (w *world) end() string {
	s := w.render()
	_ = w.sim.Try(func() {
		for _, c := range w.sim.Issue(w.ref).Comments {
			s += "comment of " + c.Author + ": " + c.Body + "\n"
		}
	})
	for _, x := range []struct {
		what *regexp.Regexp
		as   string
	}{{stamp, "(then)"}, {reEdited, "$1(then)"}, {reState, "(state)"}, {reMarker, "ddbot:re=(it)"}} {
		s = x.what.ReplaceAllString(s, x.as)
	}
	return s
}

// diff shows the lines that differ; a space follows the sign, so that no line can look like a section of the file.
func diff(before, after string) string {
	var b strings.Builder
	for _, e := range udiff.Lines(before, after) {
		for l := range strings.Lines(before[e.Start:e.End]) {
			b.WriteString("- " + l)
		}
		for l := range strings.Lines(e.New) {
			b.WriteString("+ " + l)
		}
	}
	return b.String()
}

// callList is the calls, one a line, without what every call has. Look-ups that stand together are made at the same
// time, in no order: they are sorted. The issue itself, own, is never read beside them; another one may be.
func callList(calls []githubsim.Call, own issue.Ref) string {
	itself := fmt.Sprintf("/repos/%s/issues/%d", own.FullName(), own.Number)
	lines := make([]string, len(calls))
	first := 0 // of the look-ups that stand together
	for i, c := range calls {
		lines[i] = strings.Replace(c.Path, " /repos/{owner}/{repo}", " ", 1)
		if fields := c.Mutations(); len(fields) > 0 {
			lines[i] += ": " + strings.Join(fields, ", ")
		}
		lines[i] += "\n"
		if c.Changes() || strings.HasSuffix(c.URL, itself) {
			first = i + 1
		}
		slices.Sort(lines[first : i+1])
	}
	return strings.Join(lines, "")
}

// replies are the comments that the bot wrote or changed, without their hidden markers.
func replies(calls []githubsim.Call) string {
	var b strings.Builder
	for _, c := range calls {
		for _, text := range written(c) {
			text = text[:max(strings.LastIndex(text, "\n\n<!-- ddbot:"), 0)]
			text = reState.ReplaceAllString(text, "(state)")
			b.WriteString(strings.ReplaceAll(text, "\u00a0", " ") + "\n") // as one sees it
		}
	}
	return b.String()
}

// written are the comments that a call wrote.
func written(c githubsim.Call) (texts []string) {
	var sent struct {
		Body      string
		Variables map[string]any
	}
	_ = json.Unmarshal([]byte(c.Body), &sent)
	if c.Mutates("addComment") {
		for _, name := range slices.Sorted(maps.Keys(sent.Variables)) {
			if text, ok := sent.Variables[name].(string); ok && strings.Contains(text, "<!-- ddbot:") {
				texts = append(texts, text)
			}
		}
	}
	if (c.Method == http.MethodPost && strings.HasSuffix(c.Path, "/issues/{issue_number}/comments")) ||
		(c.Method == http.MethodPatch && strings.Contains(c.Path, "/issues/comments/")) {
		texts = append(texts, sent.Body)
	}
	return texts
}

// assert checks what must hold for every step.
func (w *world) assert(calls []githubsim.Call, waiting int) {
	patches, comments := 0, 0
	for _, c := range calls {
		if c.Method == http.MethodPatch && strings.HasSuffix(c.Path, "/issues/{issue_number}") {
			patches++
		}
		for _, text := range written(c) {
			comments++
			for _, l := range asMailed(text) {
				if strings.HasPrefix(strings.TrimSpace(l), "/") {
					w.t.Errorf("a line that another bot could obey was written, or is one when a mail program wraps it: %q", l)
				}
			}
		}
	}
	if w.kill != nil || w.died || w.rebased() {
		return
	}
	if patches > 1 && w.workflow == nil {
		w.t.Errorf("%d edits of the issue in one step", patches)
	}
	if n := len(w.script.Steps); w.workflow == nil && n > 0 && comments > len(w.comments)+waiting+1 {
		w.t.Errorf("%d comments in one step", comments)
	}
}

// mailWidth is where mail programs break lines, at the narrowest.
const mailWidth = 60

// asMailed are the lines of a text as written, and as mail programs quote it: wrapped, with and without the marks of code and
// emphasis. They break at blanks. Of the latter only what follows a break is looked at: a line may begin with a command as code.
func asMailed(text string) []string {
	lines := strings.Split(text, "\n")
	for _, plain := range []string{text, strings.NewReplacer("`", "", "**", "", `\/`, "/").Replace(text)} {
		for l := range strings.SplitSeq(plain, "\n") {
			for len(l) > mailWidth {
				at := strings.LastIndexAny(l[:mailWidth], " \t")
				if at <= 0 {
					if at = strings.IndexAny(l, " \t"); at <= 0 {
						break
					}
				}
				l = strings.TrimLeft(l[at:], " \t")
				lines = append(lines, l)
			}
		}
	}
	return lines
}

func (w *world) rebased() bool {
	return strings.Contains(strings.Join(w.planned, ""), "put back what a person wrote")
}
