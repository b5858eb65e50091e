package evidence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/landscape"
)

// cell is a cell of a table, with the lower-case title of its column.
type cell struct{ title, text string }

// tables reads the rows of the Markdown tables of a text.
func tables(text string) [][]cell {
	var rows [][]cell
	var titles []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		cells := strings.Split(strings.Trim(line, "|"), "|")
		switch {
		case !strings.Contains(line, "|"):
			titles = nil
		case titles == nil:
			for _, c := range cells {
				titles = append(titles, strings.ToLower(strings.Trim(c, " *_`")))
			}
		case strings.Trim(line, "|:- \t") == "":
		default:
			var row []cell
			for i, c := range cells[:min(len(cells), len(titles))] {
				row = append(row, cell{titles[i], strings.TrimSpace(c)})
			}
			rows = append(rows, row)
		}
	}
	return rows
}

var (
	companyTitle = regexp.MustCompile(`compan|affiliation|employer|organi[sz]ation`)
	personTitle  = regexp.MustCompile(`name|maintainer|github|handle|id$`)
	loginIn      = regexp.MustCompile(`github\.com/([A-Za-z0-9][A-Za-z0-9-]*)/?[)\]\s"'|,]|(?:^|[\s(\[])@([A-Za-z0-9][A-Za-z0-9-]*)(?:[^\w/-]|$)`)
	pastHeading  = regexp.MustCompile(`(?i)^#+.*(emerit|alumni|former|past|inactive|retired)`)
)

// listed gives the people of a list of maintainers in Markdown, without those of its last part (emeritus). whole tells that
// every row names a company.
func listed(text string) (people []landscape.Person, whole bool) {
	current := text
	at := 0
	for line := range strings.Lines(text) {
		if at > 0 && pastHeading.MatchString(line) {
			current = text[:at]
			break
		}
		at += len(line)
	}
	whole = true
	for _, row := range tables(current) {
		var p landscape.Person
		hasCompany := false
		for _, c := range row {
			switch {
			case companyTitle.MatchString(c.title):
				p.Company, hasCompany = plainCell(c.text), true
			case personTitle.MatchString(c.title):
				if m := loginIn.FindStringSubmatch(c.text + " "); m != nil {
					p.Login = m[1] + m[2]
				}
				if p.Name == "" {
					p.Name = plainCell(c.text)
				}
			}
		}
		if p.Name == "" && p.Login == "" {
			continue
		}
		whole = whole && hasCompany && p.Company != ""
		people = append(people, p)
	}
	if len(people) == 0 {
		whole = false
		for _, m := range loginIn.FindAllStringSubmatch(current+" ", -1) {
			people = append(people, landscape.Person{Login: m[1] + m[2]})
		}
	}
	return people, whole && len(people) > 0
}

