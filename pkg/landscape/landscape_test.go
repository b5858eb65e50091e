package landscape

import (
	"testing"
	"time"
)

const yml = `landscape:
  - category:
    name: Orchestration
    subcategories:
      - subcategory:
        name: Scheduling
        items:
          - item:
            name: Alpha
            homepage_url: https://alpha.example/
            project: incubating
            repo_url: https://github.com/alpha-org/alpha
            additional_repos:
              - repo_url: https://github.com/alpha-org/second
            extra:
              accepted: '2019-09-06'
              incubating: '2022-04-19'
              lfx_slug: alpha-lfx
          - item:
            name: Not a project
            repo_url: https://github.com/other/tool
      - subcategory:
        name: Nothing here
        items:
      - subcategory:
        name: Runtime
        items:
          - item:
            name: Beta (BT)
            project: graduated
            repo_url: http://github.com/alpha-org
            extra:
              graduated: 2024-01-02
`

func TestRead(t *testing.T) {
	entries, err := Read([]byte(yml))
	if err != nil || len(entries) != 2 {
		t.Fatalf("%v %+v", err, entries)
	}
	a, b := entries[0], entries[1]
	if a.Name != "Alpha" || a.Level != Incubating || len(a.Repos) != 2 || a.Since() != time.Date(2022, 4, 19, 0, 0, 0, 0, time.UTC) || a.Names[0] != "alpha-lfx" {
		t.Errorf("%+v", a)
	}
	if len(b.Repos) != 0 || b.Org != "alpha-org" || b.Since().Year() != 2024 {
		t.Errorf("%+v", b)
	}
	for repo, want := range map[string]string{"alpha-org/second": "Alpha", "ALPHA-org/alpha": "Alpha", "alpha-org/third": "", "beta/BetaBT": "Beta (BT)"} {
		if e, _ := Find(entries, repo); e.Name != want {
			t.Errorf("Find(%s) = %q, not %q: two projects have that owner", repo, e.Name, want)
		}
	}
	if _, err := Read([]byte("name: x\n")); err == nil {
		t.Error("a file that is no landscape is read without an error")
	}
}

// TestMaintainers: a byte order mark, both line ends, an empty line, blocks with parts, odd spellings.
func TestMaintainers(t *testing.T) {
	const list = "\xef\xbb\xbf,Project,Maintainer Name,Company,Github Name,OWNERS/MAINTAINERS\r\n" +
		"Graduated,Alpha Project,Ann,\"Red Hat, Inc.\",@ann,https://github.com/alpha-org/alpha/blob/main/OWNERS\r\n" +
		",,Bob,RedHat, bob ,\n\n" +
		",,Cid,Independent,cid,\r\n" +
		",Steering Committee,Ann,Red Hat,ANN,\r\n" +
		",,Dee,,dee,\r\n" +
		"Sandbox,Be-Ta (BT),Eve,Acme GmbH,eve,https://github.com/alpha-org/x\r\n"
	groups, err := ReadMaintainers([]byte(list))
	if err != nil || len(groups) != 3 {
		t.Fatalf("%v %+v", err, groups)
	}
	people := People(groups, []string{"Alpha"}, nil)
	if len(people) != 4 {
		t.Errorf("Alpha has %+v", people)
	}
	d := Diverse(people)
	if d.People != 4 || len(d.Companies) != 1 || d.Companies[0].People != 2 || d.Independent != 1 || d.Unknown != 1 || d.TopShare() != 0.5 {
		t.Errorf("%+v", d)
	}
	if p := People(groups, []string{"BT"}, nil); len(p) != 1 {
		t.Errorf("by a name in brackets: %+v", p)
	}
	if p := People(groups, []string{"Gamma"}, []string{"ALPHA-ORG"}); len(p) != 5 {
		t.Errorf("by owner: %+v", p)
	}
	// One form of 2021 had no first column.
	if g, err := ReadMaintainers([]byte("Project,Name,Affiliation,GitHub\nAlpha,Ann,Acme,ann\n")); err != nil || g[0].People[0].Company != "Acme" {
		t.Errorf("%v %+v", err, g)
	}
	if _, err := ReadMaintainers([]byte("a,b\n1,2\n")); err == nil {
		t.Error("a table without these columns is read without an error")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(yml)
	f.Fuzz(func(_ *testing.T, s string) {
		_, _ = Read([]byte(s))
		_, _ = ReadMaintainers([]byte(s))
	})
}
