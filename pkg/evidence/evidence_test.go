package evidence

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/landscape"
)

var today = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// facts makes facts of files: "owner/name/path" to text.
func facts(main string, files map[string]string) *Facts {
	byRepo := map[string][]Entry{}
	for name := range files {
		parts := strings.SplitN(name, "/", 3)
		repo := parts[0] + "/" + parts[1]
		byRepo[repo] = append(byRepo[repo], Entry{Path: parts[2], SHA: "x", Size: len(files[name])})
	}
	var trees []*Tree
	for _, repo := range slices.Sorted(keys(byRepo)) {
		trees = append(trees, NewTree(repo, strings.Repeat("a", 40), "main", byRepo[repo]))
	}
	f := &Facts{
		Project: Project{Main: main}, Level: Graduation, Now: today, Gaps: map[string]string{}, History: map[string][]Change{},
		States: map[Place]Seen{}, Web: map[string]Page{},
	}
	f.Library = NewLibrary(f.Project, trees)
	for _, d := range f.Library.Docs {
		if text, ok := files[d.Tree.Repo+"/"+d.Path]; ok {
			d.setText([]byte(text))
		}
	}
	return f
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func item(criterion string) Item { return Item{Criterion: criterion, Text: criterion} }

func TestKinds(t *testing.T) {
	for path, want := range map[string]string{
		"GOVERNANCE.md": "governance", "docs/governance.md": "governance", "project-governance.rst": "governance", "STEERING.md": "steering",
		"community-membership.md": "ladder", "CONTRIBUTOR_LADDER.md": "ladder", "ROLES.md": "roles", "roles/README.md": "roles",
		".github/CODEOWNERS": "codeowners", "OWNERS": "owners", "OWNERS_ALIASES": "owners-aliases", "SECURITY_CONTACTS": "security-contacts",
		"RELEASES.md": "release", "docs/release-process.md": "release-process", "RELEASE_PROCESS_v2.md": "release-process", "VERSIONING.md": "support-policy",
		"projects/x/tech-review/2026-02-02.md": "tech-review", "projects/x/governance-review/1.md": "gov-review", "README.md": "readme",
		"cmd/tool/README.md": "", "self-assessment.md": "self-assessment", "security/CubeFS-self-assessment.md": "self-assessment",
		"security-insights.yml": "security-insights", ".gitvote.yml": "gitvote", "vendor-neutrality.md": "neutrality", "maintainers/README.md": "maintainers",
		"CODE_OF_CONDUCT.md": "coc", "ADOPTERS.MD": "adopters", "main.go": "", "ROADMAP.md": "roadmap",
	} {
		got := namer{}.kindsOf(Entry{Path: path}, plainName(path), nil)
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s is %v, not %q", path, got, want)
		}
	}
	for path, want := range map[string]string{".github/ISSUE_TEMPLATE": "issue-template", "elections": "elections", ".github/workflows": "workflows", "design": "architecture"} {
		if got := (namer{}).kindsOf(Entry{Path: path, Dir: true}, plainName(path), nil); !slices.Contains(got, want) {
			t.Errorf("folder %s is %v, not %q", path, got, want)
		}
	}
}

func TestHeadings(t *testing.T) {
	got := headings("# one #\n```\n# no\n```\ntwo\n===\nthree\n---\n- x\n---\n== four\n**five:**\n#\n")
	if fmt.Sprint(got) != "[one two three four five]" {
		t.Errorf("%q", got)
	}
}