var cellMarkup = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)|[*_` + "`" + `]`)

func plainCell(cell string) string {
	return strings.TrimSpace(cellMarkup.ReplaceAllString(cell, "$1"))
}

// fromLists gives the maintainers of the project's own list.
func (f *Facts) fromLists() (people []landscape.Person, whole bool, from *Document) {
	for _, d := range f.best("maintainers") {
		if d.Read && strings.HasSuffix(strings.ToLower(d.Path), ".md") {
			if people, whole = listed(d.Text); len(people) > 0 {
				return people, whole, d
			}
		}
	}
	return nil, false, nil
}

func maintainerList(f *Facts, _ Item) verdict {
	people, whole, from := f.fromLists()
	if from == nil {
		docs := f.best("maintainers", "owners", "owners-aliases", "codeowners")
		if len(docs) > 0 {
			return verdict{Found, "There is " + pathIn(docs[0]) + "; a table of people was not found in it."}
		}
		return f.nothing("list of maintainers")
	}
	more := f.missingFrom(people)
	switch {
	case !whole:
		return verdict{Found, joinSentences(fmt.Sprintf("%s lists %s, not all with a company.", pathIn(from), persons(len(people))), more)}
	case more != "":
		return verdict{Found, joinSentences(fmt.Sprintf("%s lists %s with their companies.", pathIn(from), persons(len(people))), more)}
	}
	return verdict{Met, fmt.Sprintf("%s lists %s with their companies.", pathIn(from), persons(len(people)))}
}

func persons(n int) string {
	if n == 1 {
		return "one person"
	}
	return fmt.Sprintf("%d people", n)
}

// missingFrom compares the project's own list with the foundation's, by login.
func (f *Facts) missingFrom(own []landscape.Person) string {
	if len(f.People) == 0 {
		return ""
	}
	diff := func(a, b []landscape.Person) []string {
		var only []string
		for _, p := range a {
			if p.Login != "" && !slices.ContainsFunc(b, func(o landscape.Person) bool { return strings.EqualFold(o.Login, p.Login) }) {
				only = append(only, p.Login)
			}
		}
		return only
	}
	var parts []string
	if only := diff(own, f.People); len(only) > 0 {
		parts = append(parts, fmt.Sprintf("Not in %s: %s.", f.PeopleBy, some(only)))
	}
	if only := diff(f.People, own); len(only) > 0 {
		parts = append(parts, fmt.Sprintf("Only in %s: %s.", f.PeopleBy, some(only)))
	}
	return joinSentences(parts...)
}

// some lists names, a few at most.
func some(names []string) string {
	const most = 8
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// companies gives the people whose companies are known best: the foundation's list, else the project's own.
func (f *Facts) companies() (landscape.Diversity, string) {
	if d := landscape.Diverse(f.People); len(d.Companies)+d.Independent > 0 {
		return d, f.PeopleBy
	}
	if people, _, from := f.fromLists(); from != nil {
		if d := landscape.Diverse(people); len(d.Companies)+d.Independent > 0 {
			return d, pathIn(from)
		}
	}
	return landscape.Diversity{}, ""
}

// diversity says who the maintainers work for, in a sentence.
func diversity(d landscape.Diversity, by string) string {
	var parts []string
	for _, s := range d.Companies[:min(5, len(d.Companies))] {
		parts = append(parts, fmt.Sprintf("%s %d", s.Company, s.People))
	}
	if n := len(d.Companies) - 5; n > 0 {
		parts = append(parts, fmt.Sprintf("%d more companies", n))
	}
	if d.Independent > 0 {
		parts = append(parts, fmt.Sprintf("independent %d", d.Independent))
	}
	if d.Unknown > 0 {
		parts = append(parts, fmt.Sprintf("no company named %d", d.Unknown))
	}
	return fmt.Sprintf("%s by company (%s): %s.", persons(d.People), by, strings.Join(parts, ", "))
}

func twoOrgs(f *Facts, _ Item) verdict {
	d, by := f.companies()
	if by == "" {
		return verdict{Unclear, "No list of maintainers with companies was found."}
	}
	why := diversity(d, by)
	if len(d.Companies) > 0 {
		why += fmt.Sprintf(" The largest share is %.0f %%.", 100*d.TopShare())
	}
	switch n := len(d.Companies); {
	case n >= 2, n == 1 && d.Independent > 0, n == 0 && d.Independent > 1:
		return verdict{Met, why}
	case d.Unknown > 0:
		return verdict{Unclear, why}
	}
	return verdict{NotMet, why}
}

func maintainerCount(f *Facts, _ Item) verdict {
	if d, by := f.companies(); by != "" {
		return verdict{Found, diversity(d, by)}
	}
	if people, _, from := f.fromLists(); from != nil {
		return verdict{Found, fmt.Sprintf("%s lists %s.", pathIn(from), persons(len(people)))}
	}
	return verdict{}
}

var (
	ownerEntry = regexp.MustCompile(`(?m)(?:^\s*-\s+["']?|@)([A-Za-z0-9][A-Za-z0-9-]*)(?:["']?\s*$|[\s,])`)
	// ownerComment is the same in CODEOWNERS, also behind owners, and in YAML.
	ownerComment = regexp.MustCompile(`(?m)(?:^|[ \t])#.*$`)
)

// ownership compares who owns code with who is a maintainer.
func ownership(f *Facts, _ Item) verdict {
	people := f.People
	by := f.PeopleBy
	if own, _, from := f.fromLists(); from != nil {
		people, by = own, pathIn(from)
	}
	docs := f.best("codeowners", "owners", "owners-aliases")
	if len(docs) == 0 || len(people) == 0 {
		return verdict{}
	}
	var owners []string
	for _, d := range docs {
		if d.Read && depth(d.Path) == 0 {
			for _, m := range ownerEntry.FindAllStringSubmatch(ownerComment.ReplaceAllString(d.Text, ""), 200) {
				owners = append(owners, m[1])
			}
		}
	}
	owners = uniqueFold(owners)
	var others []string
	for _, o := range owners {
		if !slices.ContainsFunc(people, func(p landscape.Person) bool { return strings.EqualFold(p.Login, o) }) {
			others = append(others, o)
		}
	}
	if len(owners) == 0 {
		return verdict{}
	}
	if len(others) == 0 {
		return verdict{Found, fmt.Sprintf("All %d owners in %s are in %s.", len(owners), baseName(docs[0]), by)}
	}
	return verdict{Found, fmt.Sprintf("Owners of code that are not in %s: %s.", by, some(others))}
}

// entries counts the organisations of a list of adopters: rows of tables, items of lists, headings of the third level.
func entries(text string) int {
	rows := len(tables(text))
	items, heads := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "):
			items++
		case strings.HasPrefix(line, "### "):
			heads++
		case strings.HasPrefix(line, "<td"), strings.HasPrefix(line, "<a href"):
			items++
		}
	}
	return max(rows, items, heads)
}

// adopterLists are documents that list adopters; data files count, too.
func (f *Facts) adopterLists() []*Document {
	return slices.DeleteFunc(f.best("adopters"), func(d *Document) bool { return d.Entry().Dir })
}

func adopters(f *Facts, _ Item) verdict {
	docs := f.adopterLists()
	for _, d := range docs {
		if n := entries(d.Text); n > 0 {
			return verdict{Met, fmt.Sprintf("%s has %s.", pathIn(d), entriesSaid(n))}
		}
	}
	if len(docs) > 0 {
		if !docs[0].Read || docs[0].Target != "" {
			return verdict{Found, "There is " + pathIn(docs[0]) + "."}
		}
		return verdict{Found, pathIn(docs[0]) + " has no table or list in it."}
	}
	for _, ref := range f.Refs {
		if slices.Contains(ref.Criteria(), "adopters") {
			return verdict{Found, fmt.Sprintf("%s names %s.", ref.From, show(ref.Address))}
		}
	}
	for _, d := range f.best("readme") {
		if d.Read && depth(d.Path) == 0 && strings.Contains(d.Lower, "adopters") {
			return verdict{Found, pathIn(d) + " speaks of adopters."}
		}
	}
	return f.nothing("list of adopters")
}

func entriesSaid(n int) string {
	if n == 1 {
		return "one entry"
	}
	return fmt.Sprintf("%d entries", n)
}

func countAdopters(f *Facts, _ Item) verdict {
	for _, d := range f.adopterLists() {
		if n := entries(d.Text); n > 0 {
			return verdict{Found, fmt.Sprintf("%s has %s; whether they are independent is for people to say.", pathIn(d), entriesSaid(n))}
		}
	}
	return verdict{}
}
