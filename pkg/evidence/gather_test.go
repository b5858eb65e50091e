package evidence_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/clones"
	"github.com/ddbot/ddbot/pkg/evidence/sourcetest"
)

// small is a project with a few documents, and the foundation's lists beside it, as real clones.
var small = sourcetest.World{
	Files: []sourcetest.File{
		{Repo: "acme/tool", Path: "README.md", Text: "# Tool\n\n[![OpenSSF](https://www.bestpractices.dev/projects/7/badge)](https://www.bestpractices.dev/projects/7)\n"},
		{Repo: "acme/tool", Path: "GOVERNANCE.md", Text: "# Governance\n\nMaintainers decide by lazy consensus.\n"},
		{Repo: "acme/tool", Path: "GOVERNANCE.md", Text: "# Governance\n\nMaintainers decide by lazy consensus, else by vote. The project is vendor neutral.\n" + strings.Repeat("A maintainer is elected by the others. ", 60)},
		{Repo: "acme/tool", Path: "MAINTAINERS.md", Text: "| Name | GitHub | Affiliation |\n|---|---|---|\n| Ann | @ann | Acme |\n| Bob | @bob | Other |\n"},
		{Repo: "acme/tool", Path: "SECURITY.md", Text: "# Security\n\nWrite to security@example.org. We answer within three days and publish an advisory.\n"},
		{Repo: "acme/tool", Path: "ADOPTERS.md", Text: "# Adopters\n\n- Example Inc, in production\n- Another Ltd\n- Third\n"},
		{Repo: "acme/tool", Path: "ROADMAP.md", Text: "# Roadmap\n\n## 2026\n\n- more\n"},
		{Repo: "acme/tool", Path: "CONTRIBUTING.md", Text: "# Contributing\n\nJoin our Slack channel and the weekly meeting.\n"},
		{Repo: "acme/tool", Path: "CODE_OF_CONDUCT.md", Text: "We follow the [CNCF Code of Conduct](https://github.com/cncf/foundation/blob/main/code-of-conduct.md).\n"},
		{Repo: "acme/tool", Path: "LICENSE", Text: "Apache License\nVersion 2.0, January 2004\n"},
		{Repo: "acme/tool", Path: "RELEASES.md", Text: "# Releases\n\nA release each month, by tags.\n"},
		{Repo: "acme/community", Path: "README.md", Text: "# Community\n"},
		{Repo: "cncf/landscape", Path: "landscape.yml", Text: "landscape:\n  - category:\n    name: A\n    subcategories:\n      - subcategory:\n        name: B\n        items:\n" +
			"          - item:\n            name: Tool\n            homepage_url: https://tool.example.org\n            project: sandbox\n            repo_url: https://github.com/acme/tool\n            extra:\n              accepted: '2024-01-01'\n"},
		{Repo: "cncf/foundation", Path: "project-maintainers.csv", Text: ",Project,Maintainer Name,Company,Github Name,OWNERS/MAINTAINERS\nSandbox,Tool,Ann,Acme,ann,https://github.com/acme/tool/blob/main/MAINTAINERS.md\n"},
	},
	Releases: []sourcetest.Release{{Repo: "acme/tool", Tag: "v1.0.0", At: sourcetest.Start.Add(-100 * 24 * time.Hour)}, {Repo: "acme/tool", Tag: "v1.1.0", At: sourcetest.Start.Add(24 * time.Hour)}},
}

// application is one that ticks every known criterion, with a link that is right for the governance, and one that leads nowhere for
// the roadmap.
func application() string {
	var b strings.Builder
	b.WriteString("# Incubation Application\n\nProject Repo(s): https://github.com/acme/tool.\n\n## All\n\n")
	for _, c := range criteria.Catalog {
		texts := criteria.Wordings(c.ID)
		if len(texts) == 0 {
			continue
		}
		more := map[string]string{
			"gov-doc": "https://github.com/acme/tool/blob/main/GOVERNANCE.md", "roadmap": "https://github.com/acme/tool/blob/main/docs/PLAN.md", "adopters": "https://tool.example.org/adopters",
		}[c.ID]
		fmt.Fprintf(&b, "- [x] **%s**\n\n  %s\n\n", texts[0], more)
	}
	return b.String()
}