// TestFind: the better place first, no sample, archive or form, at most five, all there; a stub leads to its target.
func TestFind(t *testing.T) {
	f := facts("acme/tool", map[string]string{
		"acme/tool/README.md":                         "# Tool\nwords",
		"acme/tool/GOVERNANCE.md":                     "Moved to https://github.com/acme/community/blob/main/papers/how-we-govern.md",
		"acme/community/papers/how-we-govern.md":      "# Governance\n## Voting\n" + strings.Repeat("maintainers vote ", 80),
		"acme/community/archive/GOVERNANCE.md":        "# Governance\n" + strings.Repeat("old ", 80),
		"acme/tool/vendor/x/GOVERNANCE.md":            "# Governance\nforeign",
		"acme/tool/.github/ISSUE_TEMPLATE/bug.md":     "bug",
		"cncf/toc/projects/tool/tool-proposal.md":     "# Governance",
		"cncf/toc/projects/other/tech-review/2026.md": "# General Technical Review",
		"cncf/toc/projects/tool/tech-review/2026.md":  "# General Technical Review",
	})
	found := f.Library.Find(item("gov-doc"))
	if len(found) == 0 || found[0].Path != "papers/how-we-govern.md" || !strings.Contains(found[0].Why, "points to it") {
		t.Errorf("%+v", found)
	}
	for _, criterion := range []string{"gov-doc", "submit", "what", "tech-review", "docs"} {
		found := f.Library.Find(item(criterion))
		if len(found) > maxCandidates {
			t.Errorf("%s has %d candidates", criterion, len(found))
		}
		for _, c := range found {
			if strings.Contains(c.Path, "vendor/") || strings.Contains(c.Path, "proposal") || strings.Contains(c.Path, "other/") || strings.Contains(c.Path, "bug.md") {
				t.Errorf("%s: %s is no candidate", criterion, c.Path)
			}
			if e, ok := f.tree(c.Repo).Find(c.Path); !ok || c.URL != f.tree(c.Repo).URL(e) || c.Commit != strings.Repeat("a", 40) {
				t.Errorf("%s: %+v", criterion, c)
			}
		}
	}
	// A symbolic link leads to what it names.
	f = facts("acme/tool", map[string]string{"acme/tool/GOVERNANCE.md": "", "acme/tool/docs/how we govern.md": "# Governance\n" + strings.Repeat("maintainers vote ", 80)})
	for _, d := range f.Library.Docs {
		if d.Path == "GOVERNANCE.md" {
			d.setLink([]byte("docs/how we govern.md"))
		}
	}
	if v := checkFor("gov-doc").Run(f, item("gov-doc")); v.result != Met || f.Library.Find(item("gov-doc"))[0].Path != "docs/how we govern.md" {
		t.Errorf("%+v %+v", v, f.Library.Find(item("gov-doc")))
	}
	// A text that is none of the known criteria is looked for by its words.
	f = facts("acme/tool", map[string]string{"acme/tool/docs/yearly-health-check.md": "# Yearly health check\nx", "acme/tool/README.md": "# Tool\nx"})
	if found := f.Library.Find(Item{Text: "A yearly health check is done"}); len(found) != 1 || found[0].Path != "docs/yearly-health-check.md" {
		t.Errorf("%+v", found)
	}
}

// TestDecide: each check gives met, not-met, found or unknown on known files. Not met needs that all was read.
func TestDecide(t *testing.T) {
	long := strings.Repeat("word ", 150)
	for _, c := range []struct {
		criterion, file, text, want string
	}{
		{"gov-doc", "GOVERNANCE.md", long, Met},
		{"gov-doc", "GOVERNANCE.md", "short", Found},
		{"gov-doc", "OTHER.md", long, NotMet},
		{"coc", "CODE_OF_CONDUCT.md", "We follow https://github.com/cncf/foundation/blob/main/code-of-conduct.md", Met},
		{"coc", "CODE_OF_CONDUCT.md", long, Found},
		{"coc", "OTHER.md", long, NotMet},
		{"coc-linked", "GOVERNANCE.md", "see CODE_OF_CONDUCT.md", Met},
		{"coc-linked", "GOVERNANCE.md", long, NotMet},
		{"contributing", "CONTRIBUTING.md", long, Met},
		{"contributing", "OTHER.md", long, NotMet},
		{"channel", "README.md", "join https://cloud-native.slack.com/x", Met},
		{"channel", "README.md", "nothing", Unclear},
		{"sec-report", "SECURITY.md", "write to security@example.org", Met},
		{"sec-report", "SECURITY.md", "nothing", Found},
		{"sec-report", "OTHER.md", "nothing", NotMet},
		{"adopters", "ADOPTERS.md", "| who |\n|---|\n| One |\n", Met},
		{"adopters", "ADOPTERS.md", "nobody yet", Found},
		{"adopters", "OTHER.md", "x", NotMet},
		{"maintainers", "MAINTAINERS.md", "| Name | Company | GitHub |\n|---|---|---|\n| Ann | Acme | @ann |\n", Met},
		{"maintainers", "MAINTAINERS.md", "| Name | Company | GitHub |\n|---|---|---|\n| Ann | | @ann |\n", Found},
		{"maintainers", "OTHER.md", "x", NotMet},
		{"two-orgs", "MAINTAINERS.md", "| Name | Company |\n|---|---|\n| Ann | Acme, Inc. |\n| Bob | ACME |\n", NotMet},
		{"two-orgs", "MAINTAINERS.md", "| Name | Company |\n|---|---|\n| Ann | Acme |\n| Bob | Other |\n", Met},
		{"two-orgs", "OTHER.md", "x", Unclear},
		{"roadmap", "ROADMAP.md", "x", Found},
		{"roadmap", "OTHER.md", "x", NotMet},
		{"release-process", "RELEASES.md", long, Met},
		{"self-assessment", "OTHER.md", "x", Unclear},
		{"badge", "README.md", "https://www.bestpractices.dev/projects/42", Found},
		{"badge", "README.md", "none", Unclear},
		{"level", "README.md", "x", Unclear},
		{"releases", "README.md", "x", Unclear},
		{"licence", "OTHER.md", "x", NotMet},
	} {
		f := facts("acme/tool", map[string]string{"acme/tool/" + c.file: c.text, "acme/tool/x.go": ""})
		if v := checkFor(c.criterion).Run(f, item(c.criterion)); v.result != c.want {
			t.Errorf("%s with %s %q: %s (%s), not %s", c.criterion, c.file, clip(c.text), v.result, v.why, c.want)
		}
		f.Gaps[gapRepos] = budgetGap
		if v := checkFor(c.criterion).Run(f, item(c.criterion)); v.result == NotMet && !slices.Contains([]string{"two-orgs", "licence"}, c.criterion) {
			t.Errorf("%s with %s: not met although not all was read: %s", c.criterion, c.file, v.why)
		}
	}
}

