package evidence

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/landscape"
)

// pathIn names a document in a sentence.
func pathIn(d *Document) string { return d.Path + " in " + d.Tree.Repo }

// nothing is the verdict where no document was found: "not met" only if all was read.
func (f *Facts) nothing(what string) verdict {
	if !f.complete() {
		return verdict{Unclear, fmt.Sprintf("No %s was found in what could be read.", what)}
	}
	return verdict{NotMet, fmt.Sprintf("There is no %s in the project's repositories.", what)}
}

// hasDocument is met by a document of one of the kinds with so many words; a short one that points to another counts as it.
func hasDocument(what string, words int, kinds ...string) func(*Facts, Item) verdict {
	return func(f *Facts, _ Item) verdict {
		docs := f.best(kinds...)
		for _, d := range docs {
			switch target := f.Library.target(d); {
			case d.Entry().Dir:
			case strings.HasSuffix(strings.ToLower(d.Path), ".pdf"), d.Read && d.Words >= words:
				return verdict{Met, fmt.Sprintf("There is a %s: %s%s.", what, pathIn(d), linkedSaid(d))}
			case target != nil && target.Words >= words:
				return verdict{Met, fmt.Sprintf("There is a %s: %s.", what, pathIn(target))}
			}
		}
		for _, d := range docs {
			if d.Target != "" {
				return verdict{Found, fmt.Sprintf("%s points to %s.", pathIn(d), show(d.Target))}
			}
		}
		if len(docs) > 0 {
			return verdict{Found, fmt.Sprintf("%s is short (%d words).", pathIn(docs[0]), docs[0].Words)}
		}
		return f.nothing(what)
	}
}

// linkedSaid tells whether a document can be found from a README.
func linkedSaid(d *Document) string {
	if d.Linked {
		return ", which a README links"
	}
	return ""
}

// levelNow compares the item's date with the landscape's.
func levelNow(f *Facts, it Item) verdict {
	if f.Landscape == nil {
		return verdict{Unclear, f.noLandscape()}
	}
	e := *f.Landscape
	want := landscape.Sandbox
	text := strings.ToLower(it.Text)
	if strings.Contains(text, "currently incubating") || !strings.Contains(text, "currently sandbox") && f.Level == Graduation {
		want = landscape.Incubating
	}
	since := e.Since()
	if e.Level != want {
		return verdict{NotMet, fmt.Sprintf("The landscape has the project as %s since %s.", e.Level, day(since))}
	}
	if d := dateIn(it.Text + " " + it.Evidence); !d.IsZero() && !since.IsZero() && !d.Equal(since) {
		return verdict{NotMet, fmt.Sprintf("The landscape says %s since %s, not %s.", e.Level, day(since), day(d))}
	}
	return verdict{Met, fmt.Sprintf("The landscape says %s since %s.", e.Level, day(since))}
}

func (f *Facts) noLandscape() string {
	if why := f.gap("cncf/landscape"); why != "" {
		return "The landscape was not read: " + why + "."
	}
	return "The project is not in the landscape under any of its names."
}

func day(t time.Time) string {
	if t.IsZero() {
		return "an unknown day"
	}
	return t.Format("2006-01-02")
}

var dateForms = []string{"20060102", "2006-01-02", "02-Jan-2006", "2-Jan-2006", "January 2, 2006", "2 January 2006", "Jan 2, 2006"}

// dateIn finds a date in a text, zero if there is none.
func dateIn(text string) time.Time {
	words := strings.Fields(text)
	for i := range words {
		for n := 1; n <= 3 && i+n <= len(words); n++ {
			s := strings.Trim(strings.Join(words[i:i+n], " "), ".,;()")
			for _, form := range dateForms {
				if t, err := time.Parse(form, s); err == nil {
					return t
				}
			}
		}
	}
	return time.Time{}
}

func joining(f *Facts, it Item) verdict {
	switch {
	case f.Landscape != nil && it.Checked:
		return verdict{NotMet, fmt.Sprintf("The project joined already: the landscape says %s since %s.", f.Landscape.Level, day(f.Landscape.Since()))}
	case f.Landscape != nil:
		return verdict{Unclear, fmt.Sprintf("This is for projects that are new; the landscape says %s since %s.", f.Landscape.Level, day(f.Landscape.Since()))}
	case len(f.Projects) == 0:
		return verdict{Unclear, f.noLandscape()}
	}
	return verdict{Met, "The project is not in the landscape yet."}
}

