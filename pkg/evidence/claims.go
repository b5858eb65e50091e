package evidence

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ddbot/ddbot/pkg/landscape"
)

// claims says what is wrong with what people wrote, whatever the criterion: each is a sentence.
func claims(it Item, f *Facts) []string {
	var wrong []string
	for _, check := range []func(Item, *Facts) string{placeholderLeft, invisibleLeft, deadLinks, loginLinks, otherProject} {
		if why := check(it, f); why != "" {
			wrong = append(wrong, why)
		}
	}
	return wrong
}

// placeholder is what templates have where people are to write: $LINK, $PROJECT, DD-MMM-YYYY, YYYYMMDD.
var placeholder = regexp.MustCompile(`\$(?:[A-Z][A-Z_]{2,})\b|\$\{[A-Z_]+\}|\bDD-MMM-YYYY\b|\bYYYY-?MM-?DD\b`)

var (
	optional = regexp.MustCompile(`(?i)if applicable`)
	codeSpan = regexp.MustCompile("`[^`]*`")
)

// placeholderLeft looks at the item's own line and what is below it. A line of the template that begins with "if
// applicable" may stay as it is, and what stands in code is an example.
func placeholderLeft(it Item, _ *Facts) string {
	if strings.HasPrefix(strings.ToLower(it.Text), "n/a") {
		return ""
	}
	for line := range strings.Lines(it.Raw) {
		if optional.MatchString(line) {
			continue
		}
		if m := placeholder.FindString(codeSpan.ReplaceAllString(line, "")); m != "" {
			return fmt.Sprintf("The placeholder %s is still there.", m)
		}
	}
	return ""
}

func invisibleLeft(it Item, _ *Facts) string {
	for _, l := range it.Links {
		if hidden(l.URL) {
			address := unescaped(l.URL)
			r := []rune(address)[slices.IndexFunc([]rune(address), invisible)]
			return fmt.Sprintf("The address %s has an invisible character in it (U+%04X); without it, it would be another.", show(l.URL), r)
		}
	}
	return ""
}

// hidden tells whether an address has an invisible character, as it is or escaped.
func hidden(address string) bool { return strings.ContainsFunc(unescaped(address), invisible) }

func unescaped(address string) string {
	address = entity.ReplaceAllStringFunc(address, html.UnescapeString)
	if plain, err := url.PathUnescape(address); err == nil && utf8.ValidString(plain) {
		return plain
	}
	return address
}

// entity is a character as HTML writes it, which Markdown reads in addresses, too.
var entity = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)

// show makes an address fit to stand in a sentence: nothing invisible, not too long.
func show(address string) string {
	address = Visible(address)
	if r := []rune(address); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return address
}

func deadLinks(it Item, f *Facts) string {
	var dead []string
	for _, l := range it.Links {
		if f.stateOf(l) == Missing && !hidden(l.URL) {
			dead = append(dead, show(l.URL))
		}
	}
	switch len(dead) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("The link %s is dead.", dead[0])
	}
	return fmt.Sprintf("%d links are dead: %s.", len(dead), strings.Join(dead, ", "))
}

func (f *Facts) stateOf(l Link) State {
	if l.Place != nil {
		return f.States[*l.Place].State
	}
	return f.Web[l.URL].State
}

// loginHosts show nothing to who is not signed in, whatever the address.
var loginHosts = regexp.MustCompile(`^https?://(app\.slack\.com/|[\w-]+\.slack\.com/(archives|messages|team|files)/|github\.com/orgs/[^/]+/(teams|people|settings|members)|mail\.google\.com/|accounts\.google\.com/|[\w-]+\.sharepoint\.com/|teams\.microsoft\.com/|outlook\.office)`)

// slackChannels may be named as channels of a community: the address of a channel is what projects give for it.
var channelCriteria = []string{"channel", "channels", "meetings"}

func loginLinks(it Item, f *Facts) string {
	for _, l := range it.Links {
		wants := f.Web[l.URL].Login
		if loginHosts.MatchString(l.URL) {
			wants = !slices.Contains(channelCriteria, it.Criterion)
		}
		if wants {
			return fmt.Sprintf("The link %s wants a login: reviewers and the public cannot open it.", show(l.URL))
		}
	}
	return ""
}

// aboutOthers are criteria whose answers name other projects.
var aboutOthers = []string{"integrations", "goals", "what", "architecture", "adopters", "three-adopters", "adopters-verified", "docs", "tag", "subprojects", "subproject-lead"}

