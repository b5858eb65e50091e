package report

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/landscape"
)

// A report names other projects in lists, comparisons and dependencies; what it never does is to tell of one what only the applicant
// does. So a plain sentence is a finding when another project is its subject, and the rest is what reports say of their own.
const (
	// begins is where a subject stands: a line, list item or sentence, or what somebody is said to have found.
	begins = "(?:^|[.!?:;][\"”')*_]*\\s|\\b(?:that|because|since|whether|how)\\s)[\\s>*+_~|\"“'\\[\x60-]*(?:\\d+[.)]\\s+)?[*_\\[\x60]*(?:[Tt]he\\s+)?[*_\\[\x60]*"
	// of ends a name, however it is dressed.
	of = "[*_\\]\x60]*(?:\\([^()\\s]*\\))?[*_\x60]*(?:'s|’s)?"
	// acting are the parts of a project that act for it.
	acting = `(?:\s+(?:project|team|community|maintainers?|contributors?|steering committee|leads|developers))?`
	// things are what an applicant has.
	things = `(?i:governance(?: (?:committee|board|review))?|steering committee|security (?:team|policy|audit|self-assessment)|self-assessment|maintainers|leadership|contribut(?:or ladder|ing guide(?:lines?)?)|code of conduct|release (?:process|cadence)|roadmap|community meetings?|charter|due diligence|graduation|incubation|progression|readiness)\b`
	// adverbs stand before what was done.
	adverbs = `(?:\s+(?:been|also|both|now|already|since|previously|\w+ly))*`
	// deeds are an applicant's.
	deeds = `\s+(?:(?:has|have|had)` + adverbs + `\s+(?:completed|conducted|undergone|documented|defined|published|established|demonstrated|implemented|met|satisfied|` +
		`passed|achieved|fulfilled|applied|performed|addressed|resolved|instituted|formalized|attained|appointed|elected|held|outlined|participated|presented)` +
		`|(?:completed|underwent|passed|applied|joined|achieved)|(?:fully |clearly |also )?(?:meets|satisfies|fulfills|documents|adheres|complies|demonstrates|publishes))\b`
	// subject is the name where a sentence is about it.
	subject = begins + named + of + acting
	// verbs are anybody's, and need one of the topics behind them.
	verbs = `\s+(?:has|have|had|is|are|was|were|uses?|provides?|maintains?|follows?|defines?|keeps?|holds?|offers?|operates?|lists?|requires?|enforces?|ensures?|tracks?|does|can|will)\b`
)

var (
	// topics are what reports are about.
	topics = regexp.MustCompile(`(?i)\b(?:governance|maintainers?|roadmap|release (?:process|cadence|notes)|code of conduct|contribut(?:ing|ors?|ions?)|committers?|governed|licen[cs]ed?|releases?|audit(?:s|ed)?|documentation|production|openssf|best practices|` +
		`security (?:policy|audit|assessment|response|process)|self-assessment|vulnerabilit(?:y|ies)|disclosure|adopters|steering|codeowners|mailing list|community meetings?|` +
		`vendor|changelog|sboms?|criteria|due diligence|technical review|toc|tag|graduation|incubation|graduate)\b`)
	// described tells what a project is, and not what it has done.
	described = regexp.MustCompile(`^\s+(?:is|was|are|were)\s+(?:an?|another|the|one)\b`)
	// related sentences say what two projects have to do with each other.
	related = regexp.MustCompile(`(?i)\b(?:integrat|compar|alternativ|similar|unlike|instead|depend|upstream|sub-?project|donat|merge[rd]|fork|replac|migrat|interop|formerly|plug-?in|extend|extension|based on|built on|on top of|used by|part of|such as|another \w* ?project)`)
)

// ordinary are names that are words, too.
var ordinary = map[string]bool{"distribution": true, "score": true, "curve": true, "radius": true, "spin": true, "contour": true, "cartography": true, "distributions": true}

// named stands for the name in a sentence, so that the expressions are the same for all names.
const named = "\x01"

var (
	// deed matches what only an applicant does; habit what anybody does, with the verb as a group; thing what an applicant has.
	deed  = regexp.MustCompile(subject + deeds)
	habit = regexp.MustCompile(subject + "(" + verbs + ")")
	thing = regexp.MustCompile(`(?:^|[^\w/.-])` + named + of + `\s+` + things + `|\b` + things + `\s+(?:of|for)\s+(?:the\s+)?[*_\[\x60]*` + named + `(?:\W|$)`)
)

// plain finds where another project is spoken of as the applicant is: with deeds, things and habits that are an applicant's.
func (l *linter) plain(own []string) {
	there := l.linesAbout(othersNamed)
	seen := map[string]bool{}
	for _, name := range l.otherNames() {
		k := landscape.Key(name)
		const shortest = 3
		if seen[k] || len(name) < shortest || ordinary[k] || !strings.Contains(l.Outline.Text, name) || isOwn(name, own) {
			continue
		}
		seen[k] = true
		for i, ln := range l.lines {
			if !there[i+1] && strings.Contains(ln.prose, name) && tells(name, l.from(i)+ln.prose, own) {
				l.add(i+1, OtherProject, textOther, name)
			}
		}
	}
}

// otherNames are names of the foundation's projects, and of those of which the other reports are.
func (l *linter) otherNames() []string {
	var names []string
	for _, p := range knownProjects() {
		names = append(names, p.name)
	}
	if l.o.Corpus != nil {
		names = append(names, slices.Sorted(maps.Keys(l.o.Corpus.names))...)
	}
	return names
}

// from is what stands before a line, if that goes on with the sentence of the line above it.
func (l *linter) from(i int) string {
	if i == 0 || startsNew.MatchString(l.lines[i].prose) {
		return ""
	}
	if above := strings.TrimSpace(l.lines[i-1].prose); above == "" || above[0] == '#' || strings.ContainsAny(above[len(above)-1:], ".!?:;|>") {
		return ""
	}
	return "… "
}

var startsNew = regexp.MustCompile(`^\s*(?:[-*+>#|]|\d+[.)])\s*`)

// tells tells whether a line has a sentence in which another project does or has what the applicant does or has. Of those that all
// speak of only deeds count.
func tells(name, line string, own []string) bool {
	deedsOnly := everybodys[landscape.Key(name)]
	for _, s := range parted(line) {
		if !strings.Contains(s, name) {
			continue
		}
		if bare := anyAddress.ReplaceAllString(s, "]"); !strings.Contains(bare, name) || related.MatchString(bare) || namesOne(bare, own) {
			continue
		}
		s = strings.ReplaceAll(s, name, named)
		if deed.MatchString(s) || !deedsOnly && (thing.MatchString(s) || isHabit(s)) {
			return true
		}
	}
	return false
}

func isHabit(s string) bool {
	m := habit.FindStringSubmatchIndex(s)
	return m != nil && !described.MatchString(s[m[2]:]) && topics.MatchString(s[m[3]:])
}

// anyAddress matches what is not read in a sentence.
var anyAddress = regexp.MustCompile(`\]\([^()\s]*\)?|https?://\S+`)

// namesOne tells whether a sentence has one of the names, which are keys.
func namesOne(s string, own []string) bool {
	k := landscape.Key(s)
	for _, o := range own {
		if strings.Contains(k, o) {
			return true
		}
	}
	return false
}