// inFolder looks for a review in the project's folder of cncf/toc.
func inFolder(folder, what string) func(*Facts, Item) verdict {
	return func(f *Facts, it Item) verdict {
		files, ok := f.inTOC(folder)
		switch {
		case !ok:
			return f.noTOC()
		case len(files) > 0:
			newest := files[0]
			for _, d := range files {
				if d.Path > newest.Path {
					newest = d
				}
			}
			return verdict{Met, fmt.Sprintf("The %s is in cncf/toc: %s.", what, newest.Path)}
		case len(f.Library.Find(it)) > 0 || len(it.Links) > 0:
			return verdict{Found, fmt.Sprintf("cncf/toc has no %s of the project in projects/…/%s/; there is other material.", what, folder)}
		}
		return verdict{NotMet, fmt.Sprintf("cncf/toc has no %s of the project in projects/…/%s/.", what, folder)}
	}
}

func (f *Facts) noTOC() verdict {
	why := f.gap("cncf/toc")
	if why == "" {
		why = "nobody asked for it"
	}
	return verdict{Unclear, "cncf/toc was not read: " + why + "."}
}

func selfAssessment(f *Facts, _ Item) verdict {
	files, ok := f.inTOC("security-assessment")
	if !ok {
		return f.noTOC()
	}
	for _, d := range files {
		if d.is("self-assessment") {
			return verdict{Met, "The self-assessment is where it must be: " + d.Path + " in cncf/toc."}
		}
	}
	why := "The self-assessment is not where it must be: projects/<project>/security-assessment/self-assessment.md in cncf/toc."
	if other := f.best("self-assessment"); len(other) > 0 {
		why += " There is " + pathIn(other[0]) + "."
	}
	return verdict{NotMet, why}
}

func jointAssessment(f *Facts, _ Item) verdict {
	if _, ok := f.inTOC("security-assessment"); !ok {
		return f.noTOC()
	}
	if docs := f.best("joint-assessment"); len(docs) > 0 {
		return verdict{Met, "There is a joint assessment: " + pathIn(docs[0]) + "."}
	}
	return verdict{NotMet, "cncf/toc has no joint assessment of the project."}
}

// changes tells when documents of some kinds changed.
func changes(kinds ...string) func(*Facts, Item) verdict {
	return func(f *Facts, _ Item) verdict {
		for _, d := range f.best(kinds...) {
			if h := f.History[historyKey(d.File)]; len(h) > 0 {
				return verdict{Found, fmt.Sprintf("%s changed %s, last on %s.", pathIn(d), times(h), day(h[0].At))}
			}
		}
		return verdict{}
	}
}

func times(h []Change) string {
	first := h[len(h)-1].At
	switch {
	case len(h) == 1:
		return "once"
	case len(h) >= 20:
		return "20 times or more since " + day(first)
	}
	return fmt.Sprintf("%d times since %s", len(h), day(first))
}

func historyKey(f File) string { return strings.ToLower(f.Tree.Repo) + ":" + f.Path }

// year is what "of late" means for roadmaps and releases.
const year = 365 * 24 * time.Hour

func roadmap(f *Facts, _ Item) verdict {
	docs := f.best("roadmap")
	if len(docs) == 0 {
		for _, d := range f.best("readme", "contributing", "community") {
			if d.Read && depth(d.Path) == 0 && strings.Contains(d.Lower, "roadmap") {
				return verdict{Found, pathIn(d) + " speaks of a roadmap."}
			}
		}
		return f.nothing("roadmap")
	}
	for _, d := range docs {
		if h := f.History[historyKey(d.File)]; len(h) > 0 {
			if f.Now.Sub(h[0].At) <= year {
				return verdict{Met, fmt.Sprintf("%s changed last on %s.", pathIn(d), day(h[0].At))}
			}
			return verdict{Found, fmt.Sprintf("%s has not changed for a year: last on %s.", pathIn(d), day(h[0].At))}
		}
	}
	unknown := "when it changed is not known"
	if why := f.gap("history"); why != "" {
		unknown += ": " + why
	}
	return verdict{Found, "There is " + pathIn(docs[0]) + "; " + unknown + "."}
}

// enoughReleases is how many in a year are regular.
const enoughReleases = 3