// everybodys are projects and organisations that all others speak of.
var everybodys = map[string]bool{"kubernetes": true, "helm": true, "cncf": true, "prometheus": true, "opentelemetry": true, "go": true, "grpc": true, "oras": true}

// about is what makes a name that of the applicant in a text: "KServe's governance", "the Karmada project".
const about = `(?:'s|’s)?\s+(?:project|application|governance|maintainers?|community|incubation|graduation|roadmap|releases?|adopters|steering|security)\b`

// otherProject finds text that speaks of another project as the applicant, or cites its papers.
func otherProject(it Item, f *Facts) string {
	if slices.Contains(aboutOthers, it.Criterion) {
		return ""
	}
	for _, p := range f.Projects {
		if f.isOwn(p) || everybodys[landscape.Key(p.Name)] {
			continue
		}
		for _, l := range it.Links {
			if l.Place == nil {
				continue
			}
			owner, _, _ := strings.Cut(l.Place.Repo, "/")
			if p.Org != "" && strings.EqualFold(owner, p.Org) || slices.ContainsFunc(p.Repos, func(r string) bool { return strings.EqualFold(r, l.Place.Repo) }) {
				return fmt.Sprintf("The link %s leads to another project, %s.", show(l.URL), p.Name)
			}
		}
		if len(p.Name) >= 4 && strings.Contains(it.Evidence, p.Name) && speaksOf(it.Evidence, p.Name) && !f.namesOwn(it.Evidence, p.Name) {
			return fmt.Sprintf("The text speaks of another project, %s.", p.Name)
		}
	}
	return ""
}

func speaksOf(text, name string) bool {
	ok, err := regexp.MatchString(`(?:^|[^\w-])`+regexp.QuoteMeta(name)+about, text)
	return err == nil && ok
}

func (f *Facts) isOwn(p landscape.Entry) bool {
	if f.Project.isName(p.Name) || p.Of(f.Project.Owner()) {
		return true
	}
	return slices.ContainsFunc(p.Names, f.Project.isName)
}

// namesOwn tells whether one of the project's own names holds the other name: "Open Cluster Management" and "OCM".
func (f *Facts) namesOwn(text, other string) bool {
	for _, own := range append([]string{f.Project.repoName()}, f.Project.Names...) {
		if len(own) > len(other) && strings.Contains(strings.ToLower(own), strings.ToLower(other)) && strings.Contains(strings.ToLower(text), strings.ToLower(own)) {
			return true
		}
	}
	return false
}

var commitRef = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// linkNotes says what could be better about links that work.
func linkNotes(it Item, f *Facts) (notes []string) {
	unpinned := 0
	for _, l := range it.Links {
		if l.Place != nil && l.Place.Path != "" && !l.Place.IsPinned() && f.stateOf(l) != Missing {
			unpinned++
		}
	}
	switch unpinned {
	case 0:
	case 1:
		notes = append(notes, "One link is not pinned to a commit.")
	default:
		notes = append(notes, fmt.Sprintf("%d links are not pinned to a commit.", unpinned))
	}
	if since := sincePins(it, f); len(since) > 0 {
		notes = append(notes, strings.Join(since, ", ")+".")
	}
	return notes
}

// sincePins says what became of the files and folders that an item's links show as they were at a commit.
func sincePins(it Item, f *Facts) (out []string) {
	for _, l := range it.Links {
		if l.Place == nil || l.Place.Path == "" || !l.Place.IsPinned() || f.stateOf(l) != There {
			continue
		}
		path := strings.Trim(l.Place.Path, "/")
		if now := f.sincePin(*l.Place, path); now != "" && !slices.Contains(out, show(path)+now) {
			out = append(out, show(path)+now)
		}
	}
	return out
}

// sincePin says what the default branch has instead of what a link shows at a commit; "" if the same, or if that is not known. A folder
// is the same folder while it is in its place: what is in it always changes.
func (f *Facts) sincePin(p Place, path string) string {
	t, was := f.tree(p.Repo), f.States[p].SHA
	if t == nil || strings.HasPrefix(t.Commit, p.Ref) {
		return ""
	}
	if e, ok := t.Find(path); ok {
		if e.Dir || e.SHA == "" || was == "" || e.SHA == was {
			return ""
		}
		return " has changed since the commit that is linked"
	}
	if t.Truncated {
		return ""
	}
	for _, e := range t.Entries {
		if was != "" && e.SHA == was {
			return " is today " + show(e.Path)
		}
	}
	return " is no longer on the default branch"
}
