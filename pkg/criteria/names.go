package criteria

import "strings"

// Criterion is a known criterion in our words, for lists of our own where there is no template.
type Criterion struct {
	ID      string
	Section string
	Title   string
	Levels  string // "ig": incubation and graduation
	Effort  Effort
}

// Effort is how long it takes to have what a criterion asks for, where it is missing.
type Effort int

// Efforts, the smallest first.
const (
	Minutes Effort = iota // a link or a date
	Hours                 // a page to write, or a few lines
	Weeks                 // other people are needed, or time must pass
)

// Catalog lists the criteria in the order of the templates of cncf/toc 4acc1dcf. The titles are ours.
var Catalog = []Criterion{
	{"level", "Application", "Level today, and since when", "ig", Minutes},
	{"tag", "Application process", "Presented to a TAG, or reviewed by one", "ig", Weeks},
	{"tech-review", "Application process", "General technical review", "ig", Weeks},
	{"gov-review", "Application process", "Governance review", "ig", Weeks},
	{"neutral-all", "Application process", "Metadata and resources are vendor neutral", "ig", Hours},
	{"expectations", "Application process", "Expectations of the levels are known", "ig", Minutes},
	{"dd-review", "Application process", "Due diligence review by the TOC", "ig", Weeks},
	{"docs", "Application process", "Further documentation for this kind of project", "ig", Hours},
	{"gov-iter", "Governance", "Governance was revised over time", "ig", Weeks},
	{"gov-doc", "Governance", "Governance is written down and can be found", "ig", Hours},
	{"gov-current", "Governance", "Governance matches what happens", "ig", Hours},
	{"gov-neutral", "Governance", "Governance says that direction is vendor neutral", "ig", Hours},
	{"decisions", "Governance", "How decisions are made", "ig", Hours},
	{"roles", "Governance", "How holders of roles come and go", "ig", Hours},
	{"lifecycle", "Governance", "Life cycle of maintainers, from onboarding to emeritus", "ig", Hours},
	{"lifecycle-used", "Governance", "That life cycle was used", "ig", Weeks},
	{"maintainers", "Governance", "List of maintainers with contact, domain and affiliation", "ig", Hours},
	{"maintainer-count", "Governance", "Enough active maintainers", "ig", Weeks},
	{"two-orgs", "Governance", "Maintainers of two organisations at least", "g", Weeks},
	{"ownership", "Governance", "Owners of code match the roles", "ig", Hours},
	{"coc", "Governance", "The CNCF's code of conduct is adopted", "ig", Hours},
	{"coc-linked", "Governance", "The code of conduct is linked from governance documents", "ig", Minutes},
	{"subprojects", "Governance", "Subprojects are listed", "ig", Hours},
	{"subproject-lead", "Governance", "How subprojects are led, added and removed", "ig", Hours},
	{"ladder", "Contributors", "Contributor ladder with several roles", "ig", Hours},
	{"submit", "Contributors", "How to file issues and changes", "ig", Hours},
	{"channel", "Contributors", "A public channel for communication", "ig", Minutes},
	{"channels", "Contributors", "All channels are listed", "ig", Minutes},
	{"meetings", "Contributors", "Public meetings can be found", "ig", Minutes},
	{"contributing", "Contributors", "How to contribute", "ig", Hours},
	{"activity", "Contributors", "Contributors are active, and are recruited", "ig", Weeks},
	{"goals", "Engineering", "Goals, and what sets the project apart", "ig", Hours},
	{"what", "Engineering", "What the project does and why, with use cases", "ig", Hours},
	{"roadmap", "Engineering", "Public roadmap", "ig", Hours},
	{"roadmap-change", "Engineering", "How the roadmap changes", "ig", Hours},
	{"architecture", "Engineering", "Architecture and design", "ig", Hours},
	{"release-process", "Engineering", "Release process", "ig", Hours},
	{"release-expect", "Engineering", "Releases: what to expect", "g", Hours},
	{"release-tagging", "Engineering", "Releases: how stable, unstable and security releases are tagged", "g", Hours},
	{"release-branches", "Engineering", "Releases: branches and tags", "g", Hours},
	{"release-support", "Engineering", "Releases: how long they are supported", "g", Hours},
	{"release-artifacts", "Engineering", "Releases: artifacts", "g", Hours},
	{"releases", "Engineering", "Regular releases", "ig", Weeks},
	{"joint-assessment", "Security", "Joint security assessment", "ig", Weeks},
	{"silver", "Security", "OpenSSF silver or gold badge", "g", Weeks},
	{"sec-report", "Security", "How to report security issues", "ig", Hours},
	{"access", "Security", "Access to the code is controlled", "ig", Hours},
	{"sec-roles", "Security", "Who responds to security reports", "ig", Hours},
	{"self-assessment", "Security", "Security self-assessment", "ig", Weeks},
	{"audit", "Security", "Security review by a third party", "g", Weeks},
	{"audit-tracked", "Security", "Lower findings of it are tracked", "g", Weeks},
	{"badge", "Security", "OpenSSF passing badge", "ig", Weeks},
	{"adopters", "Ecosystem", "Public list of adopters", "ig", Hours},
	{"three-adopters", "Ecosystem", "Three independent adopters", "ig", Weeks},
	{"adopters-verified", "Ecosystem", "The TOC verified adopters", "ig", Weeks},
	{"integrations", "Ecosystem", "Integrations are documented", "ig", Hours},
}

// Named gives a criterion by its id.
func Named(id string) (Criterion, bool) {
	for _, c := range Catalog {
		if c.ID == id {
			return c, true
		}
	}
	return Criterion{}, false
}

// For tells whether a level asks for the criterion; the level is "incubation" or "graduation".
func (c Criterion) For(level string) bool {
	return level != "" && strings.Contains(c.Levels, level[:1])
}
