package landscape

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strings"
)

// Person is a maintainer as a list has them.
type Person struct {
	Name    string
	Company string
	Login   string // without @, as written
}

// Group is a block of the list: a project, or a part of one.
type Group struct {
	Label  string   // as written: "Kubernetes steering"
	Owners []string // owners of repositories in the addresses of the block
	People []Person
}

// columns of the list, by words of their titles. The header has had five forms since 2021.
type columns struct{ project, name, company, login, owners int }

func findColumns(header []string) (columns, bool) {
	c := columns{-1, -1, -1, -1, -1}
	for i, title := range header {
		t := strings.ToLower(title)
		switch {
		case strings.Contains(t, "owners"):
			c.owners = i
		case strings.Contains(t, "github"), strings.Contains(t, "handle"), strings.Contains(t, "login"):
			c.login = i
		case strings.Contains(t, "company"), strings.Contains(t, "affiliation"), strings.Contains(t, "employer"), strings.Contains(t, "organi"):
			c.company = i
		case strings.Contains(t, "maintainer"), strings.Contains(t, "name") && !strings.Contains(t, "project"):
			c.name = i
		case strings.Contains(t, "project"):
			c.project = i
		}
	}
	return c, c.project >= 0 && (c.login >= 0 || c.name >= 0)
}

// ReadMaintainers reads project-maintainers.csv in any of its forms: with a byte order mark or without, CR LF or LF, empty
// lines, the project on the first row of its block only.
func ReadMaintainers(data []byte) ([]Group, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("this is no list of maintainers: %w", err)
	}
	at, ok := findColumns(header)
	if !ok {
		return nil, fmt.Errorf("this is no list of maintainers: its first line %q has no column for the project and for people", strings.Join(header, ","))
	}
	var groups []Group
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return groups, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the list of maintainers: %w", err)
		}
		cell := func(i int) string {
			if i < 0 || i >= len(row) {
				return ""
			}
			return strings.TrimSpace(row[i])
		}
		if label := cell(at.project); label != "" && (len(groups) == 0 || groups[len(groups)-1].Label != label) {
			groups = append(groups, Group{Label: label})
		}
		if len(groups) == 0 {
			continue
		}
		g := &groups[len(groups)-1]
		if owner := ownerOf(cell(at.owners)); owner != "" {
			g.Owners = append(g.Owners, owner)
		}
		p := Person{Name: cell(at.name), Company: cell(at.company), Login: strings.TrimPrefix(cell(at.login), "@")}
		if p.Name != "" || p.Login != "" {
			g.People = append(g.People, p)
		}
	}
}

func ownerOf(address string) string {
	_, path, ok := strings.Cut(address, "github.com/")
	if !ok {
		return ""
	}
	owner, _, _ := strings.Cut(strings.TrimPrefix(path, "orgs/"), "/")
	return owner
}

// aliases are labels of the list that no rule brings to a name of the landscape, as of cncf/foundation 7596c66, in [Key]
// form.
var aliases = map[string]string{
	"openworkflowspecification": "serverlessworkflow",
}

var bracketed = regexp.MustCompile(`\s*\(([^)]*)\)`)

// partWords end labels of parts of a project: "Kubernetes steering".
var partWords = []string{"steering committee", "steering", "maintainers", "committee", "technical oversight committee", "tsc", "governance", "security", "core", "project"}

// keys are the names under which a label may be in the landscape.
func (g Group) keys() []string {
	keys := []string{Key(g.Label), Key(bracketed.ReplaceAllString(g.Label, ""))}
	for _, m := range bracketed.FindAllStringSubmatch(g.Label, -1) {
		keys = append(keys, Key(m[1]))
	}
	lower := strings.ToLower(strings.TrimSpace(g.Label))
	for _, w := range partWords {
		if rest, ok := strings.CutSuffix(lower, w); ok {
			keys = append(keys, Key(rest))
		}
	}
	for _, sep := range []string{":", " - ", "/", ","} {
		if first, _, ok := strings.Cut(g.Label, sep); ok {
			keys = append(keys, Key(first))
		}
	}
	for _, k := range keys {
		if a := aliases[k]; a != "" {
			keys = append(keys, a)
		}
	}
	return keys
}

// isPart tells whether a label names only a part: its project is that of the block above.
func (g Group) isPart() bool {
	k := Key(g.Label)
	for _, w := range partWords {
		if k == Key(w) {
			return true
		}
	}
	return false
}