func gather(t *testing.T, change func(evidence.Source, *evidence.Options) evidence.Source) ([]evidence.Result, *evidence.Facts, error) {
	t.Helper()
	source, err := clones.Open(small.Clone(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	body := application()
	items, err := evidence.Items(body)
	if err != nil {
		t.Fatal(err)
	}
	o := evidence.Options{
		Project: evidence.Project{Main: evidence.GuessProject(body)}, Level: evidence.GuessLevel(body), Now: sourcetest.Start.Add(30 * 24 * time.Hour),
		BadgeLevel: func(_ context.Context, id string) (string, error) { return "passing of " + id, nil },
		LookAt: func(_ context.Context, _ string) evidence.Page {
			return evidence.Page{State: evidence.Missing, Why: "404"}
		},
	}
	from := evidence.Source(source)
	if change != nil {
		from = change(from, &o)
	}
	f, err := evidence.Gather(t.Context(), from, items, o)
	if err != nil {
		return nil, nil, err
	}
	return evidence.Check(items, f), f, nil
}

// TestGather: from clones to answers. What is there is found, as a permanent address; what is claimed and is not there is said first;
// every box gets an answer.
func TestGather(t *testing.T) {
	results, f, err := gather(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]evidence.Result{}
	for _, r := range results {
		by[r.Item.Criterion] = r
	}
	if len(by) < 30 {
		t.Errorf("%d criteria are answered", len(by))
	}
	if r := by["gov-doc"]; r.Result != evidence.Met || r.Claim {
		t.Errorf("governance: %+v", r)
	}
	if r := by["roadmap"]; !r.Claim || !slices.ContainsFunc(r.Candidates, func(c evidence.Candidate) bool { return strings.Contains(c.URL, "/ROADMAP.md") }) {
		t.Errorf("the roadmap: %+v", r)
	}
	if f.Landscape == nil || f.Landscape.Name != "Tool" || f.Badge == nil || f.Badge.Level != "passing of 7" || len(f.Releases) != 2 || len(f.People) == 0 {
		t.Errorf("landscape %+v, badge %+v, %d releases, %d people", f.Landscape, f.Badge, len(f.Releases), len(f.People))
	}
	if pinned, ok := f.Pin("https://github.com/acme/tool/blob/main/GOVERNANCE.md#votes"); !ok || !strings.HasSuffix(pinned, "/GOVERNANCE.md#votes") || strings.Contains(pinned, "/main/") {
		t.Errorf("pinned: %s, %v", pinned, ok)
	}
	for _, address := range []string{"https://github.com/acme/tool/blob/main/nothing.md", "https://github.com/acme/tool/blob/v1.0.0/GOVERNANCE.md", "https://example.org/x", "https://github.com/acme/tool"} {
		if pinned, ok := f.Pin(address); ok {
			t.Errorf("%s is pinned as %s", address, pinned)
		}
	}
	text := evidence.Comment(results, f)
	claims, rest := strings.Index(text, "Ticked, and something does not fit"), strings.Index(text, "Found where it is expected")
	if claims < 0 || rest < claims || !strings.Contains(text, "docs/PLAN.md") || !strings.Contains(text, "Facts, as of") {
		t.Errorf("the comment:\n%s", text)
	}
	var out strings.Builder
	if err := evidence.Print(&out, results, f); err != nil || strings.Count(out.String(), "\n  [x] line ") != len(results) {
		t.Errorf("%v\n%s", err, &out)
	}
	if got := evidence.Entries([]evidence.Result{by["roadmap"]}, f); !strings.HasPrefix(got, "- ") || strings.Contains(got, "Thanks for the application") {
		t.Errorf("%q", got)
	}
	if f.OutOfBudget() {
		t.Error("the budget was not met")
	}
}

// scarce is a source that gives out at some point.
type scarce struct {
	evidence.Source
	err error
}

func (s scarce) Lookup(context.Context, []evidence.Place) ([]evidence.Seen, error) { return nil, s.err }
func (s scarce) Releases(context.Context, string) ([]evidence.Release, error)      { return nil, s.err }

// TestGaps: what could not be read is a gap that is told, and never a "not met" or a claim that is wrong; an outage is an error.
func TestGaps(t *testing.T) {
	full, _, err := gather(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	results, f, err := gather(t, func(s evidence.Source, o *evidence.Options) evidence.Source {
		o.BadgeLevel, o.LookAt = nil, nil
		return scarce{s, evidence.ErrBudget}
	})
	if err != nil || !f.OutOfBudget() || f.Gaps["badge"] == "" {
		t.Fatalf("%v, gaps %v", err, f.Gaps)
	}
	if !strings.Contains(evidence.Comment(results, f), "Not read: ") {
		t.Error("the comment does not tell what was not read")
	}
	for _, r := range results {
		if r.Item.Criterion == "roadmap" && r.Claim {
			t.Errorf("a link that was not looked at is wrong: %+v", r)
		}
	}
	if len(results) != len(full) {
		t.Errorf("%d answers, want %d", len(results), len(full))
	}
	down := errors.New("GitHub is down")
	if _, _, err := gather(t, func(s evidence.Source, _ *evidence.Options) evidence.Source { return scarce{s, down} }); !errors.Is(err, down) {
		t.Errorf("an outage: %v", err)
	}
	if _, _, err := gather(t, func(s evidence.Source, o *evidence.Options) evidence.Source {
		o.Project.Main = "acme/nothing"
		return s
	}); !errors.Is(err, evidence.ErrNoRepo) {
		t.Errorf("no such project: %v", err)
	}
}

// TestGuess: which project and level an application is about.
func TestGuess(t *testing.T) {
	for body, want := range map[string]string{
		"Project Repo(s): https://github.com/acme/tool, https://github.com/acme/other": "acme/tool incubation",
		"* **Project repository:** see [it](https://github.com/acme/tool.)":            "acme/tool incubation",
		"# Graduation\n\nProject Repo: https://github.com/acme/tool/tree/main":         "acme/tool graduation",
		"title: Incubation of X\n# Graduation\n":                                       " incubation",
		"My project repo is great: github.com/acme/tool":                               " incubation",
		"graduation is not a heading":                                                  " incubation",
	} {
		if got := evidence.GuessProject(body) + " " + evidence.GuessLevel(body); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}