func TestFoundationFolder(t *testing.T) {
	f := facts("acme/tool", map[string]string{"acme/tool/README.md": "x", "cncf/toc/projects/tool/security-assessment/self-assessment.md": "x", "cncf/toc/projects/b/c.md": "x"})
	if v := selfAssessment(f, Item{}); v.result != Met {
		t.Errorf("%+v", v)
	}
	f = facts("acme/tool", map[string]string{"acme/tool/docs/self-assessment.md": "x", "cncf/toc/projects/b/c.md": "x"})
	if v := selfAssessment(f, Item{}); v.result != NotMet || !strings.Contains(v.why, "docs/self-assessment.md") {
		t.Errorf("%+v", v)
	}
}

func TestCadence(t *testing.T) {
	for months, want := range map[string]string{"1 4 8": Met, "1": Found, "20 30": NotMet, "": Unclear} {
		f := &Facts{HasReleases: true, Now: today}
		for m := range strings.FieldsSeq(months) {
			var n int
			_, _ = fmt.Sscan(m, &n)
			f.Releases = append(f.Releases, Release{Tag: "v1", At: today.AddDate(0, -n, 0)}, Release{Tag: "v1-rc.1", At: today, PreRelease: true})
		}
		if v := cadence(f, Item{}); v.result != want {
			t.Errorf("releases before %q months: %+v, not %s", months, v, want)
		}
	}
	for tag, want := range map[string]bool{"v1.2.3": true, "1.2": true, "cli/v0.1.0": true, "release-1.2": true, "latest": false, "nightly": false, "v2": false} {
		if IsVersion(tag) != want {
			t.Errorf("IsVersion(%s)", tag)
		}
	}
}

func TestLicence(t *testing.T) {
	for text, want := range map[string]string{
		"nothing of the kind": "",
		"PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2\n\n1. This LICENSE AGREEMENT is between …":                   "PSF-2.0",
		"License text copyright (c) 2020 …\n\"Business Source License\" is a trademark of MariaDB Corporation Ab.": "BUSL-1.1",
		"We left the Business Source License, a trademark of MariaDB.":                                             "",
	} {
		if ids := licenceIDs(text); strings.Join(ids, "+") != want {
			t.Errorf("%q of %q", ids, text)
		}
	}
	for _, c := range []struct {
		l    Licence
		want string
	}{
		{Licence{IDs: []string{"Apache-2.0"}}, Met}, {Licence{IDs: []string{"MIT"}}, Found}, {Licence{IDs: []string{"GPL-3.0"}}, NotMet},
		{Licence{IDs: []string{"MPL-2.0"}, Excepted: true}, Met}, {Licence{}, Found},
	} {
		f := facts("acme/tool", map[string]string{"acme/tool/LICENSE": "x"})
		c.l.File = f.best("license")[0]
		f.Licence = c.l
		if v := licence(f, Item{}); v.result != c.want {
			t.Errorf("%v: %+v, not %s", c.l.IDs, v, c.want)
		}
	}
	list, err := readExceptions([]byte(`{"exceptions":[{"package":"tool","license":"MPL-2.0","status":"approved"},{"package":"part","license":"GPL-2.0","project":"tool","status":"approved"},{"package":"tool","license":"BUSL-1.1","status":"denied"}]}`))
	if err != nil || !excepted(list, "Tool", []string{"MPL-2.0", "Apache-2.0"}) || excepted(list, "tool", []string{"GPL-2.0"}) || excepted(list, "tool", []string{"BUSL-1.1"}) {
		t.Error(list, err)
	}
}

// TestShallowClone: what only the past could tell is unknown, and it is said why.
func TestShallowClone(t *testing.T) {
	f := facts("acme/tool", map[string]string{"acme/tool/ROADMAP.md": "x"})
	g := gatherer{f: f}
	for _, what := range []string{"history", "releases"} {
		if err := g.lack(what, fmt.Errorf("here: %w", ErrShallow)); err != nil {
			t.Error(err)
		}
	}
	for _, v := range []verdict{roadmap(f, Item{}), cadence(f, Item{})} {
		if v.result == Met || v.result == NotMet || !strings.Contains(v.why, "git fetch --unshallow") {
			t.Errorf("%+v", v)
		}
	}
}

