package evidence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/plan"
)

// BuiltIn is an application without a template: the known criteria of a level in our words.
func BuiltIn(level string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# $PROJECT %s Application\n\nProject Repo(s): $URL\nProject Site: $URL\n", strings.ToUpper(level[:1])+level[1:])
	section := ""
	for _, c := range criteria.Catalog {
		if !c.For(level) {
			continue
		}
		if c.Section != section {
			section = c.Section
			fmt.Fprintf(&b, "\n## %s\n\n", section)
		}
		fmt.Fprintf(&b, "- [ ] **%s**\n", c.Title)
	}
	return b.String()
}

// BuiltInItems are the items of BuiltIn, each with its criterion: titles of ours are no wording of a template.
func BuiltInItems(level string) []Item {
	items, err := Items(BuiltIn(level))
	if err != nil {
		panic("the built-in application cannot be read: " + err.Error())
	}
	n := 0
	for _, c := range criteria.Catalog {
		if c.For(level) {
			items[n].Criterion = c.ID
			n++
		}
	}
	return items
}

// slot is where templates want the project's answer.
var slot = regexp.MustCompile(`^\s*<!--\s*\((Project assertion|TOC Evaluation) goes here\)\s*-->\s*$`)

// Draft fills a template: under each box what was found, with permalinks, TODO where nothing was, and at the end the facts
// and what is missing, the smallest effort first. Boxes stay as they are: to tick them is the project's own claim.
func Draft(template string, results []Result, f *Facts) string {
	lines := strings.Split(strings.ReplaceAll(unixLines(template), "$PROJECT", f.Name()), "\n")
	byLine := map[int]Result{}
	for _, r := range results {
		byLine[r.Item.Line] = r
	}
	starts := []int{}
	for line := range byLine {
		starts = append(starts, line)
	}
	slices.Sort(starts)
	var out []string
	if len(starts) == 0 {
		starts = []int{len(lines) + 1}
	}
	out = append(out, f.head(lines[:starts[0]-1])...)
	for i, start := range starts {
		end := len(lines)
		if i+1 < len(starts) {
			end = starts[i+1] - 1
		}
		if start <= len(lines) {
			out = append(out, fill(lines[start-1:end], byLine[start], f)...)
		}
	}
	text := strings.TrimRight(strings.Join(out, "\n"), "\n") + "\n\n" + f.summary() + gapList(results)
	return plan.Safe(text)
}

var (
	frontMatter = regexp.MustCompile(`(?s)\A---\n.*?\n---\n+`)
	repoField   = regexp.MustCompile(`(?i)^(\s*project repo[^:]*:\s*)\$URL`)
	siteField   = regexp.MustCompile(`(?i)^(\s*project site[^:]*:\s*)\$URL`)
)

// head fills what stands before the first box.
func (f *Facts) head(lines []string) []string {
	lines = strings.Split(frontMatter.ReplaceAllString(strings.Join(lines, "\n"), ""), "\n")
	site := "TODO"
	if f.Landscape != nil && f.Landscape.Homepage != "" {
		site = f.Landscape.Homepage
	}
	for i, l := range lines {
		l = repoField.ReplaceAllString(l, "${1}https://github.com/"+f.Project.Main)
		l = siteField.ReplaceAllString(l, "${1}"+strings.ReplaceAll(site, "$", "$$"))
		for _, p := range []string{"$URL", "$LIST", "$SLACK", "$NAME", "$EMAIL"} {
			l = strings.ReplaceAll(l, p, "TODO")
		}
		lines[i] = l
	}
	return lines
}

// Name is what the project is called.
func (f *Facts) Name() string {
	switch {
	case f.Landscape != nil:
		return f.Landscape.Name
	case f.Dot != nil && f.Dot.Name != "":
		return Visible(strings.Join(strings.Fields(f.Dot.Name), " "))
	}
	return f.Project.repoName()
}