func cadence(f *Facts, _ Item) verdict {
	if !f.HasReleases {
		return verdict{Unclear, "Releases were not read: " + f.gap("releases") + "."}
	}
	stable, late := 0, 0
	var last time.Time
	for _, r := range f.Releases {
		if r.PreRelease {
			continue
		}
		stable++
		if f.Now.Sub(r.At) <= year {
			late++
		}
		if r.At.After(last) {
			last = r.At
		}
	}
	switch {
	case stable == 0:
		return verdict{Unclear, "No releases or version tags were found in " + f.Project.Main + "."}
	case late >= enoughReleases:
		return verdict{Met, fmt.Sprintf("%d releases in the last year, the last on %s.", late, day(last))}
	case late > 0:
		return verdict{Found, fmt.Sprintf("%s in the last year, the last on %s.", counted(late, "release"), day(last))}
	}
	return verdict{NotMet, fmt.Sprintf("No release in the last year; the last was on %s.", day(last))}
}

func counted(n int, what string) string {
	if n == 1 {
		return "One " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func artifacts(f *Facts, _ Item) verdict {
	for _, r := range f.Releases {
		if r.Asked && len(r.Assets) > 0 {
			return verdict{Found, fmt.Sprintf("Release %s has %s: %s.", r.Tag, counted(len(r.Assets), "artifact"), strings.Join(r.Assets[:min(5, len(r.Assets))], ", "))}
		}
	}
	return verdict{}
}

// conduct is met by a code of conduct that is the foundation's, builds on it, or links to it.
func conduct(f *Facts, _ Item) verdict {
	docs := f.best("coc")
	for _, d := range docs {
		switch {
		case !d.Read:
		case conductLink.MatchString(d.Lower):
			return verdict{Met, pathIn(d) + " links the CNCF's code of conduct."}
		default:
			if s := alike(sketch(d.Text), cncfConduct); s >= basedOn {
				return verdict{Met, fmt.Sprintf("%s is like the CNCF's code of conduct (%.0f %%).", pathIn(d), 100*s)}
			}
		}
	}
	for _, d := range f.best("contributing", "governance", "charter", "readme", "community") {
		if d.Read && conductLink.MatchString(d.Lower) {
			return verdict{Met, pathIn(d) + " links the CNCF's code of conduct."}
		}
	}
	if len(docs) > 0 {
		return verdict{Found, pathIn(docs[0]) + " is not like the CNCF's code of conduct, and does not link it."}
	}
	return f.nothing("code of conduct")
}

var conductWord = re(`code[-_ ]of[-_ ]conduct|cncf\.io/conduct`)

func conductLinked(f *Facts, _ Item) verdict {
	read := false
	for _, d := range f.best("governance", "charter", "contributing", "steering", "ladder", "roles", "community", "readme") {
		if !d.Read || depth(d.Path) > 1 {
			continue
		}
		read = true
		if conductWord.MatchString(d.Lower) {
			return verdict{Met, pathIn(d) + " speaks of the code of conduct."}
		}
	}
	if !read || !f.complete() {
		return f.nothing("governance document that links the code of conduct")
	}
	return verdict{NotMet, "No governance document, contributing guide or README speaks of the code of conduct."}
}

func ladder(f *Facts, _ Item) verdict {
	for _, d := range f.best("ladder", "roles", "governance", "contributing") {
		var roles []string
		for _, h := range d.Headings {
			for _, role := range ladderRoles {
				if strings.Contains(h, role) && !slices.Contains(roles, role) {
					roles = append(roles, role)
				}
			}
		}
		if len(roles) >= 2 {
			return verdict{Found, fmt.Sprintf("%s has headings for the roles %s.", pathIn(d), strings.Join(roles, ", "))}
		}
	}
	return verdict{}
}

var ladderRoles = []string{"contributor", "member", "triage", "reviewer", "approver", "committer", "maintainer", "owner", "lead", "admin", "emeritus"}

func submit(f *Facts, _ Item) verdict {
	guide := f.best("contributing")
	forms := f.best("issue-template", "pr-template")
	switch {
	case len(guide) > 0 && len(forms) > 0:
		return verdict{Met, fmt.Sprintf("There are %s and %s.", pathIn(guide[0]), pathIn(forms[0]))}
	case len(guide) > 0:
		return verdict{Found, fmt.Sprintf("There is %s; forms for issues or pull requests were not found.", pathIn(guide[0]))}
	case len(forms) > 0:
		return verdict{Found, fmt.Sprintf("There is %s; a contributing guide was not found.", pathIn(forms[0]))}
	}
	return f.nothing("contributing guide, and no form for issues")
}

var publicChannel = re(`[\w-]*\.?slack\.com|slack\.(cncf|k8s|kubernetes)\.io|communityinviter\.com|discord\.(gg|com)|groups\.google\.com|lists\.cncf\.io|lists\.[\w.-]+/|github\.com/(orgs/)?[\w./-]+/discussions|matrix\.to|zulipchat\.com|gitter\.im`)

func channel(f *Facts, _ Item) verdict {
	for _, d := range f.best("readme", "channels", "community", "contributing", "meetings", "governance") {
		if d.Read && depth(d.Path) <= 1 {
			if m := publicChannel.FindString(d.Lower); m != "" {
				return verdict{Met, fmt.Sprintf("%s names a channel (%s).", pathIn(d), strings.Trim(m, "/"))}
			}
		}
	}
	for _, ref := range f.Refs {
		if slices.Contains(ref.Criteria(), "channel") {
			return verdict{Found, fmt.Sprintf("%s names %s.", ref.From, show(ref.Address))}
		}
	}
	if f.complete() {
		return verdict{Unclear, "No address of Slack, a mailing list, Discord or discussions was found in the README or community documents."}
	}
	return verdict{}
}

var reportWay = re(`[\w.+-]+@[\w-]+\.[\w.-]+|security/advisories|report a vulnerability|private(ly)? vulnerability report|hackerone\.com|bugcrowd\.com|lists\.[\w.-]+|groups\.google\.com`)

func securityPolicy(f *Facts, _ Item) verdict {
	docs := f.best("security-policy")
	for _, d := range docs {
		if d.Read && reportWay.MatchString(d.Lower) {
			return verdict{Met, pathIn(d) + " says how to report."}
		}
	}
	for _, d := range docs {
		if t := f.Library.target(d); t != nil && reportWay.MatchString(t.Lower) {
			return verdict{Met, pathIn(t) + " says how to report."}
		}
	}
	if len(docs) > 0 {
		return verdict{Found, pathIn(docs[0]) + " names no address or form for reports."}
	}
	for _, ref := range f.Refs {
		if slices.Contains(ref.Criteria(), "sec-report") {
			return verdict{Found, fmt.Sprintf("%s names %s.", ref.From, show(ref.Address))}
		}
	}
	return f.nothing("security policy")
}

var badgeRank = map[string]int{"in_progress": 0, "passing": 1, "silver": 2, "gold": 3}

func badgeLevel(want string) func(*Facts, Item) verdict {
	return func(f *Facts, _ Item) verdict {
		id := f.BadgeID()
		switch {
		case f.Badge != nil && badgeRank[f.Badge.Level] >= badgeRank[want]:
			return verdict{Met, fmt.Sprintf("bestpractices.dev says %s for project %s.", f.Badge.Level, f.Badge.ID)}
		case f.Badge != nil:
			return verdict{NotMet, fmt.Sprintf("bestpractices.dev says %s for project %s, below %s.", strings.ReplaceAll(f.Badge.Level, "_", " "), f.Badge.ID, want)}
		case id != "":
			return verdict{Found, fmt.Sprintf("The README has the badge of project %s; its level was not asked: %s.", id, f.gap("badge"))}
		case !f.complete():
			return verdict{Unclear, "No OpenSSF badge was found in what could be read."}
		}
		return verdict{Unclear, "No README of the project has an OpenSSF badge."}
	}
}

var badgeAddress = re(`bestpractices(?:\.coreinfrastructure\.org|\.dev)/(?:[a-z-]+/)?projects/(\d+)`)

// BadgeID is the number of the project's badge, as its READMEs link it; "" if none does.
func (f *Facts) BadgeID() string {
	for _, d := range f.best("readme") {
		if m := badgeAddress.FindStringSubmatch(d.Lower); m != nil && depth(d.Path) == 0 {
			return m[1]
		}
	}
	return ""
}

func licence(f *Facts, _ Item) verdict {
	l := f.Licence
	switch {
	case l.File == nil:
		return f.nothing("licence file")
	case len(l.IDs) == 0:
		return verdict{Found, pathIn(l.File) + " is none of the usual licences."}
	case len(l.IDs) == 1 && l.IDs[0] == "Apache-2.0":
		return verdict{Met, pathIn(l.File) + " is Apache-2.0."}
	case l.Excepted:
		return verdict{Met, fmt.Sprintf("%s is %s, and the board approved that for the project.", pathIn(l.File), strings.Join(l.IDs, ", "))}
	case l.Allowed():
		return verdict{Found, fmt.Sprintf("%s is %s: on the CNCF's allow list for parts of others; a project itself needs Apache-2.0 or an exception.", pathIn(l.File), strings.Join(l.IDs, ", "))}
	}
	return verdict{NotMet, fmt.Sprintf("%s is %s, which needs an exception of the board.", pathIn(l.File), strings.Join(l.IDs, ", "))}
}

// baseName is for sentences that name a file only.
func baseName(d *Document) string { return path.Base(d.Path) }