// TestClaims: what is wrong with what people wrote, and what is not.
func TestClaims(t *testing.T) {
	f := facts("acme/tool", map[string]string{"acme/tool/README.md": "x"})
	f.Projects = []landscape.Entry{{Name: "Zebra", Org: "zebra"}, {Name: "Kubernetes"}, {Name: "Tool", Repos: []string{"acme/tool"}}}
	f.States[Place{"acme/tool", "main", "gone.md"}] = Seen{State: Missing}
	for text, want := range map[string]string{
		"at $LINK": "placeholder", "on DD-MMM-YYYY": "placeholder", "_If applicable_ on DD-MMM-YYYY, $LINK": "", "costs $HOME and `$LINK`": "placeholder", "see `$LINK`": "",
		"https://github.com/acme/tool/blob/main/gone.md":            "dead",
		"https://github.com/acme/tool/blob/main/unknown.md":         "",
		"https://github.com/acme/tool/blob/main/README.md%E2%80%8E": "invisible",
		"https://github.com/orgs/acme/teams/core":                   "login",
		"https://x.slack.com/archives/C1":                           "login",
		"The Zebra project elects":                                  "another project",
		"Zebra's maintainers decide":                                "another project",
		"as Zebra does it":                                          "",
		"The Kubernetes project does so":                            "",
		"The Tool project elects":                                   "",
		"https://github.com/zebra/zebra/blob/main/GOV.md":           "another project",
		"<!-- $LINK --> done":                                       "",
	} {
		items, err := Items("- [x] **Document how roles are assigned**\n\n" + text + "\n")
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(claims(items[0], f), " ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

// TestSincePin: what became of files since the commit that a link shows.
func TestSincePin(t *testing.T) {
	const pin = "0123456789abcdef0123456789abcdef01234567"
	f := facts("acme/tool", map[string]string{"acme/tool/README.md": "x"})
	f.Library.Trees = []*Tree{NewTree("acme/tool", strings.Repeat("f", 40), "main", []Entry{
		{Path: "same.md", SHA: "a"}, {Path: "changed.md", SHA: "b2"}, {Path: "docs/moved.md", SHA: "c"},
		{Path: "docs/enhancements", Dir: true, SHA: "t"}, {Path: "docs/enhancements/1.md", SHA: "n"},
	})}
	for path, sha := range map[string]string{"same.md": "a", "changed.md": "b1", "old.md": "c", "gone.md": "d", "docs": "e", "proposals": "t", "designs": "u"} {
		f.States[Place{"Acme/tool", pin, path}] = Seen{There, sha}
	}
	f.States[Place{"Acme/tool", pin, "never.md"}] = Seen{State: Missing}
	for paths, want := range map[string]string{
		"proposals": "proposals is today docs/enhancements.", "designs": "designs is no longer on the default branch.",
		"same.md": "", "docs": "", "never.md": "", "unasked.md": "",
		"changed.md": "changed.md has changed since the commit that is linked.", "old.md": "old.md is today docs/moved.md.", "gone.md": "gone.md is no longer on the default branch.",
		"changed.md gone.md changed.md": "changed.md has changed since the commit that is linked, gone.md is no longer on the default branch.",
	} {
		text := "- [x] **Document how roles are assigned**\n\n"
		for p := range strings.FieldsSeq(paths) {
			text += "https://github.com/Acme/tool/blob/" + pin + "/" + p + "\n"
		}
		items, err := Items(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(linkNotes(items[0], f), " "); got != want {
			t.Errorf("%s: %q, not %q", paths, got, want)
		}
	}
}

// TestOrder: claims first, then what is not filled, then the rest, and what is met last.
func TestOrder(t *testing.T) {
	f := facts("acme/tool", map[string]string{"acme/tool/CONTRIBUTING.md": strings.Repeat("word ", 150), "acme/tool/ROADMAP.md": "x"})
	items, err := Items("- [ ] **Documentation of how to contribute, with increasing detail as the project matures.**\n\ntext\n" +
		"- [ ] **Roadmap change process is documented.**\n- [x] **Clear and discoverable project governance documentation.**\n\ntext\n" +
		"- [ ] **Document and maintain a public roadmap or other forward looking planning document or tracking mechanism.**\n\ntext\n")
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, r := range Check(items, f) {
		order = append(order, fmt.Sprint(r.Item.Line, " ", r.Result, " ", r.Claim))
	}
	if got := strings.Join(order, ", "); got != "5 not-met true, 4 found false, 8 found false, 1 met false" {
		t.Error(got)
	}
}
