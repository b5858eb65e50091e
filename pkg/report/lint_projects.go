package report

import (
	_ "embed"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/landscape"
	"github.com/ddbot/ddbot/pkg/template"
)

//go:embed projects.tsv
var projectsTSV string

// project is one of the foundation's.
type project struct {
	name, owner string
	speaks      func() *regexp.Regexp // matches a text that speaks of it as the applicant; nil for names that are words
}

// everybodys are projects that all others speak of.
var everybodys = map[string]bool{"kubernetes": true, "helm": true, "prometheus": true, "opentelemetry": true, "grpc": true, "oras": true, "etcd": true}

// aside matches another name of a project in brackets.
var aside = regexp.MustCompile(`^(.+?)\s*\(([^)]+)\)$`)

var knownProjects = sync.OnceValue(func() []project {
	const about = `(?:(?:'s|’s)\s+(?:governance|maintainers?|community|roadmap|releases?|security|adopters|application|steering|incubation|graduation|project)\b` +
		`|\s+(?:application|incubation|graduation|project\s+(?:has|is|was|meets|satisfies|maintainers|governance|team|applied))\b)`
	var all []project
	for row := range strings.Lines(projectsTSV) {
		name, owner, ok := strings.Cut(strings.TrimSpace(row), "\t")
		if !ok || strings.HasPrefix(row, "#") {
			continue
		}
		names := []string{name}
		if m := aside.FindStringSubmatch(name); m != nil {
			names = m[1:]
		}
		for _, n := range names {
			p := project{name: n, owner: owner}
			const shortest = 4 // letters of a name that is no word
			if len(n) >= shortest && !everybodys[landscape.Key(n)] {
				p.speaks = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^|[^\w/.-])` + regexp.QuoteMeta(n) + about) })
			}
			all = append(all, p)
		}
	}
	return all
})

// names are the applicant's, as keys.
func (l *linter) names() []string {
	var out []string
	add := func(s string) {
		if k := landscape.Key(s); k != "" && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	add(l.Project)
	owner, name, isRepo := strings.Cut(l.o.Project, "/")
	add(owner)
	if isRepo {
		add(name)
	}
	add(l.folder())
	for _, p := range knownProjects() {
		if isOwn(p.name, out) || p.owner != "" && isOwn(p.owner, out) {
			add(p.name)
			add(p.owner)
		}
	}
	return out
}

// folder is the project's folder in cncf/toc, by the file's path.
func (l *linter) folder() string { return folderOf(l.File) }

func folderOf(file string) string {
	parts := strings.Split(path.Clean(strings.ReplaceAll(file, "\\", "/")), "/")
	if i := slices.Index(parts, "projects"); i >= 0 && i+2 < len(parts) {
		return parts[i+1]
	}
	return ""
}

// isOwn tells whether a name is one of the applicant's, or a part of one, or the other way: "Metal3" and "metal3-io".
func isOwn(name string, own []string) bool {
	k := landscape.Key(name)
	const shortest = 4
	for _, o := range own {
		if k == o || len(k) >= shortest && len(o) >= shortest && (strings.HasPrefix(o, k) || strings.HasPrefix(k, o)) {
			return true
		}
	}
	return false
}

const textOther = "The text speaks of another project, %s."

// projects finds where another project is called the applicant.
func (l *linter) projects() {
	own := l.names()
	l.titles(own)
	about := l.linesAbout(aboutOthers)
	for _, p := range knownProjects() {
		if p.speaks == nil || !strings.Contains(l.Outline.Text, p.name) || isOwn(p.name, own) {
			continue
		}
		for i, ln := range l.lines {
			if !about[i+1] && strings.Contains(ln.prose, p.name) && p.speaks().MatchString(ln.prose) {
				l.add(i+1, OtherProject, textOther, p.name)
			}
		}
	}
	l.plain(own)
	l.unknownNames(own, about)
	l.foreignLinks(own, about)
	l.foreignCode(own, about)
}

var (
	// asApplicant match a name, of whoever, that is spoken of as the applicant's.
	asApplicant = []*regexp.Regexp{
		regexp.MustCompile(`(?:^|[^\w/.-])([A-Z][\w+-]*\w)(?:'s|’s)\s+(?:governance|maintainers?|roadmap|contributors?|contribution|community|release process|security policy)\b`),
		regexp.MustCompile(`\b[Tt]he ([A-Z][\w+-]*\w) project (?:has|is|was|meets|satisfies|maintains|documents|provides|follows|applied)\b`),
	}
	// noProjects are words and bodies that are spoken of like this, too.
	noProjects = map[string]bool{
		"it": true, "project": true, "toc": true, "cncf": true, "tag": true, "company": true, "that": true, "this": true, "github": true,
		"google": true, "microsoft": true, "amazon": true, "linux": true, "foundation": true, "organization": true, "everyone": true, "today": true,
	}
)

// unknownNames finds such names that are no project's of the foundation, which [linter.projects] has looked for.
func (l *linter) unknownNames(own []string, about map[int]bool) {
	if len(own) == 0 {
		return // the applicant's name is not known either
	}
	for i, ln := range l.lines {
		if about[i+1] {
			continue
		}
		for _, re := range asApplicant {
			m := re.FindStringSubmatch(ln.prose)
			if m == nil {
				continue
			}
			k := landscape.Key(m[1])
			if !noProjects[k] && !everybodys[k] && !isOwn(m[1], own) && !initials(m[1], own) && !isKnown(m[1]) {
				l.add(i+1, OtherProject, "The text speaks of %s as if that were the applicant.", short(m[1]))
			}
		}
	}
}

// titles holds the name in the headings against what is known of the applicant.
func (l *linter) titles(own []string) {
	wanted := own[:0:0]
	if name := l.o.Project; name != "" {
		for s := range strings.SplitSeq(name, "/") {
			wanted = append(wanted, landscape.Key(s))
		}
	} else if f := landscape.Key(l.folder()); f != "" && isKnown(l.Project) {
		wanted = append(wanted, f)
	}
	for _, p := range knownProjects() {
		if isOwn(p.name, wanted) || isOwn(p.owner, wanted) {
			wanted = append(wanted, landscape.Key(p.name), landscape.Key(p.owner))
		}
	}
	if len(wanted) == 0 {
		wanted = []string{landscape.Key(l.Project)}
	}
	foreign := func(name string) bool {
		return name != "" && len(template.Placeholders(name)) == 0 && !isOwn(name, wanted) && !initials(name, wanted)
	}
	about := short(firstOf(l.o.Project, l.Project, l.folder()))
	for i, ln := range l.lines {
		if !strings.Contains(ln.prose, "applied") {
			continue
		}
		if m := called.FindStringSubmatch(ln.prose); m != nil && foreign(m[1]) {
			l.add(i+1, OtherProject, "The text is about %s, and this report about %s.", short(m[1]), about)
		}
	}
	for _, h := range l.Outline.Headings() {
		name := ""
		if m := summaryTitle.FindStringSubmatch(h.Title); m != nil {
			name = m[1]
		} else if h.Title == l.Title {
			name = l.Project
		}
		if foreign(name) {
			l.add(h.Line, OtherProject, "The heading is about %s, and this report about %s.", short(name), about)
		}
	}
}

var summaryTitle = regexp.MustCompile(`(?i)\bevaluation summary for (.+)$`)

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// isKnown tells whether a name is that of one of the foundation's projects.
func isKnown(name string) bool {
	for _, p := range knownProjects() {
		if landscape.Key(p.name) == landscape.Key(name) {
			return true
		}
	}
	return false
}

// initials tells whether one of two names is made of the first letters of the other: OCM and Open Cluster Management.
func initials(name string, own []string) bool {
	var first strings.Builder
	for _, w := range criteria.Words(name) {
		first.WriteString(w[:1])
	}
	return slices.Contains(own, first.String())
}

var (
	// aboutOthers are criteria whose answers name other projects.
	aboutOthers = append([]string{"goals", "what", "architecture", "docs", "tag"}, othersNamed...)
	// othersNamed are those of them that ask for others.
	othersNamed = []string{"integrations", "adopters", "three-adopters", "adopters-verified", "subprojects", "subproject-lead"}
)

// linesAbout gives the lines of the answers to criteria, and of the adopters.
func (l *linter) linesAbout(criteria []string) map[int]bool {
	on := map[int]bool{}
	mark := func(from, to int) {
		for n := from; n < to; n++ {
			on[n] = true
		}
	}
	parts, boxes := l.Outline.Parts, l.boxes
	adoption := 0 // level of the heading that is about adopters
	for i, p := range parts {
		end := len(l.lines) + 1
		if i+1 < len(parts) {
			end = parts[i+1].Line
		}
		id := ""
		if p.Kind == template.Box {
			id, boxes = boxes[0].id, boxes[1:]
		}
		switch {
		case p.Kind == template.Heading:
			if p.Level <= adoption {
				adoption = 0
			}
			if adoption == 0 && strings.Contains(strings.ToLower(p.Title), "adopt") {
				adoption = p.Level
			}
			if adoption > 0 {
				mark(p.Line, end)
			}
		case slices.Contains(criteria, id):
			mark(p.Line, end)
		}
	}
	return on
}

var tocFolder = regexp.MustCompile(`(?i)^https?://github\.com/cncf/toc/(?:blob|tree|raw)/[^/]+/projects/([^/]+)/`)

// foreignLinks finds links to the repositories and folders of other projects, where people answer for their own.
func (l *linter) foreignLinks(own []string, about map[int]bool) {
	for _, b := range l.boxes {
		for _, link := range b.said.Links() {
			if !about[link.Line] {
				l.foreignLink(own, link)
			}
		}
	}
	for _, link := range l.links { // the head says which repositories are the applicant's; other folders may stand beside the report's
		head := link.Line <= len(l.lines) && repositories.MatchString(l.lines[link.Line-1].raw)
		if head || !strings.Contains(link.URL, ":") && !about[link.Line] {
			l.foreignLink(own, link)
		}
	}
}

// repositories matches the line of the head that names the applicant's repositories.
var repositories = regexp.MustCompile(`(?i)^[-*+\s]*[*_]*project repo(?:\(s\)|s|sitor(?:y|ies))?[*_]*\s*:`)

func (l *linter) foreignLink(own []string, link checklist.Link) {
	m := tocFolder.FindStringSubmatch(link.URL)
	if folder := l.folder(); m == nil && folder != "" && !strings.Contains(link.URL, ":") { // beside it in a clone
		if other := folderOf(path.Join(path.Dir(strings.ReplaceAll(l.File, "\\", "/")), link.URL)); other != "" && other != folder {
			m = []string{"", other}
		}
	}
	if m != nil {
		if !isOwn(m[1], own) && !initials(m[1], own) {
			l.add(link.Line, OtherProject, "The link %s leads to another project's folder.", short(link.URL))
		}
		return
	}
	at := evidence.PlaceOf(link.URL)
	if at == nil {
		return
	}
	owner, _, _ := strings.Cut(at.Repo, "/")
	for _, p := range knownProjects() {
		if strings.EqualFold(p.owner, owner) && !strings.EqualFold(owner, "cncf") && !strings.HasPrefix(owner, "kubernetes") && !isOwn(p.name, own) && !isOwn(owner, own) {
			l.add(link.Line, OtherProject, "The link %s leads to another project, %s.", short(link.URL), p.name)
			return
		}
	}
}

var (
	codeFolder = regexp.MustCompile(`(?:^|/)projects/([\w.-]+)(?:/([\w.-]*))?`)
	codeRepo   = regexp.MustCompile(`^(?:(?:https?://)?github\.com/)?([\w-]+)/([\w.-]+?)(?:\.git)?(?:/(?:blob|tree)/\S*)?$`)
	// tocFile is what projects have in their folders of cncf/toc.
	tocFile = regexp.MustCompile(`^(?:tech-review|governance-review|security-assessment)$|-dd\.md$`)
)

// foreignCode finds folders and main repositories of other projects that are written as code.
func (l *linter) foreignCode(own []string, about map[int]bool) {
	for i, ln := range l.lines {
		if about[i+1] || !strings.Contains(ln.prose, "`") || !strings.Contains(ln.prose, "/") {
			continue
		}
		for _, code := range codeSpan.FindAllString(ln.prose, -1) {
			code = strings.Trim(code, "` ")
			if m := codeFolder.FindStringSubmatch(code); m != nil {
				if len(template.Placeholders(m[1])) == 0 && (isKnown(m[1]) || tocFile.MatchString(m[2])) && !isOwn(m[1], own) && !initials(m[1], own) {
					l.add(i+1, OtherProject, "The folder %s is another project's.", short(code))
				}
			} else if m := codeRepo.FindStringSubmatch(code); m != nil {
				if p := mainRepo(m[1], m[2]); p != "" && !isOwn(p, own) && !isOwn(m[1], own) && !everybodys[landscape.Key(p)] && !related.MatchString(ln.prose) {
					l.add(i+1, OtherProject, "The repository %s is another project's, %s.", short(code), p)
				}
			}
		}
	}
}

// mainRepo gives the project whose main repository, or that of whose community, has a name; "" if it is none's.
func mainRepo(owner, repo string) string {
	for _, p := range knownProjects() {
		if strings.EqualFold(p.owner, owner) && (landscape.Key(repo) == landscape.Key(p.name) || repo == "community" || repo == "governance" || repo == ".github") {
			return p.name
		}
	}
	return ""
}

var (
	// called matches the template's sentence about the applicant.
	called         = regexp.MustCompile(`(?i)\bdue diligence of (?:the )?[*_\[]*([\pL\d][\pL\d .+-]{1,40}?)(?:\]\([^)]*\))?[*_]*(?: project)?,? (?:who|which|that) (?:has )?applied\b`)
	applicationNo  = regexp.MustCompile(`(?i)\bapplication(?: issue)?:?\s*[\[(]*(?:cncf/toc)?#(\d+)\b`)
	anyApplication = regexp.MustCompile(`(?i)github\.com/cncf/toc/(?:issues|pull)/(\d+)`)
	// ledTo matches the words before an address that say what it is; elsewhere what is no application.
	ledTo     = regexp.MustCompile(`application(?: issue| pr)?[\s:(\x60*_-]*$`)
	elsewhere = regexp.MustCompile(`sandbox|assessment|\b(?:governance|technical|tech|security|joint|annual|health) review|application review`)
	otherOne  = regexp.MustCompile(`(?i)\b(?:previous|prior|earlier|former|first|old|original)\b`)
)

// application finds the link to the application at the head of the report.
func (d *Document) application() {
	parts := d.Outline.Parts
	for _, link := range d.links {
		if len(parts) > 2 && link.Line >= parts[2].Line {
			return
		}
		m := anyApplication.FindStringSubmatch(link.URL)
		if m == nil || otherOne.MatchString(d.lines[link.Line-1].raw) || !strings.Contains(strings.ToLower(d.lines[link.Line-1].raw), "application") {
			continue
		}
		d.Number, _ = strconv.Atoi(m[1])
		d.Head = link.Line
		return
	}
}

// number finds links to other applications that are called this one.
func (l *linter) number() {
	want := l.o.Number
	if want == 0 {
		want = l.Number
	}
	if l.Number != 0 && l.Number != want {
		l.add(l.Head, WrongNumber, "The head links the application %d, and this one is %d.", l.Number, want)
	}
	if want == 0 {
		return
	}
	right := regexp.MustCompile(`/(?:issues|pull)/` + strconv.Itoa(want) + `\b`)
	for i, ln := range l.lines {
		at := applicationNo.FindStringSubmatchIndex(ln.prose)
		if at == nil || otherOne.MatchString(ln.raw) || right.MatchString(ln.raw) {
			continue
		}
		before := parted(ln.prose[:at[1]])
		if no := ln.prose[at[2]:at[3]]; no != strconv.Itoa(want) && !elsewhere.MatchString(strings.ToLower(before[len(before)-1])) {
			l.add(i+1, WrongNumber, "The application %s is named here, and this report is about %d.", no, want)
		}
	}
	level := l.Match.Version.Level
	for _, link := range l.links {
		m := anyApplication.FindStringSubmatch(link.URL)
		raw := strings.ToLower(l.lines[link.Line-1].raw)
		if m == nil || m[1] == strconv.Itoa(want) || link.Line == l.Head || otherOne.MatchString(raw) || right.MatchString(raw) {
			continue
		}
		said := strings.ToLower(link.Text)
		if said == "" { // it stands there as it is
			said = ledTo.FindString(strings.Split(raw, strings.ToLower(link.URL))[0])
		}
		if !strings.Contains(said, "application") || elsewhere.MatchString(said) || level == template.Graduation && strings.Contains(said, "incubati") {
			continue
		}
		l.add(link.Line, WrongNumber, "The application %s is linked here, and this report is about %d.", m[1], want)
	}
}
