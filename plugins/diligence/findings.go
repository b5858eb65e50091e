package diligence

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

var (
	reFile = regexp.MustCompile(`(?i)(?:^|\s)(?:--|—|–)file(?:\s+([A-Za-z0-9-]+/[A-Za-z0-9._-]+))?\s*$`)
)

// finding keeps what a reviewer found; "finding F2 owner/repo#503" says which issue one was filed as.
func finding(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	if _, no, rest, ok := number(a.Rest, "F"); ok {
		return filed(in, a, s, id, no, rest)
	}
	f := diligence.Finding{By: a.By.Login, At: now(in), From: from(in, a)}
	text := a.Rest
	if word, rest, _ := strings.Cut(text, " "); strings.EqualFold(word, "blocking") || strings.EqualFold(word, "recommended") {
		f.Blocking, text = strings.EqualFold(word, "blocking"), strings.TrimSpace(rest)
	}
	file, repo := false, ""
	if m := reFile.FindStringSubmatch(text); m != nil {
		file, repo, text = true, m[1], strings.TrimSpace(text[:len(text)-len(m[0])])
	}
	if f.Item, text, err = item(in, a, text); err != nil {
		return nil, err
	}
	switch f.Text = whole(text, a); {
	case f.Text == "":
		return nil, textNoText(a, "/dd finding blocking gov/required.4 the list of maintainers is a year old")
	case personal(f.Text):
		return nil, textPersonal(a)
	}
	s, no := s.Find(f)
	reply := textFound(no, f.Blocking)
	if file {
		if repo == "" {
			repo = decide.ProjectRepo(in.Issue.Body)
		}
		if repo == "" {
			return nil, textWhichRepo(a)
		}
		reply += " " + textFile(no, newIssue(in, f, no, repo))
	}
	return keep(in, s, id, plan.Reply{Text: reply})
}

// filed ties a finding to the issue in the project's repository, which closes it.
func filed(in plugin.Input, a plugin.Args, s diligence.State, id int64, no int, rest string) ([]plan.Effect, error) {
	to, ok := target(in, rest)
	ref, bad := issue.ParseRef(to)
	if !ok || bad != nil {
		return nil, textNoTarget(a, rest)
	}
	s, err := s.FiledAs(no, to)
	if err != nil {
		return nil, textNoSuch(a, err)
	}
	e, err := look(in, a, ref)
	if err != nil {
		return nil, err
	}
	s, _, _ = s.Saw(to, e.State, e.Title, now(in))
	return keep(in, s, id)
}

// newIssue is GitHub's form for a new issue, filled in: whoever opens it there has the right to.
func newIssue(in plugin.Input, f diligence.Finding, no int, repo string) string {
	o := plugin.Options[Options](in)
	first, _, _ := strings.Cut(f.Text, "\n")
	kind := "Recommended"
	if f.Blocking {
		kind = "Blocking"
	}
	q := url.Values{
		"title": {o.Findings.Title + shorten(first, 80)},
		"body":  {fmt.Sprintf("%s\n\n%s, finding F%d of https://github.com/%s/issues/%d", f.Text, kind, no, in.Issue.Ref.FullName(), in.Issue.Ref.Number)},
	}
	if o.Findings.Label != "" {
		q.Set("labels", o.Findings.Label)
	}
	return "https://github.com/" + repo + "/issues/new?" + q.Encode()
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