// fill puts the answer into the slot of an item, else after what belongs to it.
func fill(lines []string, r Result, f *Facts) []string {
	lines = slices.Clone(lines)
	if r.Item.Criterion == "level" && f.Landscape != nil {
		lines[0] = strings.ReplaceAll(lines[0], "YYYYMMDD", day(f.Landscape.Since()))
	}
	for i := range lines {
		lines[i] = fillPlaceholders(lines[i], r)
	}
	answer := answerTo(r)
	for i, l := range lines {
		if slot.MatchString(l) {
			return slices.Concat(lines[:i], answer, lines[i+1:])
		}
	}
	end := len(lines)
	for i := 1; i < len(lines); i++ {
		if anyHeading.MatchString(lines[i]) {
			end = i
			break
		}
	}
	for end > 1 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	indent := strings.Repeat(" ", len(lines[0])-len(strings.TrimLeft(lines[0], " "))+2)
	for i := range answer {
		answer[i] = indent + answer[i]
	}
	return slices.Concat(lines[:end], answer, lines[end:])
}

var datedPath = regexp.MustCompile(`/(\d{4}-\d\d-\d\d)\.md$`)

// fillPlaceholders fills "this occurred on DD-MMM-YYYY and can be discovered at $LINK" as far as it is known.
func fillPlaceholders(line string, r Result) string {
	if optional.MatchString(line) || !placeholder.MatchString(line) {
		return line
	}
	link, date := "TODO", "TODO"
	if len(r.Candidates) > 0 && r.Result != NotMet {
		link = r.Candidates[0].URL
		if m := datedPath.FindStringSubmatch(r.Candidates[0].Path); m != nil {
			date = m[1]
		}
	}
	return placeholder.ReplaceAllStringFunc(line, func(p string) string {
		switch {
		case p == "$LINK" || p == "$URL":
			return link
		case strings.Contains(p, "YYYY"):
			return date
		}
		return "TODO"
	})
}

// Unfilled are items as a template has them: what stands under them is the template's, not the project's.
func Unfilled(items []Item) []Item {
	items = slices.Clone(items)
	for i := range items {
		items[i].Raw, items[i].Evidence, items[i].Links, items[i].Checked = "", "", nil, false
	}
	return items
}

// answerTo is what is written under a box.
func answerTo(r Result) []string {
	if r.forPeople() {
		return []string{"- TODO: " + inline(r.Why)}
	}
	var out []string
	if r.Result == Met || r.Result == Found && !r.plain {
		out = append(out, "- "+inline(r.Why))
	}
	for _, c := range r.Candidates[:min(maxShown, len(r.Candidates))] {
		if r.Result == NotMet {
			break
		}
		out = append(out, fmt.Sprintf("- [%s](%s)", inline(c.Path+" in "+c.Repo), c.URL))
	}
	if len(out) == 0 {
		out = append(out, "- TODO: "+inline(r.Why))
	}
	return out
}

// gapList lists what is missing, the smallest effort first.
func gapList(results []Result) string {
	byEffort := map[criteria.Effort][]string{}
	for _, r := range results {
		if r.Result == Met || r.Result == Found || r.forPeople() {
			continue
		}
		c, known := criteria.Named(r.Item.Criterion)
		if !known {
			c = criteria.Criterion{Title: short(r.Item.Text), Effort: criteria.Hours}
		}
		line := fmt.Sprintf("- %s: %s", inline(c.Title), inline(r.Why))
		if !slices.Contains(byEffort[c.Effort], line) {
			byEffort[c.Effort] = append(byEffort[c.Effort], line)
		}
	}
	if len(byEffort) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n## What is missing, by effort\n")
	for _, e := range []struct {
		effort criteria.Effort
		title  string
	}{{criteria.Minutes, "Minutes: a link or a date"}, {criteria.Hours, "Hours: something to write"}, {criteria.Weeks, "Weeks: others are needed, or time"}} {
		if lines := byEffort[e.effort]; len(lines) > 0 {
			fmt.Fprintf(&b, "\n### %s\n\n%s\n", e.title, strings.Join(lines, "\n"))
		}
	}
	return b.String()
}
