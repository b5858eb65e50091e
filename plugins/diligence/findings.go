package diligence

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
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
		if m := reFile.FindStringSubmatch(rest); m != nil && strings.TrimSpace(rest) == strings.TrimSpace(m[0]) {
			return fileAs(in, a, s, id, no, m[1])
		}
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
	if f.Text = whole(text, a); f.Text == "" {
		return nil, textNoText(a, "/dd finding blocking gov/required.4 the list of maintainers is a year old")
	}
	var no int
	if i := replaced(in, a, func(was string) int { return findingFrom(s, was, f.Text) }); i >= 0 {
		s.Findings = slices.Clone(s.Findings)
		f.No, f.At = s.Findings[i].No, s.Findings[i].At
		s.Findings[i], no = f, f.No
	} else {
		s, no = s.Find(f)
	}
	if !file {
		return keep(in, s, id, plan.Reply{Text: textFound(no, f.Blocking)})
	}
	return fileAs(in, a, s, id, no, repo)
}

// fileAs has a finding become an issue of the project: opened where that is configured and GitHub lets us, else by whoever follows the
// link.
func fileAs(in plugin.Input, a plugin.Args, s diligence.State, id int64, no int, repo string) ([]plan.Effect, error) {
	own := decide.ProjectRepo(in.Issue.Body)
	if repo == "" {
		repo = own
	}
	if repo == "" {
		return nil, textWhichRepo(a)
	}
	f, ok := s.FindingOf(no)
	if !ok {
		return nil, textNoSuch(a, s.NoFinding(no))
	}
	if at, err := issue.ParseRef(f.Issue); err == nil {
		return keep(in, s, id, plan.Reply{Text: textFound(no, f.Blocking) + " " + textOpened(at)})
	}
	said, form := textFound(no, f.Blocking), textFile(no, newIssue(in, f, repo))
	if !plugin.Options[Options](in).Findings.Open {
		return keep(in, s, id, plan.Reply{Text: said + " " + form})
	}
	if !sameOwner(repo, own) {
		return keep(in, s, id, plan.Reply{Text: said + " " + textOthersRepo(repo) + " " + form})
	}
	key := strings.ReplaceAll(in.Issue.Ref.String(), "#", "/") + "/" + cmp.Or(f.From, fmt.Sprintf("F%d", no))
	made, err := in.Facts.Made(repo, key)
	switch {
	case err != nil:
		return nil, err
	case made.Refused != "":
		return keep(in, s, id, plan.Reply{Text: said + " " + textNotOpened(repo, made.Refused) + " " + form})
	case made.Number == 0:
		title, body, labels := issueOf(in, f)
		return keep(in, s, id, plan.OpenIssue{Repo: repo, Key: key, Title: plan.Neutral(title), Body: plan.Neutral(body), Labels: labels})
	}
	at, err := issue.ParseRef(fmt.Sprintf("%s#%d", repo, made.Number))
	if err != nil {
		return nil, err
	}
	if s, err = s.FiledAs(no, at.String()); err != nil {
		return nil, err
	}
	return keep(in, s, id, plan.Reply{Text: said + " " + textOpened(at)})
}

func sameOwner(a, b string) bool {
	one, _, _ := strings.Cut(a, "/")
	other, _, _ := strings.Cut(b, "/")
	return issue.SameLogin(one, other)
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

// issueOf is the issue that a finding becomes, with its text as somebody wrote it.
func issueOf(in plugin.Input, f diligence.Finding) (title, body string, labels []string) {
	o := plugin.Options[Options](in)
	first, _, _ := strings.Cut(f.Text, "\n")
	kind := "Recommended"
	if f.Blocking {
		kind = "Blocking"
	}
	if o.Findings.Label != "" {
		labels = []string{o.Findings.Label}
	}
	return o.Findings.Title + shorten(first, 80),
		fmt.Sprintf("%s\n\n%s, finding F%d of https://github.com/%s/issues/%d", f.Text, kind, f.No, in.Issue.Ref.FullName(), in.Issue.Ref.Number), labels
}

// newIssue is GitHub's form for a new issue, filled in: whoever opens it there has the right to.
func newIssue(in plugin.Input, f diligence.Finding, repo string) string {
	title, body, labels := issueOf(in, f)
	q := url.Values{"title": {title}, "body": {body}}
	if len(labels) > 0 {
		q.Set("labels", labels[0])
	}
	return "https://github.com/" + repo + "/issues/new?" + q.Encode()
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