// People gives the maintainers of a project: of each block that has one of its names, else of those whose addresses are of
// one of its owners. Nobody stands twice.
func People(groups []Group, names, owners []string) []Person {
	want := map[string]bool{}
	for _, n := range names {
		for _, k := range (Group{Label: n}).keys() {
			want[k] = k != ""
		}
	}
	chosen := pick(groups, func(g Group) bool {
		for _, k := range g.keys() {
			if want[k] {
				return true
			}
		}
		for _, n := range names { // "Tekton Triggers" is a part of Tekton
			if len(n) >= shortName && strings.HasPrefix(strings.ToLower(g.Label), strings.ToLower(n)+" ") {
				return true
			}
		}
		return false
	})
	if len(chosen) == 0 {
		chosen = pick(groups, func(g Group) bool {
			for _, o := range g.Owners {
				for _, own := range owners {
					if strings.EqualFold(o, own) {
						return true
					}
				}
			}
			return false
		})
	}
	return distinct(chosen)
}

// shortName is how long a name must be to be told at the beginning of another.
const shortName = 5

// pick takes blocks, and the parts below each that is taken.
func pick(groups []Group, fits func(Group) bool) []Person {
	var people []Person
	taken := false
	for _, g := range groups {
		if !g.isPart() {
			taken = fits(g)
		}
		if taken {
			people = append(people, g.People...)
		}
	}
	return people
}

func distinct(people []Person) []Person {
	seen := map[string]bool{}
	var out []Person
	for _, p := range people {
		k := strings.ToLower(p.Login)
		if k == "" {
			k = "name " + strings.ToLower(p.Name)
		}
		if !seen[k] {
			seen[k] = true
			out = append(out, p)
		}
	}
	return out
}

// Diversity is who the maintainers work for.
type Diversity struct {
	People      int
	Companies   []Share // the largest first
	Independent int
	Unknown     int // no company is named
}

// Share is how many work for one company.
type Share struct {
	Company string // as it is written most often
	People  int
}

// Diverse counts. Independents are of no company, and not of one together.
func Diverse(people []Person) Diversity {
	d := Diversity{People: len(people)}
	spelled := map[string]map[string]int{}
	for _, p := range people {
		switch k := CompanyKey(p.Company); {
		case k == "":
			d.Unknown++
		case independent[k]:
			d.Independent++
		default:
			if spelled[k] == nil {
				spelled[k] = map[string]int{}
			}
			spelled[k][strings.TrimSpace(p.Company)]++
		}
	}
	for _, spellings := range spelled {
		s := Share{}
		most := 0
		for name, n := range spellings {
			s.People += n
			if n > most || n == most && name < s.Company {
				s.Company, most = name, n
			}
		}
		d.Companies = append(d.Companies, s)
	}
	sort.Slice(d.Companies, func(i, j int) bool {
		a, b := d.Companies[i], d.Companies[j]
		return a.People > b.People || a.People == b.People && a.Company < b.Company
	})
	return d
}

// TopShare is the largest company's part of all people, 0 to 1.
func (d Diversity) TopShare() float64 {
	if len(d.Companies) == 0 {
		return 0
	}
	return float64(d.Companies[0].People) / float64(d.People)
}

var independent = map[string]bool{
	"independent": true, "self": true, "selfemployed": true, "freelance": true, "freelancer": true, "individual": true,
	"independentcontributor": true, "independentconsultant": true, "unaffiliated": true, "personal": true,
}

var legalForm = regexp.MustCompile(`(?i)[\s,]+(inc|llc|ltd|limited|gmbh|ag|corp|corporation|co|company|plc|sas|bv|b\.v|s\.a|pty|pvt)\.?$`)

// sameCompany are spellings that no rule brings together.
var sameCompany = map[string]string{"aws": "amazon", "amazonwebservices": "amazon", "ibmresearch": "ibm", "alibabacloud": "alibaba", "googlecloud": "google", "tencentcloud": "tencent", "huaweicloud": "huawei", "huaweitechnologies": "huawei", "vmwarebybroadcom": "broadcom", "vmware": "broadcom"}

// CompanyKey makes spellings of a company equal: "Red Hat, Inc." and "RedHat". "" is none.
func CompanyKey(name string) string {
	name = strings.TrimPrefix(strings.TrimSpace(name), "@")
	for legalForm.MatchString(name) {
		name = legalForm.ReplaceAllString(name, "")
	}
	k := Key(name)
	if same := sameCompany[k]; same != "" {
		return same
	}
	switch k {
	case "na", "none", "unknown", "tbd", "":
		return ""
	}
	return k
}
